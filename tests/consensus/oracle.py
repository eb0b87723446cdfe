"""The definitions of the method, written out as slowly and plainly as possible, to check the package against.

Nothing here is shared with the package: plain lists, Fractions, all orders by enumeration.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import sqrt

Ballot = list[int | None]


def mid_ranks(ballot: Ballot) -> list[Fraction]:
    keys = [float("inf") if place is None else place for place in ballot]
    return [
        Fraction(sum(other < key for other in keys)) + Fraction(sum(other == key for other in keys) + 1, 2)
        for key in keys
    ]


def used_ballots(ballots: list[Ballot]) -> list[list[Fraction]]:
    return [ranks for ranks in map(mid_ranks, ballots) if len(set(ranks)) > 1]


def support(ranks: list[list[Fraction]], m: int) -> list[list[int]]:
    return [[sum(row[i] < row[j] for row in ranks) for j in range(m)] for i in range(m)]


def averages(ranks: list[list[Fraction]], m: int) -> list[Fraction | None]:
    return [sum((row[i] for row in ranks), Fraction(0)) / len(ranks) if ranks else None for i in range(m)]


def schulze_ranks(support: list[list[int]]) -> list[int]:
    """Return the widest path by trying every simple path."""
    m = len(support)
    margin = [[support[i][j] - support[j][i] for j in range(m)] for i in range(m)]

    def strength(i: int, j: int) -> int:
        best = 0
        others = [k for k in range(m) if k not in (i, j)]
        for length in range(len(others) + 1):
            for middle in itertools.permutations(others, length):
                path = [i, *middle, j]
                best = max(best, min(margin[a][b] for a, b in itertools.pairwise(path)))
        return best

    return [1 + sum(strength(j, i) > strength(i, j) for j in range(m) if j != i) for i in range(m)]


def kemeny(support: list[list[int]]) -> tuple[int, set[tuple[int, ...]]]:
    """Return the fewest disagreements and all orders that have them."""
    m = len(support)
    scores: dict[tuple[int, ...], int] = {}
    for order in itertools.permutations(range(m)):
        scores[order] = sum(support[below][above] for above, below in itertools.combinations(order, 2))
    best = min(scores.values())
    return best, {order for order, score in scores.items() if score == best}


def rank_bounds(orders: set[tuple[int, ...]], m: int) -> tuple[list[int], list[int]]:
    """Return the bounds from the pairs in the same order in every optimum."""
    places = [{item: place for place, item in enumerate(order)} for order in orders]

    def always(i: int, j: int) -> bool:
        return all(place[i] < place[j] for place in places)

    low = [1 + sum(always(j, i) for j in range(m) if j != i) for i in range(m)]
    high = [m - sum(always(i, j) for j in range(m) if j != i) for i in range(m)]
    return low, high


def kendall_w(ranks: list[list[Fraction]], m: int) -> float | None:
    n = len(ranks)
    if n < 2:
        return None
    sums = [sum(row[i] for row in ranks) for i in range(m)]
    ties = 0
    for row in ranks:
        for value in set(row):
            t = row.count(value)
            ties += t**3 - t
    top = 12 * sum(s * s for s in sums) - 3 * n * n * m * (m + 1) ** 2
    return float(Fraction(top, n * n * m * (m * m - 1) - n * ties))


def tau_b(one: list[Fraction], other: list[Fraction]) -> float:
    concordant = discordant = tied_one = tied_other = pairs = 0
    for i, j in itertools.combinations(range(len(one)), 2):
        product = (one[i] - one[j]) * (other[i] - other[j])
        pairs += 1
        concordant += product > 0
        discordant += product < 0
        tied_one += one[i] == one[j]
        tied_other += other[i] == other[j]
    return (concordant - discordant) / sqrt((pairs - tied_one) * (pairs - tied_other))


def mean_tau_b(ranks: list[list[Fraction]]) -> float | None:
    taus = [tau_b(one, other) for one, other in itertools.combinations(ranks, 2)]
    return sum(taus) / len(taus) if taus else None


def same_order(ranks: list[list[Fraction]], m: int) -> tuple[int, int]:
    same = both = 0
    for one, other in itertools.combinations(ranks, 2):
        for i, j in itertools.combinations(range(m), 2):
            product = (one[i] - one[j]) * (other[i] - other[j])
            same += product > 0
            both += product != 0
    return same, both


def quantile(values: list[Fraction], share: Fraction) -> Fraction:
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (position - low) * (ordered[high] - ordered[low])


def polarisation(values: list[Fraction], m: int) -> Fraction:
    mean = sum(values, Fraction(0)) / len(values)
    return sum(((value - mean) ** 2 for value in values), Fraction(0)) / len(values) / Fraction(m - 1, 2) ** 2
