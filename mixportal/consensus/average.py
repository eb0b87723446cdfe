from itertools import groupby

import numpy as np

from .profile import BoolArray, IntArray, Profile


def doubled_totals(profile: Profile) -> IntArray:
    """Return twice each item's sum of mid-ranks."""
    return profile.weights @ profile.doubled


def doubled_totals_from_support(support: IntArray, used: int) -> IntArray:
    totals: IntArray = used * (len(support) + 1) - (support - support.T).sum(axis=1)
    return totals


def average_places(doubled: IntArray, used: int) -> list[float | None]:
    """Return mean mid-ranks (Borda), from 1 to m, or None without ballots."""
    return [total / (2 * used) if used else None for total in doubled.tolist()]


def places(doubled: IntArray) -> IntArray:
    above: IntArray = np.count_nonzero(doubled[None, :] < doubled[:, None], axis=1)
    return 1 + above


def joint(doubled: IntArray) -> list[bool]:
    return [bool(equal > 1) for equal in np.count_nonzero(doubled[None, :] == doubled[:, None], axis=1)]


def order(doubled: IntArray) -> list[int]:
    return [int(item) for item in np.argsort(doubled, kind="stable")]


def tiers(doubled: IntArray) -> list[list[int]]:
    return [list(tied) for _, tied in groupby(order(doubled), key=lambda item: int(doubled[item]))]


def contradicted(doubled: IntArray, is_below: BoolArray) -> list[list[int]]:
    """Return pairs [i, j]: i is above j by average, but below it in `is_below`."""
    position = np.argsort(np.argsort(doubled, kind="stable"))
    pairs: list[list[int]] = np.argwhere((doubled[:, None] < doubled[None, :]) & is_below).tolist()
    return sorted(pairs, key=lambda pair: (position[pair[0]], position[pair[1]]))
