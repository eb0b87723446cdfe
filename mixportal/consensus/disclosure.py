"""What figures of parts tell of few: parts that are too small are merged, splits that overlap are tested together.

Whoever has the totals of some parts has every sum and difference of them as well. All counties less those in the West
may be one county. So a set of parts is shown only if nothing that can be added up from it concerns few ballots.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .draws import Purpose, Stream
from .profile import BoolArray, FloatArray, IntArray

TRIALS = 400
_NOTHING = 1e-9


def merged(sizes: Sequence[int], fewest: int, *, in_a_row: bool = False) -> list[list[int]]:
    """The parts by index, gathered until each group has at least `fewest`; empty where only one group is left.

    The smallest group joins the next smallest, or, where parts stand in a row, the smaller of its neighbours. Parts
    of size 0 are left out.
    """
    groups = [[part] for part, size in enumerate(sizes) if size]

    def size(group: list[int]) -> int:
        return sum(sizes[part] for part in group)

    while len(groups) > 1 and min(map(size, groups)) < fewest:
        groups = coarser(sizes, groups, in_a_row=in_a_row)
    return groups if len(groups) > 1 else []


def coarser(sizes: Sequence[int], groups: list[list[int]], *, in_a_row: bool = False) -> list[list[int]]:
    """The groups with the smallest joined to another, in the order of their first parts."""
    totals = [sum(sizes[part] for part in group) for group in groups]
    at = min(range(len(groups)), key=totals.__getitem__)
    others = [at - 1, at + 1] if in_a_row else range(len(groups))
    partner = min((other for other in others if other != at and 0 <= other < len(groups)), key=totals.__getitem__)
    rest = [group for number, group in enumerate(groups) if number not in (at, partner)]
    return sorted([*rest, sorted(groups[at] + groups[partner])])


def tells_of_few(parts: Sequence[Sequence[bool]] | BoolArray, fewest: int, *, seed: int = 0) -> bool:
    """Whether some sum or difference of the parts' totals concerns at least one ballot and fewer than `fewest`.

    parts: one row per part, one bool per ballot. What can be added up is the row space of `parts`; looked for is a
    vector of it with few entries that are not 0, as one looks for a light word of a code: some ballots by lot are
    taken to be outside, which leaves one vector, and its entries are counted. Where five splits in two betray 9 of 20
    ballots, a lot finds them with a chance of 3 %, so all 400 miss them once in 200,000 times; among 64 never.
    """
    table = np.asarray(parts, dtype=np.float64)
    if not table.size:
        return False
    sizes = np.count_nonzero(table, axis=1)
    if ((sizes > 0) & (sizes < fewest)).any():
        return True
    basis = _row_basis(table)
    rank, n = basis.shape
    lots = Stream(seed, Purpose.DISCLOSURE).permutations(n, TRIALS)
    return any(0 < np.count_nonzero(np.abs(_vanishing(basis, lot)) > _NOTHING) < fewest for lot in lots) and rank > 0


def _row_basis(table: FloatArray) -> FloatArray:
    _, lengths, rows = np.linalg.svd(table, full_matrices=False)
    basis: FloatArray = rows[lengths > _NOTHING * lengths[0]]
    return basis


def _vanishing(basis: FloatArray, lot: IntArray) -> FloatArray:
    """The vector of the row space that is 0 on the first ballots of the lot, as many as leave just one vector."""
    rank = len(basis)
    held: FloatArray = np.zeros((0, rank))
    for ballot in lot:
        if len(held) == rank - 1:
            break
        column = basis[:, ballot]
        rest = column - held.T @ (held @ column)
        length = float(np.linalg.norm(rest))
        if length > 1e-7:
            held = np.vstack([held, rest / length])
    left = np.eye(rank) - held.T @ held
    direction = left[:, int(np.argmax(np.diag(left)))]
    vector: FloatArray = direction @ basis
    return vector
