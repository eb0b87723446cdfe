from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
import numpy.typing as npt

from . import average
from .draws import Purpose, Stream, chunks
from .profile import FloatArray, IntArray, Profile

RESAMPLES = 2_000
MAX_CELLS = 1_000_000  # ballots x items
LOW, HIGH = Fraction(25, 1000), Fraction(975, 1000)
_CELLS = 16_384  # to fit the cache


@dataclass(frozen=True, eq=False, slots=True)
class Stability:
    interval_low: list[int]  # of 95 % of the resamples
    interval_high: list[int]
    first_share: list[float]  # also joint first
    places: list[list[int]]  # m x m: resamples with the item at each place
    bands: list[list[int]]  # too close to tell apart


def stability(profile: Profile, *, seed: int, resamples: int = RESAMPLES) -> Stability | None:
    """Resample the ballots, or return None without any and above MAX_CELLS."""
    if not 0 < profile.used * profile.m <= MAX_CELLS:
        return None
    by_name = sorted(range(profile.m), key=lambda item: profile.items[item])
    stream = Stream(seed, Purpose.STABILITY)
    sorted_totals = resampled_totals(profile.doubled[:, by_name], profile.weights, stream, resamples)
    totals = np.empty_like(sorted_totals)
    totals[by_name] = sorted_totals
    above, level = _above_and_level(totals)
    ranks = np.sort(1 + above + level, axis=1)
    low = ranks[:, quantile_position(LOW, resamples)] // 2
    high = (ranks[:, quantile_position(HIGH, resamples)] + 1) // 2
    first = (totals == totals.min(axis=0)).sum(axis=1) / resamples
    places = [np.bincount(row, minlength=profile.m).tolist() for row in above]
    order = average.order(average.doubled_totals(profile))
    return Stability(low.tolist(), high.tolist(), first.tolist(), places, _bands(order, totals))


def resampled_totals(doubled: IntArray, weights: IntArray, stream: Stream, resamples: int) -> FloatArray:
    """Return m x resamples: doubled totals of n ballots drawn with replacement.

    Equal ballots are sorted first, so that the order of rows does not matter.
    """
    rows, inverse = np.unique(doubled, axis=0, return_inverse=True)
    merged = np.bincount(inverse.ravel(), weights=weights).astype(np.int64)
    row_of = np.repeat(np.arange(len(rows)), merged)
    n, kinds = len(row_of), len(rows)
    table = rows.astype(np.float64)
    pieces = []
    for size in chunks(resamples, max(1, _CELLS // n)):
        drawn = row_of[stream.below(n, size, n)]
        drawn += np.arange(size)[:, None] * kinds
        counts = np.bincount(drawn.ravel(), minlength=size * kinds).reshape(size, kinds)
        pieces.append(table.T @ counts.T.astype(np.float64))
    return np.concatenate(pieces, axis=1)


def quantile_position(share: Fraction, count: int) -> int:
    return max(0, ceil(share * count) - 1)


def _above_and_level(totals: FloatArray) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    above, level = np.zeros((2, *totals.shape), np.int16)
    for total in totals:
        above += total < totals
        level += total <= totals
    return above, level


def _bands(order: list[int], totals: FloatArray) -> list[list[int]]:
    bands = [[order[0]]]
    for item in order[1:]:
        difference = np.sort(totals[item] - totals[bands[-1][0]])
        resamples = len(difference)
        if difference[quantile_position(LOW, resamples)] <= 0 <= difference[quantile_position(HIGH, resamples)]:
            bands[-1].append(item)
        else:
            bands.append([item])
    return bands
