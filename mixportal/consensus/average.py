"""The headline: the average place (Borda with ties shared), and the order that follows from it.

Totals are kept doubled, as whole numbers: two items are joint exactly when their totals are equal.
"""

from __future__ import annotations

import numpy as np

from .profile import IntArray, Profile


def doubled_totals(profile: Profile) -> IntArray:
    """m: twice the sum of the item's mid-ranks over all ballots. The Borda score is n*m less half of it."""
    totals: IntArray = profile.weights @ profile.doubled
    return totals


def doubled_totals_from_margins(margin: IntArray, used: int) -> IntArray:
    """m: the same totals from head-to-head margins alone, since a mid-rank counts the items it loses to."""
    totals: IntArray = used * (len(margin) + 1) - margin.sum(axis=1)
    return totals


def average_places(doubled: IntArray, used: int) -> list[float | None]:
    """m: mean mid-rank of each item, 1 (first everywhere) to m; None where no ballot counts."""
    return [total / (2 * used) if used else None for total in doubled.tolist()]


def places(doubled: IntArray) -> IntArray:
    """m: 1 + items with a lower average place."""
    above: IntArray = np.count_nonzero(doubled[None, :] < doubled[:, None], axis=1)
    return 1 + above


def joint(doubled: IntArray) -> list[bool]:
    """m: whether another item has exactly the same average place."""
    return [bool(equal > 1) for equal in np.count_nonzero(doubled[None, :] == doubled[:, None], axis=1)]


def order(doubled: IntArray) -> list[int]:
    """Item indices from the top; joint items follow each other in the order of the header."""
    return [int(item) for item in np.argsort(doubled, kind="stable")]


def tiers(doubled: IntArray) -> list[list[int]]:
    """Item indices from the top, grouped: items with exactly equal totals are one tier."""
    result: list[list[int]] = []
    for item in order(doubled):
        if result and doubled[result[-1][0]] == doubled[item]:
            result[-1].append(item)
        else:
            result.append([item])
    return result
