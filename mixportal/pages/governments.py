from collections.abc import Mapping
from functools import cached_property
from operator import attrgetter, methodcaller
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Exists, F, Func, JSONField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from members.geography import STATES
from members.models import MAX_SEATS, Government, PopulationBand, Viewer
from mixportal.ballots.models import Ballot, Placement
from mixportal.comparison.query import printable
from mixportal.editions.models import Edition, EditionQuerySet, Kind
from mixportal.results.models import Tally
from mixportal.tables.values import grouped, set_choices

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
    kind = _choice(Government.KINDS)
    state = _choice(STATES)
    band = _choice(PopulationBand.choices, "Population")
    form = _choice(Government.FORMS, "Form of government")
    it_structure = _choice(Government.IT_STRUCTURES, "IT structure")
    sort = forms.ChoiceField(
        label="Sorted by", choices=SORTS, required=False, widget=forms.Select(attrs={"class": "in"})
    )


class Directory:
    def __init__(self, asked: Mapping[str, str], *, with_members: bool) -> None:
        bound = DirectoryFilterForm(asked)
        self.ignored = [f"{bound[name].label} “{printable(asked[name])}”" for name in bound.errors]
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
    def heads(self) -> dict[str, dict[str, str]]:
        return {
            column: {
                "url": self._address(TURNED.get(sort, "") if sort == self.sort else sort),
                "aria_sort": self._aria_sort(column),
            }
            for column, sort in COLUMNS.items()
        }

    def _aria_sort(self, column: str) -> str:
        if (self.sort.removeprefix("-") or "name") != column:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"

    @cached_property
    def _by_state(self) -> dict[str, tuple[int, int]]:
        counts = Government.objects.order_by().values_list("state").annotate(all=Count("pk"), seated=Count("seat"))
        return {state: (every, seated) for state, every, seated in counts}

    @property
    def _states(self) -> list[tuple[str, str]]:
        known = {*self._by_state, self.asked.get("state")}
        return [(code, name) for code, name in STATES if code in known]

    @cached_property
    def _found(self) -> list[Government]:
        governments = Government.objects.filtered(**self.asked).by_name()
        return list(governments.with_member() if self.with_members else governments)

    @property
    def seated(self) -> list[Government]:
        seated = [government for government in self._found if government.seat is not None]
        is_reversed, column = self.sort.startswith("-"), self.sort.removeprefix("-")
        if column in ("kind", "state"):
            return sorted(seated, key=methodcaller(f"get_{column}_display"), reverse=is_reversed)
        if column in ("population", "seat"):
            figure = attrgetter(column)
            known = [government for government in seated if figure(government) is not None]
            known.sort(key=figure, reverse=is_reversed)
            return known + [government for government in seated if figure(government) is None]
        return seated[::-1] if is_reversed else seated

    @property
    def others(self) -> list[Government]:
        return [government for government in self._found if government.seat is None]

    @property
    def seats_held(self) -> int:
        return sum(seated for _, seated in self._by_state.values())

    @property
    def seats_free(self) -> int:
        return MAX_SEATS - self.seats_held

    @property
    def without_seat(self) -> int:
        return sum(every - seated for every, seated in self._by_state.values())


def years_of(
    government: Government, editions: list[Edition], user: Viewer
) -> list[tuple[Edition, list[dict[str, object]]]]:
    """Ask one query. `editions` come from `with_part_of`."""
    shown = [edition for edition in editions if _can_see_turnout(edition, government, user)]
    placements = _placements(government, shown, user)
    return [(edition, [_part(kind, edition, government, placements) for kind in Kind]) for edition in shown]


def with_part_of(editions: EditionQuerySet, government: Government) -> EditionQuerySet:
    """Annotate `cast_<kind>` and `roster_<kind>`: None without a tally, empty without a seat."""
    on_roster = Func(
        F("roster"),
        Value("$[*] ? (@.id == $id)"),
        Value({"id": government.pk}, JSONField()),
        function="jsonb_path_query_first",
        output_field=JSONField(),
    )
    parts: dict[str, Any] = {}
    for kind in Kind:
        of_list = {"annual_list__edition": OuterRef("pk"), "annual_list__kind": kind}
        tally = Tally.objects.filter(**of_list).order_by("-number")
        parts[f"cast_{kind.value}"] = Exists(Ballot.objects.cast().filter(government=government, **of_list))
        parts[f"roster_{kind.value}"] = Subquery(
            tally.values(entry=Coalesce(on_roster, Value({}, JSONField())))[:1],
            output_field=JSONField(),
        )
    return editions.annotate(**parts)


def _can_see_turnout(edition: Edition, government: Government, user: Viewer) -> bool:
    if edition.is_drafting or not edition.was_ranked:
        return False
    if edition.is_published or (user.is_authenticated and user.is_insider):
        return True
    return edition.is_closed and user.is_authenticated and user.is_leader and user.government_id == government.pk


def _part(
    kind: Kind,
    edition: Edition,
    government: Government,
    placements: dict[tuple[int, str], list[Placement]],
) -> dict[str, object]:
    if edition.is_open:
        was_seated, has_cast = government.seat is not None, getattr(edition, f"cast_{kind.value}")
    else:
        row = getattr(edition, f"roster_{kind.value}")
        if row is None:
            roster = Tally.objects.get_or_compute(edition.list_of(kind)).roster
            row = next((each for each in roster if each["id"] == government.pk), {})
        was_seated, has_cast = bool(row), row.get("cast", False)
    own = placements.get((edition.pk, kind.value), []) if has_cast else []
    return {"kind": kind, "was_seated": was_seated, "has_cast": has_cast, "placements": own}


def _placements(
    government: Government, editions: list[Edition], user: Viewer
) -> dict[tuple[int, str], list[Placement]]:
    closed = [edition.pk for edition in editions if not edition.is_open]
    ballots = Ballot.objects.visible_to(user).cast().filter(government=government, annual_list__edition__in=closed)
    ranked = Placement.objects.filter(ballot__in=ballots, cast_place__isnull=False)
    in_order = ranked.select_related("entry__annual_list").order_by("cast_place", "entry__position")
    lists = ((placement.entry.annual_list, placement) for placement in in_order)
    return grouped(((annual_list.edition_id, annual_list.kind), placement) for annual_list, placement in lists)
