from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from mixportal.comparison.network import Likeness, Network
from mixportal.editions.models import Entry

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


class GovernmentComparison:
    def __init__(self, network: Network) -> None:
        assert network.own
        self.network, self.row = network, network.rows[network.own.pk]

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
    def closer_than_chance(self) -> int:
        return sum(1 for each in self._by_likeness if each.is_more_alike_than_chance)
