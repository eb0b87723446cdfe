from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from challenges.obstacles import obstacles_of
from members.access import Audience, open_to
from members.sessions import last_visit
from mixportal.editions.corrections import corrections_of
from mixportal.editions.lineage import lineage_of
from mixportal.editions.models import Entry, Kind
from mixportal.editions.shortcuts import list_or_404
from mixportal.notes.discussion import Discussion
from mixportal.notes.forms import NoteForm
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal
from mixportal.results.results import results_for
from mixportal.trends.models import OutsideItem
from priorities.investments import investments_in

EntryEvent = Entry.pgh_event_model

FLAGS = {
    "was_corrected": Exists(EntryEvent.objects.filter(pgh_obj=OuterRef("pk"), pgh_context__has_key="corrects")),
    "was_proposed": Exists(Proposal.objects.filter(Q(entry=OuterRef("pk")) | Q(into__entry=OuterRef("pk")))),
    "is_elsewhere": Exists(OutsideItem.objects.filter(line=OuterRef("line"))),
}


@open_to(Audience.EVERYONE, stored=True)
def entry(request: HttpRequest, year: int, slug: str, kind: Kind) -> HttpResponse:
    annual_list = list_or_404(request, year, kind)
    edition = annual_list.edition
    # The results use these entries too.
    prefetch_related_objects([annual_list], Prefetch("entries", Entry.objects.annotate(**FLAGS)))
    results = results_for(annual_list, request.user)
    entries = [row.entry for row in results.rows] if results else list(annual_list.entries.all())
    at = next((index for index, each in enumerate(entries) if each.slug == slug), None)
    if at is None:
        raise Http404
    shown = entries[at]
    following = entries[at + 1] if at + 1 < len(entries) else None
    lineage = lineage_of(shown, request.user)
    discussion = Discussion(
        shown,
        request.user,
        last_visit(request),
        results.seats if results else None,
        request.GET.get("note") or request.GET.get("all", ""),
    )
    corrected = shown.was_corrected and not edition.is_drafting
    context = {
        "edition": edition,
        "kind": kind,
        "entry": shown,
        "results": results,
        "row": results.row_of(shown) if results else None,
        "total": len(entries),
        "following": following,
        "following_row": results.row_of(following) if results and following else None,
        "corrections": corrections_of([shown]) if corrected else [],
        "continues": lineage.continues,
        "continued_by": lineage.continued_by,
        "outside_items": list(OutsideItem.objects.visible_to(request.user).with_list().filter(line=shown.line_id))
        if shown.is_elsewhere
        else [],
        "investments": investments_in(shown, request.user, request.GET.get("status", ""))
        if kind == Kind.PRIORITIES
        else None,
        "hindrances": obstacles_of(shown, request.user),
        "discussion": discussion,
        "reason_form": _reason_form(discussion, continues=bool(lineage.continues)),
        "form": NoteForm(shown) if discussion.is_voter else None,
    }
    return render(request, "pages/entry.html", context)


def _reason_form(discussion: Discussion, *, continues: bool) -> NoteForm | None:
    if not (discussion.is_voter and discussion.accepts_reasons) or discussion.own_reason:
        return None
    form = NoteForm(discussion.entry, fixed_kind="reason")
    if continues:
        form.earlier_reason = Note.objects.earlier_reason(discussion.entry, discussion.government_id)
    return form
