"""A track with its places, its moves and what became of it, as the page of years shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mixportal.ballots.words import counted, listed
from mixportal.comparison.tracks import Track
from mixportal.comparison.years import Place, Year


@dataclass(frozen=True)
class Move:
    """From one ranked list to the next. `by` is None where the entry is not one and the same on both."""

    by: int | None = None
    paired: int | None = None  # among the governments that cast in both years
    is_clear: bool = False  # more than chance, and not for what came or went around it

    @property
    def words(self) -> str:
        return "" if self.by is None else moved(self.by)

    @property
    def paired_words(self) -> str:
        return "" if self.paired is None else moved(self.paired)


def moved(by: int) -> str:
    if by == 0:
        return "the same place"
    return f"{'up' if by > 0 else 'down'} {counted(abs(by), 'place', 'places')}"


@dataclass
class Line:
    """One track with its places. `places` has one for each year, None where the list of that year has no such entry."""

    track: Track
    places: list[Place | None]
    entries: list[Any]
    events: list[str] = field(default_factory=list)
    move: Move = field(default_factory=Move)
    outside: list[Any] = field(default_factory=list)  # crosswalks, the newest list first

    @property
    def title(self) -> str:
        return self.track.last.title

    @property
    def entry(self) -> Any:
        """The newest."""
        return next(entry for entry in reversed(self.entries) if entry is not None)

    @property
    def outside_in_short(self) -> list[Any]:
        """The newest of each source, places before the rest."""
        newest: dict[str, Any] = {}
        for each in self.outside:
            newest.setdefault(each.item.list.source, each)
        return list(newest.values())


@dataclass(frozen=True)
class Row:
    """A line as the table has it; `name` and `query` set it off."""

    line: Line
    name: str
    query: str
    places: list[tuple[Year, Place | None]]

    @property
    def label(self) -> str:
        """To choose it by: several may have borne one title."""
        last = self.line.track.last.column
        return (
            self.line.title
            if last == len(self.places) - 1
            else f"{self.line.title}, until {self.places[last][0].edition.year}"
        )


def events_of(track: Track, years: Sequence[int]) -> list[str]:
    """What became of a line, in words, the oldest first; `years` are those of the columns."""
    found = []
    for column in track.columns:
        year, stop, link = years[column], track.stops[column], track.goes_on.get(column)
        before = track.stops[max(c for c in track.columns if c < column)] if link else None
        joined = track.joins.get(column, [])
        merged = [node.title for node, each in joined if each.type == "merged"]
        if link and before:
            if merged or link.type == "merged":
                found.append(f"merged in {year} from {listed([before.title, *merged])}")
            elif link.type == "returned":
                found.append(f"back in {year}, last listed in {years[before.column]}")
            elif link.type == "split":
                found.append(f"split in {year} from {before.title}")
            elif before.title != stop.title:
                found.append(f"called {before.title} until {years[before.column]}")
        elif joined:
            types = {"merged": "merged", "split": "split", "returned": "back"}
            how = types.get(joined[0][1].type, "continued")
            found.append(f"{how} in {year} from {listed([node.title for node, _ in joined])}")
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


def newest_first(crosswalks: Any) -> list[Any]:
    """Each list once, as an item may mean the entries of several years."""
    once = {each.item_id: each for each in crosswalks}
    return sorted(
        once.values(), key=lambda x: (-x.item.list.year, x.item.list.source, x.item.place or 1_000, x.item.position)
    )
