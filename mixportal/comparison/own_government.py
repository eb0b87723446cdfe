from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from members.models import Viewer
from mixportal.ballots.models import Ballot
from mixportal.ballots.order import standing
from mixportal.comparison.network import Likeness, Network
from mixportal.consensus.words import place_words
from mixportal.editions.lineage import links_between
from mixportal.editions.models import Edition, Entry

OUTLIERS_SHOWN = 3
MIN_DISTANCE = 1  # places


@dataclass(frozen=True)
class Outlier:
    entry: Entry
    place: str
    average: float
    network_place: str
    as_far: int
    others: int


@dataclass(frozen=True)
class Move:
    entry: Entry
    earlier: Entry
    how: str
    now: str
    then: str
    by: int | None  # None if a list leaves it out
    is_ranked: bool
    was_ranked: bool

    @property
    def distance(self) -> int:
        return abs(self.by or 0)


class GovernmentComparison:
    def __init__(self, network: Network, user: Viewer) -> None:
        self.network, self.user = network, user
        row = network.own_row
        assert row is not None
        self.row: int = row

    def _outlier(self, column: int, *, higher: bool) -> Outlier:
        network = self.network
        last = network.m + 1
        standings = [network.standing(row, column) for row in range(network.used)]
        places = [standing[0] if standing else last for standing in standings]
        mine = places.pop(self.row)
        return Outlier(
            entry=network.entries[column],
            place=network.place_words(self.row, column),
            average=network.averages[column],
            network_place=network.network_place(column),
            as_far=sum(1 for place in places if (place <= mine if higher else place >= mine)),
            others=len(places),
        )

    def _furthest(self, *, higher: bool) -> list[Outlier]:
        network, sign = self.network, 1 if higher else -1
        shown = [c for c in network.order if not higher or network.standing(self.row, c)]
        apart = {c: sign * (network.network_places[c] - network.shown_places[self.row][c]) for c in shown}
        far = sorted((c for c in apart if apart[c] >= MIN_DISTANCE), key=lambda c: -apart[c])
        return [self._outlier(column, higher=higher) for column in far[:OUTLIERS_SHOWN]]

    @cached_property
    def higher(self) -> list[Outlier]:
        return self._furthest(higher=True)

    @cached_property
    def lower(self) -> list[Outlier]:
        return self._furthest(higher=False)

    @cached_property
    def _by_likeness(self) -> list[Likeness]:
        comparable = [
            each
            for each in self.network.likenesses_of(self.row)
            if self.network.has_enough_ranked(self.network.rows[each.government.pk])
        ]
        return sorted(comparable, key=lambda each: (-round(each.tau, 9), each.government.name))

    @property
    def can_tell_who_is_alike(self) -> bool:
        return self.network.is_long_enough and self.network.has_enough_ranked(self.row) and bool(self._by_likeness)

    @property
    def closest(self) -> list[Likeness]:
        return self._by_likeness[:OUTLIERS_SHOWN]

    @property
    def furthest(self) -> list[Likeness]:
        return self._by_likeness[OUTLIERS_SHOWN:][: -OUTLIERS_SHOWN - 1 : -1]

    @property
    def closer_than_chance(self) -> int:
        return sum(1 for each in self._by_likeness if each.is_more_alike_than_chance)

    @cached_property
    def earlier(self) -> tuple[Edition, dict[str, int]] | None:
        own = self.network.own
        before = (
            Ballot.objects.visible_to(self.user)
            .cast()
            .filter(
                government=own,
                annual_list__kind=self.network.annual_list.kind,
                annual_list__edition__year__lt=self.network.edition.year,
                annual_list__edition__closes_at__lte=self.network.edition.read_at,
            )
        )
        last = before.select_related("annual_list__edition").order_by("-annual_list__edition__year").first()
        if last is None:
            return None
        placements = last.placements.values_list("entry__slug", "cast_place")
        return last.edition, {slug: place for slug, place in placements if place is not None}

    @cached_property
    def moves(self) -> list[Move]:
        if self.earlier is None:
            return []
        edition, then = self.earlier
        column_of = {entry.pk: column for column, entry in enumerate(self.network.entries)}
        moves = []
        entries_then = list(edition.list_of(self.network.annual_list.kind).entries.all())
        for link in links_between(entries_then, self.network.entries):
            column = column_of[link.later.pk]
            now, before = self.network.standing(self.row, column), standing(then, link.earlier.slug)
            moves.append(
                Move(
                    entry=self.network.entries[column],
                    earlier=link.earlier,
                    how=link.type,
                    now=self.network.place_words(self.row, column),
                    then=place_words(*before) if before else "not ranked",
                    by=before[0] - now[0] if now and before else None,
                    is_ranked=now is not None,
                    was_ranked=before is not None,
                )
            )
        order = {entry.pk: self.network.ranks[self.row][column] for column, entry in enumerate(self.network.entries)}
        return sorted(moves, key=lambda move: order[move.entry.pk])

    @property
    def new(self) -> list[Entry]:
        continued = {move.entry.pk for move in self.moves}
        return [entry for entry in self.network.entries if entry.pk not in continued]
