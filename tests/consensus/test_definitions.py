"""Every figure equals its definition, computed the slow way, on many small profiles."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixportal.consensus import Profile, count
from tests.consensus import oracle
from tests.consensus.examples import no_consensus
from tests.consensus.oracle import Ballot


@st.composite
def profiles(draw: st.DrawFn, max_items: int = 5, max_ballots: int = 7) -> tuple[list[str], list[Ballot]]:
    m = draw(st.integers(1, max_items))
    cell = st.one_of(st.none(), st.integers(1, m + 2))
    ballots = draw(st.lists(st.lists(cell, min_size=m, max_size=m), max_size=max_ballots))
    return [f"item-{index}" for index in range(m)], ballots


def counted(items: list[str], ballots: list[Ballot]) -> dict[str, Any]:
    return count(Profile.from_places(items, ballots), seed=7)


@settings(max_examples=250)
@given(profiles())
def test_every_figure_equals_its_definition(profile: tuple[list[str], list[Ballot]]):
    items, ballots = profile
    m = len(items)
    result = counted(items, ballots)
    ranks = oracle.used_ballots(ballots)
    n = len(ranks)
    support = oracle.support(ranks, m)
    averages = oracle.averages(ranks, m)

    assert (result["ballots"], result["used"], result["abstentions"]) == (len(ballots), n, len(ballots) - n)
    assert result["support"] == support
    assert result["margin"] == [[support[i][j] - support[j][i] for j in range(m)] for i in range(m)]
    assert result["average_place"] == [None if a is None else pytest.approx(float(a), abs=1e-12) for a in averages]
    if n:
        assert result["place"] == [1 + sum(other < a for other in averages) for a in averages]
        assert result["joint"] == [averages.count(a) > 1 for a in averages]
        tiers = [[items[i] for i in range(m) if averages[i] == a] for a in sorted(set(averages))]
        assert result["borda_tiers"] == tiers
        assert result["order"] == sorted(range(m), key=lambda i: averages[i])
    signs = [[(v > 0) - (v < 0) for v in row] for row in result["margin"]]
    assert result["copeland_score"] == [sum(row) for row in signs]
    winners = [items[i] for i in range(m) if m > 1 and sum(signs[i]) == m - 1]
    assert result["condorcet_winner"] == (winners[0] if winners else None)
    assert result["schulze_rank"] == oracle.schulze_ranks(support)
    assert_kemeny(result, support)
    assert result["kendall_w"] == pytest.approx(oracle.kendall_w(ranks, m), abs=1e-9)
    assert result["mean_tau_b"] == pytest.approx(oracle.mean_tau_b(ranks), abs=1e-9)
    same, both = oracle.same_order(ranks, m)
    assert result["same_order_of"] == both
    assert result["same_order_share"] == (pytest.approx(same / both) if both else None)
    used = [ballot for ballot in ballots if len(set(oracle.mid_ranks(ballot))) > 1]
    for i in range(m):
        column = [row[i] for row in ranks]
        assert result["top3"][i] == sum(rank <= 3 for rank in column)
        assert result["ranked_by"][i] == sum(ballot[i] is not None for ballot in used)
        assert result["not_ranked"][i] == n - result["ranked_by"][i]
        given_places = [1 + sum(o is not None and o < b[i] for o in b) for b in used if b[i] is not None]
        assert result["places_given"][i] == [given_places.count(place) for place in range(1, m + 1)]
        if n:
            for key, share in (("q1", Fraction(1, 4)), ("median", Fraction(1, 2)), ("q3", Fraction(3, 4))):
                assert result[key][i] == pytest.approx(float(oracle.quantile(column, share)), abs=1e-9)
            assert result["polarisation"][i] == pytest.approx(float(oracle.polarisation(column, m)), abs=1e-9)


def assert_kemeny(result: dict[str, Any], support: list[list[int]]) -> None:
    score, orders = oracle.kemeny(support)
    low, high = oracle.rank_bounds(orders, len(support))
    kemeny = result["kemeny"]
    assert kemeny["score"] == score
    assert kemeny["n_optimal"] == len(orders)
    assert tuple(kemeny["order"]) in orders
    assert (kemeny["rank_low"], kemeny["rank_high"]) == (low, high)
    assert (kemeny["score_between"], kemeny["not_computed"]) == ([score, score], None)


@settings(max_examples=12)
@given(st.lists(st.permutations(range(1, 7)), min_size=1, max_size=6), st.integers(1, 6))
def test_kemeny_equals_all_720_orders_of_six_items(orders: list[list[int]], ranked: int):
    ballots: list[Ballot] = [[place if place <= ranked else None for place in order] for order in orders]
    result = counted([f"item-{index}" for index in range(6)], ballots)
    assert_kemeny(result, result["support"])


@pytest.mark.parametrize("seed", range(8))
def test_kemeny_equals_all_5040_orders_of_seven_items(seed: int):
    result = count(no_consensus(3 + seed, 7, ranked=7 - seed % 3, seed=seed), seed=1)
    assert_kemeny(result, result["support"])


@settings(max_examples=40)
@given(profiles(), st.data())
def test_a_weight_counts_like_that_many_ballots(profile: tuple[list[str], list[Ballot]], data: st.DataObject):
    items, ballots = profile
    weights = data.draw(st.lists(st.integers(1, 4), min_size=len(ballots), max_size=len(ballots)))
    repeated = [ballot for ballot, weight in zip(ballots, weights, strict=True) for _ in range(weight)]
    weighted = count(Profile.from_places(items, ballots, weights), seed=7)
    assert weighted == counted(items, repeated)
