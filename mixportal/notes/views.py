from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django_htmx.http import reswap, retarget

from members.access import Audience, UserRequest, open_to
from members.sessions import last_visit
from mixportal.editions.models import Entry, Kind
from mixportal.editions.saving import StaleError
from mixportal.editions.shortcuts import entry_or_404, list_or_404
from mixportal.notes.discussion import Discussion
from mixportal.notes.forms import NoteForm, ReasonsPage
from mixportal.notes.models import Note
from mixportal.notes.visibility import SEALED


@open_to(Audience.VOTERS)
def reasons(request: UserRequest, year: int, kind: Kind) -> HttpResponse:
    annual_list = list_or_404(request, year, kind)
    if annual_list.edition.is_drafting or not annual_list.edition.was_ranked:
        raise Http404
    return render(request, "notes/reasons.html", {"page": ReasonsPage(annual_list, request.user), "kind": kind})


@open_to(Audience.INSIDERS, methods=("GET", "POST"))
def notes(request: UserRequest, year: int, slug: str, kind: Kind) -> HttpResponse:
    entry = entry_or_404(request, year, slug, kind)
    fields = request.POST if request.method == "POST" else request.GET
    reply_to = _reply_to_or_404(request, entry, fields.get("reply_to", ""))
    is_by_curator = reply_to is not None and reply_to.is_answered_as_curator(request.user)
    if not request.user.is_voter and not is_by_curator:
        raise Http404
    fixed_kind = SEALED if fields.get("kind") == SEALED else ""
    form = NoteForm(entry, reply_to=reply_to, fixed_kind=fixed_kind, is_by_curator=is_by_curator)
    if request.method != "POST":
        return _render_form(request, form)

    if request.POST.get("action") == "earlier":
        form.fill(request.POST)
        earlier = Note.objects.earlier_reason(entry, request.user.government_id)
        form.body = form.body or (earlier.body if earlier else "")
        return _render_form(request, form)
    return _save(request, form)


@open_to(Audience.INSIDERS, methods=("GET", "POST"))
def note(request: UserRequest, year: int, slug: str, number: int, kind: Kind) -> HttpResponse:
    entry = entry_or_404(request, year, slug, kind)
    note = get_object_or_404(entry.notes.visible_to(request.user).select_related("government"), pk=number)
    is_own = note.is_own_of(request.user)
    if note.withdrawn_at is not None:
        if is_own and request.method != "POST":
            return redirect(entry)
        raise Http404
    if request.method != "POST":
        if is_own:
            return _render_form(request, NoteForm(entry, note=note))
        if request.user.is_curator:
            return _render_hide_form(request, entry, note)
        raise PermissionDenied

    action = request.POST.get("action", "")
    if action in ("same", "not-same"):
        note.endorse(request.user, on=action == "same")
        return _respond_to_endorsement(request, entry, note)
    if action in ("hide", "show"):
        if not request.user.is_curator:
            raise PermissionDenied
        if action == "hide":
            return _hide(request, entry, note)
        note.show()
        return _respond_to_change(request, entry, note)
    if action == "withdraw":
        note.withdraw(request.user)
        return _respond_to_change(request, entry, note, is_withdrawn=True)
    return _save(request, NoteForm(entry, note=note))


def _save(request: UserRequest, form: NoteForm) -> HttpResponse:
    form.fill(request.POST)
    try:
        note = form.save(request.user)
    except StaleError as error:
        stored = form.entry.notes.get(pk=error.stored.pk)
        form.stored, form.version = stored, stored.version
        return _render_form(request, form, status=409)
    except (ValidationError, IntegrityError) as error:
        form.add_error(error)
        return _render_form(request, form, status=422)
    blank_form = None if form.note or form.reply_to or note.is_reason else NoteForm(form.entry)
    return _respond_to_change(request, form.entry, note, blank_form=blank_form)


def _hide(request: UserRequest, entry: Entry, note: Note) -> HttpResponse:
    try:
        note.hide(request.user, request.POST.get("reason", ""))
    except ValidationError as error:
        return _render_hide_form(request, entry, note, error=error.messages[0], status=422)
    return _respond_to_change(request, entry, note)


def _reply_to_or_404(request: UserRequest, entry: Entry, number: str) -> Note | None:
    if not number:
        return None
    if not (number.isdecimal() and len(number) < 19):
        raise Http404
    reply_to = get_object_or_404(entry.notes.visible_to(request.user).select_related("government"), pk=number)
    if not reply_to.can_be_answered_by(request.user):
        raise Http404
    return reply_to


def _render_form(request: UserRequest, form: NoteForm, status: int = 200) -> HttpResponse:
    entry = form.entry
    if form.fixed_kind and form.earlier_reason is None:
        form.earlier_reason = Note.objects.earlier_reason(entry, request.user.government_id)
    context = {"form": form, "kind": entry.kind, "entry": entry, "edition": entry.edition}
    if request.POST.get("from") == "ballot":
        context |= {"from": "ballot", "target": f"#row-{entry.slug}"}
    if not request.htmx:
        return render(request, "notes/note.html", context, status=status)
    response = render(request, "notes/_form.html", context, status=status)
    if request.method == "POST":
        response = reswap(retarget(response, f"#form-{form.key}"), "outerHTML")
    return response


def _render_hide_form(
    request: UserRequest, entry: Entry, note: Note, error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "note": note,
        "kind": entry.kind,
        "entry": entry,
        "edition": entry.edition,
        "error": error,
    }
    if not request.htmx:
        return render(request, "notes/hide.html", context, status=status)
    response = render(request, "notes/_hide.html", context, status=status)
    return retarget(response, f"#slot-{note.pk}") if request.method == "POST" else response


def _respond_to_endorsement(request: UserRequest, entry: Entry, note: Note) -> HttpResponse:
    if not request.htmx:
        return HttpResponseRedirect(note.get_absolute_url(), status=303)
    counted = entry.notes.visible_to(request.user).for_discussion().get(pk=note.pk)
    context = {"note": counted, "kind": entry.kind, "discussion": Discussion(entry, request.user)}
    return render(request, "notes/_endorsement.html", context)


def _respond_to_change(
    request: UserRequest,
    entry: Entry,
    note: Note,
    *,
    blank_form: NoteForm | None = None,
    is_withdrawn: bool = False,
) -> HttpResponse:
    if request.POST.get("from") == "ballot":
        if not request.htmx:
            url = reverse("reasons", args=[entry.edition.year, entry.kind])
            return HttpResponseRedirect(f"{url}#row-{entry.slug}", status=303)
        page = ReasonsPage(entry.annual_list, request.user)
        row = next(row for row in page.rows if row["entry"] == entry)
        context = {"row": row, "page": page, "kind": entry.kind, "is_fragment": True}
        return render(request, "notes/_reason_row.html", context)
    is_about_reason = note.is_reason or bool(note.reply_to and note.reply_to.is_reason)
    target = "#why" if is_about_reason else "#dialogue"
    if not request.htmx:
        url = f"{entry.get_absolute_url()}{target}" if is_withdrawn else note.get_absolute_url()
        return HttpResponseRedirect(url, status=303)
    context = {
        "discussion": Discussion(entry, request.user, last_visit(request), expanded=str(note.pk)),
        "kind": entry.kind,
        "entry": entry,
        "edition": entry.edition,
        "blank_form": blank_form,
        "is_fragment": True,
    }
    template = "notes/_why.html" if is_about_reason else "notes/_threads.html"
    response = retarget(render(request, template, context), target)
    if not is_withdrawn:
        response["HX-Reswap"] = f"outerHTML show:#note-{note.pk}:top"
    return response
