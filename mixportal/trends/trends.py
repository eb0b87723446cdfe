from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from members.models import Government
from mixportal.comparison.cohorts import Cohort
from mixportal.comparison.query import printable
from mixportal.editions.models import Entry
from mixportal.results.splits import SPLITS, Part, Split
from mixportal.tables.values import grouped
from mixportal.trends import bump_chart
from mixportal.trends.lines import TrendLine, events_of, stored_lines
from mixportal.trends.models import OutsideItem
from mixportal.trends.moves import Move, Moves, moves_between
from mixportal.trends.years import ListHistory, Place, Year

MAX_OUTSIDE_LISTS = 2


@dataclass(frozen=True)
class TrendQuery:
    government: Government | None
    part: Part | None
    entry: str
    is_own: bool
    governments: list[Government]
    cohorts: Mapping[int, Mapping[str, Cohort]]
    ignored: tuple[str, ...] = ()

    @classmethod
    def parse(cls, data: Mapping[str, str], history: ListHistory) -> "TrendQuery":
        user, ignored = history.user, []
        governments, cohorts = history.governments(), history.cohorts()
        slug, key, entry = (data.get(name, "").strip() for name in ("g", "cohort", "entry"))
        government = next((each for each in governments if each.slug == slug), None)
        if slug and government is None:
            if history.is_insider:
                ignored.append(f"Nothing here is called “{printable(slug)}”, or it has cast no ballot that is closed.")
            else:
                ignored.append("The places that a single government gave are for members of MIX.")
        part = next((parts[key].part for parts in cohorts.values() if key in parts), None)
        if key and part is None:
            ignored.append(f"There is no cohort “{printable(key)}” to show.")
        elif part and government:
            ignored.append("Either a government or a cohort can be shown: the government is.")
            part = None
        own = user.government_id if user.is_authenticated else None
        return cls(
            government=government,
            part=part,
            entry=printable(entry),
            is_own=government is not None and government.pk == own,
            governments=governments,
            cohorts=cohorts,
            ignored=tuple(ignored),
        )

    @property
    def is_network(self) -> bool:
        return self.government is None and self.part is None

    @property
    def parts(self) -> list[tuple[Split, list[Part]]]:
        known = {key: cohort.part for cohorts in self.cohorts.values() for key, cohort in cohorts.items()}
        by_split = [(split, [part for part in known.values() if part.split is split]) for split in SPLITS]
        return [(split, sorted(parts, key=_order)) for split, parts in by_split if parts]

    @property
    def url(self) -> str:
        return self.url_with_entry(self.entry)

    def url_with_entry(self, entry: str) -> str:
        government, cohort = self.government and self.government.slug, self.part and self.part.key
        fields = {"g": government, "cohort": cohort, "entry": entry}
        given = {name: value for name, value in fields.items() if value}
        return f"?{urlencode(given)}" if given else ""


def _order(part: Part) -> tuple[int, int]:
    return list(part.split.words).index(part.values[0]), len(part.values)


