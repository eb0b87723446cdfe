from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .agreement import centered_signs
from .draws import Purpose, Stream
from .profile import FloatArray, Profile
from .stability import quantile_position

AXES = 2
SHUFFLES = 100
LEVEL = Fraction(95, 100)
_TOLERANCE = 1e-9


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


def share_by_chance(profile: Profile, *, seed: int, shuffles: int = SHUFFLES) -> float | None:
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
