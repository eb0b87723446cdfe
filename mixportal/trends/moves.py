"""Compare the places of two ranked lists.

A move is clear if the governments that ranked both lists put the entry higher, or lower, too often
for chance, and its place on the list went the same way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb

import numpy as np
import numpy.typing as npt

from mixportal.consensus.withholding import is_nearly_all
from mixportal.editions.models import Entry
from mixportal.results.disclosure import MIN_BALLOTS_FOR_FIGURES
from mixportal.trends.years import Place, StoredOrder

LEVEL = 0.05
UNRANKED = 10**6

Places = Mapping[int, Sequence[int | None]]  # of each shared entry, by government


@dataclass(frozen=True)
class Move:
    entry: Entry
    then: Place
    now: Place
    both: int = 0  # governments that ranked both lists
    higher_on: int = 0  # of their ballots
    lower_on: int = 0
    tests: int = 0  # as many as entries are on both lists

    def __str__(self) -> str:
        return self.entry.title

    @property
    def by(self) -> int:
        return (self.then.place or 0) - (self.now.place or 0)

    @cached_property
    def is_clear(self) -> bool:
        rose = self.higher_on - self.lower_on
        return self.by * rose > 0 and is_clear(self.higher_on, self.lower_on, self.tests)

    @property
    def is_nearly_all(self) -> bool:
        return is_nearly_all(max(self.higher_on, self.lower_on), self.both)


@dataclass(frozen=True)
class Moves:
    each: list[Move]  # of the entries on both lists
    both: int | None = None  # governments that ranked both lists, if they are 10 or more

    @property
    def clear(self) -> list[Move]:
        return [move for move in self.each if move.is_clear]

    @property
    def risen(self) -> list[Move]:
        return sorted((move for move in self.clear if move.by > 0), key=lambda move: move.lower_on - move.higher_on)

    @property
    def fallen(self) -> list[Move]:
        return sorted((move for move in self.clear if move.by < 0), key=lambda move: move.higher_on - move.lower_on)

    @property
    def far(self) -> list[Move]:
        return [move for move in self.each if abs(move.by) >= 2 and not move.is_clear]


def moves_between(then: StoredOrder, now: StoredOrder, shared: Sequence[tuple[Entry, Entry]]) -> Moves:
    before = then.given_to([early.slug for early, _ in shared])
    after = now.given_to([late.slug for _, late in shared])
    both = len(before.keys() & after.keys())
    if both < MIN_BALLOTS_FOR_FIGURES:
        before = {}
    changes = paired_changes(before, after) or [(0, 0)] * len(shared)
    moves = [
        Move(late, then.place_of(early), now.place_of(late), both, higher_on, lower_on, tests=len(shared))
        for (early, late), (higher_on, lower_on) in zip(shared, changes, strict=True)
    ]
    return Moves(moves, both if before else None)


def paired_changes(then: Places, now: Places) -> list[tuple[int, int]]:
    both = sorted(then.keys() & now.keys())
    if not both:
        return []
    before, after = (_doubled([places[key] for key in both]) for places in (then, now))
    return list(
        zip(
            (after < before).sum(axis=0).tolist(),
            (after > before).sum(axis=0).tolist(),
            strict=True,
        )
    )


def _doubled(rows: Sequence[Sequence[int | None]]) -> npt.NDArray[np.int64]:
    table = np.array([[UNRANKED if place is None else place for place in row] for row in rows])
    above = (table[:, None, :] < table[:, :, None]).sum(axis=2)
    level = (table[:, None, :] == table[:, :, None]).sum(axis=2)
    doubled: npt.NDArray[np.int64] = 2 * above + level
    return doubled


def is_clear(up: int, down: int, tests: int) -> bool:
    """Apply a two-sided sign test with Bonferroni correction."""
    p: float = 2 * sum(comb(up + down, k) for k in range(min(up, down) + 1)) / 2 ** (up + down)
    return p * tests < LEVEL
