"""Times of counting 64 ballots against the budgets, and against peer libraries where they are installed.

    python -m tests.benchmarks.bench_consensus
    PEERS_PYTHON=/path/to/env/bin/python python -m tests.benchmarks.bench_consensus

The second compares with whichever of pref_voting, corankco and scipy that environment has (they need no place in
the portal's own requirements).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable

import numpy as np

from mixportal.consensus import agreement, average, count, pairwise
from mixportal.consensus.cohorts import compare_cohorts
from mixportal.consensus.count import figures, optima
from mixportal.consensus.kemeny import kemeny
from mixportal.consensus.profile import IntArray, Profile
from mixportal.consensus.similarity import tau_b
from mixportal.consensus.stability import stability
from mixportal.results.ballot_table import read_ballots
from tests.benchmarks.result import Result, milliseconds, print_table, ratio
from tests.consensus.examples import no_consensus

Task = tuple[str, Callable[[], object], float | None]


def median_ms(task: Callable[[], object], *, rounds: int = 41, at_most: float = 2.0) -> float:
    """Median of some rounds after one to warm up, in milliseconds; no longer than about `at_most` seconds."""
    task()
    times: list[float] = []
    started = time.perf_counter()
    while len(times) < rounds and (not times or time.perf_counter() - started < at_most):
        begun = time.perf_counter()
        task()
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def results() -> list[Result]:
    """Our own code, then the peers."""
    return [*(milliseconds(name, median_ms(task), budget) for name, task, budget in _tasks()), _growth(), *peers()]


def _growth() -> Result:
    """Ten times the ballots take at most ten times as long."""
    small, large = no_consensus(64, 13), no_consensus(640, 13)
    return ratio(
        "tally of 640 x 13, against 64 x 13", median_ms(lambda: figures(large)), median_ms(lambda: figures(small)), 10
    )


def peers() -> list[Result]:
    """The same tasks by other libraries, run by the Python that PEERS_PYTHON names."""
    python = os.environ.get("PEERS_PYTHON")
    if not python:
        return [Result("peers: skipped, as PEERS_PYTHON is not set", "")]
    command = [python, "-m", "tests.benchmarks.peers_consensus"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    except (OSError, subprocess.SubprocessError) as failure:
        errors = getattr(failure, "stderr", None) or str(failure)
        return [Result(f"peers: skipped: {python} failed: {errors.strip().splitlines()[-1]}", "")]
    return [Result(what, measured) for what, measured in json.loads(run.stdout.splitlines()[-1])]


def _tasks() -> list[Task]:
    partial = no_consensus(64, 13, ranked=8)
    thirteen, eighteen = no_consensus(64, 13), no_consensus(64, 18)
    support = pairwise.support(partial)
    margin = support - support.T
    totals = average.doubled_totals(partial)
    cells = [[place or None for place in row] for row in np.where(partial.ranked, partial.places, 0).tolist()]
    cities = [number < 20 for number in range(64)]
    file = _csv(no_consensus(20_000, 13, ranked=8))
    return [
        (
            "tally of 64 x 13, without resampling and optima",
            lambda: figures(Profile.from_places(partial.items, cells)),
            3,
        ),
        ("2,000 resamples, 64 x 13", lambda: stability(partial, seed=1), 3),
        ("Kemeny, score and all optima, 13 without consensus", lambda: optima(*_head_to_heads(thirteen)), 2),
        ("Kemeny, score and all optima, 18 without consensus", lambda: optima(*_head_to_heads(eighteen)), 5),
        ("everything that a page shows, 64 x 13", lambda: count(partial, seed=1), None),
        ("cohort test, 10,000 permutations, 64 x 13", lambda: compare_cohorts(partial, [cities], seed=1), None),
        ("head-to-heads, 64 x 13", lambda: pairwise.support(partial), None),
        ("average places, 64 x 13", lambda: average.doubled_totals(partial), None),
        ("Schulze from margins, 13", lambda: pairwise.schulze_ranks(margin), None),
        ("Kemeny from head-to-heads, 13", lambda: kemeny(support, totals), None),
        ("Kendall's W, 64 x 13", lambda: agreement.kendall_w(partial, totals), None),
        ("tau-b, 64 x 64 ballots of 13", lambda: tau_b(partial), None),
        ("20,000 ballots of 13, CSV read and counted", lambda: count(read_ballots(file), seed=1), 2000),
    ]


def _head_to_heads(profile: Profile) -> tuple[IntArray, IntArray]:
    return pairwise.support(profile), average.doubled_totals(profile)


def _csv(profile: Profile) -> str:
    places = np.where(profile.ranked, profile.places, 0).tolist()
    lines = [",".join(str(place or "") for place in row) for row in places]
    return "\n".join([",".join(profile.items), *lines])


if __name__ == "__main__":
    print_table(results())
