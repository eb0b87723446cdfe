from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mixportal.editions.models import Entry
from mixportal.tables.text import counted, listed
from mixportal.trends.models import OutsideItem
from mixportal.trends.tracks import Track
from mixportal.trends.years import Place, Year


@dataclass(frozen=True)
class RankChange:
    """`by` is None unless the last two ranked lists have the same entry."""

    by: int | None = None
    paired: int | None = None  # among governments with ballots in both years
    is_clear: bool = False  # more than chance or a change of entries

    @property
    def words(self) -> str:
        return "" if self.by is None else change_words(self.by)

    @property
    def paired_words(self) -> str:
        return "" if self.paired is None else change_words(self.paired)


def change_words(by: int) -> str:
    if by == 0:
        return "the same place"
    return f"{'up' if by > 0 else 'down'} {counted(abs(by), 'place', 'places')}"


@dataclass
class TrendLine:
    track: Track
    places: list[Place | None]
    entries: list[Entry | None]
    events: list[str] = field(default_factory=list)
    move: RankChange = field(default_factory=RankChange)
    outside: list[OutsideItem] = field(default_factory=list)

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


@dataclass(frozen=True)
class TrendRow:
    line: TrendLine
    name: str
    url: str
    places: list[tuple[Year, Place | None]]

    @property
    def label(self) -> str:
        """Add the last year of a line that ended, since titles may repeat."""
        last = self.line.track.last.column
        if last == len(self.places) - 1:
            return self.line.title
        return f"{self.line.title}, until {self.places[last][0].edition.year}"


def events_of(track: Track, years: Sequence[int]) -> list[str]:
    found = []
    for column in track.columns:
        year, stop = years[column], track.stops[column]
        before = max((node for c, node in track.stops.items() if c < column), key=lambda n: n.column, default=None)
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
        key=lambda item: (-item.outside_list.year, item.outside_list.series.body, item.place or 1_000, item.position),
    )
