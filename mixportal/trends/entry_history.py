from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.safestring import SafeString

from members.models import Viewer
from mixportal.ballots.order import Places, standing
from mixportal.editions.models import Entry
from mixportal.results import charts
from mixportal.results.models import Tally
from mixportal.trends.models import OutsideItem
from mixportal.trends.years import Place

LEFT, RIGHT = 12, 68  # percent
TOP, ROW_HEIGHT, MAX_HEIGHT, LABEL_HEIGHT = 20, 30, 180, 17
MAX_PLACES_NAMED, MAX_YEARS_NAMED = 7, 5

Point = tuple[float, float]  # percent of the width, pixels


def with_places() -> Mapping[str, Subquery]:
    figures = {name: f"public__{name}" for name in ("alternatives", "place", "joint", "used")}
    latest = Tally.objects.filter(annual_list=OuterRef("annual_list")).order_by("-number")
    return {"tallied": Subquery(latest.values(tally=JSONObject(**figures))[:1])}


@dataclass(frozen=True)
class EntryYear:
    entry: Entry
    place: Place
    own: Place | None  # None if the own government cast no ballot

    @property
    def year(self) -> int:
        return self.entry.edition.year


class EntryHistory:
    """`on_line` is annotated by `with_places`, oldest first."""

    def __init__(
        self,
        on_line: Sequence[Entry],
        outside_items: Sequence[OutsideItem],
        user: Viewer,
        own_orders: Mapping[int, Places],
    ) -> None:
        self.on_line, self.user, self.own_orders = on_line, user, own_orders
        self._outside_items = [item for item in outside_items if item.place is not None]

    @cached_property
    def listed(self) -> list[EntryYear]:
        found = []
        for entry in self.on_line:
            edition = entry.edition
            if edition.is_published and not edition.was_ranked:
                found.append(EntryYear(entry, Place(why="listed, not ranked"), None))
            elif edition.results_visible_to(self.user) and entry.tallied and entry.tallied["used"]:
                found.append(EntryYear(entry, _place_in_tally(entry), self._own_place(entry)))
        return found

    def _own_place(self, entry: Entry) -> Place | None:
        if entry.annual_list_id not in self.own_orders:
            return None
        found = standing(self.own_orders[entry.annual_list_id], entry.slug)
        return Place(*found) if found else Place(why="not ranked")

    @cached_property
    def _outside_series(self) -> dict[str, dict[int, Place]]:
        by_series: dict[str, dict[int, Place]] = {}
        for item in self._outside_items:
            places = by_series.setdefault(item.outside_list.series.short_name, {})
            year = item.outside_list.year
            if year not in places or (places[year].place or 0) > (item.place or 0):
                places[year] = Place(item.place, item.is_joint)
        return by_series

    @property
    def outside_name(self) -> str:
        return max(self._outside_series, key=lambda name: len(self._outside_series[name]), default="")

    @property
    def outside(self) -> dict[int, Place]:
        return self._outside_series.get(self.outside_name, {})

    @cached_property
    def years(self) -> list[int]:
        return sorted({each.year for each in self.listed} | self.outside.keys())

    @cached_property
    def rows(self) -> list[tuple[int, EntryYear | None, Place | None]]:
        listed = {each.year: each for each in self.listed}
        outside = self.outside
        return [(year, listed.get(year), outside.get(year)) for year in reversed(self.years)]

    @property
    def has_own(self) -> bool:
        return any(each.own for each in self.listed)

    @cached_property
    def _series(self) -> list[tuple[str, dict[int, int]]]:
        network = {each.year: each.place.place for each in self.listed if each.place.place}
        own = {each.year: each.own.place for each in self.listed if each.own and each.own.place}
        series = [
            ("outside", {year: place.place for year, place in self.outside.items() if place.place}),
            ("network", network),
            ("own", own),
        ]
        return [each for each in series if each[1]]

    @property
    def is_drawn(self) -> bool:
        return len({year for _, places in self._series for year in places}) > 1

    @cached_property
    def _lowest(self) -> int:
        return max(place for _, places in self._series for place in places.values())

    @property
    def _step(self) -> float:
        return min(ROW_HEIGHT, MAX_HEIGHT / max(self._lowest - 1, 1))

    @property
    def height(self) -> int:
        return round(self._y(self._lowest) + 44)

    def _y(self, place: int) -> float:
        return round(TOP + self._step * (place - 1), 2)

    def _at(self, year: int, place: int) -> Point:
        along = self.years.index(year) / (len(self.years) - 1)
        return round(LEFT + 6 + along * (RIGHT - LEFT - 6), 1), self._y(place)

    @property
    def picture(self) -> SafeString:
        return charts.draw(
            "entry_years",
            grid=self.grid,
            named_years=self.named_years,
            below=self.height - 8,
            curves=[(series, tuple(lines), tuple(points)) for series, lines, points in self.curves],
            labels=self.labels,
        )

    @property
    def grid(self) -> list[tuple[int, float]]:
        few = self._lowest <= MAX_PLACES_NAMED
        named = range(1, self._lowest + 1) if few else [1, *range(5, self._lowest + 1, 5)]
        return [(place, self._y(place)) for place in named]

    @property
    def named_years(self) -> list[tuple[int, float]]:
        every = -(-len(self.years) // MAX_YEARS_NAMED)
        return [(year, self._at(year, 1)[0]) for year in self.years[::-1][::every]]

    @property
    def curves(self) -> list[tuple[str, list[tuple[Point, Point]], list[Point]]]:
        found = [(series, [self._at(year, places[year]) for year in sorted(places)]) for series, places in self._series]
        return [(series, list(pairwise(points)), points) for series, points in found]

    @property
    def labels(self) -> list[tuple[str, int, float]]:
        found, least = [], 0.0
        ends = [(places[max(places)], series) for series, places in self._series]
        for place, series in sorted(ends, key=lambda end: end[0]):
            y = max(self._y(place) + 4, least)
            least = y + LABEL_HEIGHT
            found.append((series, place, y))
        return found


def _place_in_tally(entry: Entry) -> Place:
    assert entry.tallied is not None
    index = entry.tallied["alternatives"].index(entry.slug)
    return Place(entry.tallied["place"][index], entry.tallied["joint"][index])
