from fractions import Fraction

import numpy as np

from .profile import IntArray, Profile


def distribution(profile: Profile) -> IntArray:
    """Return m x (2m + 1): how many ballots give the item each doubled mid-rank."""
    width = 2 * profile.m + 1
    cells = profile.doubled + np.arange(profile.m) * width
    weights = np.repeat(profile.weights, profile.m)
    counts = np.bincount(cells.ravel(), weights=weights, minlength=profile.m * width)
    return counts.astype(np.int64).reshape(profile.m, width)


def top_three(distribution: IntArray) -> list[int]:
    return list(map(int, distribution[:, :7].sum(axis=1)))


def quantiles(distribution: IntArray, share: Fraction) -> list[float | None]:
    """Return a quantile of each item's mid-ranks, by linear interpolation."""
    used = int(distribution[0].sum())
    if used == 0:
        return [None] * len(distribution)
    position = share * (used - 1)
    low = int(position)
    part = float(position - low)
    reached = distribution.cumsum(axis=1)
    lower = (reached <= low).sum(axis=1)
    upper = (reached <= min(low + 1, used - 1)).sum(axis=1)
    return list(map(float, (lower + part * (upper - lower)) / 2))


def polarisation(distribution: IntArray) -> list[float | None]:
    """Return variances of mid-ranks over ((m-1)/2)^2: 1 is half first and half last."""
    m, width = distribution.shape
    used = int(distribution[0].sum())
    if used == 0 or m == 1:
        return [None] * m
    values = np.arange(width)
    sums = (distribution @ values).tolist()
    squares = (distribution @ (values * values)).tolist()
    scale = used * used * (m - 1) ** 2
    return [(used * square - total * total) / scale for total, square in zip(sums, squares, strict=True)]


def ranked_by(profile: Profile) -> list[int]:
    return list(map(int, profile.weights @ profile.ranked))


def places_given(profile: Profile) -> list[list[int]]:
    """Return m x m: ballots that rank the item 1st, 2nd, ...; joint 3rd counts as 3rd."""
    m = profile.m
    cells = profile.places - 1 + np.arange(m) * m
    weights = (profile.weights[:, None] * profile.ranked).ravel()
    counts = np.bincount(cells.ravel(), weights=weights, minlength=m * m)
    return counts.astype(np.int64).reshape(m, m).tolist()
