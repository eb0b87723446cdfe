from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.dateformat import format as date_format
from django.utils.text import slugify

from members.forms import LongTextField
from mixportal.desk.base import CleanedData, CuratedForm, ModelChoiceField, StaleCheckMixin
from mixportal.editions.models import AnnualList, Edition, Entry, Erratum, Kind, slug_for
from mixportal.tables.reader import MAX_BYTES, TableError, decode
from mixportal.tables.values import set_choices

Files: TypeAlias = "MultiValueDict[str, UploadedFile[bytes]]"
TEXTAREA = forms.Textarea(attrs={"rows": 5, "cols": 60})
YEARS = range(1966, 2201)
ZONES = {
    "America/New_York": "Eastern (New York)",
    "America/Chicago": "Central (Chicago)",
    "America/Denver": "Mountain (Denver)",
    "America/Phoenix": "Mountain without daylight saving (Phoenix)",
    "America/Los_Angeles": "Pacific (Los Angeles)",
    "America/Anchorage": "Alaska (Anchorage)",
    "Pacific/Honolulu": "Hawaii (Honolulu)",
}


class MomentField(forms.DateTimeField):
    zone = zoneinfo.ZoneInfo("UTC")
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def prepare_value(self, value: object) -> object:
        return value.astimezone(self.zone).replace(tzinfo=None) if isinstance(value, datetime) else value

    def to_python(self, value: str | date | None) -> datetime | None:
        try:
            with timezone.override(self.zone):
                moment = super().to_python(value)
        except forms.ValidationError as refusal:
            if refusal.code != "ambiguous_timezone" or not refusal.params:
                raise
            at = refusal.params["datetime"].replace(tzinfo=self.zone)
            how = "comes twice" if at.astimezone(UTC).astimezone(self.zone) == at else "does not exist"
            said = f"That night the clocks change, and {date_format(at, 'g:i a')} {how}. Choose another time."
            raise forms.ValidationError(said) from refusal
        if moment is not None and moment.year not in YEARS:
            raise forms.ValidationError(f"Give a year from {YEARS[0]} to {YEARS[-1]}.")
        return moment


class EditionForm(CuratedForm):
    time_zone = forms.ChoiceField(
        choices=list(ZONES.items()), help_text="In which the times of this edition are given and shown."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.time_zone
        if "time_zone" in self.fields and stored not in ZONES:
            set_choices(self, "time_zone", [(stored, stored), *ZONES.items()])


class GovernmentForm(CuratedForm):
    slug = forms.SlugField(
        max_length=80, required=False, help_text="The end of its address. Leave it blank to have it made from the name."
    )

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name") or "")[:80]


class EntryForm(CuratedForm):
    slug = forms.SlugField(
        max_length=130,
        required=False,
        help_text="The end of its address. Leave it blank to have it made from the title.",
    )

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"] or slug_for(self.cleaned_data.get("title") or "")

    def _get_validation_exclusions(self) -> set[str]:
        """Compare the address with those of the list."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # missing in the stubs
        return excluded - {"annual_list"}


class DeskForm(StaleCheckMixin, forms.Form):
    stored: tuple[str, ...] = ()  # filled from the edition

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
        self.show_seen()


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
    reason = LongTextField(
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
    body = LongTextField(label="What is right", max_length=2_000, widget=TEXTAREA)


class ImportForm(forms.Form):
    text = LongTextField(
        label="Paste it here",
        required=False,
        strip=False,
        max_length=MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 16, "cols": 90}),
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


class EntryWordingForm(CuratedForm):
    class Meta:
        model = Entry
        fields = Entry.WORDING

    def __init__(
        self,
        data: QueryDict | None,
        *,
        entry: Entry,
        titled: str = "",
        initial: dict[str, object] | None = None,
        prefix: str | None = None,
    ) -> None:
        stored = model_to_dict(entry, entry.WORDING)
        super().__init__(data, initial=stored | (initial or {}), prefix=prefix)
        self.fields["for_leaders"].label = entry.kind.for_leaders_heading
        for field in self.fields.values():
            is_long = isinstance(field.widget, forms.Textarea)
            field.widget.attrs |= {"rows": 5, "cols": 60} if is_long else {"size": 60}
            if titled:
                field.label = f"{titled}: {field.label}"
        self.show_seen()


class CorrectionForm(EntryWordingForm):
    reason = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text="Shown with the correction to all who see the entry.",
    )
    field_order = ("reason",)
