from collections.abc import Sequence

import numpy as np

from .draws import Purpose, Stream
from .profile import BoolArray, FloatArray, IntArray

TRIALS = 400
_TOLERANCE = 1e-9


def merged(sizes: Sequence[int], fewest: int, *, in_a_row: bool = False) -> list[list[int]]:
    """Join parts into groups of at least `fewest` ballots, or return [] if one is left.

    The smallest joins the next smallest or, if `in_a_row`, its smaller neighbor.
    """
    groups = [[part] for part, size in enumerate(sizes) if size]
    while len(groups) > 1 and min(sum(sizes[part] for part in group) for group in groups) < fewest:
        groups = coarser(sizes, groups, in_a_row=in_a_row)
    return groups if len(groups) > 1 else []


def coarser(sizes: Sequence[int], groups: list[list[int]], *, in_a_row: bool = False) -> list[list[int]]:
    totals = [sum(sizes[part] for part in group) for group in groups]
    at = min(range(len(groups)), key=totals.__getitem__)
    others = [at - 1, at + 1] if in_a_row else range(len(groups))
    partner = min(
        (other for other in others if other != at and 0 <= other < len(groups)),
        key=totals.__getitem__,
    )
    rest = [group for number, group in enumerate(groups) if number not in (at, partner)]
    return sorted([*rest, sorted(groups[at] + groups[partner])])


def isolates_few_ballots(parts: Sequence[Sequence[bool]] | BoolArray, fewest: int, *, seed: int = 0) -> bool:
    """Return whether a sum or difference of the parts concerns 1 to `fewest` - 1 ballots.

    `parts` has one row per part and one bool per ballot. Each of 400 trials sets random ballots to
    zero until one vector of the row space is left, and counts its non-zero entries.
    """
    table = np.asarray(parts, dtype=np.float64)
    if not table.any():
        return False
    sizes = np.count_nonzero(table, axis=1)
    if ((sizes > 0) & (sizes < fewest)).any():
        return True
    _, lengths, rows = np.linalg.svd(table, full_matrices=False)
    basis = rows[lengths > _TOLERANCE * lengths[0]]
    lots = Stream(seed, Purpose.DISCLOSURE).permutations(basis.shape[1], TRIALS)
    counts = np.count_nonzero(np.abs(_vanishing(basis, lots)) > _TOLERANCE, axis=1)
    return bool(((counts > 0) & (counts < fewest)).any())


def _vanishing(basis: FloatArray, lots: IntArray) -> FloatArray:
    """Return vectors of the row space with zeros at an order's first ballots."""
    rank = len(basis)
    left: FloatArray = np.repeat(np.eye(rank)[None], len(lots), axis=0)
    held = np.zeros(len(lots), np.int64)
    for ballots in lots.T:
        rest = np.einsum("tij,jt->ti", left, basis[:, ballots])
        length = np.linalg.norm(rest, axis=1)
        goes_on = (held < rank - 1) & (length > 1e-7)
        unit = rest * np.where(goes_on, 1 / np.where(goes_on, length, 1), 0)[:, None]
        left -= unit[:, :, None] * unit[:, None, :]
        held += goes_on
        if (held == rank - 1).all():
            break
    largest = np.diagonal(left, axis1=1, axis2=2).argmax(axis=1)
    return left[np.arange(len(lots)), :, largest] @ basis
