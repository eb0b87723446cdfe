from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count
from django.template.loader import get_template

from members.models import Viewer
from mixportal.ballots.order import standing
from mixportal.comparison.cohorts import Cohort, cohorts_for
from mixportal.comparison.query import printable
from mixportal.consensus.words import MIN_ITEMS_FOR_WORD
from mixportal.editions.models import Entry
from mixportal.notes.models import Note
from mixportal.pages.kept import Kept
from mixportal.results import charts
from mixportal.results.results import Band, EntryResult, Results
from mixportal.results.splits import Split
from mixportal.summaries.movement import PlaceChange, SinceLast, since_last_list
from mixportal.trends.years import Place

NETWORK, MINE = "network", "mine"
DESCENDING = frozenset({"change", "top3"})  # these begin with the largest
NOT_LISTED = Place(why="not listed")
AGREEMENT = ("agreed", "mixed", "divided")
CELLS = ("place", "past", "middle", "figures")

Cells = dict[str, str]  # HTML


@dataclass(frozen=True)
class ListRow:
    result: EntryResult
    at: Place
    average: float | None
    notes: int


class ListTable:
    def __init__(self, results: Results, user: Viewer, kept: Kept, *, order: str = "", sort: str = "") -> None:
        self.results, self.user, self._kept = results, user, kept
        self.ignored: list[str] = []
        self.order = self._known(order, NETWORK, lambda: [NETWORK, *([MINE] if results.own else []), *self._cohort_of])
        self.sort = self._known(sort.removeprefix("-"), "place", lambda: self.sorts)
        self.is_reversed = sort == f"-{self.sort}"

    def _known(self, value: str, default: str, known: Callable[[], Sequence[str]]) -> str:
        """Compute what is known only if there is a value."""
        if value in ("", default):
            return default
        if value in known():
            return value
        self.ignored.append(printable(value))
        return default

    @cached_property
    def cohort(self) -> Cohort | None:
        return None if self.order in (NETWORK, MINE) else self._cohort_of[self.order]

    @cached_property
    def cohorts(self) -> list[tuple[Split, list[Cohort]]]:
        return self._kept.get(self.results.edition, f"cohorts-{self.results.tally.pk}", self._find_cohorts)

    def _find_cohorts(self) -> list[tuple[Split, list[Cohort]]]:
        shown = [
            (result.split, [cohort for cohort in result.cohorts if cohort.standings])
            for result in cohorts_for(self.results).split_results
        ]
        return [(split, cohorts) for split, cohorts in shown if cohorts]

    @cached_property
    def _cohort_of(self) -> dict[str, Cohort]:
        return {cohort.part.key: cohort for _, cohorts in self.cohorts for cohort in cohorts}

    @cached_property
    def cohort_choices(self) -> list[tuple[str, list[tuple[str, str, int]]]]:
        """Return the splits' titles with the key, title and size of each cohort."""
        key = f"cohort-choices-{self.results.tally.pk}"
        return self._kept.get(self.results.edition, key, self._find_cohort_choices)

    def _find_cohort_choices(self) -> list[tuple[str, list[tuple[str, str, int]]]]:
        return [
            (split.title, [(cohort.part.key, cohort.part.title, cohort.size) for cohort in cohorts])
            for split, cohorts in self.cohorts
        ]

    @cached_property
    def sorts(self) -> list[str]:
        change = ["change"] if self.since_year else []
        agreement = ["agreement"] if self.says_agreement else []
        return ["place", "title", *change, "average", "top3", *agreement]

    @property
    def says_agreement(self) -> bool:
        return self.results.m >= MIN_ITEMS_FOR_WORD

    @cached_property
    def since(self) -> SinceLast | None:
        key = f"since-{self.results.tally.pk}"
        return self._kept.get(self.results.edition, key, lambda: since_last_list(self.results))

    @cached_property
    def since_year(self) -> int | None:
        key = f"since-year-{self.results.tally.pk}"
        return self._kept.get(self.results.edition, key, lambda: self.since.earlier.year if self.since else None)

    @cached_property
    def _changes(self) -> dict[int, PlaceChange]:
        return {change.entry.pk: change for change in self.since.places} if self.since else {}

    @property
    def is_network(self) -> bool:
        return self.order == NETWORK

    @property
    def is_mine(self) -> bool:
        return self.order == MINE

    @property
    def has_brackets(self) -> bool:
        return self.is_network and self.sort == "place" and not self.is_reversed

    @cached_property
    def heads(self) -> dict[str, dict[str, str]]:
        return {key: {"url": self._url(key), "aria_sort": self._aria_sort(key)} for key in self.sorts}

    def _url(self, key: str) -> str:
        turned = "-" if key == self.sort and not self.is_reversed else ""
        fields = {"sort": f"{turned}{key}"}
        if not self.is_network:
            fields["order"] = self.order
        if self.results.superseded_by:
            fields["tally"] = str(self.results.tally.number)
        return f"?{urlencode(fields)}"

    def _aria_sort(self, key: str) -> str:
        if key != self.sort:
            return ""
        return "descending" if (key in DESCENDING) != self.is_reversed else "ascending"

    @cached_property
    def rows(self) -> list[ListRow]:
        of_list = Note.objects.visible_to(self.user, self.results.edition).active()
        of_list = of_list.filter(entry__annual_list=self.results.annual_list)
        notes = dict(of_list.values_list("entry").annotate(Count("pk")).order_by())
        return [
            ListRow(
                result=row,
                at=_place(self._standing(row), "not ranked"),
                average=self.cohort.average[row.index] if self.cohort else row.average,
                notes=notes.get(row.entry.pk, 0),
            )
            for row in self.results.rows
        ]

    @cached_property
    def _cells(self) -> dict[int, Cells]:
        """Return by index what a row shows that is the same for all readers of the network's order."""
        if not self.is_network:
            return self._render_cells()
        return self._kept.get(self.results.edition, f"cells-{self.results.tally.pk}", self._render_cells)

    def _render_cells(self) -> dict[int, Cells]:
        templates = {name: get_template(f"pages/_list_{name}.html") for name in CELLS}
        length = max([self.results.m, *map(len, self.since.standings.values())] if self.since else [0])
        cells = {}
        for each in self.rows:
            past = self._past_places(each.result.entry)
            sparkline = charts.sparkline([*(place.place for _, place in past), each.result.place], length)
            context = {"table": self, "results": self.results, "each": each, "row": each.result}
            context |= {"past": past, "sparkline": sparkline, "change": self._changes.get(each.result.entry.pk)}
            cells[each.result.index] = {name: template.render(context) for name, template in templates.items()}
        return cells

    @cached_property
    def _standings_before(self) -> dict[int, Mapping[str, tuple[int, bool]]]:
        if self.since is None:
            return {}
        years = {each["year"] for entry in self.results.entries for each in entry.earlier_entries}
        return {year: self.since.standings.get(year, {}) for year in sorted(years | self.since.standings.keys())}

    def _past_places(self, entry: Entry) -> list[tuple[int, Place]]:
        slugs = {each["year"]: each["slug"] for each in entry.earlier_entries}
        return [
            (year, _place(places.get(slugs[year]), "listed, not ranked") if year in slugs else NOT_LISTED)
            for year, places in self._standings_before.items()
        ]

    def _standing(self, row: EntryResult) -> tuple[int, bool] | None:
        if self.cohort:
            return self.cohort.standings[row.index]
        if self.is_mine:
            return standing(self.results.own or {}, row.entry.slug)
        return row.place, row.joint

    @property
    def sorted_rows(self) -> list[ListRow]:
        """Sort rows without a figure last, and level ones by the network's order."""
        figures = {row.result.index: self._figure(row) for row in self.rows}
        known = [(figure, row) for row in self.rows if (figure := figures[row.result.index]) is not None]
        is_descending = (self.sort in DESCENDING) != self.is_reversed
        known.sort(key=lambda pair: pair[0], reverse=is_descending)
        return [row for _, row in known] + [row for row in self.rows if figures[row.result.index] is None]

    def _figure(self, row: ListRow) -> tuple[float, str] | None:
        figure: float | None
        if self.sort == "title":
            return 0, row.result.entry.title.casefold()
        if self.sort == "change":
            change = self._changes.get(row.result.entry.pk)
            figure = change.move.by if change and change.move else None
        elif self.sort == "average":
            figure = row.average
        elif self.sort == "top3":
            count = row.result.top3_count
            figure = count.of + 1 if count.is_over_90 else count.number
        elif self.sort == "agreement":
            figure = AGREEMENT.index(row.result.word) if row.result.word else None
        else:
            figure = row.at.place
        return None if figure is None else (figure, "")

    @property
    def bands(self) -> list[tuple[Band | None, list[tuple[ListRow, Cells]]]]:
        if not self.has_brackets:
            return [(None, self._with_cells(self.sorted_rows))]
        by_index = {row.result.index: row for row in self.rows}
        return [(band, self._with_cells(by_index[row.index] for row in band.rows)) for band in self.results.bands]

    def _with_cells(self, rows: Iterable[ListRow]) -> list[tuple[ListRow, Cells]]:
        return [(row, self._cells[row.result.index]) for row in rows]


def _place(standing: tuple[int, bool] | None, why: str) -> Place:
    return Place(*standing) if standing else Place(why=why)
