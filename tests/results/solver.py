"""A solver that works out what the public figures of a tally say about the figures that they withhold.

All unknown counts are whole numbers within bounds, and all that is public is a linear constraint on them. The solver
narrows the bounds until nothing changes; to prove a claim it assumes the opposite and looks for a contradiction. It is
told more than the public knows: whether any ballot has ties, and how ties enter Kendall's W.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise as pairwise_of
from math import ceil, floor

import numpy as np

from mixportal.consensus import Profile, pairwise

MAX_PASSES = 40
Claim = tuple[str, str]


class ContradictionError(Exception):
    """No counts give the public figures."""


class Solver:
    def __init__(self, public: dict, profile: Profile, splits: list[dict[tuple[str, ...], list[bool]]]) -> None:
        """`splits` are the groups by split; only those that the public file shows are used."""
        self.public, self.profile = public, profile
        self.n, self.m = profile.used, profile.m
        self.names: list[str] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[tuple[dict[int, int], float, float]] = []
        support = pairwise.support(profile)
        tied = self.n - support - support.T
        self.is_strict = not tied[~np.eye(self.m, dtype=bool)].any()
        self.masked: dict[str, int] = {}  # names of withheld counts, with the true ones
        self._pairs(support)
        self._totals(splits)
        self._places()
        self._finish()

    # variables and constraints

    def _variable(self, name: str, low: float, high: float) -> int:
        self.names.append(name)
        self.low.append(low)
        self.high.append(high)
        return len(self.names) - 1

    def _constrain(self, terms: dict[int, int], low: float, high: float = np.inf) -> None:
        self.rows.append((terms, low, high))

    def _why(self, figure: str) -> dict[tuple[str, ...], str]:
        return {tuple(each["entries"]): each["why"] for each in self.public["masked"] if each["figure"] == figure}

    def _pairs(self, support: np.ndarray) -> None:
        why, names = self._why("support"), self.public["alternatives"]
        self.pair = np.full((self.m, self.m), -1)
        for i in range(self.m):
            for j in range(self.m):
                if i == j:
                    continue
                shown = self.public["support"][i][j]
                low, high = (0, self.n) if shown is None else (shown, shown)
                over = why.get((names[i], names[j])) == "over 90 %"
                self.pair[i, j] = self._variable(f"support {i} {j}", 9 * self.n // 10 + 1 if over else low, high)
                if over:
                    self.masked[f"support {i} {j}"] = int(support[i, j])
        for i in range(self.m):
            for j in range(i):
                one, other = self.pair[i, j], self.pair[j, i]
                self._constrain({one: 1, other: 1}, self.n if self.is_strict else 0, self.n)
                wins = self.public["wins"][i][j] - self.public["wins"][j][i]
                if wins:
                    self._constrain({one: wins, other: -wins}, 1)
                else:
                    self._constrain({one: 1, other: -1}, 0, 0)
        for j in range(self.m):
            for i in range(self.m):
                for k in range(self.m):
                    if len({i, j, k}) == 3 and self.public["support"][j][k] is None:
                        self._constrain({self.pair[j, i]: 1, self.pair[i, k]: 1, self.pair[j, k]: -1}, 0)

    def _totals(self, splits: list[dict[tuple[str, ...], list[bool]]]) -> None:
        n, m = self.n, self.m
        true = self.profile.doubled.sum(axis=0)
        self.total = [self._variable(f"total {i}", 2 * n, 2 * n * m) for i in range(m)]
        for i in range(m):
            terms = {self.total[i]: 1}
            for j in range(m):
                if i != j:
                    terms |= {self.pair[i, j]: 1, self.pair[j, i]: -1}
            self._constrain(terms, n * (m + 1), n * (m + 1))
            self._average(self.public["average_place"][i], {self.total[i]: 1}, n)
        order, joint = self.public["order"], self.public["place"]
        for above, below in pairwise_of(order):
            same = joint[above] == joint[below]
            self._constrain({self.total[below]: 1, self.total[above]: -1}, 0 if same else 1, 0 if same else np.inf)
        for shown in splits:
            parts = [part for part in self.public["cohorts"]["parts"] if tuple(part["values"]) in shown]
            for i in range(m):
                totals = {}
                for part in parts:
                    name = f"total {i} of {part['values']}"
                    totals[self._variable(name, 2 * part["size"], 2 * m * part["size"])] = 1
                    self._average(part["average"][i], {len(self.names) - 1: 1}, part["size"])
                if totals:
                    self._constrain(totals | {self.total[i]: -1}, 0, 0)
            for part in parts:
                number = [self.names.index(f"total {i} of {part['values']}") for i in range(m)]
                self._constrain(dict.fromkeys(number, 1), part["size"] * m * (m + 1), part["size"] * m * (m + 1))
        self.squares: tuple[float, float] | None = None
        w = self.public["kendall_w"]
        if w is not None:
            tied = self.profile.doubled - 2 * self.profile.places + 1
            whole = n * n * m * (m * m - 1) - n * int((tied * tied - 1).sum())
            base = 3 * n * n * m * (m + 1) ** 2
            bounds = [((w + side * 0.005) * whole + base) / 3 for side in (-1, 1)]
            slack = 1e-6 * bounds[1]
            self.squares = bounds[0] - slack, bounds[1] + slack
            assert self.squares[0] <= int((true**2).sum()) <= self.squares[1]

    def _average(self, shown: float | None, terms: dict[int, int], size: int) -> None:
        if shown is not None:
            exact, half = Fraction(str(shown)), Fraction(1, 20)
            self._constrain(terms, ceil((exact - half) * 2 * size), floor((exact + half) * 2 * size))

    def _places(self) -> None:
        n, m, names = self.n, self.m, self.public["alternatives"]
        given = [
            np.bincount(np.where(self.profile.ranked, self.profile.places, 0)[:, i], minlength=m + 1) for i in range(m)
        ]
        over_top, over_ranked = self._why("top3"), self._why("ranked_by")
        least = 9 * n // 10 + 1
        self.place = [[self._variable(f"place {i} {p}", 0, n) for p in range(1, m + 1)] for i in range(m)]
        self.unranked = [self._variable(f"unranked {i}", 0, n) for i in range(m)]
        self.top = [self._variable(f"top3 {i}", 0, n) for i in range(m)]
        self.ranked = [self._variable(f"ranked {i}", 0, n) for i in range(m)]
        mids = self.profile.doubled
        for i in range(m):
            self._constrain(dict.fromkeys(self.place[i], 1) | {self.ranked[i]: -1}, 0, 0)
            self._constrain({self.ranked[i]: 1, self.unranked[i]: 1}, n, n)
            for variables, key, why, true in (
                (self.top, "top3", over_top, int((mids[:, i] <= 6).sum())),
                (self.ranked, "ranked_by", over_ranked, int(self.profile.ranked[:, i].sum())),
            ):
                shown = self.public[key][i]
                if shown is not None:
                    self._constrain({variables[i]: 1}, shown, shown)
                elif why.get((names[i],)) == "over 90 %":
                    self._constrain({variables[i]: 1}, least)
                    if key != "top3" or m > 3:  # of three, all are among the top three
                        self.masked[self.names[variables[i]]] = true
            for step in self.public["steps"][i] or []:
                places = self.place[i][step["first"] - 1 : step["last"]]
                terms = dict.fromkeys(places, 1) | ({self.unranked[i]: 1} if step["or_unranked"] else {})
                if isinstance(step["ballots"], int):
                    self._constrain(terms, step["ballots"], step["ballots"])
                    counts = [int(given[i][p]) for p in range(step["first"], step["last"] + 1)]
                    if len(places) > 1:
                        # that a place has no ballot may be known
                        self.masked |= {self.names[v]: c for v, c in zip(places, counts, strict=True) if c}
                elif step["first"] > 1 or step["last"] > 3:
                    self._constrain(terms, least)
            first_three = dict.fromkeys(self.place[i][:3], 1)
            if self.is_strict:  # so a ballot leaves off one item at most, which is then last
                self._constrain(first_three | {self.top[i]: -1} | ({self.unranked[i]: 1} if m < 4 else {}), 0, 0)
                twice = {variable: 2 * p for p, variable in enumerate(self.place[i], start=1)}
                self._constrain(twice | {self.unranked[i]: 2 * m, self.total[i]: -1}, 0, 0)
            else:
                self._constrain(first_three | {self.top[i]: -1} | ({self.unranked[i]: 1} if m < 5 else {}), 0)
                twice = {variable: -2 * p for p, variable in enumerate(self.place[i], start=1)}
                self._constrain(twice | {self.unranked[i]: -(m + 2), self.total[i]: 1}, 0)
        for p in range(m):
            column = {self.place[i][p]: 1 for i in range(m)}
            if self.is_strict:
                last = dict.fromkeys(self.unranked, 1) if p == m - 1 else {}
                self._constrain(column | last, n, n)
            elif p == 0:
                self._constrain(column, n)

    def _finish(self) -> None:
        cells = [
            (number, variable, factor)
            for number, (terms, _, _) in enumerate(self.rows)
            for variable, factor in terms.items()
        ]
        self.row_of, self.variable_of, self.factors = np.array(cells, dtype=int).T
        self.least = np.array([low for _, low, _ in self.rows], dtype=float)
        self.most = np.array([high for _, _, high in self.rows], dtype=float)
        self.start = self._narrowed(np.array(self.low, float), np.array(self.high, float))

    # the search

    def _narrowed(self, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the bounds that all constraints leave. Raises ContradictionError if they leave nothing."""
        rows, variables, factors = self.row_of, self.variable_of, self.factors
        is_plus = factors > 0
        for _ in range(MAX_PASSES):
            own_low = np.where(is_plus, factors * low[variables], factors * high[variables])
            own_high = np.where(is_plus, factors * high[variables], factors * low[variables])
            fewest = np.bincount(rows, own_low, len(self.rows))
            largest = np.bincount(rows, own_high, len(self.rows))
            if (fewest > self.most + 1e-6).any() or (largest < self.least - 1e-6).any():
                raise ContradictionError
            upper = (self.most[rows] - (fewest[rows] - own_low)) / factors
            lower = (self.least[rows] - (largest[rows] - own_high)) / factors
            new_high, new_low = high.copy(), low.copy()
            np.minimum.at(new_high, variables, np.floor(np.where(is_plus, upper, lower) + 1e-6))
            np.maximum.at(new_low, variables, np.ceil(np.where(is_plus, lower, upper) - 1e-6))
            self._check_squares(new_low, new_high)
            self._check_same_order(new_low, new_high)
            if (new_low > new_high).any():
                raise ContradictionError
            if (new_low == low).all() and (new_high == high).all():
                break
            low, high = new_low, new_high
        return low, high

    def _check_squares(self, low: np.ndarray, high: np.ndarray) -> None:
        """Narrow the totals by Kendall's W, which says what their squares add up to."""
        if self.squares is None:
            return
        totals = np.array(self.total)
        small, large = low[totals] ** 2, high[totals] ** 2
        upper = self.squares[1] - (small.sum() - small)
        lower = self.squares[0] - (large.sum() - large)
        if (upper < small - 1e-3).any():
            raise ContradictionError
        high[totals] = np.minimum(high[totals], np.floor(np.sqrt(upper) + 1e-6))
        low[totals] = np.maximum(low[totals], np.ceil(np.sqrt(np.maximum(lower, 0)) - 1e-6))

    def _check_same_order(self, low: np.ndarray, high: np.ndarray) -> None:
        """Without ties, two ballots agree on a pair the more often, the larger the count of its winner is."""
        shown = self.public["same_order_share"]
        if shown is None or not self.is_strict:
            return
        pairs = [self.pair[i, j] for i in range(self.m) for j in range(self.m) if self.public["wins"][i][j]]
        level = self.m * (self.m - 1) // 2 - len(pairs)
        least, most = (
            level * 2 * _pairs_of(self.n / 2)
            + sum(_pairs_of(each) + _pairs_of(self.n - each) for each in np.maximum(ends[pairs], self.n / 2))
            for ends in (low, high)
        )
        both = _pairs_of(self.n) * (len(pairs) + level)
        if most < (shown - 0.0051) * both or least > (shown + 0.0051) * both:
            raise ContradictionError

    def excludes(self, name: str, low: float, high: float) -> bool:
        """Return whether the public figures prove that the count is not from `low` to `high`."""
        number = self.names.index(name)
        lows, highs = self.start[0].copy(), self.start[1].copy()
        lows[number], highs[number] = max(low, lows[number]), min(high, highs[number])
        if lows[number] > highs[number]:
            return True
        try:
            self._narrowed(lows, highs)
        except ContradictionError:
            return True
        return False

    def proofs(self) -> list[Claim]:
        """Return what is proved of withheld counts: that they are above 95 %, or which they are."""
        found = []
        for name, true in self.masked.items():
            if 10 * true > 9 * self.n and self.excludes(name, 0, 19 * self.n // 20):
                found.append((name, "above 95 %"))
            if self.excludes(name, 0, true - 1) and self.excludes(name, true + 1, self.n):
                found.append((name, "exactly"))
        return found


def _pairs_of(number: float) -> float:
    return number * (number - 1) / 2
