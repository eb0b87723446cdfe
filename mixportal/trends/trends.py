"""Places over the years, along lineage, as one page shows them: its lines, its sentences, its picture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString

from mixportal.tables.text import counted, listed, spelled
from mixportal.trends import bump_chart
from mixportal.trends.lines import Line, Move, Row, events_of, newest_first
from mixportal.trends.models import OutsideItem
from mixportal.trends.query import TrendQuery
from mixportal.trends.tracks import Link, Node, Track, tracks_of
from mixportal.trends.years import Editions, Paired, Place, Year

MOST_LINES = 2  # of outside lists in the picture
FEWEST_PAIRED = 2  # ballots, to tell an order among them


class Trends:
    """One kind over all years that the viewer sees, for one scope; `chosen` is the line that stands out."""

    def __init__(self, editions: Editions, asked: TrendQuery, outside_items: Sequence[OutsideItem]) -> None:
        self.kind, self.editions, self.asked, self.scope = editions.kind, editions, asked, asked.scope
        self.years: list[Year] = editions.years(asked.scope, asked.cohorts)
        self.is_mine = asked.is_own
        self.placed = [index for index, year in enumerate(self.years) if year.has_places]
        self.lines = self._lines(outside_items)
        self.chosen = self._by_name.get(asked.entry)
        if asked.entry and self.chosen is None:
            self.ignored = [*asked.ignored, f"There is no {self.kind.singular} “{asked.entry}” here."]
        else:
            self.ignored = list(asked.ignored)

    # Lines

    def _lines(self, outside_items: Sequence[OutsideItem]) -> list[Line]:
        nodes = [
            Node(entry.pk, entry.line_id, column, entry.title, entry.position)
            for column, year in enumerate(self.years)
            for entry in year.entries
        ]
        self._tracks = tracks_of(nodes, [Link(*line) for line in self.editions.lineage()])
        by_key = {entry.pk: entry for year in self.years for entry in year.entries}
        outside: dict[int | None, list[OutsideItem]] = {}
        for item in outside_items:
            outside.setdefault(item.line_id, []).append(item)
        lines = []
        for track in self._tracks:
            stops = [track.stops.get(column) for column in range(len(self.years))]
            lines.append(
                Line(
                    track=track,
                    places=[year.of(stop.key) if stop else None for year, stop in zip(self.years, stops, strict=True)],
                    entries=[by_key[stop.key] if stop else None for stop in stops],
                    events=events_of(track, [year.edition.year for year in self.years]),
                    move=self._move(track),
                    outside=newest_first(outside.get(track.first.line, [])),
                )
            )
        return sorted(lines, key=self._order)

    def _order(self, line: Line) -> tuple[int, int, int]:
        """Those on the newest list first, by place; then those gone, the latest first."""
        place = line.places[line.track.last.column]
        assert place is not None
        return -line.track.last.column, place.place or 10_000, line.track.last.position

    def _year(self, column: int) -> int:
        return self.years[column].edition.year

    # Movement: between the last two ranked lists

    @property
    def since(self) -> Year | None:
        """The ranked list before the newest; None where there is no second."""
        return self.years[self.placed[-2]] if len(self.placed) > 1 else None

    @property
    def newest(self) -> Year | None:
        """The newest that has places."""
        return self.years[self.placed[-1]] if self.placed else None

    @cached_property
    def paired(self) -> Paired | None:
        if not self.scope.is_network or self.since is None or self.newest is None:
            return None
        return self.editions.in_both(self.since.edition, self.newest.edition)

    def _move(self, track: Track) -> Move:
        if self.since is None or self.newest is None or not track.is_same_from(self.placed[-2], self.placed[-1]):
            return Move()
        early, late = track.stops[self.placed[-2]].key, track.stops[self.placed[-1]].key
        then, now = self.since.of(early), self.newest.of(late)
        if then.place is None or now.place is None:
            return Move()
        by = then.place - now.place
        before, after = self.since.ranges.get(early), self.newest.ranges.get(late)
        among = self._moves_among_the_same.get(early, 0)
        is_clear = bool(before and after and (before[1] < after[0] or after[1] < before[0])) and among * by > 0
        paired = self.paired
        if paired is None or paired.governments < FEWEST_PAIRED or early not in paired.early:
            return Move(by, is_clear=is_clear)
        return Move(by, paired.early[early][0] - paired.late[late][0], is_clear)

    @cached_property
    def _moves_among_the_same(self) -> dict[int, int]:
        """By the earlier entry's key, places up among those alone that are one and the same on both lists."""
        assert self.since is not None
        assert self.newest is not None
        early, late = self.placed[-2:]
        same = [x for x in self._tracks if x.is_same_from(early, late)]
        then = {x: self.since.of(x.stops[early].key).place for x in same}
        now = {x: self.newest.of(x.stops[late].key).place for x in same}

        def rank(places: dict[Track, int | None], track: Track) -> int:
            mine = places[track] or 0
            return sum(1 for other in same if 0 < (places[other] or 0) < mine)

        return {x.stops[early].key: rank(then, x) - rank(now, x) for x in same}

    @property
    def says_paired(self) -> bool:
        return any(line.move.paired is not None for line in self.lines)

    @property
    def paired_words(self) -> str:
        """Who stands behind both years, without which a move would say more than it can."""
        if self.paired is None or self.since is None or self.newest is None:
            return ""
        both, early, late = self.paired.governments, self.since.edition.year, self.newest.edition.year
        head = f"{counted(both, 'government', 'governments')} cast a ballot in both {early} and {late}"
        if self.says_paired:
            return f"{head}; the second figure is the move among these alone."
        return f"{head}, so a move may also come from who answered."

    # Sentences

    @property
    def whose(self) -> str:
        """At the head of the page; empty for the network's."""
        if self.is_mine:
            return "your places"
        if self.scope.government:
            return f"places of {self.scope.government}"
        return f"places of {self.scope.part.words}" if self.scope.part else ""

    @property
    def _tells_chance(self) -> bool:
        return bool(self.scope.is_network and self.since and self.newest and self.since.ranges and self.newest.ranges)

    @cached_property
    def _movers(self) -> tuple[list[Line], list[Line]]:
        """Those that rose most and those that fell most since the last list."""
        ups = [line for line in self.lines if (line.move.by or 0) > 0]
        downs = [line for line in self.lines if (line.move.by or 0) < 0]
        most_up = max((line.move.by or 0 for line in ups), default=0)
        most_down = min((line.move.by or 0 for line in downs), default=0)
        return [x for x in ups if x.move.by == most_up], [x for x in downs if x.move.by == most_down]

    @property
    def title(self) -> str:
        if self.chosen:
            return f"{self.chosen.title} over the years"
        if self.since is None:
            return self._plain_title
        since = self.since.edition.year
        moves = [line for line in self.lines if line.move.by]
        if not moves:
            return f"No place has changed since {since}"
        if self._tells_chance and not (moves := [line for line in moves if line.move.is_clear]):
            return f"No clear change since {since}"
        furthest = max(abs(line.move.by or 0) for line in moves)
        most = [line for line in moves if abs(line.move.by or 0) == furthest]
        if len({(line.move.by or 0) > 0 for line in most}) > 1 or len(most) > 2:
            return f"{spelled(len(most)).capitalize()} {self.kind.plural} moved most since {since}"
        verb = "rose" if (most[0].move.by or 0) > 0 else "fell"
        return f"{listed([x.title for x in most])} {verb} most since {since}"

    @property
    def sureness(self) -> str:
        """Whether the moves are more than chance; empty where that cannot be told."""
        if not self._tells_chance or not any(line.move.by for line in self.lines):
            return ""
        clear = [line.title for line in self.lines if line.move.is_clear]
        if not clear:
            return "Chance alone, or what came onto the list and went from it, may have brought each of these moves."
        moves = "the move" if len(clear) == 1 else "the moves"
        return f"Clearly more than chance: {moves} of {listed(clear)}."

    @property
    def _plain_title(self) -> str:
        return f"{self.kind.heading} over the years"

    @property
    def deck(self) -> str:
        if self.chosen:
            return f"{self._history(self.chosen)}."
        if self.newest is None:
            return f"No {self.kind.plural} with places to show." if self.ranked_any else "No list has been ranked yet."
        if self.since is None:
            return f"Only {self.newest.edition.year} has places so far, so nothing has moved yet."
        ups, downs = self._movers
        said = [self._from_to(ups, "rose")] if ups else []
        said += [self._from_to(downs, "fell")] if downs else []
        return " ".join(said) or f"Every {self.kind.singular} on both lists kept its place."

    @property
    def ranked_any(self) -> bool:
        return bool(self.editions.ranked)

    def _from_to(self, lines: list[Line], verb: str) -> str:
        if len(lines) > 2:
            by = counted(abs(lines[0].move.by or 0), "place", "places")
            return f"{spelled(len(lines)).capitalize()} {verb} by {by}."
        told = []
        for line in lines:
            then, now = line.places[self.placed[-2]], line.places[self.placed[-1]]
            assert then is not None
            assert now is not None
            told.append(f"{line.title} {verb} from {then.words} to {now.words}")
        return f"{listed(told)}."

    def _history(self, line: Line) -> str:
        """1st in 2024 and joint 1st in 2025; listed in 2018, not ranked."""
        placed, listed_only, left_out = [], [], []
        for year, place in zip(self.years, line.places, strict=True):
            if place is None:
                continue
            if place.place is not None:
                placed.append(f"{place.words} of {year.m} in {year.edition.year}")
            elif year.why == "listed, not ranked":
                listed_only.append(str(year.edition.year))
            elif not year.why:
                left_out.append(str(year.edition.year))
        parts = [listed(placed)] if placed else []
        parts += [f"not on the ballot of {listed(left_out)}"] if left_out else []
        parts += [f"listed in {listed(listed_only)}, not ranked"] if listed_only else []
        told = "; ".join(parts) or "on no list with places"
        return told[:1].upper() + told[1:]

    @property
    def said(self) -> str:
        """For those who do not see the page change."""
        what = self.chosen.title if self.chosen else f"{len(self.lines)} {self.kind.plural}"
        return f"{what}, {self.whose or 'places of the network'}, {len(self.years)} lists."

    @property
    def lengths(self) -> str:
        """Out of how many each place is."""
        sizes = [f"{year.m} in {year.edition.year}" for year in self.years if year.has_places]
        return f"Places are out of {listed(sizes)}." if sizes else ""

    @property
    def rows(self) -> list[Row]:
        return [
            Row(line, name, self.asked.with_entry(name), list(zip(self.years, line.places, strict=True)))
            for line in self.lines
            for name in [self.name_of(line)]
        ]

    @property
    def chosen_years(self) -> list[tuple[Year, Place, Any]]:
        """The chosen line's years, the newest first."""
        if self.chosen is None:
            return []
        stops = zip(self.years, self.chosen.places, self.chosen.entries, strict=True)
        return [(year, place, entry) for year, place, entry in stops if place is not None][::-1]

    # The picture

    @cached_property
    def _by_name(self) -> dict[str, Line]:
        """By slug the line with that entry, of two the one whose entry is newer; by year/slug in any case."""
        found: dict[str, Line] = {}
        for column in reversed(range(len(self.years))):
            for line in self.lines:
                if (entry := line.entries[column]) is not None:
                    found[f"{self._year(column)}/{entry.slug}"] = line
                    found.setdefault(entry.slug, line)
        return found

    def name_of(self, line: Line) -> str:
        """As addresses name it: by its newest slug, with the year where another line has that too."""
        slug = line.entry.slug
        return slug if self._by_name[slug] is line else f"{self._year(line.track.last.column)}/{slug}"

    @property
    def strong(self) -> list[Line]:
        if self.chosen:
            return [self.chosen]
        ups, downs = self._movers
        return [*(ups if len(ups) < 3 else []), *(downs if len(downs) < 3 else [])]

    @cached_property
    def outside_lines(self) -> list[tuple[str, dict[int, tuple[int, bool]]]]:
        """By source, its places by column: those that the picture sets beside the chosen line."""
        if self.chosen is None:
            return []
        column_of = {year.edition.year: column for column, year in enumerate(self.years)}
        placed = [item for item in self.chosen.outside if item.place and item.outside_list.year in column_of]
        placed.sort(key=lambda item: item.outside_list.series.body)
        found = []
        for series, group in groupby(placed, key=lambda item: item.outside_list.series):
            best = sorted(group, key=lambda item: -(item.place or 0))  # where two items mean it, the higher place stays
            places = {column_of[item.outside_list.year]: (item.place or 0, item.is_joint) for item in best}
            found.append((series.short_name, places))
        return found[:MOST_LINES]

    @property
    def outside_legend(self) -> list[tuple[SafeString, str]]:
        return [(bump_chart.sample(number), name) for number, (name, _) in enumerate(self.outside_lines)]

    @property
    def is_drawn(self) -> bool:
        return bool(self.placed)

    @cached_property
    def chart(self) -> SafeString:
        number_of = {id(line.track): number for number, line in enumerate(self.lines)}
        by_node = {node.key: number_of[id(x.track)] for x in self.lines for node in x.track.stops.values()}
        strong = {id(line) for line in self.strong}
        return bump_chart.draw(
            f"{self.title}. {self.deck} The table has the same places.",
            [bump_chart.Column(str(y.edition.year), y.why or f"of {y.m}", y.has_places) for y in self.years],
            [
                bump_chart.Line(
                    title=line.title,
                    titles={c: stop.title for c, stop in line.track.stops.items()},
                    places={c: (p.place, p.joint) for c, p in enumerate(line.places) if p and self.years[c].has_places},
                    is_strong=id(line) in strong,
                    is_mine=self.is_mine,
                )
                for line in self.lines
            ],
            [
                (by_node[node.key], node.column, number_of[id(line.track)], column)
                for line in self.lines
                for column, joined in line.track.joins.items()
                for node, _ in joined
            ],
            [places for _, places in self.outside_lines],
        )
