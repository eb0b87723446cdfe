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
from mixportal.trends.lines import RankChange, TrendLine, events_of, lines_of
from mixportal.trends.models import OutsideItem
from mixportal.trends.years import ListHistory, PairedPlaces, Place, Year

MAX_OUTSIDE_LISTS = 2
MIN_PAIRED_BALLOTS = 2


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
        self.lines = lines_of([year.entries for year in self.years], history.lineage())
        outside = grouped((item.line_id, item) for item in outside_items)
        years = [year.edition.year for year in self.years]
        for line in self.lines:
            line.places = {column: self.years[column].place_of(entry.pk) for column, entry in line.stops.items()}
            line.events = events_of(line, years)
            line.outside = outside.get(line.last.line_id, [])
        for line in self.lines:
            line.move = self._move(line)
        self.lines.sort(key=self._order)
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

    @cached_property
    def paired(self) -> PairedPlaces | None:
        if not self.query.is_network or self.since is None or self.newest is None:
            return None
        return self.history.in_both(self.since.edition, self.newest.edition)

    def _move(self, line: TrendLine) -> RankChange:
        if self.since is None or self.newest is None or not line.is_same_from(self.placed[-2], self.placed[-1]):
            return RankChange()
        early, late = line.stops[self.placed[-2]].pk, line.stops[self.placed[-1]].pk
        then, now = line.places[self.placed[-2]], line.places[self.placed[-1]]
        if then.place is None or now.place is None:
            return RankChange()
        by = then.place - now.place
        before, after = self.since.ranges.get(early), self.newest.ranges.get(late)
        among = self._moves_among_the_same[line]
        is_clear = bool(before and after and (before[1] < after[0] or after[1] < before[0])) and among * by > 0
        paired = self.paired
        if paired is None or paired.governments < MIN_PAIRED_BALLOTS or early not in paired.early:
            return RankChange(by, then, now, is_clear=is_clear)
        return RankChange(by, then, now, paired.early[early][0] - paired.late[late][0], is_clear)

    @cached_property
    def _moves_among_the_same(self) -> dict[TrendLine, int]:
        same = [line for line in self.lines if line.is_same_from(*self.placed[-2:])]

        def rank(line: TrendLine, column: int) -> int:
            mine = line.places[column].place or 0
            return sum(1 for other in same if 0 < (other.places[column].place or 0) < mine)

        return {line: rank(line, self.placed[-2]) - rank(line, self.placed[-1]) for line in same}

    @property
    def says_paired(self) -> bool:
        return any(line.move.paired is not None for line in self.lines)

    @property
    def tells_chance(self) -> bool:
        return bool(self.query.is_network and self.since and self.newest and self.since.ranges and self.newest.ranges)

    @property
    def compared(self) -> list[TrendLine]:
        return [line for line in self.lines if line.move.by is not None]

    @cached_property
    def moved(self) -> list[TrendLine]:
        return [line for line in self.lines if line.move.by]

    @cached_property
    def moved_clearly(self) -> list[TrendLine]:
        return [line for line in self.lines if line.move.is_clear]

    @cached_property
    def moved_most(self) -> list[TrendLine]:
        if self.tells_chance:
            return self.moved_clearly
        furthest = max((abs(line.move.by or 0) for line in self.moved), default=0)
        return [line for line in self.moved if abs(line.move.by or 0) == furthest]

    @property
    def moved_most_both_ways(self) -> bool:
        return len({(line.move.by or 0) > 0 for line in self.moved_most}) > 1

    @cached_property
    def risen_most(self) -> list[TrendLine]:
        most = max((line.move.by or 0 for line in self.moved), default=0)
        return [line for line in self.moved if line.move.by == most > 0]

    @cached_property
    def fallen_most(self) -> list[TrendLine]:
        most = min((line.move.by or 0 for line in self.moved), default=0)
        return [line for line in self.moved if line.move.by == most < 0]

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
        return [line for most in (self.risen_most, self.fallen_most) if len(most) < 3 for line in most]

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
