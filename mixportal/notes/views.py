"""One entry: its meaning, its results, where it comes from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members.access import Audience, open_to
from members.sessions import last_visit
from mixportal.ballots.results import results_for
from mixportal.editions import kinds
from mixportal.editions.kinds import Kind
from mixportal.editions.models import Edition
from mixportal.notes import news
from mixportal.notes.dialogue import Dialogue
from mixportal.notes.forms import NoteForm
from mixportal.notes.search import Search


@open_to(Audience.EVERYONE, stored=True)
def entry(request: HttpRequest, year: int, slug: str, kind: Kind) -> HttpResponse:
    visible = Edition.objects.visible_to(request.user)
    edition = get_object_or_404(visible, year=year)
    shown = get_object_or_404(kind.entry.objects.filter(edition=edition).with_signs(), slug=slug)
    shown.edition = edition  # as read, with its phase: no other question is asked for it
    results = results_for(kind, edition, request.user)
    entries = [row.entry for row in results.rows] if results else list(kind.entry.objects.of(edition))
    at = next(index for index, other in enumerate(entries) if other.pk == shown.pk)
    following = entries[at + 1] if at + 1 < len(entries) else None
    lineage = list(kind.lineage.objects.of(shown, visible))
    dialogue = Dialogue(
        kind,
        shown,
        request.user,
        last_visit(request),
        results.seats if results else None,
        request.GET.get("note") or request.GET.get("all", ""),
    )
    context = {
        "edition": edition,
        "kind": kind,
        "entry": shown,
        "results": results,
        "row": results.row_of(shown) if results else None,
        "total": len(entries),
        "following": following,
        "following_row": results.row_of(following) if results and following else None,
        "corrections": shown.corrections() if shown.was_corrected and not edition.is_drafting else [],
        "continues": [line for line in reversed(lineage) if line.later_id == shown.pk],
        "continued_by": [line for line in lineage if line.earlier_id == shown.pk],
        "additions": kinds.additions_to_entry(kind, shown, request.user, request.GET),
        "dialogue": dialogue,
        "reason_form": _reason_form(dialogue, continues=any(line.later_id == shown.pk for line in lineage)),
        "form": NoteForm(shown) if dialogue.is_voter else None,
    }
    return render(request, "annotation/entry.html", context)


def _reason_form(dialogue: Dialogue, *, continues: bool) -> NoteForm | None:
    """Where a reason is still to be given; with last year's, to keep, change or drop."""
    if not (dialogue.is_voter and dialogue.takes_reasons) or dialogue.own_reason:
        return None
    form = NoteForm(dialogue.entry, only="reason")
    if continues:
        form.earlier = dialogue.kind.note.objects.earlier_reason(dialogue.entry, dialogue.user.government)
    return form


@open_to(Audience.EVERYONE)
def dialogue(request: HttpRequest) -> HttpResponse:
    """All that governments say, newest first, or what fits the words asked for; for insiders also what is new."""
    search = Search(request.GET.dict(), request.user, last_visit(request))
    insider = request.user.is_authenticated and request.user.is_insider
    asks = search.is_asked or search.only_new or request.htmx
    context = {
        "search": search,
        "is_fragment": request.htmx,
        "new": news.count_for(request.user, last_visit(request)) if insider and not asks else 0,
    }
    if not request.htmx:
        return render(request, "annotation/notes.html", context)
    response = render(request, "annotation/_found.html", context)
    response["HX-Push-Url"] = search.address()
    return response