class Trends:
    def __init__(self, history: ListHistory, query: TrendQuery, outside_items: Sequence[OutsideItem]) -> None:
        self.kind, self.history, self.query = history.kind, history, query
        self.years: list[Year] = history.years(query.government, query.part, query.cohorts)
        self.placed = [index for index, year in enumerate(self.years) if year.has_places]
        self.lines = stored_lines([year.entries for year in self.years])
        outside = grouped((item.line_id, item) for item in outside_items)
        years = [year.edition.year for year in self.years]
        for line in self.lines:
            line.places = {column: self.years[column].place_of(entry.pk) for column, entry in line.stops.items()}
            line.events = events_of(line, years)
            line.outside = outside.get(line.last.line_id, [])
        self.lines.sort(key=self._order)
        self.moves = self._find_moves()
        self.chosen = self._by_name.get(query.entry)
        self.ignored = list(query.ignored)
        if query.entry and self.chosen is None:
            self.ignored.append(f"There is no {self.kind.singular} “{query.entry}” here.")

    def _order(self, line: TrendLine) -> tuple[int, int, int]:
        place = line.places[line.last_column].place
        return -line.last_column, place or 10_000, line.last.position

    def _year(self, column: int) -> int:
        return self.years[column].edition.year

    @property
    def since(self) -> Year | None:
        return self.years[self.placed[-2]] if len(self.placed) > 1 else None

    @property
    def newest(self) -> Year | None:
        return self.years[self.placed[-1]] if self.placed else None

    @property
    def tells_chance(self) -> bool:
        """Return True where the later year's summary judges the same moves."""
        return self.query.is_network and self.since is not None and self.since.edition.is_published

    def _find_moves(self) -> Moves:
        if self.since is None or self.newest is None:
            return Moves([])
        early, late = self.placed[-2:]
        same = [line for line in self.lines if line.is_same_from(early, late)]
        same = [line for line in same if line.places[early].place and line.places[late].place]
        if self.tells_chance:
            then, now = (self.history.orders[year.edition.year] for year in (self.since, self.newest))
            moves = moves_between(then, now, [(line.stops[early], line.stops[late]) for line in same])
        else:
            moves = Moves([Move(line.stops[late], line.places[early], line.places[late]) for line in same])
        for line, move in zip(same, moves.each, strict=True):
            line.move = move
        return moves

    @property
    def moved(self) -> list[Move]:
        return [move for move in self.moves.each if move.by]

    @cached_property
    def moved_most(self) -> list[Move]:
        if self.moves.both:
            return self.moves.clear
        furthest = max((abs(move.by) for move in self.moved), default=0)
        return [move for move in self.moved if abs(move.by) == furthest]

    @property
    def moved_most_both_ways(self) -> bool:
        return len({move.by > 0 for move in self.moved_most}) > 1

    @cached_property
    def risen_most(self) -> list[Move]:
        most = max((move.by for move in self.moved), default=0)
        return [move for move in self.moved if move.by == most > 0]

    @cached_property
    def fallen_most(self) -> list[Move]:
        most = min((move.by for move in self.moved), default=0)
        return [move for move in self.moved if move.by == most < 0]

    @property
    def sizes(self) -> list[str]:
        return [f"{year.m} in {year.edition.year}" for year in self.years if year.has_places]

    @cached_property
    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "line": line,
                "name": name,
                "url": self.query.url_with_entry(name),
                "places": [(year, line.places.get(column)) for column, year in enumerate(self.years)],
                "newest": line.places[line.last_column],
                "until": self._year(line.last_column) if line.last_column < len(self.years) - 1 else None,
                "is_strong": line in self.strong,
                "outside": [line.outside_on(body) for body in self.outside_names],
            }
            for line in self.lines
            for name in [self.name_of(line)]
        ]

    @property
    def chosen_years(self) -> list[tuple[Year, Place, Entry]]:
        if self.chosen is None:
            return []
        stops = sorted(self.chosen.stops.items(), reverse=True)
        return [(self.years[column], self.chosen.places[column], entry) for column, entry in stops]

    @cached_property
    def _by_name(self) -> dict[str, TrendLine]:
        found: dict[str, TrendLine] = {}
        for column in reversed(range(len(self.years))):
            for line in self.lines:
                if column in line.stops:
                    slug = line.stops[column].slug
                    found[f"{self._year(column)}/{slug}"] = line
                    found.setdefault(slug, line)
        return found

    def name_of(self, line: TrendLine) -> str:
        slug = line.last.slug
        return slug if self._by_name[slug] is line else f"{self._year(line.last_column)}/{slug}"

    @cached_property
    def strong(self) -> list[TrendLine]:
        if self.chosen:
            return [self.chosen]
        most = [move for moves in (self.risen_most, self.fallen_most) if len(moves) < 3 for move in moves]
        return [line for line in self.lines if line.move in most]

    @cached_property
    def outside_names(self) -> list[str]:
        found = Counter(item.outside_list.series.short_name for line in self.lines for item in line.outside_in_short)
        return [name for name, _ in found.most_common(MAX_OUTSIDE_LISTS)]

    @cached_property
    def chart(self) -> bump_chart.Chart:
        return bump_chart.draw(self.placed, self.lines, self.strong)

    @property
    def columns(self) -> list[tuple[Year, bump_chart.ColumnPicture]]:
        return [(self.years[column], picture) for column, picture in self.chart.columns.items()]

    @property
    def unranked(self) -> list[int]:
        return [year.edition.year for year in self.years if year.why == "listed, not ranked"]

    def _named(self, column: int) -> list[dict[str, object] | None]:
        rows = [self.rows[number] for number in self.chart.columns[column].order]
        return [*rows, *[None] * (self.chart.rows - len(rows))]

    @property
    def named_first(self) -> list[dict[str, object] | None]:
        return self._named(self.placed[0])

    @property
    def named_last(self) -> list[dict[str, object] | None]:
        return self._named(self.placed[-1])
