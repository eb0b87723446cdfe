"""The pages of the desk about a list: paste it in, put it in order, merge, split, correct."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from mixportal.editions import kinds, list_text
from mixportal.editions.corrections import Change, word_difference
from mixportal.editions.desk_forms import CorrectionForm, ListForm, MergeForm, WordingForm
from mixportal.editions.desk_lineage import LineagePage
from mixportal.editions.desk_page import desk_page, desk_url, render_desk, say
from mixportal.editions.importing import CHANGED, MOVED, NEW, ImportPlan, plan_import
from mixportal.editions.models import Edition
from mixportal.editions.reshaping import ListChanged


class ListPages(LineagePage):
    """Mixed into the edition's admin."""

    admin_site: Any
    log_change: Any
    message_user: Any

    def list_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        at = "<int:pk>/desk/"
        return [
            path(f"{at}list/", guard(self.paste), name="editions_edition_list"),
            path(f"{at}<slug:kind>/order/", guard(self.order), name="editions_edition_order"),
            path(f"{at}<slug:kind>/lineage/", guard(self.lineage), name="editions_edition_lineage"),
            path(f"{at}<slug:kind>/merge/", guard(self.merge), name="editions_edition_merge"),
            path(f"{at}<slug:kind>/<int:entry>/split/", guard(self.split), name="editions_edition_split"),
            path(f"{at}<slug:kind>/<int:entry>/correct/", guard(self.correct), name="editions_edition_correct"),
        ]

    # Paste it in

    @desk_page(entries=True)
    def paste(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Reads a pasted or uploaded list; writes it only as it was previewed (409 when it would do something else)."""
        if request.method != "POST":
            return self._paste_page(request, edition, ListForm(edition=edition))
        form = ListForm(request.POST, request.FILES, edition=edition)
        if not form.is_valid():
            return self._paste_page(request, edition, form, status=422)
        try:
            file = form.cleaned_data["file"]
            text = list_text.decode(file.read(list_text.MAX_BYTES + 1)) if file else form.cleaned_data["text"]
            plan = plan_import(edition.year, list_text.read_list(text))
        except list_text.ListRefused as refused:
            return self._paste_page(request, edition, form, status=422, refused=refused.problems)
        digest = _digest(plan)
        if request.POST.get("previewed") == digest and plan.changes_anything:
            plan.apply(reason="a pasted list")
            self.log_change(request, edition, f"List pasted: {_counts(plan)}.")
            self.message_user(request, f"{edition}: {_counts(plan)}.", messages.SUCCESS)
            return redirect(desk_url(edition))
        changed_meanwhile = "previewed" in request.POST
        return self._paste_page(
            request,
            edition,
            ListForm(initial={"text": text}, edition=edition),
            status=409 if changed_meanwhile else 200,
            plan=plan,
            counts=_counts(plan),
            text=text,
            digest=digest,
            changed_meanwhile=changed_meanwhile,
        )

    def _paste_page(
        self, request: HttpRequest, edition: Edition, form: ListForm, status: int = 200, **context: Any
    ) -> HttpResponse:
        return render_desk(self, request, "list", edition, "Paste the list", status, form=form, **context)

    # Put it in order

    @desk_page(entries=True)
    def order(self, request: HttpRequest, edition: Edition, kind: kinds.Kind) -> HttpResponse:
        """Numbers typed in, then the button pressed: save, up:<key> or down:<key>."""
        entries = list(kind.entry.objects.of(edition))
        if request.method != "POST":
            return self._order_page(request, edition, kind, entries)
        by_key = {entry.pk: entry for entry in entries}
        numbers: dict[int, float] = {}
        for key, entry in by_key.items():
            typed = request.POST.get(f"position-{key}", "")
            if not (typed.isascii() and typed.isdigit() and len(typed) <= 5):
                problem = f"Give “{entry.title}” a whole number."
                return self._order_page(request, edition, kind, entries, status=422, problem=problem)
            numbers[key] = int(typed)
        keys = sorted(by_key, key=lambda key: (numbers[key], by_key[key].position))
        keys = _stepped(keys, request.POST.get("action", ""))
        seen = request.POST.get("entries", "")
        try:
            if seen != _listed(entries):
                raise ListChanged
            kind.entry.objects.arrange(edition, keys)
        except ListChanged:
            problem = "Somebody changed this list meanwhile: here it is as it stands now. Nothing was saved."
            return self._order_page(request, edition, kind, entries, status=409, problem=problem)
        except ValidationError as refusal:
            return self._order_page(request, edition, kind, entries, status=422, problem=" ".join(refusal.messages))
        self.message_user(request, f"The {kind.plural} stand in this order now.", messages.SUCCESS)
        return redirect(request.path)

    def _order_page(
        self,
        request: HttpRequest,
        edition: Edition,
        kind: kinds.Kind,
        entries: list[Any],
        status: int = 200,
        **more: Any,
    ) -> HttpResponse:
        title = f"Put the {kind.plural} in order"
        more |= {"kind": kind, "entries": entries, "seen": _listed(entries)}
        return render_desk(self, request, "order", edition, title, status, **more)

    # Merge, split, correct

    @desk_page(entries=True)
    def merge(self, request: HttpRequest, edition: Edition, kind: kinds.Kind) -> HttpResponse:
        form = MergeForm(request.POST or None, edition=edition, kind=kind)
        if request.method == "POST" and form.is_valid():
            keep, other = form.cleaned_data["keep"], form.cleaned_data["other"]
            try:
                keep.absorb(other)
            except ValidationError as refusal:
                say(form, refusal)
            else:
                self.log_change(request, edition, f"Merged “{other.title}” into “{keep.title}”.")
                words = f"“{other.title}” is merged into “{keep.title}”. Read its text: both stand in it."
                self.message_user(request, words, messages.SUCCESS)
                return redirect(entry_url(keep))
        consequence = (
            "The entry that stays keeps its title and its address. Its texts are followed by those of the other, and "
            "all "
            "that people wrote on the other (proposals, notes, words to the curators, links to earlier years) moves "
            "to it."
        )
        return self._form_page(request, edition, f"Merge two {kind.plural}", [form], consequence, "Merge them")

    @desk_page(entries=True)
    def split(self, request: HttpRequest, edition: Edition, kind: kinds.Kind, entry: int) -> HttpResponse:
        shown = _entry_or_404(kind, edition, entry)
        data = request.POST or None
        forms = [
            WordingForm(data, edition=edition, entry=shown, prefix="first", titled="First"),
            WordingForm(data, edition=edition, entry=shown, prefix="second", titled="Second", initial={"title": ""}),
        ]
        first, second = (form.is_valid() for form in forms)
        if first and second:
            try:
                new = shown.split(first=forms[0].cleaned_data, second=forms[1].cleaned_data)
            except ValidationError as refusal:
                say(forms[1], refusal)
            else:
                self.log_change(request, edition, f"Split “{new.title}” off “{shown.title}”.")
                self.message_user(request, f"“{new.title}” is an entry of its own now.", messages.SUCCESS)
                return redirect(desk_url(edition))
        consequence = (
            "Both begin with the same texts: leave in each what belongs to it. Both continue what the one continued; "
            "what "
            "people wrote on it stays with the first."
        )
        return self._form_page(request, edition, f"Split “{shown.title}” in two", forms, consequence, "Split it")

    @desk_page(entries=True)
    def correct(self, request: HttpRequest, edition: Edition, kind: kinds.Kind, entry: int) -> HttpResponse:
        """First POST shows the difference, the second (with `look` = the same) writes it."""
        shown = _entry_or_404(kind, edition, entry)
        form = CorrectionForm(request.POST or None, edition=edition, entry=shown)
        changes: list[Change] = []
        if request.method == "POST" and form.is_valid():
            wording = {name: form.cleaned_data[name] for name in shown.wording()}
            changes = [
                Change(form.fields[name].label or name, word_difference(getattr(shown, name), text))
                for name, text in wording.items()
                if getattr(shown, name) != text
            ]
            if request.POST.get("action") == "correct" or not changes:
                try:
                    shown.correct(reason=form.cleaned_data["reason"], **wording)
                except ValidationError as refusal:
                    say(form, refusal)
                else:
                    self.log_change(request, edition, f"Corrected the wording of “{shown.title}”.")
                    self.message_user(request, "Corrected. The entry’s page shows the difference.", messages.SUCCESS)
                    return redirect(entry_url(shown))
        consequence = (
            "Ballots may have ranked this entry: only its wording is corrected, never what it means. Everyone who "
            "sees the "
            "entry sees what changed, and why."
        )
        ready = bool(changes) and form.is_valid()
        return self._form_page(
            request, edition, f"Correct the wording of “{shown.title}”", [form], consequence,
            "Correct it so" if ready else "Show the difference",
            changes=changes, action="correct" if ready else "look",
        )  # fmt: skip

    def _form_page(
        self,
        request: HttpRequest,
        edition: Edition,
        title: str,
        forms: list[Any],
        consequence: str,
        button: str,
        **more: Any,
    ) -> HttpResponse:
        status = 422 if any(form.errors for form in forms) else 200
        more |= {"forms": forms, "consequence": consequence, "button": button}
        return render_desk(self, request, "verb", edition, title, status, **more)


def entry_url(entry: Any) -> str:
    return reverse(f"admin:{entry._meta.app_label}_{entry._meta.model_name}_change", args=[entry.pk])


def _entry_or_404(kind: kinds.Kind, edition: Edition, key: int) -> Any:
    entry = kind.entry.objects.of(edition).select_related("edition").filter(pk=key).first()
    if entry is None:
        raise Http404
    return entry


def _digest(plan: ImportPlan) -> str:
    """The same for two plans that would do the same to the same list."""
    lines = [
        repr(
            (
                change.kind.key,
                change.slug,
                change.what,
                sorted(change.values.items()),
                change.fields,
                _as_stored(change),
            )
        )
        for change in plan.changes
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _as_stored(change: Any) -> list[Any]:
    return [getattr(change.entry, field) for field in change.fields] if change.entry is not None else []


def _counts(plan: ImportPlan) -> str:
    counts = plan.counts()
    words = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return words if any(counts[what] for what in (NEW, CHANGED, MOVED)) else f"{words}; nothing to change"


def _listed(entries: list[Any]) -> str:
    return " ".join(f"{entry.pk}:{entry.position}" for entry in entries)


def _stepped(keys: list[int], action: str) -> list[int]:
    """The keys with one of them changed places with its neighbour; as they are for any other action."""
    verb, _, key = action.partition(":")
    if verb not in ("up", "down") or key not in map(str, keys):
        return keys
    at = keys.index(int(key))
    to = at - 1 if verb == "up" else at + 1
    if 0 <= to < len(keys):
        keys[at], keys[to] = keys[to], keys[at]
    return keys
