import zoneinfo
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils import timezone

from mixportal.desk.base import (
    CleanedData,
    InlineFormSet,
    ModelChoiceField,
    ModelForm,
    ModelFormSet,
)
from mixportal.editions.models import AnnualList, Edition, Entry, Kind, slug_for
from mixportal.tables.values import grouped, set_choices

WINDOW = ("opens_at", "closes_at")
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
LAST_POSITION = 32_767


def is_list_frozen(owner: Edition | Entry) -> bool:
    """Return whether it had opened or been published when the row was read."""
    if "is_list_frozen" in vars(owner):  # the form changes the dates
        is_frozen: bool = vars(owner)["is_list_frozen"]
        return is_frozen
    return not (owner if isinstance(owner, Edition) else owner.edition).is_drafting


class MomentField(forms.DateTimeField):
    zone = zoneinfo.ZoneInfo("UTC")
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def prepare_value(self, value: object) -> object:
        return value.astimezone(self.zone).replace(tzinfo=None) if isinstance(value, datetime) else value

    def to_python(self, value: str | date | None) -> datetime | None:
        with timezone.override(self.zone):
            moment = super().to_python(value)
        if moment is not None and moment.year not in YEARS:
            raise forms.ValidationError(f"Give a year from {YEARS[0]} to {YEARS[-1]}.")
        return moment


