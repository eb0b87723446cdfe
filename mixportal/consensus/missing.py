from collections.abc import Sequence
from math import ceil, floor
from typing import TypedDict

import numpy as np

from .profile import IntArray


class MissingBallots(TypedDict):
    ballots: int
    best: list[int]
    worst: list[int]


def with_missing_ballots(doubled: IntArray, ballots: int) -> MissingBallots:
    """Bound the places with up to `ballots` more. An item never gets further.

    For its best place, an item is first on all further ballots. The others' totals there are
    majorized by those of strict orders, so others can fall behind it if their sorted needs stay
    under the sums of the last places.
    """
    return _bounds(doubled[:, None] - doubled[None, :], ballots)


def with_missing_ballots_by_averages(
    averages: Sequence[float | None], place: Sequence[int], used: int, ballots: int
) -> MissingBallots:
    """Bound the places by published averages to one decimal, or None."""
    m = len(place)
    low = np.array([2 * used if each is None else floor((each - 0.05) * 2 * used) for each in averages])
    high = np.array([2 * used * m if each is None else ceil((each + 0.05) * 2 * used) for each in averages])
    order = np.argsort(place, kind="stable")
    low[order] = np.maximum.accumulate(low[order])
    high[order] = np.minimum.accumulate(high[order][::-1])[::-1]
    places = np.array(place)
    by_place = np.sign(places[:, None] - places[None, :])
    gaps = low[:, None] - high[None, :]
    return _bounds(np.where(by_place < 0, gaps, np.maximum(gaps, by_place)), ballots)


def _bounds(least_gaps: IntArray, ballots: int) -> MissingBallots:
    m = len(least_gaps)
    room = 2 * ballots * np.arange(m, 1, -1).cumsum()
    best = [m - _most_reached(least_gaps[item] + 2 * ballots, item, room) for item in range(m)]
    worst = [1 + _most_reached(least_gaps[:, item] + 2 * ballots + 1, item, room) for item in range(m)]
    return {"ballots": ballots, "best": best, "worst": worst}


def _most_reached(needs: IntArray, item: int, room: IntArray) -> int:
    ordered = np.sort(np.maximum(np.delete(needs, item), 0))
    for number in range(len(ordered), 0, -1):
        if (ordered[:number][::-1].cumsum() <= room[:number]).all():
            return number
    return 0
