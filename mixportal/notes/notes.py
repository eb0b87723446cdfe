"""Writing, answering, changing and hiding notes; the own reasons beside the own ballot."""

from __future__ import annotations

from typing import Any

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
from mixportal.editions.models import Edition
from mixportal.notes.dialogue import Dialogue
from mixportal.notes.forms import NoteForm
from mixportal.notes.models import Stale
from mixportal.notes.reasons import ReasonsPage
from mixportal.notes.visibility import Audience as NoteAudience


@open_to(Audience.VOTERS, methods=("GET", "POST"))
def notes(request: HttpRequest, year: int, slug: str, kind: Kind) -> HttpResponse:
    """A form for one note; a POST writes it and leads back to the entry."""
    entry = _entry_or_404(request, year, slug, kind)
    asked = request.POST if request.method == "POST" else request.GET
    only = "reason" if asked.get("kind") == "reason" else ""
    form = NoteForm(entry, reply_to=_answered(request, entry, kind, asked.get("reply_to", "")), only=only)
    if request.method != "POST":
        return _show_form(request, kind, form)
    form.read(request.POST)
    if request.POST.get("action") == "preview":
        return _preview(request, kind, form)
    if request.POST.get("action") == "earlier":
        form.take_earlier(kind.note.objects.earlier_reason(entry, request.user.government))
        return _show_form(request, kind, form)
    if not form.problems:
        try:
            note = kind.note.write(
                entry=entry, user=request.user, kind=form.kind, body=form.body, audience=form.audience,
                reply_to=form.reply_to,
            )  # fmt: skip
        except (ValidationError, IntegrityError) as refusal:
            form.refuse(refusal)
        else:
            return _back(request, kind, entry, note)
    return _show_form(request, kind, form, status=422)


@open_to(Audience.INSIDERS, methods=("GET", "POST"))
def note(request: HttpRequest, year: int, slug: str, number: int, kind: Kind) -> HttpResponse:
    """One note: its government changes or withdraws it, others say the same, curators hide it."""
    entry = _entry_or_404(request, year, slug, kind)
    visible = kind.note.objects.visible_to(request.user).with_people().select_related("reply_to", "entry__edition")
    found = get_object_or_404(visible.with_same(request.user), pk=number, entry=entry)
    if found.withdrawn_at is not None:
        raise Http404
    is_own, action = found.is_own_of(request.user), request.POST.get("action", "")
    if request.method != "POST":
        if not (is_own or request.user.is_curator):
            raise PermissionDenied
        return _show_form(request, kind, NoteForm(entry, note=found)) if is_own else _ask_why(request, kind, found)
    if action in ("same", "not-same"):
        if not request.user.is_voter:
            raise PermissionDenied
        found.say_same(request.user, action == "same")
        return _same(request, kind, found)
    if action in ("hide", "show"):
        return _hide(request, kind, found, hides=action == "hide")
    if not is_own:
        raise PermissionDenied
    if action == "withdraw":
        found.withdraw(request.user)
        return _back(request, kind, entry)
    return _change(request, kind, found)


def _change(request: HttpRequest, kind: Kind, found: Any) -> HttpResponse:
    form = NoteForm(found.entry, note=found).read(request.POST)
    if request.POST.get("action") == "preview":
        return _preview(request, kind, form)
    if form.problems:
        return _show_form(request, kind, form, status=422)
    try:
        found.edit(request.user, body=form.body, audience=form.audience, version=form.version)
    except Stale as stale:
        form.theirs, form.version = stale.note, stale.note.version
        return _show_form(request, kind, form, status=409)
    except (ValidationError, IntegrityError) as refusal:
        form.refuse(refusal)
        return _show_form(request, kind, form, status=422)
    return _back(request, kind, found.entry, found)


def _hide(request: HttpRequest, kind: Kind, found: Any, *, hides: bool) -> HttpResponse:
    if not request.user.is_curator:
        raise PermissionDenied
    if not hides:
        found.show()
    else:
        try:
            found.hide(request.user, request.POST.get("reason", ""))
        except ValidationError as refusal:
            return _ask_why(request, kind, found, problem=refusal.messages[0], status=422)
    return _back(request, kind, found.entry, found)


