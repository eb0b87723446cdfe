from fractions import Fraction
from math import erfc, exp, fsum, lgamma, log, sqrt

import numpy as np

from .profile import FloatArray, IntArray, Profile

MIN_BALLOTS_FOR_P = 10  # for chi-square
_CELLS = 2_000_000  # about 16 MB


def kendall_w(profile: Profile, doubled_totals: IntArray) -> float | None:
    """Return Kendall's W (1945), corrected for ties, or None for fewer than two ballots."""
    n, m = profile.used, profile.m
    if n < 2:
        return None
    tied = profile.doubled - 2 * profile.places + 1
    correction = int(profile.weights @ (tied * tied - 1).sum(axis=1))  # t (t^2 - 1) per group
    squares = sum(total * total for total in doubled_totals.tolist())
    above_chance = 3 * (squares - n * n * m * (m + 1) ** 2)
    return float(Fraction(above_chance, n * n * m * (m * m - 1) - n * correction))


def kendall_w_p(w: float | None, used: int, m: int) -> float | None:
    """Return the p-value of W by chi-square, or None for few ballots."""
    if w is None or used < MIN_BALLOTS_FOR_P:
        return None
    return chi_square_tail(max(0.0, used * (m - 1) * w), m - 1)


def chi_square_tail(x: float, degrees: int) -> float:
    """Return P(chi-square > x) by finite sums (Abramowitz and Stegun 26.4.4-5)."""
    if x <= 0:
        return 1.0
    half = x / 2
    tail, power = (0.0, 0.0) if degrees % 2 == 0 else (erfc(sqrt(half)), 0.5)
    while power < degrees / 2:
        tail += exp(power * log(half) - half - lgamma(power + 1))
        power += 1
    return min(tail, 1.0)


def pair_signs(doubled: IntArray) -> FloatArray:
    """Return 1 if a ballot prefers a pair's first item, -1 its second, else 0 (n x m(m-1)/2)."""
    first, second = np.triu_indices(doubled.shape[1], 1)
    signs: FloatArray = np.sign(doubled[:, second] - doubled[:, first]).astype(np.float64)
    return signs


def unit_signs(doubled: IntArray) -> FloatArray:
    """Return pair_signs in rows of length 1, whose products are tau-b."""
    signs = pair_signs(doubled)
    signs /= np.sqrt(np.abs(signs).sum(axis=1, keepdims=True))
    return signs


def centered_signs(doubled: IntArray) -> FloatArray:
    signs = unit_signs(doubled)
    signs -= signs.mean(axis=0)
    return signs


def mean_tau_b(profile: Profile) -> float | None:
    """Return the average tau-b of all pairs of ballots, or None for fewer than two."""
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
    """Return how often two ballots order two items alike, and how often both order them."""
    rows = support.tolist()
    pairs = [(rows[i][j], rows[j][i]) for i in range(len(rows)) for j in range(i)]
    same = sum((one * (one - 1) + other * (other - 1)) // 2 for one, other in pairs)
    return same, same + sum(one * other for one, other in pairs)
