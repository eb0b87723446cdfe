"""A solver that works out what the public figures of an edition say about the counts that they withhold.

All unknown counts are whole numbers, and what is public is a set of conditions on them. To prove a claim the solver
assumes the opposite and looks for counts that give the same public figures. It takes both lists of an edition together
and is told more than the public knows: where it reads the count of any pair, whether any ballot has ties.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from itertools import pairwise as pairwise_of
from math import ceil, floor

import numpy as np

from mixportal.consensus import Profile, pairwise, words
from mixportal.consensus.withholding import least_hidden, most_provable
from tests.results.integer_program import FAR, ContradictionError, Program, UndecidedError

Claim = tuple[str, str]
Part = tuple[str, ...]  # of a split, by its values
Span = tuple[int, int]  # the first place of a group of tied items, and how many they are

MAX_NUMBERS = 600  # of a list that HiGHS is to search


@dataclass(frozen=True)
class PublicList:
    """What is public of a list, its ballots, and the groups of governments by split."""

    public: dict
    profile: Profile
    splits: Sequence[dict[Part, list[bool]]] = ()


class Solver:
    def __init__(self, *lists: PublicList) -> None:
        self.program = Program()
        self.lists = [UnknownCounts(self.program, each, f"list {number} ") for number, each in enumerate(lists, 1)]
        self.solutions: list[dict[int, int]] = []  # other counts that give the same public figures
        self.undecided = 0
        self.program.finish()

    @property
    def masked(self) -> dict[str, int]:
        return {name: true for each in self.lists for name, true in each.masked.items()}

    def proofs(self) -> list[Claim]:
        """Return what is proved of withheld counts: that they are above 95 %, or which they are."""
        found = []
        for each in self.lists:
            for name, true in each.masked.items():
                if true > most_provable(each.n) and self.excludes(name, 0, most_provable(each.n)):
                    found.append((name, "above 95 %"))
                if self.excludes(name, 0, true - 1) and self.excludes(name, true + 1, each.n):
                    found.append((name, "exactly"))
        return found

    def excludes(self, name: str, low: float, high: float) -> bool:
        """Return whether the public figures prove that the count is not from `low` to `high`."""
        at = self.program.names[name]
        if any(low <= solution[at] <= high for solution in self.solutions if at in solution):
            return False
        try:
            bounds = self.program.narrowed_with(name, low, high)
            if len(self.program.connected(name)) <= MAX_NUMBERS:
                self.solutions.append(self.program.solution(name, *bounds))
        except ContradictionError:
            return True
        except UndecidedError:
            self.undecided += 1
        return False

    def bounds(self) -> dict[str, tuple[float, float]]:
        low, high = self.program.start
        return {name: (low[self.program.names[name]], high[self.program.names[name]]) for name in self.masked}


class UnknownCounts:
    """The unknown counts of one list, and what its public figures say of them."""

    def __init__(self, program: Program, known: PublicList, prefix: str) -> None:
        self.program, self.public, self.profile, self.prefix = program, known.public, known.profile, prefix
        self.n, self.m = self.profile.used, self.profile.m
        self.masked: dict[str, int] = {}  # names of withheld counts, with the true ones
        self.support = pairwise.support(self.profile)
        tied = self.n - self.support - self.support.T
        is_shown = any(count is not None for i, row in enumerate(self.public["support"]) for count in row[:i])
        self.is_strict = is_shown and not tied[~np.eye(self.m, dtype=bool)].any()
        self._pairs()
        self._totals()
        self._cohorts(known.splits)
        self._places()
        self._counts_of_places()
        self._spread()
        self._agreement()

    def _number(self, name: str, low: float, high: float, true: float) -> int:
        return self.program.number(self.prefix + name, low, high, true)

    def _require(self, terms: dict[int, float], low: float, high: float = FAR) -> None:
        self.program.require(terms, low, high)

    def _why(self, figure: str) -> dict[tuple[str, ...], str]:
        return {tuple(each["entries"]): each["why"] for each in self.public["masked"] if each["figure"] == figure}

    # head to head

    def _pairs(self) -> None:
        n, m, why, names = self.n, self.m, self._why("support"), self.public["alternatives"]
        self.pair = np.full((m, m), -1)
        for i in range(m):
            for j in range(m):
                if i == j:
                    continue
                shown = self.public["support"][i][j]
                low, high = (0, n) if shown is None else (shown, shown)
                if shown is None and why.get((names[i], names[j])) == "over 90 %":
                    low = least_hidden(n)
                    self.masked[f"{self.prefix}support {i} {j}"] = int(self.support[i, j])
                self.pair[i, j] = self._number(f"support {i} {j}", low, high, int(self.support[i, j]))
        for i, j in combinations(range(m), 2):
            one, other = int(self.pair[i, j]), int(self.pair[j, i])
            self._require({one: 1, other: 1}, n if self.is_strict else 0, n)
            wins = self.public["wins"][i][j] - self.public["wins"][j][i]
            if wins:
                self._require({one: wins, other: -wins}, 1)
            else:
                self._require({one: 1, other: -1}, 0, 0)
        for j in range(m):
            for i in range(m):
                for k in range(m):
                    if len({i, j, k}) == 3 and self.public["support"][j][k] is None:
                        self._require({self.pair[j, i]: 1, self.pair[i, k]: 1, self.pair[j, k]: -1}, 0)

    # totals

    def _totals(self) -> None:
        """Add each item's doubled total, less n (m + 1), so that the squares stay small."""
        n, m = self.n, self.m
        self.mids = self.profile.doubled - (m + 1)
        true = self.mids.sum(axis=0).tolist()
        self.total = [self._number(f"total {i}", -n * (m - 1), n * (m - 1), true[i]) for i in range(m)]
        for i in range(m):
            terms: dict[int, float] = {self.total[i]: 1}
            for j in range(m):
                if i != j:
                    terms |= {int(self.pair[i, j]): 1, int(self.pair[j, i]): -1}
            self._require(terms, 0, 0)
            self._average(self.public["average_place"][i], self.total[i], n)
        self._require(dict.fromkeys(self.total, 1), 0, 0)
        order, place = self.public["order"], self.public["place"]
        for above, below in pairwise_of(order):
            same = place[above] == place[below]
            self._require({self.total[below]: 1, self.total[above]: -1}, 0 if same else 1, 0 if same else FAR)

    def _average(self, shown: float | None, total: int, size: int) -> None:
        if shown is not None:
            exact, half, middle = Fraction(str(shown)), Fraction(1, 20), size * (self.m + 1)
            low, high = ceil((exact - half) * 2 * size) - middle, floor((exact + half) * 2 * size) - middle
            self._require({total: 1}, low, high)

    def _cohorts(self, splits: Sequence[dict[Part, list[bool]]]) -> None:
        """Add the totals of the governments that all public groups put together, which make up each group's."""
        parts = self.public["cohorts"]["parts"]
        if not parts:
            return
        rows = {part: members for shown in splits for part, members in shown.items()}
        members = np.array([rows[tuple(part["values"])] for part in parts])
        cells, cell_of = np.unique(members.T, axis=0, return_inverse=True)
        sizes = np.bincount(cell_of.ravel(), minlength=len(cells))
        m = self.m
        true = [self.mids[cell_of.ravel() == cell].sum(axis=0).tolist() for cell in range(len(cells))]
        totals = [
            [self._number(f"total {i} of cell {at}", -size * (m - 1), size * (m - 1), true[at][i]) for i in range(m)]
            for at, size in enumerate(sizes.tolist())
        ]
        for cell in totals:
            self._require(dict.fromkeys(cell, 1), 0, 0)
        for i in range(m):
            self._require({self.total[i]: -1} | {cell[i]: 1 for cell in totals}, 0, 0)
        by_split: dict[str, list[list[int]]] = defaultdict(list)
        for at, part in enumerate(parts):
            name, size = f"of part {at}", part["size"] * (m - 1)
            inside = [int(self.mids[members[at], i].sum()) for i in range(m)]
            numbers = [self._number(f"total {i} {name}", -size, size, inside[i]) for i in range(m)]
            by_split[part["split"]].append(numbers)
            self._require(dict.fromkeys(numbers, 1), 0, 0)
            for i in range(m):
                of_cells = {totals[cell][i]: 1 for cell in np.flatnonzero(cells[:, at]).tolist()}
                self._require({numbers[i]: -1} | of_cells, 0, 0)
                self._average(part["average"][i], numbers[i], part["size"])
        for of_split in by_split.values():
            for i in range(m):
                self._require({self.total[i]: -1} | {numbers[i]: 1 for numbers in of_split}, 0, 0)

    # places

    def _places(self) -> None:
        """Add how many ballots rank each item in a group of each size at each place, or leave it off.

        The groups of a ballot follow on each other from the first place to the last: a flow.
        """
        n, m = self.n, self.m
        sizes = [1] if self.is_strict else range(1, m + 1)
        spans = [(place, size) for place in range(1, m + 1) for size in sizes if place + size <= m + 1 and size < m]
        ranked, first = self.profile.ranked, self.profile.places
        size_of = self.profile.doubled - 2 * first + 1
        given = {span: (first == span[0]) & (size_of == span[1]) for span in spans}
        last = [span for span in spans if sum(span) == m + 1]
        self.groups, self.given = self._groups("in", {span: given[span] & ranked for span in spans})
        self.left_off, self.not_given = self._groups("off", {span: given[span] & ~ranked for span in last})
        for place in range(1, m + 2):
            terms: dict[int, float] = defaultdict(float)
            for span, number in [*self.groups.items(), *self.left_off.items()]:
                terms[number] += (sum(span) == place) - (span[0] == place)
            ends = n * (place == m + 1) - n * (place == 1)
            self._require(terms, ends, ends)
        most = range(m)
        for items, groups in ((self.given, self.groups), (self.not_given, self.left_off)):
            for span, numbers in items.items():
                self._require(dict.fromkeys(numbers, 1) | {groups[span]: -span[1]}, 0, 0)
                if not self.is_strict:
                    for number in numbers:
                        self._require({groups[span]: 1, number: -1}, 0)
        ties: dict[int, float] = {
            number: size * (size - 1) / 2
            for of in (self.groups, self.left_off)
            for (_, size), number in of.items()
            if size > 1
        }
        apart = {int(self.pair[i, j]): 1 for i in most for j in most if i != j}
        self._require(apart | ties, n * m * (m - 1) / 2, n * m * (m - 1) / 2)

    def _groups(self, word: str, tables: dict[Span, np.ndarray]) -> tuple[dict[Span, int], dict[Span, list[int]]]:
        """Return the numbers of groups at each span of places, and of groups that each item is in."""
        groups: dict[Span, int] = {}
        items: dict[Span, list[int]] = {}
        for span, table in tables.items():
            counts = [int(table.any(axis=1).sum()), *table.sum(axis=0).tolist()]
            names = [f"groups {word} {span}", *(f"item {i} {word} {span}" for i in range(self.m))]
            pairs = zip(names, counts, strict=True)
            groups[span], *items[span] = (self._number(name, 0, self.n, count) for name, count in pairs)
        return groups, items

    def _mids(self, i: int) -> dict[int, dict[int, float]]:
        """Return the numbers that make up how many ballots give the item each doubled mid-rank."""
        found: dict[int, dict[int, float]] = defaultdict(dict)
        for of in (self.given, self.not_given):
            for (place, size), numbers in of.items():
                found[2 * place + size - 1][numbers[i]] = 1
        return found

    def _sum_of_mids(self, i: int, low: float, high: float) -> dict[int, float]:
        return {number: 1 for mid, terms in self._mids(i).items() if low <= mid <= high for number in terms}

    def _counts_of_places(self) -> None:
        n, m, names = self.n, self.m, self.public["alternatives"]
        mids, ranked, least = self.profile.doubled, self.profile.ranked, least_hidden(n)
        places = np.where(ranked, self.profile.places, 0)
        for i in range(m):
            off: dict[int, float] = {numbers[i]: 1 for numbers in self.not_given.values()}
            counts = [int((places[:, i] == p).sum()) for p in range(1, m + 1)]
            place = [self._number(f"place {i} {p}", 0, n, count) for p, count in enumerate(counts, start=1)]
            for p, number in enumerate(place, start=1):
                inside = {items[i]: 1 for (first, _), items in self.given.items() if first == p}
                self._require(inside | {number: -1}, 0, 0)
            self._require(dict.fromkeys(place, 1) | off, n, n)
            mid = {number: 1.0 * at for at, terms in self._mids(i).items() for number in terms}
            self._require(mid | {self.total[i]: -1}, n * (m + 1), n * (m + 1))
            for key, terms, counted in (
                ("top3", self._sum_of_mids(i, 2, 6), mids[:, i] <= 6),
                ("ranked_by", dict.fromkeys(place, 1.0), ranked[:, i]),
            ):
                shown, why = self.public[key][i], self._why(key).get((names[i],))
                low, high = (shown, shown) if shown is not None else (0, n)
                if why == "over 90 %":
                    low = least
                    if key != "top3" or m > 3:  # of three, all are among the top three
                        self.masked[f"{self.prefix}{key} {i}"] = int(counted.sum())
                number = self._number(f"{key} {i}", low, high, int(counted.sum()))
                self._require(terms | {number: -1}, 0, 0)
            for step in self.public["steps"][i] or []:
                inside = place[step["first"] - 1 : step["last"]]
                held = dict.fromkeys(inside, 1.0) | (off if step["or_unranked"] else {})
                if isinstance(step["ballots"], int):
                    self._require(held, step["ballots"], step["ballots"])
                    if len(inside) > 1:
                        # that a place has no ballot may be known
                        held_at = {p: counts[p - 1] for p in range(step["first"], step["last"] + 1) if counts[p - 1]}
                        self.masked |= {f"{self.prefix}place {i} {p}": count for p, count in held_at.items()}
                elif step["first"] > 1 or step["last"] > 3:
                    self._require(held, least)

    def _spread(self) -> None:
        """Add what quartiles and words say."""
        n, m = self.n, self.m
        for i in range(m):
            for key, share in (("q1", Fraction(1, 4)), ("median", Fraction(1, 2)), ("q3", Fraction(3, 4))):
                if (shown := self.public[key][i]) is not None:
                    position = share * (n - 1)
                    lower, upper = floor(position), ceil(position)  # the ballots on either side
                    self._require(self._sum_of_mids(i, 0, 2 * shown), lower + 1)
                    self._require(self._sum_of_mids(i, 0, 2 * shown - 2), 0, upper)
            word = self.public["word"][i]
            if word is None:
                continue
            few = (n - 1) // 2
            ranked = self.program.names[f"{self.prefix}ranked_by {i}"]
            self._require({ranked: 1}, 0 if word == "few ranked it" else few + 1, few if word == "few ranked it" else n)
            low, high = {"agreed": (0, 0.15), "mixed": (0.15, 0.35), "divided": (0.35, FAR)}.get(word, (0, FAR))
            middle, scale = m + 1, n * (m - 1) ** 2  # polarisation times n
            spread = {number: (mid - middle) ** 2 / scale for mid, terms in self._mids(i).items() for number in terms}
            self._require(spread | {self.program.square(self.total[i]): -1 / (n * scale)}, low, high)

    # agreement

    def _agreement(self) -> None:
        n, m, shown, word = self.n, self.m, self.public["kendall_w"], self.public["agreement_word"]
        low, high = (0.0, 1.0) if shown is None else (shown - 0.005, shown + 0.005)
        if word is not None:
            least, most = next(ends for name, *ends in words.AGREEMENT_WORDS if name == word)
            low, high = max(low, least), min(high, most)
            whole = n * n * m * (m * m - 1)
            ties: dict[int, float] = {
                number: n * size * (size * size - 1) / whole
                for of in (self.groups, self.left_off)
                for (_, size), number in of.items()
                if size > 1
            }
            squares = {self.program.square(total): 3 / whole for total in self.total}
            self._require(squares | {number: low * factor for number, factor in ties.items()}, low)
            self._require(squares | {number: high * factor for number, factor in ties.items()}, -FAR, high)
        self._same_order()

    def _same_order(self) -> None:
        shown, n = self.public["same_order_share"], self.n
        if shown is None:
            return
        # of pairs of ballots: those that order a pair of items alike, and those that order it either way
        alike: dict[int, float] = defaultdict(float)
        either: dict[int, float] = defaultdict(float)
        fixed_alike = fixed_either = 0.0
        for i, j in combinations(range(self.m), 2):
            one, other = int(self.pair[i, j]), int(self.pair[j, i])
            if self.public["support"][i][j] is not None:
                won, lost = self.public["support"][i][j], self.public["support"][j][i]
                fixed_alike += (won * (won - 1) + lost * (lost - 1)) / 2
                fixed_either += won * lost
                continue
            for number in (one, other):
                alike[self.program.square(number)] += 0.5
                alike[number] -= 0.5
                either[self.program.square(number)] -= 0.5
            if self.is_strict:
                fixed_either += n * n / 2
            else:
                both = self._number(f"both {i} {j}", 0, n, int(self.support[i, j] + self.support[j, i]))
                self._require({both: -1, one: 1, other: 1}, 0, 0)
                either[self.program.square(both)] += 0.5
        for side, low, high in ((shown - 0.005, 0, FAR), (shown + 0.005, -FAR, 0)):
            scale = max(1.0, fixed_alike + fixed_either)
            terms = {
                number: ((1 - side) * alike[number] - side * either[number]) / scale for number in {*alike, *either}
            }
            fixed = ((1 - side) * fixed_alike - side * fixed_either) / scale
            if terms:
                self._require(terms, low - fixed, high - fixed)
