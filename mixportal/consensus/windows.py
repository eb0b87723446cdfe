from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np

from .profile import BoolArray, IntArray, Profile

FAR = 10**12


@dataclass(frozen=True)
class Window:
    """Bounds of doubled totals that follow from published figures."""

    low: IntArray
    high: IntArray

    def excess(self, totals: IntArray) -> IntArray:
        over: IntArray = np.maximum(self.low - totals, 0) + np.maximum(totals - self.high, 0)
        return over


def without(window: Window, items: Iterable[int]) -> Window:
    hidden = list(items)
    low, high = window.low.copy(), window.high.copy()
    low[hidden], high[hidden] = -FAR, FAR
    return Window(low, high)


def _rounds_alike(total: int, size: int) -> tuple[int, int]:
    shown = Fraction(str(round(total / (2 * size), 1)))
    low, high = (
        ceil((shown - Fraction(1, 20)) * 2 * size),
        floor((shown + Fraction(1, 20)) * 2 * size),
    )
    return min(low, total), max(high, total)


def window_of_averages(totals: IntArray, used: int) -> Window:
    bounds = [_rounds_alike(total, used) for total in totals.tolist()]
    low, high = np.array(bounds, dtype=np.int64).T
    return Window(low, high)


def window_of_cohorts(profile: Profile, splits: Sequence[Sequence[BoolArray]]) -> Window:
    low, high = np.full(profile.m, -FAR), np.full(profile.m, FAR)
    for parts in splits:
        bounds = np.zeros((profile.m, 2), dtype=np.int64)
        for part in parts:
            inside = profile.doubled[part].sum(axis=0).tolist()
            bounds += np.array([_rounds_alike(total, int(part.sum())) for total in inside])
        low, high = np.maximum(low, bounds[:, 0]), np.minimum(high, bounds[:, 1])
    return Window(low, high)


def w_per_square(profile: Profile) -> float:
    n, m = profile.used, profile.m
    tied = profile.doubled - 2 * profile.places + 1
    correction = int((tied * tied - 1).sum())
    whole = n * n * m * (m * m - 1) - n * correction
    return 3 / whole if whole else 0.0
