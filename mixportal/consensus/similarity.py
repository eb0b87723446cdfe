"""How alike two ballots are: by the pairs of items that both order, not by what both leave out."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from .agreement import pair_signs, unit_signs
from .draws import Purpose, Stream
from .profile import FloatArray, IntArray, Profile
from .stability import quantile_position

SHUFFLES = 200
LEVEL = Fraction(95, 100)


def shared_pairs(profile: Profile) -> tuple[IntArray, IntArray]:
    """n x n each: pairs of items that both ballots order the same way, and all that both order.

    "Agree on 24 of the 31 pairs both of you ordered." Rows and columns follow profile.rows.
    """
    signs = pair_signs(profile.doubled)
    net = signs @ signs.T  # same less opposite
    both = np.abs(signs) @ np.abs(signs).T
    return ((both + net) / 2).astype(np.int64), both.astype(np.int64)


def tau_b(profile: Profile) -> FloatArray:
    """n x n: tau-b of each two ballots (Kendall 1945), from 1 the same order to -1 the reverse.

    Pairs tied on a ballot do not count as agreement, so two short lists are not alike by silence.
    """
    signs = unit_signs(profile.doubled)
    return signs @ signs.T


def beside(profile: Profile, row: int) -> tuple[IntArray, IntArray, FloatArray]:
    """n each, of the ballot in `row` beside every ballot: pairs alike, pairs that both order, tau-b."""
    signs = pair_signs(profile.doubled)
    net, both = signs @ signs[row], np.abs(signs) @ np.abs(signs[row])
    ordered = np.abs(signs).sum(axis=1)
    tau: FloatArray = net / np.sqrt(ordered * ordered[row])
    return ((both + net) / 2).astype(np.int64), both.astype(np.int64), tau


def chance_levels(
    profile: Profile, *, seed: int, shuffles: int = SHUFFLES
) -> tuple[list[float | None], list[float | None]]:
    """n each: what a ballot's nearest other stays at or below in 95 % of shuffles, and its furthest at or above.

    Items are shuffled within every ballot, each ballot keeping its ties and blanks. A nearest neighbour at or
    below its level is no finding, nor is a furthest at or above its own. None when there is no other ballot.
    """
    n, m = profile.doubled.shape
    if n < 2:
        return [None] * n, [None] * n
    stream = Stream(seed, Purpose.CHANCE)
    nearest, furthest = np.empty((shuffles, n)), np.empty((shuffles, n))
    for shuffle in range(shuffles):
        shuffled = np.take_along_axis(profile.doubled, stream.permutations(m, n), axis=1)
        signs = unit_signs(shuffled)
        tau = signs @ signs.T
        np.fill_diagonal(tau, -np.inf)
        nearest[shuffle] = tau.max(axis=1)
        np.fill_diagonal(tau, np.inf)
        furthest[shuffle] = tau.min(axis=1)
    nearest.sort(axis=0)
    furthest.sort(axis=0)
    level = quantile_position(LEVEL, shuffles)
    return nearest[level].tolist(), furthest[shuffles - 1 - level].tolist()


def chance_of_nearest(profile: Profile, *, seed: int, shuffles: int = SHUFFLES) -> list[float | None]:
    """n: the tau-b with its nearest other that a ballot stays at or below in 95 % of shuffles (see chance_levels)."""
    return chance_levels(profile, seed=seed, shuffles=shuffles)[0]