@open_to(Audience.VOTERS)
def reasons(request: HttpRequest, year: int, kind: Kind) -> HttpResponse:
    """Each entry in the order of the own ballot, with the own place and the reason beside it."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    if edition.is_drafting or not edition.was_ranked:
        raise Http404
    return render(request, "annotation/reasons.html", {"page": ReasonsPage(kind, edition, request.user), "kind": kind})


def _entry_or_404(request: HttpRequest, year: int, slug: str, kind: Kind) -> Any:
    entries = kind.entry.objects.visible_to(request.user).select_related("edition")
    return get_object_or_404(entries, edition__year=year, slug=slug)


def _answered(request: HttpRequest, entry: Any, kind: Kind, number: str) -> Any:
    """The note that is answered; None for none. 404 for one that is not there, or not for this reader."""
    if not number:
        return None
    if not (number.isdecimal() and len(number) < 19):
        raise Http404
    top = kind.note.objects.visible_to(request.user).standing().filter(reply_to__isnull=True)
    top = top.exclude(~Q(government=request.user.government_id), audience=NoteAudience.CURATORS)
    return get_object_or_404(top.with_people(), pk=number, entry=entry)


def _show_form(request: HttpRequest, kind: Kind, form: NoteForm, status: int = 200) -> HttpResponse:
    """The form with everything typed; a fragment of it takes the place of the form that was sent."""
    if form.only and form.earlier is None:
        form.earlier = kind.note.objects.earlier_reason(form.entry, request.user.government)
    context = {"form": form, "kind": kind, "entry": form.entry, "edition": form.entry.edition}
    if request.POST.get("from") == "ballot":
        context |= {"from": "ballot", "target": f"#row-{form.entry.slug}"}
    if not request.htmx:
        return render(request, "annotation/note.html", context, status=status)
    response = render(request, "annotation/_form.html", context, status=status)
    return reswap(retarget(response, f"#form-{form.key}"), "outerHTML") if request.method == "POST" else response


def _preview(request: HttpRequest, kind: Kind, form: NoteForm) -> HttpResponse:
    form.problems = []
    form.show_preview()
    if not request.htmx:
        return _show_form(request, kind, form)
    return render(request, "annotation/_preview.html", {"form": form})


def _ask_why(request: HttpRequest, kind: Kind, found: Any, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"note": found, "kind": kind, "entry": found.entry, "edition": found.entry.edition, "problem": problem}
    template = "annotation/_hide.html" if request.htmx else "annotation/hide.html"
    response = render(request, template, context, status=status)
    return retarget(response, f"#slot-{found.pk}") if request.htmx and request.method == "POST" else response


def _same(request: HttpRequest, kind: Kind, found: Any) -> HttpResponse:
    if not request.htmx:
        return _redirect(found.get_absolute_url())
    again = kind.note.objects.visible_to(request.user).with_people().with_same(request.user).get(pk=found.pk)
    dialogue = Dialogue(kind, found.entry, request.user)
    return render(request, "annotation/_same.html", {"note": again, "kind": kind, "dialogue": dialogue})


def _back(request: HttpRequest, kind: Kind, entry: Any, note: Any = None) -> HttpResponse:
    """To where the note stands now; as a fragment, the whole dialogue anew, or the reason beside the ballot."""
    if not request.htmx:
        beside_ballot = request.POST.get("from") == "ballot"
        address = reverse(f"{kind.key}:reasons", args=[entry.edition.year]) if beside_ballot else kind.entry_url(entry)
        anchor = f"#row-{entry.slug}" if beside_ballot else f"?note={note.pk}#note-{note.pk}" if note else "#dialogue"
        return _redirect(address + anchor)
    if request.POST.get("from") == "ballot":
        page = ReasonsPage(kind, entry.edition, request.user)
        row = next(row for row in page.rows if row.entry.pk == entry.pk)
        return render(request, "annotation/_reason_row.html", {"row": row, "page": page, "kind": kind})
    dialogue = Dialogue(kind, entry, request.user, last_visit(request), whole=str(note.pk) if note else "")
    context = {"dialogue": dialogue, "kind": kind, "entry": entry, "edition": entry.edition, "is_fragment": True}
    written = request.POST.get("action") == "post" and not request.POST.get("reply_to")
    if written and note and not note.is_reason:
        context["blank"] = NoteForm(entry)
    return render(request, "annotation/_dialogue.html", context)


def _redirect(address: str) -> HttpResponse:
    """303, so that whatever the method was the browser asks anew by GET."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
