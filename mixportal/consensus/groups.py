from fractions import Fraction
from typing import TypedDict

import numpy as np

from .agreement import centered_signs
from .draws import Purpose, Stream
from .profile import FloatArray, IntArray, Profile
from .stability import quantile_position

MIN_SIZE = 5
MAX_GROUPS = 4
SHUFFLES = 100
LEVEL = Fraction(98, 100)
_STARTS = 16
_ROUNDS = 25


class LikeMinded(TypedDict):
    groups: list[list[int]]  # rows, the largest group first
    share: float  # of all squared distances that the groups explain
    share_by_chance: float | None  # 98 % quantile with one group fewer; None if not tested


def like_minded(profile: Profile, *, seed: int, shuffles: int = SHUFFLES) -> LikeMinded:
    """Return groups of at least MIN_SIZE ballots, by k-means.

    k groups must explain more than in 98 % of simulated lists with k - 1 groups, as in the gap
    statistic (Tibshirani, Walther and Hastie 2001).
    """
    n = len(profile.rows)
    stream = Stream(seed, Purpose.GROUPS)
    found: LikeMinded = {"groups": [list(range(n))], "share": 0.0, "share_by_chance": None}
    labels = np.zeros(n, np.int64)
    most = min(MAX_GROUPS, n // MIN_SIZE)
    points = centered_signs(profile.doubled) if most > 1 else np.zeros((n, 1))
    for k in range(2, most + 1):
        starts = stream.permutations(n, _STARTS)[:, :k]
        share, new_labels = _k_means(points, starts)
        if np.bincount(new_labels, minlength=k).min() < MIN_SIZE:
            break
        by_chance = sorted(
            _k_means(centered_signs(_without_further_groups(profile.doubled, labels, stream)), starts)[0]
            for _ in range(shuffles)
        )[quantile_position(LEVEL, shuffles)]
        if share <= by_chance:
            break
        groups = sorted(
            (np.flatnonzero(new_labels == group).tolist() for group in range(k)),
            key=lambda g: (-len(g), g),
        )
        found, labels = {"groups": groups, "share": share, "share_by_chance": by_chance}, new_labels
    return found


def _k_means(points: FloatArray, starts: IntArray) -> tuple[float, IntArray]:
    tries, k = starts.shape
    centers = points[starts]
    labels = np.full((tries, len(points)), -1, np.int64)
    for _ in range(_ROUNDS):
        nearness = 2 * points @ centers.reshape(tries * k, -1).T - np.square(centers).sum(axis=2).ravel()
        nearest = nearness.reshape(len(points), tries, k).argmax(axis=2).T
        if (nearest == labels).all():
            break
        labels = nearest
        inside = (labels[:, None, :] == np.arange(k)[:, None]).astype(np.float64)
        sizes = inside.sum(axis=2)
        centers = (inside.reshape(tries * k, -1) @ points).reshape(tries, k, -1) / np.maximum(sizes, 1)[:, :, None]
    total = float(np.square(points).sum())
    explained = (sizes * np.square(centers).sum(axis=2)).sum(axis=1) / (total or 1.0)
    best = int(np.round(explained, 12).argmax())
    return float(explained[best]), labels[best]


def _without_further_groups(doubled: IntArray, labels: IntArray, stream: Stream) -> IntArray:
    """Shuffle each item's places within each group, and restore each ballot's ties."""
    n, m = doubled.shape
    drawn = np.empty((n, m))
    for group in range(int(labels.max()) + 1):
        rows = np.flatnonzero(labels == group)
        order = rows[stream.permutations(len(rows), m).T]
        drawn[rows] = np.take_along_axis(doubled, order, axis=0)
    drawn += stream.permutations(m, n) / m
    simulated = np.empty_like(doubled)
    np.put_along_axis(simulated, drawn.argsort(axis=1, kind="stable"), np.sort(doubled, axis=1), axis=1)
    return simulated
