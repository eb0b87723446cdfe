from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from .draws import Purpose, Stream, chunks
from .profile import BoolArray, FloatArray, IntArray, Profile
from .stability import HIGH, LOW, RESAMPLES, quantile_position, resampled_totals

PERMUTATIONS = 10_000
LEVEL = 0.05
_CELLS = 16_384


class CohortDifference(TypedDict):
    difference: list[float]  # inside less outside
    low: list[float]
    high: list[float]
    p: list[float]  # max-T
    clear: list[bool]


class CohortTests(TypedDict):
    family: int
    p: float | None  # global
    cohorts: list[CohortDifference]


def compare_cohorts(
    profile: Profile,
    cohorts: Sequence[Sequence[bool]] | BoolArray,
    *,
    seed: int,
    permutations: int = PERMUTATIONS,
) -> CohortTests:
    """Test each cohort's average places against all other ballots by permutations.

    `cohorts` has one row per cohort (one half of a split in two) and one bool per used ballot. They
    are one family: no item is clear unless the global test is (max-T, Westfall and Young 1993).
    """
    inside = np.asarray(cohorts, dtype=np.bool_)
    by_name = sorted(range(profile.m), key=lambda item: profile.items[item])
    doubled = profile.doubled[:, by_name]
    by_ballot = np.lexsort((*inside, *doubled.T))
    doubled, labels = doubled[by_ballot], inside[:, by_ballot]
    ranks = doubled / 2
    observed = _differences(labels[:, None], ranks)[:, 0]
    hits_global, hits = _permuted_hits(labels, ranks, observed, seed, permutations)
    p_global = (1 + hits_global) / (permutations + 1)
    p = (1 + hits) / (permutations + 1)

    back = np.argsort(by_name)
    results: list[CohortDifference] = []
    for index, label in enumerate(labels):
        low, high = _interval(doubled, label, seed)
        results.append(
            {
                "difference": observed[index, back].tolist(),
                "low": low[back].tolist(),
                "high": high[back].tolist(),
                "p": p[index, back].tolist(),
                "clear": ((p[index, back] < LEVEL) & (p_global < LEVEL)).tolist(),
            }
        )
    return {"family": len(inside) * profile.m, "p": p_global, "cohorts": results}


def _differences(labels: BoolArray, ranks: FloatArray) -> FloatArray:
    size = labels[:, :1].sum(axis=2)[:, :, None]
    total = labels.astype(np.float64) @ ranks
    differences: FloatArray = total / size - (ranks.sum(axis=0) - total) / (labels.shape[2] - size)
    return differences


def _permuted_hits(
    labels: BoolArray,
    ranks: FloatArray,
    observed: FloatArray,
    seed: int,
    permutations: int,
) -> tuple[int, IntArray]:
    spread = ranks.std(axis=0, ddof=1)
    scale = np.where(spread > 0, spread, np.inf)
    tolerance = 1 - 1e-9
    n, size = labels.shape[1], labels.sum(axis=1)
    weight = np.sqrt(size * (n - size) / n)[:, None]
    sum_of_squares = ((weight * observed) ** 2).sum() * tolerance
    observed_t = weight * np.abs(observed) / scale * tolerance
    stream = Stream(seed, Purpose.COHORTS)
    hits_global, hits = 0, np.zeros(observed.shape, np.int64)
    for count in chunks(permutations, max(1, _CELLS // n)):
        permuted = weight[:, None] * _differences(labels[:, stream.permutations(n, count)], ranks)
        hits_global += int(((permuted**2).sum(axis=(0, 2)) >= sum_of_squares).sum())
        largest = (np.abs(permuted) / scale).max(axis=(0, 2))
        hits += (largest[:, None, None] >= observed_t).sum(axis=0)
    return hits_global, hits


def _interval(doubled: IntArray, inside: BoolArray, seed: int) -> tuple[FloatArray, FloatArray]:
    sides = []
    for side, purpose in ((inside, Purpose.COHORT_INSIDE), (~inside, Purpose.COHORT_OUTSIDE)):
        count = int(side.sum())
        ones = np.ones(count, np.int64)
        sides.append(resampled_totals(doubled[side], ones, Stream(seed, purpose), RESAMPLES) / (2 * count))
    difference = np.sort(sides[0] - sides[1], axis=1)
    return difference[:, quantile_position(LOW, RESAMPLES)], difference[:, quantile_position(HIGH, RESAMPLES)]
