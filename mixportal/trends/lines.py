from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from mixportal.editions.models import Entry, Lineage
from mixportal.tables.text import listed
from mixportal.trends.models import OutsideItem
from mixportal.trends.moves import Move
from mixportal.trends.years import Place


class Branch(NamedTuple):
    type: str
    earlier: Entry
    early: int
    later: Entry
    late: int


@dataclass(eq=False)
class TrendLine:
    stops: dict[int, Entry] = field(default_factory=dict)
    joins: list[Branch] = field(default_factory=list)
    leaves: list[Branch] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    move: Move | None = None  # between the last two ranked lists
    outside: list[OutsideItem] = field(default_factory=list)

    def __str__(self) -> str:
        return self.last.title

    @property
    def last_column(self) -> int:
        return max(self.stops)

    @property
    def last(self) -> Entry:
        return self.stops[self.last_column]

    def is_same_from(self, early: int, late: int) -> bool:
        if not all(column in self.stops for column in range(early, late + 1)):
            return False
        later = range(early + 1, late + 1)
        return not any(self.merged_into(column) or self.is_split_at(column) for column in later)

    def merged_into(self, column: int) -> list[Entry]:
        return [branch.earlier for branch in self.joins if branch.late == column and branch.type == "merged"]

    def is_split_at(self, column: int) -> bool:
        return any(branch.late == column and branch.type == "split" for branch in self.leaves)

    @property
    def outside_in_short(self) -> list[OutsideItem]:
        newest: dict[str, OutsideItem] = {}
        for item in self.outside:
            newest.setdefault(item.outside_list.series.body, item)
        return list(newest.values())

    def outside_on(self, name: str) -> OutsideItem | None:
        return next((item for item in self.outside if item.outside_list.series.short_name == name), None)


def stored_lines(columns: Sequence[Sequence[Entry]]) -> list[TrendLine]:
    lists = {entries[0].annual_list_id for entries in columns}
    links = Lineage.objects.filter(later__annual_list__in=lists, earlier__annual_list__in=lists)
    return lines_of(columns, links.order_by("pk").values_list("later", "earlier", "type"))


def lines_of(columns: Sequence[Iterable[Entry]], links: Iterable[tuple[int, int, str]]) -> list[TrendLine]:
    """`links` have the keys of the later and the earlier entry, and their type."""
    by_key: dict[int, tuple[int, Entry]] = {}
    by_line: dict[int, TrendLine] = {}
    for column, entries in enumerate(columns):
        for entry in entries:
            by_key[entry.pk] = column, entry
            by_line.setdefault(entry.line_id, TrendLine()).stops[column] = entry
    for later_key, earlier_key, type_ in links:
        if later_key in by_key and earlier_key in by_key:
            (late, later), (early, earlier) = by_key[later_key], by_key[earlier_key]
            branch = Branch(type_, earlier, early, later, late)
            by_line[later.line_id].joins.append(branch)
            by_line[earlier.line_id].leaves.append(branch)
    return list(by_line.values())


def events_of(line: TrendLine, years: Sequence[int]) -> list[str]:
    first, last, newest = min(line.stops), line.last_column, len(years) - 1
    found = [(first, _arrival(line, first, years))]
    found += [(column, _change(line, early, column, years)) for early, column in pairwise(sorted(line.stops))]
    merged = [each for each in line.leaves if each.type == "merged" and (each.late > last or last == newest)]
    if merged:
        into = listed([f"{branch.later.title} in {years[branch.late]}" for branch in merged])
        found.append((max(branch.late for branch in merged), f"merged into {into}"))
    elif last < newest:
        found.append((newest, f"not listed since {years[last]}"))
    return [event for _, event in sorted(found, key=lambda each: each[0]) if event]


def _arrival(line: TrendLine, column: int, years: Sequence[int]) -> str:
    joined = [branch for branch in line.joins if branch.late == column]
    if joined:
        return f"{joined[0].type} in {years[column]} from {listed([branch.earlier.title for branch in joined])}"
    return f"new in {years[column]}" if column > 0 else ""


def _change(line: TrendLine, early: int, column: int, years: Sequence[int]) -> str:
    year, before = years[column], line.stops[early].title
    if merged := line.merged_into(column):
        return f"merged in {year} from {listed([before, *(entry.title for entry in merged)])}"
    if column - early > 1:
        return f"back in {year}, last listed in {years[early]}"
    if line.is_split_at(column):
        return f"split in {year} from {before}"
    return f"called {before} until {years[early]}" if before != line.stops[column].title else ""
