from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import factorial, prod
from typing import TypedDict

import numpy as np

from .profile import BoolArray, IntArray
from .search import MAX_ORDERS, Optimum, fewest_contradictions

MAX_ITEMS = 20  # in one part: 20! is the largest factorial in int64


class OptimalOrders(TypedDict):
    """None if not computed: `not_computed` says why."""

    n_optimal: int | None
    orders: list[list[int]] | None  # None if over MAX_ORDERS
    rank_low: list[int | None]
    rank_high: list[int | None]
    not_computed: str | None


class KemenyResult(OptimalOrders):
    score: int | None  # (ballot, pair) disagreements; tied pairs cost nothing
    order: list[int] | None  # chosen by average places
    score_between: list[int]  # least and most


def kemeny(support: IntArray, doubled_totals: IntArray) -> tuple[KemenyResult, BoolArray | None]:
    """Find all strict orders that contradict the fewest comparisons.

    A stage, whose items all beat all later ones, comes first in every optimum (Truchon 1998).
    Groups whose items all tie with those of other groups interleave freely. search.py orders the
    rest. `doubled_totals` choose the order shown. Also return (m x m) whether the row's item is above
    the column's in all.
    """
    m = len(support)
    least = int(np.minimum(support, support.T).sum()) // 2
    always = np.zeros(support.shape, np.bool_)
    try:
        part = _Parts(support - support.T, doubled_totals, always).arrange(list(range(m)))
    except _TooLargeError as too_large:
        by_average = np.argsort(doubled_totals, kind="stable")
        most = int(np.tril(support[np.ix_(by_average, by_average)]).sum())
        unknown: KemenyResult = {
            "score": None,
            "n_optimal": None,
            "order": None,
            "orders": None,
            "rank_low": [None] * m,
            "rank_high": [None] * m,
            "score_between": [least, most],
            "not_computed": str(too_large),
        }
        return unknown, None
    score = least + part.excess
    found: KemenyResult = {
        "score": score,
        "n_optimal": part.n_optimal,
        "order": part.order,
        "orders": sorted(part.orders, key=lambda order: [part.order.index(item) for item in order]) or None,
        "rank_low": (1 + always.sum(axis=0)).tolist(),
        "rank_high": (m - always.sum(axis=1)).tolist(),
        "score_between": [score, score],
        "not_computed": None,
    }
    return found, always


class _TooLargeError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Parts:
    margin: IntArray
    totals: IntArray
    always: BoolArray

    def arrange(self, items: list[int]) -> Optimum:
        if len(items) == 1:
            return Optimum(0, 1, items, [items])
        stages = self.stages(items)
        if len(stages) > 1:
            return self.one_after_another(stages)
        groups = self.groups(items)
        if len(groups) > 1:
            return self.interleaved([self.arrange(group) for group in groups])
        if len(items) > MAX_ITEMS:
            raise _TooLargeError(f"{len(items)} items beat each other in circles; up to {MAX_ITEMS} are searched")
        found, self.always[np.ix_(items, items)] = fewest_contradictions(
            self.margin[np.ix_(items, items)], self.totals[items]
        )
        orders = [[items[index] for index in order] for order in found.orders]
        return Optimum(found.excess, found.n_optimal, [items[index] for index in found.order], orders)

    def stages(self, items: list[int]) -> list[list[int]]:
        signs = np.sign(self.margin[np.ix_(items, items)])
        by_wins = np.argsort(-signs.sum(axis=1), kind="stable")
        beats = signs[np.ix_(by_wins, by_wins)] > 0
        cuts = [0, *(k for k in range(1, len(items)) if beats[:k, k:].all()), len(items)]
        names = [items[index] for index in by_wins]
        return [names[start:stop] for start, stop in pairwise(cuts)]

    def groups(self, items: list[int]) -> list[list[int]]:
        left, groups = set(items), []
        for item in items:
            if item not in left:
                continue
            group = [item]
            left.remove(item)
            for member in group:
                joined = [other for other in left if self.margin[member, other] != 0]
                group += joined
                left.difference_update(joined)
            groups.append(sorted(group))
        return groups

    def one_after_another(self, stages: list[list[int]]) -> Optimum:
        parts = []
        for index, stage in enumerate(stages):
            below = [item for later in stages[index + 1 :] for item in later]
            self.always[np.ix_(stage, below)] = True
            parts.append(self.arrange(stage))
        n_optimal = prod(part.n_optimal for part in parts)
        chains = product(*(part.orders for part in parts)) if n_optimal <= MAX_ORDERS else []
        orders = [[item for order in chain for item in order] for chain in chains]
        order = [item for part in parts for item in part.order]
        return Optimum(sum(part.excess for part in parts), n_optimal, order, orders)

    def interleaved(self, parts: list[Optimum]) -> Optimum:
        n_optimal = factorial(sum(len(part.order) for part in parts))
        for part in parts:
            n_optimal = n_optimal // factorial(len(part.order)) * part.n_optimal
        heads = [list(reversed(part.order)) for part in parts]
        order = []
        while heads:
            best = min(heads, key=lambda rest: (self.totals[rest[-1]], rest[-1]))
            order.append(best.pop())
            heads = [rest for rest in heads if rest]
        orders: list[list[int]] = [[]] if n_optimal <= MAX_ORDERS else []
        for part in parts if orders else []:
            orders = [mixed for one in orders for other in part.orders for mixed in _interleavings(one, other)]
        return Optimum(sum(part.excess for part in parts), n_optimal, order, orders)


def _interleavings(one: Sequence[int], other: Sequence[int]) -> Iterable[list[int]]:
    if not (one and other):
        yield [*one, *other]
        return
    for head, rest, left in ((one[0], one[1:], other), (other[0], one, other[1:])):
        yield from ([head, *order] for order in _interleavings(rest, left))


def orders_between(low: Sequence[int | None], high: Sequence[int | None], number: int | None) -> list[list[int]] | None:
    """Return the orders within these bounds if there are `number` of them, else None.

    Every optimal order is among them, so these are the optimal ones.
    """
    if number is None or number > MAX_ORDERS:
        return None
    bounds = [(first or 1, last or len(low)) for first, last in zip(low, high, strict=True)]
    orders: list[list[int]] = []
    unfinished: list[list[int]] = [[]]
    while unfinished and len(orders) <= number:
        order = unfinished.pop()
        if len(order) == len(bounds):
            orders.append(order)
            continue
        left = [item for item in range(len(bounds)) if item not in order]
        place = len(order) + 1
        if all(last >= at for at, last in enumerate(sorted(bounds[item][1] for item in left), start=place)):
            unfinished += [[*order, item] for item in left if bounds[item][0] <= place <= bounds[item][1]]
    return sorted(orders) if len(orders) == number else None
