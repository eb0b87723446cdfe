from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .agreement import centered_signs, pair_signs, unit_signs
from .draws import Purpose, Stream
from .profile import FloatArray, IntArray, Profile
from .stability import quantile_position

AXES = 2
SHUFFLES = 200
PICTURE_SHUFFLES = 100
LEVEL = Fraction(95, 100)
_TOLERANCE = 1e-9


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


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    points: FloatArray  # n x 2
    shares: list[float] | None  # None if all ballots are equal
    pulls: FloatArray  # m x 2: correlation of ranking the item high with the axis


def picture(profile: Profile) -> Picture:
    """Return the ballots in a plane, by classical scaling (Torgerson 1952).

    The distance of two is sqrt(2 (1 - tau-b)). Each axis has its strongest item (ties: by name) at
    the positive end.
    """
    n, m = profile.doubled.shape
    points, pulls = np.zeros((n, AXES)), np.zeros((m, AXES))
    if n == 0:
        return Picture(points, None, pulls)
    centered = centered_signs(profile.doubled)
    _, lengths, axes = np.linalg.svd(centered, full_matrices=False)
    held = np.square(lengths)
    total = float(np.square(centered).sum())
    if total < _TOLERANCE:
        return Picture(points, None, pulls)
    by_name = sorted(range(m), key=lambda item: profile.items[item])
    for axis in range(min(AXES, len(held))):
        if held[axis] < _TOLERANCE:
            continue
        along = centered @ axes[axis]
        pull = _correlations(-profile.ranks, along)
        strongest = max(by_name, key=lambda item: round(abs(float(pull[item])), 9))
        sign = -1.0 if pull[strongest] < 0 else 1.0
        points[:, axis], pulls[:, axis] = sign * along, sign * pull
    shares = [float(held[axis]) / total if axis < len(held) else 0.0 for axis in range(AXES)]
    return Picture(points, [min(1.0, max(0.0, share)) for share in shares], pulls)


def share_by_chance(profile: Profile, *, seed: int, shuffles: int = PICTURE_SHUFFLES) -> float | None:
    """Return a plane's share in 95 % of shuffles of each ballot, or None if n < 3."""
    n, m = profile.doubled.shape
    if n < 3:
        return None
    stream = Stream(seed, Purpose.PICTURE)
    shares = []
    for _ in range(shuffles):
        shuffled = np.take_along_axis(profile.doubled, stream.permutations(m, n), axis=1)
        centered = centered_signs(shuffled)
        total = float(np.square(centered).sum())
        held = np.linalg.eigvalsh(_smaller(centered))[-AXES:].sum()
        shares.append(float(held) / total if total > _TOLERANCE else 1.0)
    return min(1.0, sorted(shares)[quantile_position(LEVEL, shuffles)])


def _smaller(centered: FloatArray) -> FloatArray:
    rows, columns = centered.shape
    return centered @ centered.T if rows <= columns else centered.T @ centered


def _correlations(ranks: FloatArray, along: FloatArray) -> FloatArray:
    apart = ranks - ranks.mean(axis=0)
    scale = np.sqrt(np.square(apart).sum(axis=0) * np.square(along).sum())
    found: FloatArray = np.divide(apart.T @ along, scale, out=np.zeros(ranks.shape[1]), where=scale > _TOLERANCE)
    return found
