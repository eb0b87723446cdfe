"""Writing, answering, changing and hiding notes; the own reasons beside the own ballot."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django_htmx.http import reswap, retarget

from members.access import Audience, open_to
from members.sessions import last_visit
from mixportal.editions.kinds import Kind
from mixportal.editions.models import Entry
from mixportal.editions.shortcuts import entry_or_404, list_or_404
from mixportal.editions.versions import StaleError
from mixportal.notes.discussion import Dialogue
from mixportal.notes.forms import NoteForm
from mixportal.notes.models import Note
from mixportal.notes.reasons import ReasonsPage
from mixportal.notes.visibility import Audience as NoteAudience


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def notes(request: HttpRequest, year: int, slug: str, kind: Kind) -> HttpResponse:
    """A form for one note; a POST writes it and leads back to the entry."""
    entry = entry_or_404(request, year, slug, kind)
    asked = request.POST if request.method == "POST" else request.GET
    only = "reason" if asked.get("kind") == "reason" else ""
    form = NoteForm(entry, reply_to=_answered(request, entry, asked.get("reply_to", "")), only=only)
    if request.method != "POST":
        return _show_form(request, form)
    form.read(request.POST)
    if request.POST.get("action") == "preview":
        return _preview(request, form)
    if request.POST.get("action") == "earlier":
        form.take_earlier(Note.objects.earlier_reason(entry, request.user.government))
        return _show_form(request, form)
    if not form.problems:
        try:
            note = Note.write(
                entry=entry, user=request.user, kind=form.kind, body=form.body, audience=form.audience,
                reply_to=form.reply_to,
            )  # fmt: skip
        except (ValidationError, IntegrityError) as refusal:
            form.refuse(refusal)
        else:
            return _back(request, entry, note)
    return _show_form(request, form, status=422)


@open_to(Audience.INSIDERS, methods=("GET", "POST"))
def note(request: HttpRequest, year: int, slug: str, number: int, kind: Kind) -> HttpResponse:
    """One note: its government changes or withdraws it, others say the same, curators hide it."""
    entry = entry_or_404(request, year, slug, kind)
    visible = entry.notes.visible_to(request.user).with_people().select_related("reply_to")
    found = get_object_or_404(visible.with_endorsements(request.user), pk=number)
    if found.withdrawn_at is not None:
        raise Http404
    is_own, action = found.is_own_of(request.user), request.POST.get("action", "")
    if request.method != "POST":
        if not (is_own or request.user.is_curator):
            raise PermissionDenied
        return _show_form(request, NoteForm(entry, note=found)) if is_own else _ask_why(request, entry, found)
    if action in ("same", "not-same"):
        if not request.user.is_voter:
            raise PermissionDenied
        found.endorse(request.user, on=action == "same")
        return _endorsement(request, entry, found)
    if action in ("hide", "show"):
        return _hide(request, entry, found, hides=action == "hide")
    if not is_own:
        raise PermissionDenied
    if action == "withdraw":
        found.withdraw(request.user)
        return _back(request, entry)
    return _change(request, entry, found)


def _change(request: HttpRequest, entry: Entry, found: Note) -> HttpResponse:
    form = NoteForm(entry, note=found).read(request.POST)
    if request.POST.get("action") == "preview":
        return _preview(request, form)
    if form.problems:
        return _show_form(request, form, status=422)
    try:
        found.edit(request.user, body=form.body, audience=form.audience, version=form.version)
    except StaleError as stale:
        form.theirs, form.version = cast(Note, stale.stored), stale.stored.version
        return _show_form(request, form, status=409)
    except (ValidationError, IntegrityError) as refusal:
        form.refuse(refusal)
        return _show_form(request, form, status=422)
    return _back(request, entry, found)


def _hide(request: HttpRequest, entry: Entry, found: Note, *, hides: bool) -> HttpResponse:
    if not request.user.is_curator:
        raise PermissionDenied
    if not hides:
        found.show()
    else:
        try:
            found.hide(request.user, request.POST.get("reason", ""))
        except ValidationError as refusal:
            return _ask_why(request, entry, found, problem=refusal.messages[0], status=422)
    return _back(request, entry, found)


@open_to(Audience.VOTERS)
def reasons(request: HttpRequest, year: int, kind: Kind) -> HttpResponse:
    """Each entry in the order of the own ballot, with the own place and the reason beside it."""
    annual_list = list_or_404(request, year, kind)
    if annual_list.edition.is_drafting or not annual_list.edition.was_ranked:
        raise Http404
    context = {"page": ReasonsPage(annual_list, request.user), "kind": kind}
    return render(request, "notes/reasons.html", context)


def _answered(request: HttpRequest, entry: Entry, number: str) -> Note | None:
    """The note that is answered; None for none. 404 for one that is not there, or not for this reader."""
    if not number:
        return None
    if not (number.isdecimal() and len(number) < 19):
        raise Http404
    top = entry.notes.visible_to(request.user).standing().filter(reply_to__isnull=True)
    top = top.exclude(~Q(government=request.user.government_id), audience=NoteAudience.CURATORS)
    return get_object_or_404(top.with_people(), pk=number)


def _show_form(request: HttpRequest, form: NoteForm, status: int = 200) -> HttpResponse:
    """The form with everything typed; a fragment of it takes the place of the form that was sent."""
    if form.only and form.earlier is None:
        form.earlier = Note.objects.earlier_reason(form.entry, request.user.government)
    context = {"form": form, "kind": form.entry.kind, "entry": form.entry, "edition": form.entry.edition}
    if request.POST.get("from") == "ballot":
        context |= {"from": "ballot", "target": f"#row-{form.entry.slug}"}
    if not request.htmx:
        return render(request, "notes/note.html", context, status=status)
    response = render(request, "notes/_form.html", context, status=status)
    return reswap(retarget(response, f"#form-{form.key}"), "outerHTML") if request.method == "POST" else response


def _preview(request: HttpRequest, form: NoteForm) -> HttpResponse:
    form.problems = []
    form.show_preview()
    if not request.htmx:
        return _show_form(request, form)
    return render(request, "notes/_preview.html", {"form": form})


def _ask_why(request: HttpRequest, entry: Entry, found: Note, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"note": found, "kind": entry.kind, "entry": entry, "edition": entry.edition, "problem": problem}
    template = "notes/_hide.html" if request.htmx else "notes/hide.html"
    response = render(request, template, context, status=status)
    return retarget(response, f"#slot-{found.pk}") if request.htmx and request.method == "POST" else response


def _endorsement(request: HttpRequest, entry: Entry, found: Note) -> HttpResponse:
    if not request.htmx:
        return _redirect(found.get_absolute_url())
    again = entry.notes.visible_to(request.user).with_people().with_endorsements(request.user).get(pk=found.pk)
    context = {"note": again, "kind": entry.kind, "dialogue": Dialogue(entry, request.user)}
    return render(request, "notes/_endorsement.html", context)


def _back(request: HttpRequest, entry: Entry, note: Note | None = None) -> HttpResponse:
    """To where the note stands now; as a fragment, the whole dialogue anew, or the reason beside the ballot."""
    if not request.htmx:
        beside_ballot = request.POST.get("from") == "ballot"
        reasons_url = reverse("reasons", args=[entry.edition.year, entry.kind])
        address = reasons_url if beside_ballot else entry.get_absolute_url()
        anchor = f"#row-{entry.slug}" if beside_ballot else f"?note={note.pk}#note-{note.pk}" if note else "#dialogue"
        return _redirect(address + anchor)
    if request.POST.get("from") == "ballot":
        page = ReasonsPage(entry.annual_list, request.user)
        row = next(row for row in page.rows if row.entry.pk == entry.pk)
        return render(request, "notes/_reason_row.html", {"row": row, "page": page, "kind": entry.kind})
    dialogue = Dialogue(entry, request.user, last_visit(request), whole=str(note.pk) if note else "")
    context = {"dialogue": dialogue, "kind": entry.kind, "entry": entry, "edition": entry.edition, "is_fragment": True}
    written = request.POST.get("action") == "post" and not request.POST.get("reply_to")
    if written and note and not note.is_reason:
        context["blank"] = NoteForm(entry)
    return render(request, "notes/_discussion.html", context)


def _redirect(address: str) -> HttpResponse:
    """303, so that whatever the method was the browser asks anew by GET."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
