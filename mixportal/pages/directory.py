from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TypedDict
from urllib.parse import urlencode

from django import forms
from django.db.models import Count
from django.urls import reverse

from members.geography import STATES
from members.models import MAX_SEATS, Government, PopulationBand
from mixportal.pages.list_table import ColumnHead
from mixportal.tables.values import set_choices

SORTS = [
    ("", "Name"),
    ("-name", "Name, from Z"),
    ("kind", "Kind"),
    ("state", "State"),
    ("-population", "Population, largest first"),
    ("population", "Population, smallest first"),
    ("seat", "Seat"),
    ("-seat", "Seat, highest number first"),
]
TURNED = {
    "": "-name",
    "-population": "population",
    "seat": "-seat",
}  # at a second press
COLUMNS = {
    "name": "",
    "kind": "kind",
    "state": "state",
    "population": "-population",
    "seat": "seat",
}


def _choice(choices: list[tuple[str, str]], label: str | None = None) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "in"})
    return forms.ChoiceField(label=label, choices=[("", "Any"), *choices], required=False, widget=widget)


class DirectoryFilterForm(forms.Form):
    q = forms.CharField(
        label="Name",
        max_length=80,
        required=False,
        widget=forms.TextInput({"class": "in", "type": "search"}),
    )
    kind = _choice(Government.Kind.choices)
    state = _choice(STATES)
    band = _choice(PopulationBand.choices, "Population")
    form = _choice(Government.Form.choices, "Form of government")
    it_structure = _choice(Government.ITStructure.choices, "IT structure")
    sort = forms.ChoiceField(
        label="Sorted by", choices=SORTS, required=False, widget=forms.Select(attrs={"class": "in"})
    )


class StateCount(TypedDict):
    state: str
    all: int
    seated: int


class Directory:
    def __init__(self, asked: Mapping[str, str], *, with_members: bool) -> None:
        bound = DirectoryFilterForm(asked)
        self.ignored = [f"{bound[name].label} “{_printable(asked[name])}”" for name in bound.errors]
        self.asked: dict[str, str] = {name: value for name, value in bound.cleaned_data.items() if value}
        self.filters = DirectoryFilterForm(initial=dict(self.asked), auto_id="filter-%s")
        self.sort = self.asked.pop("sort", "")
        set_choices(self.filters, "state", [("", "Any"), *self._states])
        self.with_members = with_members

    @property
    def address(self) -> str:
        return self._address(self.sort)

    def _address(self, sort: str) -> str:
        fields = self.asked | ({"sort": sort} if sort else {})
        return reverse("governments") + (f"?{urlencode(fields)}" if fields else "")

    @property
    def heads(self) -> dict[str, ColumnHead]:
        return {
            column: ColumnHead(
                column,
                self._address(TURNED.get(sort, "") if sort == self.sort else sort),
                self._aria_sort(column),
            )
            for column, sort in COLUMNS.items()
        }

    def _aria_sort(self, column: str) -> str:
        if (self.sort.removeprefix("-") or "name") != column:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"

    @cached_property
    def _by_state(self) -> list[StateCount]:
        counts = Government.objects.values("state").annotate(all=Count("pk"), seated=Count("seat"))
        return [StateCount(**row) for row in counts.order_by("state")]

    @property
    def _states(self) -> list[tuple[str, str]]:
        known = {row["state"] for row in self._by_state} | {self.asked.get("state")}
        return [(code, name) for code, name in STATES if code in known]

    @cached_property
    def _found(self) -> list[Government]:
        governments = Government.objects.filtered(**self.asked).by_name()
        return list(governments.with_member() if self.with_members else governments)

    @property
    def seated(self) -> list[Government]:
        seated = [government for government in self._found if government.seat is not None]
        is_reversed = self.sort.startswith("-")
        if self.sort.endswith("population"):
            known = [government for government in seated if government.population is not None]
            known.sort(key=lambda government: government.population or 0, reverse=is_reversed)
            return known + [government for government in seated if government.population is None]
        if self.sort == "kind":
            return sorted(seated, key=Government.get_kind_display)
        if self.sort == "state":
            return sorted(seated, key=Government.get_state_display)
        if self.sort.endswith("seat"):
            return sorted(seated, key=lambda government: government.seat or 0, reverse=is_reversed)
        return seated[::-1] if is_reversed else seated

    @property
    def others(self) -> list[Government]:
        return [government for government in self._found if government.seat is None]

    @property
    def seats_held(self) -> int:
        return sum(row["seated"] for row in self._by_state)

    @property
    def seats_free(self) -> int:
        return MAX_SEATS - self.seats_held

    @property
    def without_seat(self) -> int:
        return sum(row["all"] - row["seated"] for row in self._by_state)


def _printable(value: str) -> str:
    plain = "".join(character for character in value if character.isprintable())
    return plain if len(plain) <= 40 else f"{plain[:39]}…"
