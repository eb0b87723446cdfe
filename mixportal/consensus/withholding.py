from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from . import agreement, average, pairwise, spread, steps
from .profile import BoolArray, FloatArray, IntArray, Profile
from .windows import FAR, Window, w_per_square, window_of_averages, window_of_cohorts, without

WEIGHT_OF_TRIANGLES = 5
MAX_SHORT, MAX_SHORT_OF_FEW = 4, 5  # items; the figures of so few determine each other
FEW = 30  # ballots
MAX_MOVES = 40
MAX_SEARCHES = 20
MAX_MORE_PAIRS = 2  # before an item's average is withheld

Pair = tuple[int, int]  # winner and loser


class World(NamedTuple):
    """Other counts of pairs."""

    contradiction: float  # of published figures
    support: IntArray


def is_nearly_all(count: int, of: int) -> bool:
    return 10 * count > 9 * of


def least_hidden(of: int) -> int:
    return 9 * of // 10 + 1


def most_provable(of: int) -> int:
    return 19 * of // 20


@dataclass
class Withheld:
    pairs: list[Pair]  # over 90 %
    smallest_steps: list[int]  # least ballots in a step, by item
    more_pairs: list[Pair] = field(default_factory=list)  # which would give these away
    last_steps: dict[int, int] = field(default_factory=dict)  # from which place, by item
    averages: set[int] = field(default_factory=set)  # of groups too
    averages_of_groups: set[int] = field(default_factory=set)
    kendall_w: bool = False
    same_order: bool = False
    places: bool = False  # the top three, who ranked it, and steps

    @property
    def all_pairs(self) -> list[Pair]:
        return [*self.pairs, *self.more_pairs]


def withheld(profile: Profile, splits: Sequence[Sequence[BoolArray]]) -> Withheld:
    """Return what to withhold, so that no count of over 90 % of the ballots can be worked out.

    `splits` has the parts of each published division. For each withheld count this moves single
    ballots until every published figure is the same with a count of at most 95 % (or another one).
    If that fails, one more figure is withheld and the search begins again.
    """
    n, m = profile.used, profile.m
    support = pairwise.support(profile)
    pairs = [(i, j) for i in range(m) for j in range(m) if is_nearly_all(int(support[i, j]), n)]
    found = Withheld(pairs, [steps.SMALLEST_STEP] * m)
    if least_hidden(n) > most_provable(n):  # of 10 ballots, over 90 % are all
        return found
    search = _Search(profile, support, splits, found)
    if m <= (MAX_SHORT_OF_FEW if n <= FEW else MAX_SHORT):
        found.smallest_steps = [n] * m
        found.places = search.has_count_over_90()
    is_one_mind = 4 * len(pairs) > m * (m - 1) or found.places
    if is_one_mind or not search.makes_safe():
        search.withhold_all_pairs()
        if is_one_mind or not search.makes_safe():
            search.withhold_all()
    search.hide_who_ranked()
    return found


