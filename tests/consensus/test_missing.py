"""Tests of the bounds on what missing ballots could have changed."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixportal.consensus import Profile, average
from mixportal.consensus.missing import MissingBallots, with_missing_ballots, with_missing_ballots_by_averages
from tests.consensus.examples import no_consensus
from tests.consensus.oracle import Ballot, mid_ranks

DOUBLED = {
    m: sorted({tuple(int(2 * rank) for rank in mid_ranks(list(row))) for row in product(range(1, m + 1), repeat=m)})
    for m in (2, 3, 4)
}
cells = st.one_of(st.none(), st.integers(1, 4))
small = st.integers(2, 4).flatmap(lambda m: st.lists(st.lists(cells, min_size=m, max_size=m), min_size=1, max_size=5))


def totals_of(ballots: list[Ballot]) -> np.ndarray:
    return average.doubled_totals(Profile.from_places("abcd"[: len(ballots[0])], ballots))


def bounds(found: MissingBallots) -> tuple[list[int], list[int]]:
    return found["best"], found["worst"]


def by_trying_all(totals: np.ndarray, ballots: int) -> tuple[list[int], list[int]]:
    """Return the best and worst places over every way to fill in so many ballots, ties included."""
    ways = combinations_with_replacement(DOUBLED[len(totals)], ballots)
    places = np.array([average.places(totals + np.array(rows).sum(axis=0)) for rows in ways])
    return places.min(axis=0).tolist(), places.max(axis=0).tolist()


@given(small, st.integers(1, 2))
def test_no_missing_ballots_lead_beyond_the_bounds(ballots, missing):
    totals = totals_of(ballots)
    best, worst = bounds(with_missing_ballots(totals, missing))
    true_best, true_worst = by_trying_all(totals, missing)
    assert all(bound <= true for bound, true in zip(best, true_best, strict=True))
    assert all(bound >= true for bound, true in zip(worst, true_worst, strict=True))


def test_the_bounds_are_hardly_ever_wider_than_what_ballots_can_do():
    wider = tried = 0
    for seed in range(60):
        profile = no_consensus(1 + seed % 7, 3 + seed % 2, ranked=2 + seed % 2, seed=seed)
        totals = average.doubled_totals(profile)
        found, true = bounds(with_missing_ballots(totals, 2)), by_trying_all(totals, 2)
        wider += sum(one != other for ends in zip(found, true, strict=True) for one, other in zip(*ends, strict=True))
        tried += 2 * profile.m
    assert tried > 400
    assert wider <= 0.02 * tried


@given(small, st.integers(0, 3))
def test_averages_to_one_decimal_never_say_less_than_the_totals_allow(ballots, missing):
    profile = Profile.from_places("abcd"[: len(ballots[0])], ballots)
    if not profile.used:
        return
    totals = average.doubled_totals(profile)
    shown = [round(each, 1) for each in average.average_places(totals, profile.used)]
    exact = bounds(with_missing_ballots(totals, missing))
    for averages in (shown, [None, *shown[1:]], [None] * len(shown)):
        rough = with_missing_ballots_by_averages(averages, average.places(totals).tolist(), profile.used, missing)
        best, worst = bounds(rough)
        assert all(at_most <= each for at_most, each in zip(best, exact[0], strict=True))
        assert all(at_most >= each for at_most, each in zip(worst, exact[1], strict=True))


@given(small)
def test_with_no_ballot_missing_every_place_is_as_it_is(ballots):
    totals = totals_of(ballots)
    places = average.places(totals).tolist()
    assert with_missing_ballots(totals, 0) == {"ballots": 0, "best": places, "worst": places}


@given(small, st.integers(0, 3))
def test_a_further_missing_ballot_never_narrows_the_bounds(ballots, missing):
    fewer, more = (bounds(with_missing_ballots(totals_of(ballots), number)) for number in (missing, missing + 1))
    assert all(one >= other for one, other in zip(fewer[0], more[0], strict=True))
    assert all(one <= other for one, other in zip(fewer[1], more[1], strict=True))


@pytest.mark.parametrize(("lead", "worst"), [(2, 1), (1, 2)])
def test_a_lead_that_is_large_enough_holds(lead, worst):
    """One ballot can give each item at most the last of three places, so it overcomes a lead of one place, not of two."""
    ballots: list[Ballot] = [[1, 2, 3]] * lead
    assert with_missing_ballots(totals_of(ballots), 1)["worst"][0] == worst
