from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from mixportal.editions.models import Entry
from mixportal.tables.values import grouped
from mixportal.trends import bump_chart
from mixportal.trends.lines import (
    Link,
    Node,
    RankChange,
    Track,
    TrendLine,
    TrendRow,
    events_of,
    newest_first,
    tracks_of,
)
from mixportal.trends.models import OutsideItem
from mixportal.trends.query import TrendQuery
from mixportal.trends.years import ListHistory, PairedPlaces, Place, Year

MAX_OUTSIDE_LISTS = 2
MIN_PAIRED_BALLOTS = 2


class Trends:
    def __init__(self, history: ListHistory, query: TrendQuery, outside_items: Sequence[OutsideItem]) -> None:
        self.kind, self.history, self.query, self.scope = history.kind, history, query, query.scope
        self.years: list[Year] = history.years(query.scope, query.cohorts)
        self.is_mine = query.is_own
        self.placed = [index for index, year in enumerate(self.years) if year.has_places]
        self.lines = self._lines(outside_items)
        self.chosen = self._by_name.get(query.entry)
        if query.entry and self.chosen is None:
            self.ignored = [
                *query.ignored,
                f"There is no {self.kind.singular} “{query.entry}” here.",
            ]
        else:
            self.ignored = list(query.ignored)

    def _lines(self, outside_items: Sequence[OutsideItem]) -> list[TrendLine]:
        nodes = [
            Node(entry.pk, entry.line_id, column, entry.title, entry.position)
            for column, year in enumerate(self.years)
            for entry in year.entries
        ]
        self._tracks = tracks_of(nodes, [Link(*line) for line in self.history.lineage()])
        by_key = {entry.pk: entry for year in self.years for entry in year.entries}
        outside = grouped((item.line_id, item) for item in outside_items)
        lines = []
        for track in self._tracks:
            stops = [track.stops.get(column) for column in range(len(self.years))]
            lines.append(
                TrendLine(
                    track=track,
                    places=[
                        year.place_of(stop.key) if stop else None for year, stop in zip(self.years, stops, strict=True)
                    ],
                    entries=[by_key[stop.key] if stop else None for stop in stops],
                    events=events_of(track, [year.edition.year for year in self.years]),
                    move=self._move(track),
                    outside=newest_first(outside.get(track.first.line, [])),
                )
            )
        return sorted(lines, key=self._order)

    def _order(self, line: TrendLine) -> tuple[int, int, int]:
        place = line.places[line.track.last.column]
        assert place is not None
        return -line.track.last.column, place.place or 10_000, line.track.last.position

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
        if not self.scope.is_network or self.since is None or self.newest is None:
            return None
        return self.history.in_both(self.since.edition, self.newest.edition)

    def _move(self, track: Track) -> RankChange:
        if self.since is None or self.newest is None or not track.is_same_from(self.placed[-2], self.placed[-1]):
            return RankChange()
        early, late = track.stops[self.placed[-2]].key, track.stops[self.placed[-1]].key
        then, now = self.since.place_of(early), self.newest.place_of(late)
        if then.place is None or now.place is None:
            return RankChange()
        by = then.place - now.place
        before, after = self.since.ranges.get(early), self.newest.ranges.get(late)
        among = self._moves_among_the_same.get(early, 0)
        is_clear = bool(before and after and (before[1] < after[0] or after[1] < before[0])) and among * by > 0
        paired = self.paired
        if paired is None or paired.governments < MIN_PAIRED_BALLOTS or early not in paired.early:
            return RankChange(by, then, now, is_clear=is_clear)
        return RankChange(by, then, now, paired.early[early][0] - paired.late[late][0], is_clear)

    @cached_property
    def _moves_among_the_same(self) -> dict[int, int]:
        assert self.since is not None
        assert self.newest is not None
        early, late = self.placed[-2:]
        same = [x for x in self._tracks if x.is_same_from(early, late)]
        then = {x: self.since.place_of(x.stops[early].key).place for x in same}
        now = {x: self.newest.place_of(x.stops[late].key).place for x in same}

        def rank(places: dict[Track, int | None], track: Track) -> int:
            mine = places[track] or 0
            return sum(1 for other in same if 0 < (places[other] or 0) < mine)

        return {x.stops[early].key: rank(then, x) - rank(now, x) for x in same}

    @property
    def says_paired(self) -> bool:
        return any(line.move.paired is not None for line in self.lines)

    @property
    def tells_chance(self) -> bool:
        return bool(self.scope.is_network and self.since and self.newest and self.since.ranges and self.newest.ranges)

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

    @property
    def chosen_placed(self) -> list[tuple[Year, Place]]:
        return [(year, place) for year, place, _ in self.chosen_years[::-1] if place.place is not None]

    @property
    def chosen_left_out(self) -> list[int]:
        chosen = self.chosen_years[::-1]
        return [year.edition.year for year, place, _ in chosen if place.place is None and year.has_places]

    @property
    def chosen_unranked(self) -> list[int]:
        return [year.edition.year for year, _, _ in self.chosen_years[::-1] if year.why == "listed, not ranked"]

    @cached_property
    def rows(self) -> list[TrendRow]:
        strong = {id(line) for line in self.strong}
        return [
            TrendRow(
                line,
                name,
                self.query.url_with_entry(name),
                list(zip(self.years, line.places, strict=True)),
                id(line) in strong,
                [line.outside_on(body) for body in self.outside_names],
            )
            for line in self.lines
            for name in [self.name_of(line)]
        ]

    @property
    def chosen_years(self) -> list[tuple[Year, Place, Entry | None]]:
        if self.chosen is None:
            return []
        stops = zip(self.years, self.chosen.places, self.chosen.entries, strict=True)
        return [(year, place, entry) for year, place, entry in stops if place is not None][::-1]

    @cached_property
    def _by_name(self) -> dict[str, TrendLine]:
        found: dict[str, TrendLine] = {}
        for column in reversed(range(len(self.years))):
            for line in self.lines:
                if (entry := line.entries[column]) is not None:
                    found[f"{self._year(column)}/{entry.slug}"] = line
                    found.setdefault(entry.slug, line)
        return found

    def name_of(self, line: TrendLine) -> str:
        slug = line.entry.slug
        return slug if self._by_name[slug] is line else f"{self._year(line.track.last.column)}/{slug}"

    @property
    def strong(self) -> list[TrendLine]:
        if self.chosen:
            return [self.chosen]
        return [line for most in (self.risen_most, self.fallen_most) if len(most) < 3 for line in most]

    @cached_property
    def outside_names(self) -> list[str]:
        found = Counter(item.outside_list.series.short_name for line in self.lines for item in line.outside_in_short)
        return [name for name, _ in found.most_common(MAX_OUTSIDE_LISTS)]

    @property
    def is_drawn(self) -> bool:
        return bool(self.placed)

    @cached_property
    def chart(self) -> bump_chart.Chart:
        number_of = {id(line.track): number for number, line in enumerate(self.lines)}
        by_node = {node.key: number_of[id(x.track)] for x in self.lines for node in x.track.stops.values()}
        strong = {id(line) for line in self.strong}
        return bump_chart.draw(
            self.placed,
            [
                bump_chart.ChartLine(
                    listed=line.track.columns,
                    places={c: (p.place, p.joint) for c, p in enumerate(line.places) if p and self.years[c].has_places},
                    is_strong=id(line) in strong,
                )
                for line in self.lines
            ],
            [
                (by_node[node.key], node.column, number_of[id(line.track)], column)
                for line in self.lines
                for column, joined in line.track.joins.items()
                for node, _ in joined
            ],
        )

    @property
    def columns(self) -> list[tuple[Year, bump_chart.ColumnPicture]]:
        return [(self.years[column], picture) for column, picture in self.chart.columns.items()]

    @property
    def unranked(self) -> list[int]:
        return [year.edition.year for year in self.years if year.why == "listed, not ranked"]

    def _named(self, column: int) -> list[TrendRow | None]:
        order = self.chart.columns[column].order
        rows = [self.rows[number] for number in order]
        return [*rows, *[None] * (self.chart.rows - len(rows))]

    @property
    def named_first(self) -> list[TrendRow | None]:
        return self._named(self.placed[0])

    @property
    def named_last(self) -> list[TrendRow | None]:
        return self._named(self.placed[-1])
