"""Decide what else to withhold, so that no count of over 90 % of the ballots can be worked out.

Head-to-heads, average places and the order depend on each other. So for each withheld head-to-head this looks for
another set of head-to-heads from which every published figure follows as well, but in which the count is at most
95 % of the ballots (or, where it is no more than that, another count). If there is none, a further figure is
withheld and the search begins again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from . import agreement, average, pairwise, spread, steps
from .profile import BoolArray, FloatArray, IntArray, Profile
from .windows import FAR, Window, w_per_square, window_of_averages, window_of_cohorts, without

TRIANGLE_WEIGHT = 5  # a triangle is mended by a move of up to two windows by two
MAX_MOVES = 60
MAX_IDLE_MOVES = 15
MAX_SEARCHES = 20  # before more is withheld at once
MAX_MORE_PAIRS = 2  # of an item, before its average is withheld

Pair = tuple[int, int]  # the winner and the loser


def is_nearly_all(count: int, of: int) -> bool:
    return 10 * count > 9 * of


def least_hidden(of: int) -> int:
    return 9 * of // 10 + 1


def most_provable(of: int) -> int:
    return 19 * of // 20


@dataclass
class Withheld:
    """pairs: counts of over 90 %; more_pairs, averages, cohorts: others that would give these away.

    smallest_steps: how many ballots a step of places holds at least, by item.
    last_steps: from which place on there is one step, with the ballots that leave the item off.
    """

    pairs: list[Pair]
    smallest_steps: list[int]
    more_pairs: list[Pair] = field(default_factory=list)
    last_steps: dict[int, int] = field(default_factory=dict)
    averages: set[int] = field(default_factory=set)
    cohorts: set[int] = field(default_factory=set)
    kendall_w: bool = False
    same_order: bool = False

    @property
    def all_pairs(self) -> list[Pair]:
        return [*self.pairs, *self.more_pairs]


def withheld(profile: Profile, splits: Sequence[Sequence[BoolArray]]) -> Withheld:
    """Return what to withhold. Where more than half of the head-to-heads are over 90 %, that is all of them.

    splits: for each way of dividing the ballots whose average places are published, its parts.
    """
    n, m = profile.used, profile.m
    support = pairwise.support(profile)
    pairs = [(i, j) for i in range(m) for j in range(m) if is_nearly_all(int(support[i, j]), n)]
    found = Withheld(pairs, [steps.SMALLEST_STEP] * m)
    if least_hidden(n) > most_provable(n):  # of 10 ballots, more than 90 % can only be all
        return found
    search = _Search(profile, support, splits, found)
    is_one_mind = 4 * len(pairs) > m * (m - 1)
    if is_one_mind or not search.makes_safe():
        search.withhold_all_pairs()
        if is_one_mind or not search.makes_safe():
            search.withhold_all()
    search.hide_who_ranked()
    return found


@dataclass
class _World:
    """Another set of head-to-heads; `trouble` is how far it is from giving the published figures."""

    support: IntArray
    trouble: float = 0.0


class _Search:
    def __init__(
        self, profile: Profile, support: IntArray, splits: Sequence[Sequence[BoolArray]], found: Withheld
    ) -> None:
        self.profile, self.support, self.found = profile, support, found
        self.n, self.m = profile.used, profile.m
        self.totals = average.doubled_totals(profile)
        self.order = np.argsort(self.totals, kind="stable")
        self.is_level = np.diff(self.totals[self.order]) == 0
        self.is_tied = (support + support.T + self.n * np.eye(self.m, dtype=int) < self.n).any(axis=1)
        self.is_strict = not self.is_tied.any()
        self.safe: set[Pair] = set()
        self.searches = 0
        self.counts = spread.places_given(profile)
        self.averages = window_of_averages(self.totals, self.n)
        self.cohorts = window_of_cohorts(profile, splits)
        self.w = agreement.kendall_w(profile, self.totals)
        self.squares = int((self.totals**2).sum())
        self.w_per_square = w_per_square(profile)
        self.same_order = _same_order(support)
        i, j = np.indices((self.m, self.m))
        self.is_triangle = (i[:, :, None] != i[None]) & (j[:, :, None] != j[None]) & (i[:, :, None] != j[None])

    def makes_safe(self) -> bool:
        """Withhold figures until there is another world for each pair. Return False if that does not help."""
        self.searches = 0
        return all(self._is_made_safe(pair) for pair in self.found.pairs)

    def _is_made_safe(self, pair: Pair) -> bool:
        while pair not in self.safe:
            self.searches += 1
            if self.searches > MAX_SEARCHES:
                return False
            worlds = list(self._worlds(pair))
            for world in worlds:
                if not world.trouble:
                    self.safe |= {each for each in self.found.pairs if self._is_hidden_by(world.support, each)}
            if pair not in self.safe and not (
                worlds and self._withhold_more(min(worlds, key=lambda world: world.trouble), pair)
            ):
                return False
        return True

    def withhold_all_pairs(self) -> None:
        every = range(self.m)
        margin = self.support - self.support.T
        self.found.more_pairs = [
            (i, j) for i in every for j in every if margin[i, j] > 0 and (i, j) not in self.found.pairs
        ]

    def withhold_all(self) -> None:
        self.found.smallest_steps = [self.n] * self.m
        self.found.averages, self.found.cohorts = set(range(self.m)), set(range(self.m))
        self.found.kendall_w = self.found.same_order = True

    def hide_who_ranked(self) -> None:
        """Widen the last step of an item that nearly all rank, or withhold its average, until that is not known."""
        for item in range(self.m):
            if not is_nearly_all(sum(self.counts[item]), self.n):
                continue
            groups = self._groups(item)
            while len(groups) > 1 and not self._may_differ(item, groups):
                groups = steps.joined(groups, groups[-2][0], self.m)
            self.found.last_steps[item] = groups[-1][0]
            if not self._may_differ(item, groups):
                self.found.averages.add(item)
                self._withhold_a_pair(item)

    def _groups(self, item: int) -> steps.Groups:
        counts, smallest = self.counts[item], self.found.smallest_steps[item]
        left_off, last = self.n - sum(counts), steps.least_last(self.n)
        return steps.grouped(counts, smallest=smallest, unranked=left_off, last=last)

    def _may_differ(self, item: int, groups: steps.Groups) -> bool:
        """Return whether another number of ballots may leave the item off, and one of 5 % or more."""
        left_off = self.n - sum(self.counts[item])
        windows = self._windows()
        high = min(windows["averages"].high[item], windows["cohorts"].high[item])
        if not any(item in pair for pair in self.found.all_pairs):
            high = self.totals[item]  # which follows from the head-to-heads
        most = min(self.n - least_hidden(self.n), steps.total(self.counts[item], groups[-1:]) + left_off)
        possible = [number for number in range(most + 1) if self._lowest_total(item, groups, number) <= high]
        return any(number != left_off for number in possible) and possible[-1] >= self.n - most_provable(self.n)

    def _lowest_total(self, item: int, groups: steps.Groups, unranked: int) -> int:
        """Return the least doubled total that the steps and the top three allow if so many leave the item off."""
        counts, first = self.counts[item], groups[-1][0]
        each = self.m + 2 if self.is_tied[item] else 2 * self.m  # twice the least mid-rank of what is left off
        known = sum(2 * group[0] * steps.total(counts, [group]) for group in groups[:-1])
        rest = self.n - steps.total(counts, groups[:-1]) - unranked
        top = sum(counts[: steps.TOP])
        in_top = sum(counts[first - 1 : steps.TOP])
        if is_nearly_all(top, self.n):  # then nothing says how many are in the top three
            return known + 2 * first * rest + each * unranked
        after = min(max(first, steps.TOP + 1), self.m)
        return known + 2 * first * in_top + 2 * after * (rest - in_top) + each * unranked

    # what the published figures say

    def _windows(self) -> dict[str, Window]:
        """Return the windows of averages, cohorts and steps that are still published."""
        rooms = [
            steps.room(row, steps.grouped(row, smallest=smallest))
            for row, smallest in zip(self.counts, self.found.smallest_steps, strict=True)
        ]
        lower, higher = np.array(rooms, dtype=np.int64).T
        return {
            "averages": without(self.averages, self.found.averages),
            "cohorts": without(self.cohorts, self.found.averages | self.found.cohorts),
            "steps": Window(self.totals - 2 * lower, self.totals + 2 * higher),
        }

    def _is_hidden_by(self, support: IntArray, pair: Pair) -> bool:
        count, true = int(support[pair]), int(self.support[pair])
        return count != true and min(count, true) <= most_provable(self.n)

    def _bounds(self, pair: Pair) -> Iterable[Pair]:
        """Return the ranges in which another count of the pair would do."""
        count, least, most = int(self.support[pair]), least_hidden(self.n), most_provable(self.n)
        if count > most:
            return [(least, most)]
        return [bounds for bounds in ((least, count - 1), (count + 1, self.n)) if bounds[0] <= bounds[1]]

    # the search

    def _worlds(self, target: Pair) -> Iterable[_World]:
        for least, most in self._bounds(target):
            support = self.support.copy()
            i, j = target
            change = int(np.clip(support[i, j], least, most)) - int(support[i, j])
            support[i, j] += change
            support[j, i] = max(0, int(support[j, i]) - change)
            if support[i, j] + support[j, i] <= self.n:
                yield self._repaired(support, {target: (least, most)})

    def _repaired(self, support: IntArray, bounds: dict[Pair, Pair]) -> _World:
        """Return the best world that single moves of withheld counts lead to; equal ones are tried once."""
        windows = list(self._windows().values())
        moves = self._moves()
        best = _World(support, self._trouble(support, windows))
        seen, idle = {support.tobytes()}, 0
        for _ in range(MAX_MOVES):
            if not best.trouble or idle > MAX_IDLE_MOVES or not len(moves):
                break
            allowed = moves[self._is_allowed(support, moves, bounds)]
            if not len(allowed):
                break
            after = self._trouble_after(support, allowed, windows)
            for number in np.argsort(after, kind="stable")[:8].tolist():
                i, j, more, less = allowed[number].tolist()
                moved = support.copy()
                moved[i, j] += more
                moved[j, i] += less
                if moved.tobytes() not in seen:
                    break
            else:
                break
            support = moved
            seen.add(support.tobytes())
            trouble = self._trouble(support, windows)
            idle = 0 if trouble < best.trouble else idle + 1
            if trouble < best.trouble:
                best = _World(support, trouble)
        return best

    def _moves(self) -> IntArray:
        """Return rows of winner, loser, change of the winner's count and of the loser's."""
        kinds = [(-1, 1), (1, -1)] if self.is_strict else [(-1, 1), (1, -1), (-1, 0), (1, 0), (0, 1), (0, -1)]
        rows = [(*pair, *kind) for pair in self.found.all_pairs for kind in kinds]
        return np.array(rows, dtype=np.int64).reshape(-1, 4)

    def _is_allowed(self, support: IntArray, moves: IntArray, bounds: dict[Pair, Pair]) -> BoolArray:
        i, j, more, less = moves.T
        won, lost = support[i, j] + more, support[j, i] + less
        least = np.full(len(moves), least_hidden(self.n))
        most = np.full(len(moves), self.n)
        for pair in self.found.more_pairs:
            least[(i == pair[0]) & (j == pair[1])] = 0
        for pair, (low, high) in bounds.items():
            least[(i == pair[0]) & (j == pair[1])] = low
            most[(i == pair[0]) & (j == pair[1])] = high
        allowed: BoolArray = (won >= least) & (won <= most) & (lost >= 0) & (won + lost <= self.n) & (won > lost)
        return allowed

    def _totals(self, support: IntArray) -> IntArray:
        return average.doubled_totals_from_support(support, self.n)

    def _trouble(self, support: IntArray, windows: Sequence[Window]) -> float:
        totals = self._totals(support)
        trouble = float(self._trouble_of_totals(totals[None], windows)[0])
        if not self.found.same_order:
            trouble += self._trouble_of_same_order(support)
        return trouble + TRIANGLE_WEIGHT * float(np.maximum(-self._triangles(support), 0).sum())

    def _trouble_of_totals(self, totals: IntArray, windows: Sequence[Window]) -> FloatArray:
        """Return the trouble of each row of totals: windows, order and Kendall's W."""
        trouble = np.zeros(len(totals))
        for window in windows:
            trouble += window.excess(totals).sum(axis=1)
        gaps = np.diff(totals[:, self.order], axis=1)
        trouble += np.where(self.is_level, np.abs(gaps), np.maximum(1 - gaps, 0)).sum(axis=1)
        if self.w is not None and not self.found.kendall_w:
            squares = (totals**2).sum(axis=1)
            w = self.w + (squares - self.squares) * self.w_per_square
            per_move = 4 * self.n * self.m * self.w_per_square
            trouble += np.maximum(np.abs(w - round(self.w, 2)) - 0.005, 0) / per_move
        return trouble

    def _trouble_of_same_order(self, support: IntArray) -> float:
        if self.same_order is None:
            return 0.0
        off = abs((_same_order(support) or 0.0) - round(self.same_order, 2))
        return max(0.0, off - 0.005) * self.n * self.m * self.m / 4

    def _triangles(self, support: IntArray) -> IntArray:
        """Return by how many ballots j over i and i over k exceed j over k, which they never fall short of."""
        slack = support[:, :, None] + support[None, :, :] - support[:, None, :]
        return np.where(self.is_triangle, slack, FAR)

    def _trouble_after(self, support: IntArray, moves: IntArray, windows: Sequence[Window]) -> FloatArray:
        """Return the trouble after each move, but for that of W and same order, which barely changes."""
        i, j, more, less = moves.T
        totals = np.repeat(self._totals(support)[None], len(moves), axis=0)
        rows = np.arange(len(moves))
        totals[rows, i] -= more - less
        totals[rows, j] += more - less
        trouble = self._trouble_of_totals(totals, windows)
        slack = self._triangles(support)
        fewer, none = slack < 0, slack <= 0
        gain = none.sum(axis=1) - fewer.sum(axis=2) - fewer.sum(axis=0)
        loss = none.sum(axis=2) + none.sum(axis=0) - fewer.sum(axis=1)
        for one, other, change in ((i, j, more), (j, i, less)):
            bends = np.where(change > 0, gain[one, other], np.where(change < 0, loss[one, other], 0))
            trouble += TRIANGLE_WEIGHT * bends
        if not self.found.same_order and self.same_order is not None:
            target = round(self.same_order, 2)
            now = _same_order(support) or 0.0
            if abs(now - target) > 0.005:
                toward = np.sign(target - now) * more
                trouble -= 0.5 * toward
        return trouble

    # what to withhold next

    def _withhold_more(self, world: _World, target: Pair) -> bool:
        """Withhold the figure that the world contradicts most. Return False if none is left."""
        found = self.found
        totals = self._totals(world.support)
        excess = {name: window.excess(totals) for name, window in self._windows().items()}
        worst = {name: int(each.argmax()) for name, each in excess.items() if each.any()}
        for item in target:
            if self._pairs_of(item) < MAX_MORE_PAIRS and self._withhold_a_pair(item):
                return True
        if "steps" in worst:
            found.smallest_steps[worst["steps"]] *= 2
        elif self.w is not None and not found.kendall_w and self._is_off(world, "kendall_w"):
            found.kendall_w = True
        elif self.same_order is not None and not found.same_order and self._is_off(world, "same_order"):
            found.same_order = True
        elif "cohorts" in worst:
            found.cohorts.add(worst["cohorts"])
        elif "averages" in worst:
            found.averages.add(worst["averages"])
        else:
            return self._withhold_what_is_in_the_way(world, target)
        return True

    def _is_off(self, world: _World, name: str) -> bool:
        """Return whether the world would fit better without this figure."""
        setattr(self.found, name, True)
        without = self._trouble(world.support, list(self._windows().values()))
        setattr(self.found, name, False)
        return without < world.trouble

    def _pairs_of(self, item: int) -> int:
        return sum(item in pair for pair in self.found.more_pairs)

    def _withhold_what_is_in_the_way(self, world: _World, target: Pair) -> bool:
        """Withhold a count of a triangle or of neighbors in the order that the world contradicts."""
        slack = self._triangles(world.support)
        if slack.min() < 0:
            j, i, k = np.unravel_index(int(slack.argmin()), slack.shape)
            if any(self._withhold_pair(int(one), int(other)) for one, other in ((j, i), (i, k), (j, k))):
                return True
        gaps = np.diff(self._totals(world.support)[self.order])
        blocked = np.flatnonzero(np.where(self.is_level, gaps != 0, gaps < 1))
        items = [int(self.order[at + side]) for at in blocked for side in (0, 1)]
        return any(self._withhold_a_pair(item) for item in [*items, *target])

    def _withhold_a_pair(self, item: int) -> bool:
        """Withhold the most lopsided count of the item that is still published."""
        margin = np.abs(self.support - self.support.T)[item]
        others = sorted(range(self.m), key=lambda other: -int(margin[other]))
        return any(self._withhold_pair(item, other) for other in others)

    def _withhold_pair(self, one: int, other: int) -> bool:
        margin = int(self.support[one, other] - self.support[other, one])
        pair = (one, other) if margin > 0 else (other, one)
        if not margin or pair in self.found.all_pairs:
            return False
        self.found.more_pairs.append(pair)
        return True


def _same_order(support: IntArray) -> float | None:
    same, compared = agreement.same_order(support)
    return same / compared if compared else None
