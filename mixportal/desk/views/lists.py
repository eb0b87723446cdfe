from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from mixportal.desk.forms import CorrectionForm, EntryWordingForm, ListForm, MergeForm
from mixportal.desk.import_page import KEPT, preview_or_write
from mixportal.desk.pages import (
    EditionAdmin,
    add_refusal,
    desk_page,
    desk_url,
    entry_admin_url,
    render_desk,
)
from mixportal.editions.corrections import WordingChange, word_difference
from mixportal.editions.list_import import ListImport
from mixportal.editions.models import AnnualList, Edition, Entry, ListChangedError, Phase
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal
from mixportal.trends.models import OutsideItem
from priorities.models import Investment


@desk_page(entries=True, phases=[Phase.DRAFTING])
def paste(admin: EditionAdmin, request: HttpRequest, edition: Edition) -> HttpResponse:
    page = preview_or_write(
        request,
        ListForm,
        lambda typed: ListImport(edition.year, typed["text"], typed["kind"]),
        reason="a pasted list",
    )
    if page.is_new:
        return redirect(f"{request.path}?{KEPT}={page.key}")
    if page.plan is None or not page.is_written:
        context = {"page": page, "form": page.form, "back_url": desk_url(edition)}
        return render_desk(admin, request, "list", edition, "Paste the list", page.status, **context)
    admin.log_change(request, edition, f"List pasted: {page.plan.counts}.")
    admin.message_user(request, f"{edition}: {page.plan.counts}.", messages.SUCCESS)
    return redirect(desk_url(edition))


@desk_page(entries=True, phases=[Phase.DRAFTING])
def order(admin: EditionAdmin, request: HttpRequest, edition: Edition, annual_list: AnnualList) -> HttpResponse:
    entries = list(annual_list.entries.in_order())
    if request.method != "POST":
        return _order_page(admin, request, annual_list, entries)
    by_key = {entry.pk: entry for entry in entries}
    numbers: dict[int, int] = {}
    for key, entry in by_key.items():
        typed = request.POST.get(f"position-{key}", "")
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 5):
            problem = f"Give “{entry.title}” a whole number."
            return _order_page(admin, request, annual_list, entries, status=422, problem=problem)
        numbers[key] = int(typed)
    keys = sorted(by_key, key=lambda key: (numbers[key], by_key[key].position))
    keys = _stepped(keys, request.POST.get("action", ""))
    try:
        if request.POST.get("entries", "") != _listed(entries):
            raise ListChangedError
        annual_list.arrange(keys)
    except ListChangedError:
        problem = "Another person changed this list. Nothing was saved. Here is the list as it is now."
        return _order_page(admin, request, annual_list, entries, status=409, problem=problem)
    except ValidationError as refusal:
        return _order_page(admin, request, annual_list, entries, status=422, problem=" ".join(refusal.messages))
    admin.message_user(request, f"The order of the {annual_list.words.plural} is saved.", messages.SUCCESS)
    return redirect(request.path)


