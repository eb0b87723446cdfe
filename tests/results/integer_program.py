"""Whole unknown numbers within bounds, and conditions on sums of them.

Narrowing the bounds until nothing changes is quick and proves much. What it leaves open, HiGHS decides: it finds whole
numbers that meet all conditions, or proves that there are none. Of a square it knows tangents and a secant.
"""

from __future__ import annotations

from collections.abc import Mapping

import highspy
import numpy as np

MAX_PASSES = 60
MAX_TANGENTS = 20
SECONDS = 10.0  # for one search by HiGHS
TOLERANCE = 1e-6
FAR = float("inf")


class ContradictionError(Exception):
    """No numbers meet the conditions."""


class UndecidedError(Exception):
    """HiGHS found no end in time."""


class Program:
    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.true: list[float] = []  # only to check each condition as it is added
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.squares: dict[int, int] = {}  # by the number, its square

    def number(self, name: str, low: float, high: float, true: float) -> int:
        """Add a whole number from `low` to `high`."""
        assert low <= true <= high, name
        assert name not in self.names, name
        self.names[name] = len(self.low)
        self.low.append(low)
        self.high.append(high)
        self.true.append(true)
        return self.names[name]

    def square(self, number: int) -> int:
        if number not in self.squares:
            most = max(self.low[number] ** 2, self.high[number] ** 2)
            self.squares[number] = self.number(f"square of {number}", 0, most, self.true[number] ** 2)
        return self.squares[number]

    def require(self, terms: Mapping[int, float], low: float, high: float = FAR) -> None:
        """Add the condition that the sum of factors times numbers is from `low` to `high`."""
        scale = max(map(abs, terms.values()), default=1.0) or 1.0
        kept = {number: factor / scale for number, factor in terms.items() if factor}
        low, high = low / scale, high / scale
        total = sum(factor * self.true[number] for number, factor in kept.items())
        assert low - self._slack(kept) <= total <= high + self._slack(kept), (low, total, high)
        if kept:
            self.rows.append((kept, low, high))

    @staticmethod
    def _slack(terms: Mapping[int, float]) -> float:
        return TOLERANCE * (1 + sum(map(abs, terms.values())))

    def finish(self) -> None:
        cells = [(row, at, factor) for row, (terms, _, _) in enumerate(self.rows) for at, factor in terms.items()]
        rows, numbers, factors = zip(*cells, strict=True)
        self._rows, self._numbers, self._factors = np.array(rows), np.array(numbers), np.array(factors, float)
        self._is_plus = self._factors > 0
        slack = np.array([self._slack(terms) for terms, _, _ in self.rows])
        self._least = np.array([low for _, low, _ in self.rows]) - slack
        self._most = np.array([high for _, _, high in self.rows]) + slack
        self._roots, self._squares = (np.array(each, int) for each in (list(self.squares), list(self.squares.values())))
        self._part_of = self._parts()
        self.start = self.narrowed(np.array(self.low, float), np.array(self.high, float))

    def _parts(self) -> np.ndarray:
        """Return a label for each number: two have the same if conditions connect them."""
        labels, before = np.arange(len(self.low)), None
        labels[self._squares] = self._roots
        while before is None or (labels != before).any():
            before = labels.copy()
            least = np.full(len(self.rows), len(labels))
            np.minimum.at(least, self._rows, labels[self._numbers])
            np.minimum.at(labels, self._numbers, least[self._rows])
            labels[self._squares] = labels[self._roots] = np.minimum(labels[self._squares], labels[self._roots])
        return labels

    def connected(self, name: str) -> np.ndarray:
        """Return the numbers that conditions connect with this one; all others say nothing of it."""
        return np.flatnonzero(self._part_of == self._part_of[self.names[name]])

    def narrowed(self, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the bounds that all conditions leave. Raises ContradictionError if they leave nothing."""
        rows, numbers, factors = self._rows, self._numbers, self._factors
        for _ in range(MAX_PASSES):
            own_low = factors * np.where(self._is_plus, low[numbers], high[numbers])
            own_high = factors * np.where(self._is_plus, high[numbers], low[numbers])
            fewest = np.bincount(rows, own_low, len(self.rows))
            largest = np.bincount(rows, own_high, len(self.rows))
            if (fewest > self._most).any() or (largest < self._least).any():
                raise ContradictionError
            upper = (self._most[rows] - (fewest[rows] - own_low)) / factors
            lower = (self._least[rows] - (largest[rows] - own_high)) / factors
            new_high, new_low = high.copy(), low.copy()
            np.minimum.at(new_high, numbers, np.floor(np.where(self._is_plus, upper, lower) + TOLERANCE))
            np.maximum.at(new_low, numbers, np.ceil(np.where(self._is_plus, lower, upper) - TOLERANCE))
            self._narrow_squares(new_low, new_high)
            if (new_low > new_high).any():
                raise ContradictionError
            if (new_low == low).all() and (new_high == high).all():
                break
            low, high = new_low, new_high
        return low, high

    def _narrow_squares(self, low: np.ndarray, high: np.ndarray) -> None:
        roots, squares = self._roots, self._squares
        spans_zero = (low[roots] <= 0) & (high[roots] >= 0)
        ends = np.sort([low[roots] ** 2, high[roots] ** 2], axis=0)
        low[squares] = np.maximum(low[squares], np.where(spans_zero, 0, ends[0]))
        high[squares] = np.minimum(high[squares], ends[1])
        far = np.floor(np.sqrt(np.maximum(high[squares], 0)) + TOLERANCE)
        near = np.ceil(np.sqrt(np.maximum(low[squares], 0)) - TOLERANCE)
        high[roots] = np.minimum(high[roots], np.where(high[roots] < near, -near, far))
        low[roots] = np.maximum(low[roots], np.where(low[roots] > -near, near, -far))

    def narrowed_with(self, name: str, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the bounds that are left where a number is from `low` to `high`. Raises ContradictionError."""
        at = self.names[name]
        lows, highs = self.start[0].copy(), self.start[1].copy()
        lows[at], highs[at] = max(low, lows[at]), min(high, highs[at])
        if lows[at] > highs[at]:
            raise ContradictionError
        return self.narrowed(lows, highs)

    def solution(self, name: str, low: np.ndarray, high: np.ndarray) -> dict[int, int]:
        """Return whole numbers within the bounds that meet all conditions, for what is connected with this one.

        Squares are roughly right. Raises ContradictionError if there are none, and UndecidedError.
        """
        used = self.connected(name)
        at_new = {int(at): new for new, at in enumerate(used)}
        rows = [row for row in [*self.rows, *self._rows_of_squares(low, high)] if next(iter(row[0])) in at_new]
        cells = [(row, at_new[at], factor) for row, (terms, _, _) in enumerate(rows) for at, factor in terms.items()]
        of_row, numbers, factors = (np.array(column) for column in zip(*cells, strict=True))
        squares = set(self.squares.values())
        whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(used), len(rows)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.zeros(len(used)), low[used], high[used]
        lp.row_lower_ = np.array([least - TOLERANCE for _, least, _ in rows])
        lp.row_upper_ = np.array([most + TOLERANCE for _, _, most in rows])
        lp.integrality_ = [real if number in squares else whole for number in used.tolist()]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.bincount(of_row, minlength=len(rows)).cumsum()])
        lp.a_matrix_.index_, lp.a_matrix_.value_ = numbers, factors
        search = highspy.Highs()
        options = {"output_flag": False, "threads": 1, "mip_max_improving_sols": 1, "time_limit": SECONDS}
        for option, value in options.items():
            search.setOptionValue(option, value)
        search.passModel(lp)
        search.run()
        if search.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise ContradictionError
        if search.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            raise UndecidedError
        return dict(zip(used.tolist(), np.round(search.getSolution().col_value).astype(int).tolist(), strict=True))

    def _rows_of_squares(self, low: np.ndarray, high: np.ndarray) -> list[tuple[dict[int, float], float, float]]:
        rows: list[tuple[dict[int, float], float, float]] = []
        for number, square in self.squares.items():
            least, most = low[number], high[number]
            rows.append(({square: 1, number: -(least + most)}, -FAR, -least * most))
            for at in sorted({int(each) for each in np.linspace(least, max(least, most - 1), MAX_TANGENTS)}):
                rows.append(({square: 1, number: -(2 * at + 1)}, -at * (at + 1), FAR))
        return rows
