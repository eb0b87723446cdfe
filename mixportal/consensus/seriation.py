from __future__ import annotations

import numpy as np

from .profile import FloatArray


def order_by_similarity(tau: FloatArray) -> list[int]:
    """Return the indices of an n x n matrix of tau-b, similar rows together (average linkage).

    Joined groups are turned so that the most similar ends meet. Among equals, earlier rows join first.
    """
    n = len(tau)
    groups: dict[int, list[int]] = {row: [row] for row in range(n)}
    apart = 1.0 - tau
    np.fill_diagonal(apart, np.inf)
    for _ in range(n - 1):
        one, other = sorted(divmod(int(np.argmin(apart)), n))
        first, second = groups[one], groups.pop(other)
        groups[one] = _joined(first, second, tau)
        weight = len(first) + len(second)
        apart[one] = (len(first) * apart[one] + len(second) * apart[other]) / weight
        apart[:, one] = apart[one]
        apart[one, one] = np.inf
        apart[other] = apart[:, other] = np.inf
    return next(iter(groups.values()), [])


def _joined(first: list[int], second: list[int], tau: FloatArray) -> list[int]:
    ways = [one + other for one in (first, first[::-1]) for other in (second, second[::-1])]
    seam = len(first)
    return max(ways, key=lambda way: round(float(tau[way[seam - 1], way[seam]]), 12))