class EditionForm(ModelForm):
    opens_at = MomentField(
        label="Ballots open",
        required=False,
        help_text="In the time zone above. To open at once, give this moment. Once opened, the opening stays.",
    )
    closes_at = MomentField(
        label="Ballots close",
        required=False,
        help_text="In the time zone above. It may move until it has passed; then it is for good.",
    )
    time_zone = forms.ChoiceField(
        choices=list(ZONES.items()),
        help_text="In which the times of this edition are given and shown. Changing it keeps what clocks show.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.time_zone
        if "time_zone" in self.fields and stored not in ZONES:
            set_choices(self, "time_zone", [(stored, stored), *ZONES.items()])
        for name in WINDOW:
            field = self.fields.get(name)
            if isinstance(field, MomentField):
                field.zone = self._zone()
                if moment := getattr(self.instance, name):
                    self.initial[name] = moment.replace(second=0, microsecond=0)

    def _zone(self) -> zoneinfo.ZoneInfo:
        stored = self.instance.time_zone
        posted = self.data.get(self.add_prefix("time_zone"), stored) if "time_zone" in self.fields else stored
        return zoneinfo.ZoneInfo(posted if posted in ZONES else stored)

    def clean(self) -> CleanedData:
        cleaned = super().clean() or self.cleaned_data
        for name in WINDOW:
            if name in cleaned and name not in self.changed_data:
                cleaned[name] = getattr(self.instance, name)  # with seconds
        return cleaned


class EntryForm(ModelForm):
    position = forms.IntegerField(
        min_value=1,
        max_value=LAST_POSITION,
        required=False,
        help_text="The editorial order; blank is the end.",
    )

    def clean(self) -> CleanedData:
        cleaned = super().clean() or self.cleaned_data
        slug = slug_for(cleaned.get("title") or "")
        if "slug" in self.fields:
            cleaned["slug"] = cleaned.get("slug") or slug
        else:
            self.instance.slug = self.instance.slug or slug
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # Rows may swap positions in one submission.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # missing in the stubs
        return {*excluded, "annual_list"}


class ListField(ModelChoiceField):
    def label_from_instance(self, obj: AnnualList) -> str:
        return str(obj.edition)


class EntryPageForm(EntryForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = "Its address; blank makes it of the title."

    def clean(self) -> CleanedData:
        cleaned = super().clean()
        annual_list = cleaned.get("annual_list") or (self.instance.annual_list if self.instance.pk else None)
        if annual_list is not None:
            settle_list(annual_list, [self])
        return cleaned


def settle_list(annual_list: AnnualList, forms_on_page: Sequence[EntryForm], leaving: Iterable[int] = ()) -> None:
    """Give missing positions and report clashes in the whole list, without the keys `leaving`."""
    if not forms_on_page:
        return
    changing = {form.instance.pk for form in forms_on_page} | set(leaving)
    others = [entry for entry in annual_list.entries.all() if entry.pk not in changing] if annual_list.pk else []
    at = {entry.position: entry.title for entry in others}
    named = {entry.slug: entry.title for entry in others}
    last = max([*at, *(form.cleaned_data.get("position") or 0 for form in forms_on_page)], default=0)
    for form in forms_on_page:
        title = form.cleaned_data.get("title") or form.instance.title
        slug = form.cleaned_data.get("slug") or form.instance.slug
        if slug in named:
            field = "slug" if "slug" in form.fields else "title"
            form.add_error(
                field if field in form.fields else None,
                f"“{named[slug]}” already has this address.",
            )
        named.setdefault(slug, title)
        if "position" in form.errors:
            continue
        position = form.cleaned_data.get("position")
        if position is None:
            last += 1
            position = form.cleaned_data["position"] = form.instance.position = last
        if position in at:
            form.add_error(
                "position",
                f"“{at[position]}” and “{title}” cannot both have position {position}.",
            )
        elif position > LAST_POSITION:
            form.add_error("position", f"The last position is {LAST_POSITION}.")
        at.setdefault(position, title)


def label_fields(form: forms.BaseForm, row: str) -> None:
    for name, field in form.fields.items():
        if not field.widget.is_hidden:
            field.widget.attrs["aria-label"] = f"{form[name].label} of {row}"


class EntryPositionsFormSet(ModelFormSet):
    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk is None:
            return
        if is_list_frozen(form.instance):
            del form.fields["position"]
        label_fields(form, f"{form.instance.title} in {form.instance.edition}")

    def clean(self) -> None:
        movable = [form for form in self.forms if "position" in form.fields and form.instance.pk is not None]
        for annual_list, rows in grouped((form.instance.annual_list, form) for form in movable).items():
            settle_list(annual_list, rows)


class EntriesFormSet(InlineFormSet):
    kind: Kind
    instance: AnnualList
    forms: list[EntryForm]

    def __init__(self, *args: Any, instance: Edition, **kwargs: Any) -> None:
        self.edition = instance
        annual_list = instance.list_of(self.kind) if instance.pk else AnnualList(kind=self.kind)
        kwargs["instance"] = annual_list
        super().__init__(*args, **kwargs)

    @classmethod
    def get_default_prefix(cls) -> str:
        return f"{cls.kind.singular}_entries"

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        label_fields(form, form.instance.title or f"the new {self.kind.singular}")

    def clean(self) -> None:
        if not any(form.has_changed() for form in self.forms):
            return
        leaving = [form for form in self.forms if form.cleaned_data.get(DELETION_FIELD_NAME)]
        for form in leaving:
            # Django's admin skips this check.
            form.hand_clean_DELETE()  # type: ignore[attr-defined]
        staying = [
            form for form in self.forms if form not in leaving and (form.instance.pk is not None or form.has_changed())
        ]
        settle_list(self.instance, staying, leaving=[form.instance.pk for form in leaving])
        if self.edition.opens_at and not staying:
            raise forms.ValidationError("This edition has an opening date, so its list cannot become empty.")

    def save(self, commit: bool = True) -> list[Entry]:
        if self.instance.pk is None:
            self.instance = self.edition.list_of(self.kind)
        return super().save(commit)


class LineageFormSet(InlineFormSet):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        annual_list = self.instance.annual_list
        before = Entry.objects.filter(annual_list__kind=annual_list.kind)
        before = before.filter(annual_list__edition__year__lt=annual_list.edition.year)
        self.earlier = before.exclude(line=self.instance.line_id).with_list()
        earlier = self.earlier.order_by("-annual_list__edition__year", "position")
        by_year = grouped((str(entry.edition), (entry.pk, entry.title)) for entry in earlier)
        self.choices = [("", "–"), *by_year.items()]

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "earlier" in form.fields:
            field = form.fields["earlier"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset, field.widget = self.earlier, forms.Select()
            field.choices = self.choices
        label_fields(form, "the new link" if index is None else f"link {index + 1}")
