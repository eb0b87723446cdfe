from fractions import Fraction

import numpy as np

from .agreement import pair_signs, unit_signs
from .draws import Purpose, Stream
from .profile import FloatArray, IntArray, Profile
from .stability import quantile_position

SHUFFLES = 200
LEVEL = Fraction(95, 100)


def shared_pairs(profile: Profile) -> tuple[IntArray, IntArray]:
    """Return n x n each: pairs ordered alike by two ballots, and ordered by both."""
    signs = pair_signs(profile.doubled)
    net = signs @ signs.T
    both = np.abs(signs) @ np.abs(signs).T
    return ((both + net) / 2).astype(np.int64), both.astype(np.int64)


def tau_b(profile: Profile) -> FloatArray:
    """Return n x n tau-b (Kendall 1945), from -1 to 1 for the same order."""
    signs = unit_signs(profile.doubled)
    return signs @ signs.T


def compare_row(profile: Profile, row: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Return shared pairs and tau-b of one row with every ballot."""
    signs = pair_signs(profile.doubled)
    net, both = signs @ signs[row], np.abs(signs) @ np.abs(signs[row])
    ordered = np.abs(signs).sum(axis=1)
    tau: FloatArray = net / np.sqrt(ordered * ordered[row])
    return ((both + net) / 2).astype(np.int64), both.astype(np.int64), tau


def chance_levels(
    profile: Profile, *, seed: int, shuffles: int = SHUFFLES
) -> tuple[list[float | None], list[float | None]]:
    """Return each ballot's highest and lowest tau-b in 95 % of shuffles."""
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
