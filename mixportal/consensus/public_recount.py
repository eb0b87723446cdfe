from itertools import combinations, pairwise, permutations
from math import ceil
from typing import Any

import numpy as np

from .profile import IntArray
from .reading import ResultsFile, ResultsFileError, is_count
from .withholding import least_hidden

ROUNDING = 0.05 + 1e-9  # of averages to one decimal


def recount_public(file: ResultsFile) -> tuple[dict[str, object], list[str]]:
    """Count the order again, and return the keys that differ too. Raises ResultsFileError."""
    if "support" not in file.data:
        raise ResultsFileError("this public file holds the order alone, so there is nothing to count again")
    names, n, m = list(file.names), file.used, len(file.names)
    wins, support = _wins(file), file.square("support")
    least, most = _margins(file, wins, support)
    pairs = list(combinations(range(m), 2))
    differs = set()
    if any(support[i][j] is not None and wins[i][j] != (least[i, j] > 0) for i, j in permutations(range(m), 2)):
        differs.add("wins")
    winner = next((names[i] for i in range(m) if m > 1 and sum(wins[i]) == m - 1), None)
    if file.data.get("condorcet_winner") != winner:
        differs.add("condorcet_winner")
    totals = [(n * (m + 1) - bounds).tolist() for bounds in (most.sum(axis=1), least.sum(axis=1))]
    low, high = ([total / (2 * n) if n else 0.0 for total in each] for each in totals)
    for item, stated in enumerate(file.figures("average_place")):
        if stated is not None and not low[item] - ROUNDING <= stated <= high[item] + ROUNDING:
            differs.add("average_place")
    confirmed, place = 0, file.figures("place")
    for above, below in pairwise(file.figures("order")):
        (first, after), (last, end) = ([each[above], each[below]] for each in totals)
        is_joint = place[above] == place[below]
        confirmed += (first == last == after == end) if is_joint else last < after
        if first > end or (is_joint and last < after) or (not is_joint and first == end):
            differs.add("order")
    widths = [above - below for below, above in zip(low, high, strict=True)]
    found: dict[str, object] = {
        "alternatives": names,
        "used": n,
        "condorcet_winner": winner,
        "average_low": low,
        "average_high": high,
        "averages_exact": widths.count(0),
        "averages_within": ceil(50 * max(widths)) / 100,
        "neighbors": max(m - 1, 0),
        "neighbors_confirmed": confirmed,
        "pairs": len(pairs),
        "pairs_withheld": sum(support[i][j] is None for i, j in pairs),
        "differs": sorted(differs),
    }
    return found, sorted(differs)


def _wins(file: ResultsFile) -> list[list[int]]:
    wins = file.square("wins")
    if any(cell not in (0, 1) for row in wins for cell in row):
        raise ResultsFileError("wins must be 0 or 1")
    if any(wins[i][j] and wins[j][i] for i in range(len(wins)) for j in range(i + 1)):
        raise ResultsFileError("of two alternatives, wins lets each beat the other")
    return wins


def _margins(file: ResultsFile, wins: list[list[int]], support: list[list[Any]]) -> tuple[IntArray, IntArray]:
    """Return bounds of the margins, which are apart where a count is withheld."""
    names, n, m = file.names, file.used, len(file.names)
    over = _over_90(file)
    least, most = np.zeros((m, m), np.int64), np.zeros((m, m), np.int64)
    for i, j in permutations(range(m), 2):
        one, other = support[i][j], support[j][i]
        if one is None and other is None:
            bound = 2 * least_hidden(n) - n if frozenset((names[i], names[j])) in over else 1
            least[i, j], most[i, j] = (bound, n) if wins[i][j] else (-n, -bound) if wins[j][i] else (0, 0)
        elif is_count(one) and is_count(other) and one + other <= n:
            least[i, j] = most[i, j] = one - other
        else:
            raise ResultsFileError(f"support of {names[i]} and {names[j]} must be two counts of {n} ballots, or null")
    return least, most


def _over_90(file: ResultsFile) -> set[frozenset[str]]:
    masked: Any = file.data.get("masked")
    rows = masked if isinstance(masked, list) else []
    found = [row for row in rows if isinstance(row, dict) and row.get("figure") == "support"]
    return {
        frozenset(row["entries"])
        for row in found
        if str(row.get("why", "")).startswith("over 90") and isinstance(row.get("entries"), list)
    }
