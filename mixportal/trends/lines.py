from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mixportal.editions.models import Entry
from mixportal.tables.text import listed
from mixportal.trends.models import OutsideItem
from mixportal.trends.years import Place, Year


@dataclass(frozen=True)
class Node:
    key: int
    line: int
    column: int
    title: str
    position: int


@dataclass(frozen=True)
class Link:
    later: int
    earlier: int
    type: str


@dataclass(eq=False)
class Track:
    stops: dict[int, Node] = field(default_factory=dict)
    joins: dict[int, list[tuple[Node, Link]]] = field(default_factory=dict)
    leaves: list[tuple[Node, Link]] = field(default_factory=list)

    @property
    def columns(self) -> list[int]:
        return sorted(self.stops)

    @property
    def first(self) -> Node:
        return self.stops[self.columns[0]]

    @property
    def last(self) -> Node:
        return self.stops[self.columns[-1]]

    def is_same_from(self, early: int, late: int) -> bool:
        if not all(column in self.stops for column in range(early, late + 1)):
            return False
        later = range(early + 1, late + 1)
        return not any(self.merged_into(column) or self.is_split_at(column) for column in later)

    def merged_into(self, column: int) -> list[Node]:
        return [node for node, link in self.joins.get(column, []) if link.type == "merged"]

    def is_split_at(self, column: int) -> bool:
        return any(node.column == column and link.type == "split" for node, link in self.leaves)


def tracks_of(nodes: Iterable[Node], links: Iterable[Link]) -> list[Track]:
    by_key = {node.key: node for node in sorted(nodes, key=lambda node: (node.column, node.position))}
    by_line: dict[int, Track] = {}
    for node in by_key.values():
        by_line.setdefault(node.line, Track()).stops[node.column] = node
    for link in links:
        earlier, later = by_key.get(link.earlier), by_key.get(link.later)
        if earlier is None or later is None:
            continue
        by_line[later.line].joins.setdefault(later.column, []).append((earlier, link))
        by_line[earlier.line].leaves.append((later, link))
    return list(by_line.values())


@dataclass(frozen=True)
class RankChange:
    """`by` is None unless the last two ranked lists have the same entry."""

    by: int | None = None
    then: Place | None = None
    now: Place | None = None
    paired: int | None = None  # of governments with ballots in both years
    is_clear: bool = False


@dataclass
class TrendLine:
    track: Track
    places: list[Place | None]
    entries: list[Entry | None]
    events: list[str] = field(default_factory=list)
    move: RankChange = field(default_factory=RankChange)
    outside: list[OutsideItem] = field(default_factory=list)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.track.last.title

    @property
    def entry(self) -> Entry:
        return next(entry for entry in reversed(self.entries) if entry is not None)

    @property
    def outside_in_short(self) -> list[OutsideItem]:
        newest: dict[str, OutsideItem] = {}
        for item in self.outside:
            newest.setdefault(item.outside_list.series.body, item)
        return list(newest.values())

    def outside_on(self, name: str) -> OutsideItem | None:
        return next((item for item in self.outside if item.outside_list.series.short_name == name), None)


@dataclass(frozen=True)
class TrendRow:
    line: TrendLine
    name: str
    url: str
    places: list[tuple[Year, Place | None]]
    is_strong: bool
    outside: list[OutsideItem | None]  # for each of Trends.outside_names

    @property
    def place(self) -> Place | None:
        return self.places[self.line.track.last.column][1]

    @property
    def until(self) -> int | None:
        last = self.line.track.last.column
        return None if last == len(self.places) - 1 else self.places[last][0].edition.year


def events_of(track: Track, years: Sequence[int]) -> list[str]:
    found = []
    for column in track.columns:
        year, stop = years[column], track.stops[column]
        before = max(
            (node for c, node in track.stops.items() if c < column),
            key=lambda n: n.column,
            default=None,
        )
        joined = track.joins.get(column, [])
        merged = [node.title for node in track.merged_into(column)]
        if before:
            if merged:
                found.append(f"merged in {year} from {listed([before.title, *merged])}")
            elif column - before.column > 1:
                found.append(f"back in {year}, last listed in {years[before.column]}")
            elif track.is_split_at(column):
                found.append(f"split in {year} from {before.title}")
            elif before.title != stop.title:
                found.append(f"called {before.title} until {years[before.column]}")
        elif joined:
            found.append(f"{joined[0][1].type} in {year} from {listed([node.title for node, _ in joined])}")
        elif column > 0:
            found.append(f"new in {year}")
    away = [later for later, link in track.leaves if link.type == "merged"]
    last = track.last.column
    if last < len(years) - 1:
        gone = f"not listed since {years[last]}"
        into = [f"{later.title} in {years[later.column]}" for later in away if later.column > last]
        found.append(f"merged into {listed(into)}" if into else gone)
    elif away:
        found.append(f"merged into {listed([f'{later.title} in {years[later.column]}' for later in away])}")
    return found


def newest_first(items: Iterable[OutsideItem]) -> list[OutsideItem]:
    return sorted(
        items,
        key=lambda item: (
            -item.outside_list.year,
            item.outside_list.series.body,
            item.place or 1_000,
            item.position,
        ),
    )
