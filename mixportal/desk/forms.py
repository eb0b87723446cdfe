from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from mixportal.desk.base import CleanedData, ModelChoiceField
from mixportal.desk.edition_forms import ZONES, MomentField
from mixportal.editions.models import AnnualList, Edition, Entry, Erratum, Kind
from mixportal.tables.reader import MAX_BYTES, TableError, decode

Files: TypeAlias = "MultiValueDict[str, UploadedFile[bytes]]"
TEXTAREA = forms.Textarea(attrs={"rows": 5, "cols": 60})


class DeskForm(forms.Form):
    stored: tuple[str, ...] = ()  # filled from the edition
    initial: dict[str, object]

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Files | None = None,
        *,
        edition: Edition,
        initial: dict[str, object] | None = None,
        prefix: str | None = None,
    ) -> None:
        stored = {name: getattr(edition, name) for name in self.stored}
        super().__init__(data, files, initial=stored | (initial or {}), prefix=prefix)
        self.edition = edition
        for field in self.fields.values():
            if isinstance(field, MomentField):
                field.zone = edition.zone
                field.help_text = f"On clocks of {ZONES.get(edition.time_zone, edition.time_zone)}. {field.help_text}"


class WindowForm(DeskForm):
    stored = ("opens_at", "closes_at")
    opens_at = MomentField(label="Ballots open")
    closes_at = MomentField(label="Ballots close", help_text="Later it may move, with a reason; never earlier.")

    def __init__(self, data: QueryDict | None = None, *, edition: Edition) -> None:
        super().__init__(data, edition=edition, initial={} if edition.opens_at else edition.proposed_window())


class OpenForm(DeskForm):
    stored = ("closes_at",)
    closes_at = MomentField(label="Ballots close", help_text="Later it may move, with a reason; never earlier.")


class MoveForm(OpenForm):
    closes_at = MomentField(label="The new close", help_text="Later than the present one.")
    reason = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text="Members read it.",
    )

    def clean_closes_at(self) -> datetime:
        to: datetime = self.cleaned_data["closes_at"]
        if self.edition.is_open:
            self.edition.require_later_close(to)
        return to


class RecountForm(DeskForm):
    reason = forms.CharField(
        label="Why",
        max_length=2_000,
        widget=TEXTAREA,
        help_text="Everyone reads it, and your name.",
    )


class ErratumForm(DeskForm):
    about = forms.CharField(
        label="What it puts right",
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=Erratum._meta.get_field("about").help_text,
    )
    body = forms.CharField(label="What is right", max_length=2_000, widget=TEXTAREA)


class ImportForm(forms.Form):
    text = forms.CharField(
        label="Paste it here",
        required=False,
        strip=False,
        max_length=MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 16, "cols": 90, "data-longest": MAX_BYTES}),
    )
    file = forms.FileField(label="Or a file", required=False, help_text="Plain text or CSV, in UTF-8.")

    def clean(self) -> CleanedData:
        cleaned = super().clean() or self.cleaned_data
        if file := cleaned.pop("file", None):
            try:
                cleaned["text"] = decode(file.read(MAX_BYTES + 1))
            except TableError as refused:
                self.add_error("file", list(map(str, refused.problems)))
        if not self.errors and not cleaned["text"].strip():
            self.add_error("text", "Paste a list first, or choose a file.")
        return cleaned


class ListForm(ImportForm):
    kind = forms.ChoiceField(
        label="Entries without a heading",
        required=False,
        choices=[("", "Ask me"), *((kind.value, f"are {kind.plural}") for kind in Kind)],
    )


class MergeForm(DeskForm):
    keep = ModelChoiceField(label="The entry that stays", queryset=None)
    other = ModelChoiceField(label="The entry that is merged into it", queryset=None)

    def __init__(self, data: QueryDict | None, *, annual_list: AnnualList) -> None:
        super().__init__(data, edition=annual_list.edition)
        for name in ("keep", "other"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = annual_list.entries.in_order()

    def clean(self) -> CleanedData:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("keep") is not None and cleaned.get("keep") == cleaned.get("other"):
            self.add_error("other", "An entry cannot be merged into itself. Choose another one.")
        return cleaned


class EntryWordingForm(DeskForm):
    def __init__(
        self,
        data: QueryDict | None,
        *,
        entry: Entry,
        titled: str = "",
        initial: dict[str, object] | None = None,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data, edition=entry.edition, initial=initial, prefix=prefix)
        for name in entry.WORDING:
            model_field = entry._meta.get_field(name)
            assert isinstance(model_field, models.Field)
            field = model_field.formfield()
            assert field is not None
            if name == "for_leaders":
                field.label = entry.kind.for_leaders_heading
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs |= {"rows": 5, "cols": 60}
            else:
                field.widget.attrs |= {"size": 60}
            self.fields[name] = field
            self.initial.setdefault(name, getattr(entry, name))
        if titled:
            for name, each in self.fields.items():
                each.label = f"{titled}: {each.label or name}"


class CorrectionForm(EntryWordingForm):
    reason = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text="Shown with the correction to all who see the entry.",
    )
    field_order = ("reason",)
