from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from .reading import ResultsFile, ResultsFileError, is_count
from .withholding import least_hidden

ROUNDING = 0.05 + 1e-9  # of averages to one decimal


@dataclass(frozen=True)
class PublicRecount:
    alternatives: list[str]
    used: int
    condorcet_winner: str | None
    average_low: list[float]
    average_high: list[float]
    neighbors: int
    neighbors_confirmed: int
    pairs: int
    pairs_withheld: int
    differs: list[str]  # keys of the file

    @property
    def exact(self) -> int:
        return sum(low == high for low, high in zip(self.average_low, self.average_high, strict=True))

    @property
    def within(self) -> float:
        widths = (high - low for low, high in zip(self.average_low, self.average_high, strict=True))
        return max(widths, default=0.0) / 2

    @property
    def sentence(self) -> str:
        m = len(self.alternatives)
        same = [key for key in ("winner", "head-to-heads") if _KEYS[key] not in self.differs]
        found = f"{', '.join(same)} and order" if same else "order"
        averages = f"{self.exact} averages exactly" if self.exact else ""
        if self.exact < m:
            averages += f"{', ' if averages else ''}{m - self.exact}{'' if averages else ' averages'} to within "
            averages += f"{ceil(100 * self.within) / 100:.2f}"
        return (
            f"Counted again from a public file: {m} alternatives, {self.used} used ballots. The recount gives the same "
            f"{found} for {self.neighbors_confirmed} of {self.neighbors} neighbors; {averages}; "
            f"{self.pairs_withheld} of {self.pairs} pair counts are withheld."
        )


_KEYS = {"winner": "condorcet_winner", "head-to-heads": "wins"}


def recount_public(file: ResultsFile) -> PublicRecount:
    """Count the order again from a public file's head-to-heads. Raises ResultsFileError."""
    if "support" not in file.data:
        raise ResultsFileError("this public file holds the order alone, so there is nothing to count again")
    names, n, m = list(file.names), file.used, len(file.names)
    wins = _wins(file)
    margins, withheld, differs = _margins(file, wins)
    totals = []
    for i in range(m):
        bounds = [margins[i, j] for j in _others(i, m)]
        middle = n * (m + 1)
        totals.append((middle - sum(most for _, most in bounds), middle - sum(least for least, _ in bounds)))
    winner = next((names[i] for i in range(m) if m > 1 and all(wins[i][j] for j in _others(i, m))), None)
    if file.data.get("condorcet_winner") != winner:
        differs.add("condorcet_winner")
    low, high = ([total[end] / (2 * n) if n else 0.0 for total in totals] for end in (0, 1))
    for item, stated in enumerate(file.figures("average_place")):
        if stated is not None and not low[item] - ROUNDING <= stated <= high[item] + ROUNDING:
            differs.add("average_place")
    confirmed, place = 0, file.figures("place")
    for above, below in pairwise(file.figures("order")):
        (first, last), (after, end) = totals[above], totals[below]
        is_joint = place[above] == place[below]
        confirmed += (first == last == after == end) if is_joint else last < after
        if first > end or (is_joint and last < after) or (not is_joint and first == end):
            differs.add("order")
    return PublicRecount(
        alternatives=names,
        used=n,
        condorcet_winner=winner,
        average_low=low,
        average_high=high,
        neighbors=max(m - 1, 0),
        neighbors_confirmed=confirmed,
        pairs=m * (m - 1) // 2,
        pairs_withheld=withheld,
        differs=sorted(differs),
    )


def _others(item: int, m: int) -> list[int]:
    return [other for other in range(m) if other != item]


def _square(file: ResultsFile, key: str) -> list[list[Any]]:
    rows, m = file.figures(key), len(file.names)
    if any(not isinstance(row, list) or len(row) != m for row in rows):
        raise ResultsFileError(f"{key} must have {m} rows of {m} figures")
    return rows


def _wins(file: ResultsFile) -> list[list[int]]:
    wins = _square(file, "wins")
    if any(cell not in (0, 1) for row in wins for cell in row):
        raise ResultsFileError("wins must be 0 or 1")
    if any(wins[i][j] and wins[j][i] for i in range(len(wins)) for j in range(i + 1)):
        raise ResultsFileError("of two alternatives, wins lets each beat the other")
    return wins


def _margins(file: ResultsFile, wins: list[list[int]]) -> tuple[dict[tuple[int, int], tuple[int, int]], int, set[str]]:
    """Return bounds of margins, the number of withheld pairs, and contradicted keys."""
    names, n, m = file.names, file.used, len(file.names)
    support = _square(file, "support")
    over = _over_90(file)
    margins: dict[tuple[int, int], tuple[int, int]] = {}
    withheld, differs = 0, set()
    for i in range(m):
        for j in range(i):
            one, other = support[i][j], support[j][i]
            if one is None and other is None:
                withheld += 1
                least = 2 * least_hidden(n) - n if frozenset((names[i], names[j])) in over else 1
                sign = wins[i][j] - wins[j][i]
                bounds = (least, n) if sign > 0 else (-n, -least) if sign < 0 else (0, 0)
            elif is_count(one) and is_count(other) and one + other <= n:
                bounds = (one - other, one - other)
                if wins[i][j] != (one > other) or wins[j][i] != (other > one):
                    differs.add("wins")
            else:
                raise ResultsFileError(
                    f"support of {names[i]} and {names[j]} must be two counts of {n} ballots, or null"
                )
            margins[i, j], margins[j, i] = bounds, (-bounds[1], -bounds[0])
    return margins, withheld, differs


def _over_90(file: ResultsFile) -> set[frozenset[str]]:
    masked: Any = file.data.get("masked")
    rows = masked if isinstance(masked, list) else []
    found = [row for row in rows if isinstance(row, dict) and row.get("figure") == "support"]
    return {
        frozenset(row["entries"])
        for row in found
        if str(row.get("why", "")).startswith("over 90") and isinstance(row.get("entries"), list)
    }