class _Search:
    def __init__(
        self,
        profile: Profile,
        support: IntArray,
        splits: Sequence[Sequence[BoolArray]],
        found: Withheld,
    ) -> None:
        self.support, self.found = support, found
        self.n, self.m = profile.used, profile.m
        self.totals = average.doubled_totals(profile)
        self.order = np.argsort(self.totals, kind="stable")
        self.is_level = np.diff(self.totals[self.order]) == 0
        self.is_tied = (support + support.T + self.n * np.eye(self.m, dtype=int) < self.n).any(axis=1)
        self.safe: set[Pair] = set()
        self.counts = spread.places_given(profile)
        self.top3 = spread.top_three(spread.distribution(profile))
        self.averages = window_of_averages(self.totals, self.n)
        self.cohorts = window_of_cohorts(profile, splits)
        self.w = agreement.kendall_w(profile, self.totals) or 0.0
        self.squares = int((self.totals**2).sum())
        self.w_per_square = w_per_square(profile)
        i, j = np.indices((self.m, self.m))
        self.is_triangle = (i[:, :, None] != i[None]) & (j[:, :, None] != j[None]) & (i[:, :, None] != j[None])

    def makes_safe(self) -> bool:
        """Withhold figures until each pair has another world. Return False if one has none."""
        searches = 0
        for pair in self.found.pairs:
            while pair not in self.safe:
                searches += 1
                worlds = list(self._worlds(pair))
                if searches > MAX_SEARCHES or not worlds:
                    return False
                for world in worlds:
                    if not world.contradiction:
                        self.safe |= {each for each in self.found.pairs if self._is_hidden_by(world, each)}
                nearest = min(worlds, key=lambda world: world.contradiction)
                if pair not in self.safe and not self._withhold_more(nearest.support, pair):
                    return False
        return True

    def has_count_over_90(self) -> bool:
        """Return whether a count is withheld that is not hidden as it is on ballots without ties."""
        counts = [sum(row) for row in self.counts] if self.is_tied.any() else []
        counts += self.top3 if self.m > steps.TOP else []
        return bool(self.found.pairs) or any(is_nearly_all(count, self.n) for count in counts)

    def withhold_all_pairs(self) -> None:
        wins = np.argwhere(self.support > self.support.T).tolist()
        self.found.more_pairs = [(i, j) for i, j in wins if (i, j) not in self.found.pairs]

    def withhold_all(self) -> None:
        self.found.smallest_steps = [self.n] * self.m
        self.found.averages = set(range(self.m))
        self.found.kendall_w = self.found.same_order = True

    def hide_who_ranked(self) -> None:
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
            # all averages add up, so those of the other items may give it away
            if not self._may_differ(item, groups):
                self.found.averages_of_groups = set(range(self.m))
            if not self._may_differ(item, groups):
                self.found.averages = set(range(self.m))

    def _groups(self, item: int) -> steps.Groups:
        counts, smallest = self.counts[item], self.found.smallest_steps[item]
        left_off, last = self.n - sum(counts), steps.least_last(self.n)
        return steps.grouped(counts, smallest=smallest, unranked=left_off, last=last)

    def _may_differ(self, item: int, groups: steps.Groups) -> bool:
        left_off = self.n - sum(self.counts[item])
        windows = self._windows()
        high = min(self._highest_total(windows[key], item) for key in ("averages", "cohorts"))
        if not any(item in pair for pair in self.found.all_pairs):
            high = self.totals[item]  # by the head-to-heads
        most = min(self.n - least_hidden(self.n), steps.total(self.counts[item], groups[-1:]) + left_off)
        possible = [number for number in range(most + 1) if self._lowest_total(item, groups, number) <= high]
        return any(number != left_off for number in possible) and possible[-1] >= self.n - most_provable(self.n)

    def _highest_total(self, window: Window, item: int) -> int:
        """Return the greatest doubled total that is left by the averages of the item and of all others."""
        others = int(window.low.sum() - window.low[item])
        return min(int(window.high[item]), self.n * self.m * (self.m + 1) - others)

    def _lowest_total(self, item: int, groups: steps.Groups, unranked: int) -> int:
        """Return the least doubled total if `unranked` ballots leave the item off."""
        counts, first = self.counts[item], groups[-1][0]
        each = self.m + 2 if self.is_tied[item] else 2 * self.m
        known = sum(2 * group[0] * steps.total(counts, [group]) for group in groups[:-1])
        rest = self.n - steps.total(counts, groups[:-1]) - unranked
        top = sum(counts[: steps.TOP])
        in_top = sum(counts[first - 1 : steps.TOP])
        if is_nearly_all(top, self.n):  # then the top three is withheld
            return known + 2 * first * rest + each * unranked
        after = min(max(first, steps.TOP + 1), self.m)
        return known + 2 * first * in_top + 2 * after * (rest - in_top) + each * unranked

    def _windows(self) -> dict[str, Window]:
        leeways = [
            steps.leeway(row, steps.grouped(row, smallest=smallest))
            for row, smallest in zip(self.counts, self.found.smallest_steps, strict=True)
        ]
        lower, higher = np.array(leeways, dtype=np.int64).T
        return {
            "averages": without(self.averages, self.found.averages),
            "cohorts": without(self.cohorts, self.found.averages | self.found.averages_of_groups),
            "steps": Window(self.totals - 2 * lower, self.totals + 2 * higher),
        }

    def _is_hidden_by(self, world: World, pair: Pair) -> bool:
        count, true = int(world.support[pair]), int(self.support[pair])
        return count != true and min(count, true) <= most_provable(self.n)

    def _worlds(self, target: Pair) -> Iterable[World]:
        count, least, most = int(self.support[target]), least_hidden(self.n), most_provable(self.n)
        for low, high in [(least, most)] if count > most else [(least, count - 1), (count + 1, self.n)]:
            support = self.support.copy()
            support[target] = np.clip(count, low, high)
            support[target[::-1]] = max(0, int(support[target[::-1]]) + count - int(support[target]))
            if low <= high and support[target] + support[target[::-1]] <= self.n:
                yield self._nearest_world(support, target, low, high)

    def _nearest_world(self, support: IntArray, target: Pair, low: int, high: int) -> World:
        """Move single ballots of withheld pairs so that less is contradicted."""
        least = np.full_like(support, least_hidden(self.n))
        most = np.full_like(support, self.n)
        for pair in self.found.more_pairs:
            least[pair] = 0
        least[target], most[target] = low, high
        windows = list(self._windows().values())
        moves = self._moves()
        i, j, more, less = moves.T
        best = World(self._contradiction(support, windows), support)
        seen = {support.tobytes()}
        for _ in range(MAX_MOVES):
            won, lost = support[i, j] + more, support[j, i] + less
            is_within = (won >= least[i, j]) & (won <= most[i, j]) & (won + lost <= self.n)
            allowed = moves[is_within & (lost >= 0) & (won > lost)]
            if not best.contradiction or not len(allowed):
                break
            after = self._contradictions_after(support, allowed, windows)
            nearest = [_moved(support, move) for move in allowed[np.argsort(after, kind="stable")[:8]]]
            new = next((moved for moved in nearest if moved.tobytes() not in seen), None)
            if new is None:
                break
            support = new
            seen.add(support.tobytes())
            world = World(self._contradiction(support, windows), support)
            best = min(best, world, key=lambda world: world.contradiction)
        return best

    def _moves(self) -> IntArray:
        kinds = [(-1, 1), (1, -1)]
        if self.is_tied.any():
            kinds += [(-1, 0), (1, 0), (0, 1), (0, -1)]
        rows = [(*pair, *kind) for pair in self.found.all_pairs for kind in kinds]
        return np.array(rows, dtype=np.int64).reshape(-1, 4)

    def _totals(self, support: IntArray) -> IntArray:
        return average.doubled_totals_from_support(support, self.n)

    def _contradiction(self, support: IntArray, windows: Sequence[Window]) -> float:
        contradiction = float(self._contradictions_of_totals(self._totals(support)[None], windows)[0])
        if not self.found.same_order:
            off = abs(_same_order(support) - round(_same_order(self.support), 2))
            contradiction += max(0.0, off - 0.005) * self.n * self.m * self.m / 4
        return contradiction + WEIGHT_OF_TRIANGLES * float(np.maximum(-self._triangles(support), 0).sum())

    def _contradictions_of_totals(self, totals: IntArray, windows: Sequence[Window]) -> FloatArray:
        contradictions = np.zeros(len(totals))
        for window in windows:
            contradictions += window.excess(totals).sum(axis=1)
        gaps = np.diff(totals[:, self.order], axis=1)
        contradictions += np.where(self.is_level, np.abs(gaps), np.maximum(1 - gaps, 0)).sum(axis=1)
        if not self.found.kendall_w:
            w = self.w + ((totals**2).sum(axis=1) - self.squares) * self.w_per_square
            per_move = 4 * self.n * self.m * self.w_per_square
            contradictions += np.maximum(np.abs(w - round(self.w, 2)) - 0.005, 0) / per_move
        return contradictions

    def _triangles(self, support: IntArray) -> IntArray:
        """Return by how many ballots j over i and i over k exceed j over k: at least 0."""
        slack = support[:, :, None] + support[None, :, :] - support[:, None, :]
        return np.where(self.is_triangle, slack, FAR)

    def _contradictions_after(self, support: IntArray, moves: IntArray, windows: Sequence[Window]) -> FloatArray:
        """Leave out same_order, which barely changes."""
        i, j, more, less = moves.T
        rows = np.arange(len(moves))
        totals = np.tile(self._totals(support), (len(moves), 1))
        totals[rows, i] -= more - less
        totals[rows, j] += more - less
        contradictions = self._contradictions_of_totals(totals, windows)
        slack = self._triangles(support)
        fewer, none = slack < 0, slack <= 0
        gain = none.sum(axis=1) - fewer.sum(axis=2) - fewer.sum(axis=0)
        loss = none.sum(axis=2) + none.sum(axis=0) - fewer.sum(axis=1)
        for one, other, change in ((i, j, more), (j, i, less)):
            contradictions += WEIGHT_OF_TRIANGLES * np.select(
                [change > 0, change < 0], [gain[one, other], loss[one, other]]
            )
        return contradictions

    def _withhold_more(self, support: IntArray, target: Pair) -> bool:
        """Withhold a figure that the world contradicts, if one is left."""
        found, windows, totals = self.found, self._windows(), self._totals(support)
        in_steps, in_averages = windows["steps"].excess(totals), windows["averages"].excess(totals)
        for item in target:
            if sum(item in pair for pair in found.more_pairs) < MAX_MORE_PAIRS and self._withhold_a_pair(item):
                return True
        in_steps[np.array(found.smallest_steps) >= self.n] = 0
        if in_steps.any():
            widest = int(in_steps.argmax())
            found.smallest_steps[widest] = min(2 * found.smallest_steps[widest], self.n)
        elif not found.kendall_w:
            found.kendall_w = True
        elif not found.same_order:
            found.same_order = True
        elif in_averages.any():
            found.averages.add(int(in_averages.argmax()))
        else:
            return any(self._withhold_a_pair(item) for item in target)
        return True

    def _withhold_a_pair(self, item: int) -> bool:
        """Withhold its widest margin that is still shown."""
        margins = self.support[item] - self.support[:, item]
        for other in np.argsort(-np.abs(margins), kind="stable").tolist():
            pair = (item, other) if margins[other] > 0 else (other, item)
            if margins[other] and pair not in self.found.all_pairs:
                self.found.more_pairs.append(pair)
                return True
        return False


def _moved(support: IntArray, move: IntArray) -> IntArray:
    i, j, more, less = move.tolist()
    moved = support.copy()
    moved[i, j] += more
    moved[j, i] += less
    return moved


def _same_order(support: IntArray) -> float:
    same, compared = agreement.same_order(support)
    return same / max(compared, 1)
