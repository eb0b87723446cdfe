from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .profile import BoolArray, IntArray

MAX_ORDERS = 12  # listed; all are counted


@dataclass(frozen=True, slots=True)
class Optimum:
    excess: int
    n_optimal: int
    order: list[int]
    orders: list[list[int]]  # none if over MAX_ORDERS


@dataclass(frozen=True, eq=False, slots=True)
class _Layer:
    subsets: IntArray
    start: npt.NDArray[np.int32]  # index into subsets, one per step
    item: npt.NDArray[np.int8]
    end: npt.NDArray[np.int32]


def fewest_contradictions(margin: IntArray, totals: IntArray) -> tuple[Optimum, BoolArray]:
    """Return all optimal orders of m <= 20 items by branch and bound over subsets.

    Drop a subset that costs more than a known order. Cost is disagreements above the pairs'
    minorities. `order` takes the lowest of `totals` at each step. Also return which item is above
    which in all.
    """
    m = len(margin)
    limit = _good_order_cost(margin, totals)
    cost_of_above = np.maximum(margin, 0)  # [j, i]: placing i above j
    unavoidable = cost_of_above.sum(axis=0)
    bits = np.arange(m)
    subsets, cost, ways = np.zeros(1, np.int64), np.zeros(1, np.int64), np.ones(1, np.int64)
    layers: list[_Layer] = []
    for _ in range(m):
        inside = (subsets[:, None] >> bits) & 1
        # float64 is faster and exact: margins are far below 2^53
        saved = (inside.astype(np.float64) @ cost_of_above.astype(np.float64)).astype(np.int64)
        next_cost = cost[:, None] + unavoidable - saved
        next_cost[inside == 1] = limit + 1
        start, item = np.nonzero(next_cost <= limit)
        step_cost = next_cost[start, item]
        next_subsets, end = _distinct(subsets[start] | (1 << item), m)
        cost = np.full(len(next_subsets), limit + 1)
        np.minimum.at(cost, end, step_cost)
        tight = np.flatnonzero(step_cost == cost[end])
        start, item, end = start[tight], item[tight], end[tight]
        next_ways = np.zeros(len(next_subsets), np.int64)
        np.add.at(next_ways, end, ways[start])
        layers.append(_Layer(subsets, start.astype(np.int32), item.astype(np.int8), end.astype(np.int32)))
        subsets, ways = next_subsets, next_ways
    layers = _optimal_only(layers)
    n_optimal = int(ways[0])
    orders = _all_orders(layers) if n_optimal <= MAX_ORDERS else []
    return Optimum(int(cost[0]), n_optimal, _one_order(layers, totals), orders), _always(layers, m)


def _good_order_cost(margin: IntArray, totals: IntArray) -> int:
    order: list[int] = np.argsort(totals, kind="stable").tolist()
    has_moved = True
    while has_moved:
        has_moved = False
        for spot in range(len(order)):
            item = order.pop(spot)
            cost_after = np.append(0, margin[item, order].cumsum())
            best = int(cost_after.argmin())
            is_better = bool(cost_after[best] < cost_after[spot])
            order.insert(best if is_better else spot, item)
            has_moved = has_moved or is_better
    return int(np.tril(np.maximum(margin, 0)[np.ix_(order, order)]).sum())


def _distinct(subsets: IntArray, m: int) -> tuple[IntArray, npt.NDArray[np.intp]]:
    if len(subsets) << 5 < 1 << m:
        return np.unique(subsets, return_inverse=True)
    seen = np.zeros(1 << m, np.bool_)
    seen[subsets] = True
    distinct = np.flatnonzero(seen)
    index = np.empty(1 << m, np.intp)
    index[distinct] = np.arange(len(distinct))
    return distinct, index[subsets]


def _optimal_only(layers: list[_Layer]) -> list[_Layer]:
    kept: list[_Layer] = []
    live = np.ones(1, np.bool_)
    for layer in reversed(layers):
        on = live[layer.end]
        live = np.zeros(len(layer.subsets), np.bool_)
        live[layer.start[on]] = True
        kept.append(_Layer(layer.subsets, layer.start[on], layer.item[on], layer.end[on]))
    return kept[::-1]


def _always(layers: list[_Layer], m: int) -> BoolArray:
    above = np.zeros(m, np.int64)  # bit j of entry i: j is above i in some optimum
    for layer in layers:
        np.bitwise_or.at(above, layer.item, layer.subsets[layer.start])
    sometimes = ((above[:, None] >> np.arange(m)) & 1).astype(np.bool_)
    never = ~sometimes
    np.fill_diagonal(never, False)
    return never


def _one_order(layers: list[_Layer], totals: IntArray) -> list[int]:
    order: list[int] = []
    at = 0
    for layer in layers:
        steps = np.flatnonzero(layer.start == at)
        step = min(steps.tolist(), key=lambda step: (totals[layer.item[step]], layer.item[step]))
        order.append(int(layer.item[step]))
        at = int(layer.end[step])
    return order


def _all_orders(layers: list[_Layer]) -> list[list[int]]:
    found: list[tuple[int, list[int]]] = [(0, [])]
    for layer in layers:
        steps = list(zip(layer.start.tolist(), layer.item.tolist(), layer.end.tolist(), strict=True))
        found = [(end, [*order, item]) for at, order in found for start, item, end in steps if start == at]
    return [order for _, order in found]
