"""The tasks of bench_consensus done by other libraries. Run by bench_consensus in an environment that has them.

Prints one JSON list of [what, measured]; a library that is missing gets a line that says so.
"""

from __future__ import annotations

import itertools
import json

import numpy as np

from mixportal.consensus.profile import Profile
from tests.benchmarks.bench_consensus import median_ms
from tests.consensus.examples import no_consensus

Row = tuple[str, str]


def main() -> None:
    partial = no_consensus(64, 13, ranked=8)
    rows: list[Row] = []
    for library, task in (("pref_voting", _pref_voting), ("corankco", _corankco), ("scipy", _scipy)):
        try:
            rows += [(f"{library}: {what}", f"{taken:.3g} ms") for what, taken in task(partial)]
        except ImportError as missing:
            rows.append((library, f"skipped: not in that environment: {missing}"))
    print(json.dumps(rows))


def _pref_voting(profile: Profile) -> list[tuple[str, float]]:
    from pref_voting.margin_based_methods import beat_path
    from pref_voting.profiles import Profile as LinearProfile
    from pref_voting.profiles_with_ties import ProfileWithTies
    from pref_voting.scoring_methods import borda

    ballots = [dict(enumerate(row)) for row in profile.places.tolist()]

    def margins() -> object:
        ties = ProfileWithTies(ballots, candidates=range(profile.m))
        return [[ties.margin(i, j) for j in range(profile.m)] for i in range(profile.m)]

    ties = ProfileWithTies(ballots, candidates=range(profile.m))
    complete = no_consensus(64, 13)
    linear = LinearProfile([[int(item) for item in np.argsort(row)] for row in complete.doubled])
    return [
        ("head-to-heads, 64 x 13", median_ms(margins)),
        ("average places (Borda), 64 x 13", median_ms(lambda: borda(linear))),
        ("Schulze from margins, 13", median_ms(lambda: beat_path(ties))),
    ]


def _corankco(profile: Profile) -> list[tuple[str, float]]:
    from corankco.algorithms.exact.exactalgorithmpulp import ExactAlgorithmPulp  # without the paid CPLEX
    from corankco.dataset import Dataset
    from corankco.ranking import Ranking
    from corankco.scoringscheme import ScoringScheme

    rankings = []
    for row in no_consensus(64, 13).places.tolist():
        order = sorted(range(13), key=row.__getitem__)
        rankings.append(Ranking([{item} for item in order]))
    dataset, scheme = Dataset(rankings), ScoringScheme.get_unifying_scoring_scheme()

    def one_order() -> object:
        return ExactAlgorithmPulp().compute_consensus_rankings(dataset, scheme, True)

    return [("Kemeny, one order, 13 without consensus", median_ms(one_order))]


def _scipy(profile: Profile) -> list[tuple[str, float]]:
    from scipy.stats import friedmanchisquare, kendalltau

    ranks = profile.ranks
    pairs = list(itertools.combinations(ranks, 2))
    return [
        ("Kendall's W (Friedman), 64 x 13", median_ms(lambda: friedmanchisquare(*ranks.T))),
        ("tau-b, 64 x 64 ballots of 13", median_ms(lambda: [kendalltau(*pair) for pair in pairs], rounds=3)),
    ]


if __name__ == "__main__":
    main()
