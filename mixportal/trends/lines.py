from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

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
    found: list[tuple[int, str]] = []
    for early, column in pairwise([None, *track.columns]):
        assert column is not None
        event = _arrival(track, column, years) if early is None else _change(track, early, column, years)
        if event:
            found.append((column, event))
    last, newest = track.last.column, len(years) - 1
    merged = [node for node, link in track.leaves if link.type == "merged" and (node.column > last or last == newest)]
    if merged:
        into = listed([f"{node.title} in {years[node.column]}" for node in merged])
        found.append((max(node.column for node in merged), f"merged into {into}"))
    elif last < newest:
        found.append((newest, f"not listed since {years[last]}"))
    return [event for _, event in sorted(found, key=lambda each: each[0])]


def _arrival(track: Track, column: int, years: Sequence[int]) -> str:
    if joined := track.joins.get(column):
        return f"{joined[0][1].type} in {years[column]} from {listed([node.title for node, _ in joined])}"
    return f"new in {years[column]}" if column > 0 else ""


def _change(track: Track, early: int, column: int, years: Sequence[int]) -> str:
    year, before = years[column], track.stops[early].title
    if merged := track.merged_into(column):
        return f"merged in {year} from {listed([before, *(node.title for node in merged)])}"
    if column - early > 1:
        return f"back in {year}, last listed in {years[early]}"
    if track.is_split_at(column):
        return f"split in {year} from {before}"
    return f"called {before} until {years[early]}" if before != track.stops[column].title else ""


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
