"""How far the ballots agree over the whole list: Kendall's W, mean tau-b, pairs put the same way."""

from __future__ import annotations

from fractions import Fraction
from math import erfc, exp, fsum, lgamma, log, sqrt

import numpy as np

from .profile import FloatArray, IntArray, Profile

MIN_BALLOTS_FOR_P = 10  # below, the chi-square approximation says little
_CELLS = 2_000_000  # of one piece of work, some 16 MB


def kendall_w(profile: Profile, doubled_totals: IntArray) -> float | None:
    """Kendall's coefficient of concordance, corrected for ties; None for fewer than two ballots.

    W = (12 sum S^2 - 3 n^2 m (m+1)^2) / (n^2 m (m^2-1) - n sum(t^3 - t)), S = column sums of the mid-ranks,
    t = sizes of the groups tied on a ballot, the unranked block included. Whole numbers until the division.
    """
    n, m = profile.used, profile.m
    if n < 2:
        return None
    tied = profile.doubled - 2 * profile.places + 1  # size of the group each item is tied in
    correction = int(profile.weights @ (tied * tied - 1).sum(axis=1))  # a group of t adds t (t^2 - 1)
    squares = sum(total * total for total in doubled_totals.tolist())  # 4 sum S^2
    above_chance = 3 * (squares - n * n * m * (m + 1) ** 2)
    return float(Fraction(above_chance, n * n * m * (m * m - 1) - n * correction))


def kendall_w_p(w: float | None, used: int, m: int) -> float | None:
    """Chi-square p of W (n (m-1) W, m-1 degrees of freedom): could pure noise agree as much?

    It says only "not pure noise": at 64 ballots it is all but certain. None below MIN_BALLOTS_FOR_P.
    """
    if w is None or used < MIN_BALLOTS_FOR_P:
        return None
    return chi_square_tail(max(0.0, used * (m - 1) * w), m - 1)


def chi_square_tail(x: float, degrees: int) -> float:
    """P(chi-square > x), by the finite sums for whole degrees of freedom (Abramowitz and Stegun 26.4.4-5)."""
    if x <= 0:
        return 1.0
    half = x / 2
    tail, power = (0.0, 0.0) if degrees % 2 == 0 else (erfc(sqrt(half)), 0.5)
    while power < degrees / 2:
        tail += exp(power * log(half) - half - lgamma(power + 1))
        power += 1
    return min(tail, 1.0)


def pair_signs(doubled: IntArray) -> FloatArray:
    """n x m(m-1)/2: +1, -1 or 0 as the ballot prefers the first item of the pair, the second, neither."""
    first, second = np.triu_indices(doubled.shape[1], 1)
    signs: FloatArray = np.sign(doubled[:, second] - doubled[:, first]).astype(np.float64)
    return signs


def unit_signs(doubled: IntArray) -> FloatArray:
    """pair_signs with each ballot brought to length 1: the product of two ballots is their tau-b.

    tau-b = (C - D) / sqrt((P - Ta)(P - Tb)), and P - T is the number of pairs that a ballot orders.
    """
    signs = pair_signs(doubled)
    signs /= np.sqrt(np.abs(signs).sum(axis=1, keepdims=True))
    return signs


def mean_tau_b(profile: Profile) -> float | None:
    """The average tau-b over all pairs of ballots; None for fewer than two.

    The sum over all pairs, each taken both ways, is the squared length of the sum of all unit_signs, less n. It
    is added up in whole numbers, by how many pairs a ballot orders: shuffled ballots give the same last digit.
    """
    n = profile.used
    if n < 2:
        return None
    by_ordered: dict[int, FloatArray] = {}
    size = max(1, _CELLS // (profile.m * profile.m))
    for start in range(0, len(profile.doubled), size):
        signs = pair_signs(profile.doubled[start : start + size])
        weights = profile.weights[start : start + size]
        ordered = np.count_nonzero(signs, axis=1)
        for pairs in np.unique(ordered).tolist():
            alike = ordered == pairs
            by_ordered[pairs] = by_ordered.get(pairs, 0) + weights[alike] @ signs[alike]
    total = sum(by_ordered[pairs] / sqrt(pairs) for pairs in sorted(by_ordered))
    return (fsum(np.square(total)) - n) / (n * (n - 1))


def same_order(support: IntArray) -> tuple[int, int]:
    """Over all pairs of ballots and all pairs of items that both order: how often the same way, and how many.

    The first over the second is how often two governments chosen at random order two priorities the same way.
    """
    same = compared = 0
    rows = support.tolist()
    for i in range(len(rows)):
        for j in range(i):
            one, other = rows[i][j], rows[j][i]
            alike = (one * (one - 1) + other * (other - 1)) // 2
            same += alike
            compared += alike + one * other
    return same, compared