def _order_page(
    admin: EditionAdmin,
    request: HttpRequest,
    annual_list: AnnualList,
    entries: list[Entry],
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    kind = annual_list.words
    context = {"kind": kind, "entries": entries, "seen": _listed(entries), "problem": problem}
    title = f"Put the {kind.plural} in order"
    return render_desk(admin, request, "order", annual_list.edition, title, status, **context)


def _listed(entries: list[Entry]) -> str:
    return " ".join(f"{entry.pk}:{entry.position}" for entry in entries)


def _stepped(keys: list[int], action: str) -> list[int]:
    verb, _, key = action.partition(":")
    if verb not in ("up", "down") or key not in map(str, keys):
        return keys
    at = keys.index(int(key))
    to = at - 1 if verb == "up" else at + 1
    if 0 <= to < len(keys):
        keys[at], keys[to] = keys[to], keys[at]
    return keys


@desk_page(entries=True, phases=[Phase.DRAFTING])
def split(
    admin: EditionAdmin, request: HttpRequest, edition: Edition, annual_list: AnnualList, entry: int
) -> HttpResponse:
    shown = get_object_or_404(annual_list.entries, pk=entry)
    data = request.POST or None
    forms = [
        EntryWordingForm(data, entry=shown, prefix="first", titled="First"),
        EntryWordingForm(data, entry=shown, prefix="second", titled="Second", initial={"title": ""}),
    ]
    first, second = (form.is_valid() for form in forms)
    if first and second:
        try:
            new = shown.split(first=forms[0].cleaned_data, second=forms[1].cleaned_data)
        except ValidationError as refusal:
            add_refusal(forms[1], refusal)
        else:
            admin.log_change(request, edition, f"Split “{new.title}” off “{shown.title}”.")
            admin.message_user(request, f"“{new.title}” is now a separate entry.", messages.SUCCESS)
            return redirect(desk_url(edition))
    return _form_page(admin, request, edition, f"Split “{shown.title}” in two", "split", forms, "Split it")


@desk_page(entries=True, phases=[Phase.OPEN, Phase.CLOSED])
def correct(
    admin: EditionAdmin, request: HttpRequest, edition: Edition, annual_list: AnnualList, entry: int
) -> HttpResponse:
    if request.method == "POST":
        edition.lock_for_update()
    shown = get_object_or_404(annual_list.entries, pk=entry)
    form = CorrectionForm(request.POST or None, entry=shown)
    changes: list[WordingChange] = []
    if request.method == "POST" and form.is_valid():
        wording = {name: form.cleaned_data[name] for name in shown.WORDING}
        changes = [
            WordingChange(str(form.fields[name].label or name), word_difference(getattr(shown, name), text))
            for name, text in wording.items()
            if getattr(shown, name) != text
        ]
        if request.POST.get("action") == "correct" or not changes:
            try:
                shown.correct(reason=form.cleaned_data["reason"], **wording)
            except ValidationError as refusal:
                add_refusal(form, refusal)
            else:
                admin.log_change(request, edition, f"Corrected the wording of “{shown.title}”.")
                admin.message_user(request, "Corrected. The entry’s page shows the difference.", messages.SUCCESS)
                return redirect(entry_admin_url(shown))
    ready = bool(changes) and form.is_valid()
    return _form_page(
        admin, request, edition, f"Correct the wording of “{shown.title}”", "correct", [form],
        "Correct it so" if ready else "Show the difference",
        changes=changes, action="correct" if ready else "look",
    )  # fmt: skip


@transaction.atomic
def merge_entries(keep: Entry, other: Entry) -> None:
    keep.annual_list.require_drafting()
    if other.annual_list_id == keep.annual_list_id and other.pk != keep.pk:
        Note.objects.filter(entry=other).update(entry=keep)
        Proposal.objects.filter(entry=other).update(entry=keep)
        _move_investments(keep, other)
    line = other.line
    keep.absorb(other)
    if not line.entries.exists():
        OutsideItem.objects.filter(line=line).update(line=keep.line)


def _move_investments(keep: Entry, other: Entry) -> None:
    investments = Investment.objects.filter(priority=other.pk)
    twice = investments.filter(government__in=Investment.objects.filter(priority=keep.pk).values("government"))
    twice.filter(withdrawn_at__isnull=False).delete()
    if row := twice.select_related("government").first():
        raise ValidationError(
            f"Nothing was merged: {row.government} has an investment in both. It must withdraw one first."
        )
    investments.update(priority=keep.pk)


@desk_page(entries=True, phases=[Phase.DRAFTING])
def merge(admin: EditionAdmin, request: HttpRequest, edition: Edition, annual_list: AnnualList) -> HttpResponse:
    form = MergeForm(request.POST or None, annual_list=annual_list)
    if request.method == "POST" and form.is_valid():
        keep, other = form.cleaned_data["keep"], form.cleaned_data["other"]
        try:
            merge_entries(keep, other)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            admin.log_change(request, edition, f"Merged “{other.title}” into “{keep.title}”.")
            words = f"“{other.title}” is merged into “{keep.title}”. Read its text, which is now that of both."
            admin.message_user(request, words, messages.SUCCESS)
            return redirect(entry_admin_url(keep))
    title = f"Merge two {annual_list.words.plural}"
    return _form_page(admin, request, edition, title, "merge", [form], "Merge them")


def _form_page(
    admin: EditionAdmin,
    request: HttpRequest,
    edition: Edition,
    title: str,
    verb: str,
    forms: Sequence[BaseForm],
    button: str,
    **more: object,
) -> HttpResponse:
    status = 422 if any(form.errors for form in forms) else 200
    more |= {"verb": verb, "forms": forms, "button": button}
    return render_desk(admin, request, "verb", edition, title, status, **more)
