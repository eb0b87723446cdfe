from __future__ import annotations

import numpy as np

from .kemeny import Kemeny
from .profile import BoolArray, IntArray


def against_head_to_head(doubled_totals: IntArray, margin: IntArray) -> list[list[int]]:
    """Return pairs [i, j] where i has the lower average place, but more ballots prefer j to i."""
    return _pairs(doubled_totals, margin.T > 0)


def against_kemeny(doubled_totals: IntArray, found: Kemeny) -> list[list[int]] | None:
    """Return pairs [i, j] where i has the lower average place, but is below j in every Kemeny order."""
    return None if found.always is None else _pairs(doubled_totals, found.always.T)


def _pairs(doubled_totals: IntArray, reversed_: BoolArray) -> list[list[int]]:
    parted = (doubled_totals[:, None] < doubled_totals[None, :]) & reversed_
    position = np.argsort(np.argsort(doubled_totals, kind="stable"))
    pairs: list[list[int]] = np.argwhere(parted).tolist()
    return sorted(pairs, key=lambda pair: (position[pair[0]], position[pair[1]]))
