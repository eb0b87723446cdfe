"""Kemeny orders of longer lists: parts, cycles and the limit."""

from math import factorial

import numpy as np
import pytest

from mixportal.consensus import Profile, count
from mixportal.consensus.kemeny import kemeny, orders_between
from mixportal.consensus.search import MAX_ORDERS
from tests.consensus import oracle
from tests.consensus.examples import from_orders, no_consensus


def subset_recursion(support: np.ndarray) -> tuple[int, int]:
    """Return the score and number of optimal orders by recursion over all 2^m subsets."""
    m = len(support)
    best, ways = {0: 0}, {0: 1}
    for subset in range(1, 1 << m):
        costs = []
        for item in range(m):
            if subset >> item & 1:
                rest = subset ^ (1 << item)
                cost = sum(int(support[item][other]) for other in range(m) if rest >> other & 1)
                costs.append((best[rest] + cost, ways[rest]))
        best[subset] = min(cost for cost, _ in costs)
        ways[subset] = sum(way for cost, way in costs if cost == best[subset])
    return best[(1 << m) - 1], ways[(1 << m) - 1]


@pytest.mark.parametrize(("ballots", "ranked", "seed"), [(64, 11, 1), (64, 4, 2), (6, 11, 3), (5, 3, 4), (2, 6, 5)])
def test_score_and_number_of_optima_equal_the_recursion_over_all_subsets(ballots, ranked, seed):
    result = count(no_consensus(ballots, 11, ranked=ranked, seed=seed), seed=1)
    score, optima = subset_recursion(np.array(result["support"]))
    assert (result["kemeny"]["score"], result["kemeny"]["n_optimal"]) == (score, optima)


def test_the_order_shown_reaches_the_score_and_keeps_to_the_bounds():
    result = count(no_consensus(64, 18), seed=1)
    kemeny = result["kemeny"]
    order, support = kemeny["order"], result["support"]
    assert sorted(order) == list(range(18))
    assert kemeny["score"] == sum(
        support[below][above] for place, above in enumerate(order) for below in order[place + 1 :]
    )
    for place, item in enumerate(order, start=1):
        assert kemeny["rank_low"][item] <= place <= kemeny["rank_high"][item]


def test_rotations_of_one_circle_have_as_many_optima_as_items():
    items = "abcdefghijklmnopqrst"
    rotations = {items[start:] + items[:start]: 1 for start in range(20)}
    kemeny = count(from_orders(rotations, items), seed=1)["kemeny"]
    assert kemeny["n_optimal"] == 20
    assert (set(kemeny["rank_low"]), set(kemeny["rank_high"])) == ({1}, {20})


def test_two_opposite_ballots_leave_every_order_optimal_even_of_sixty_items():
    up = list(range(1, 61))
    result = count(Profile.from_places([f"i{n}" for n in up], [up, up[::-1]]), seed=1)
    assert result["kemeny"]["n_optimal"] == factorial(60)
    assert result["kemeny"]["score"] == 60 * 59 // 2


def test_orders_that_never_meet_interleave_freely():
    """a > b > c and x > y > z tie with each other, so they interleave in 20 ways."""
    margins = np.zeros((6, 6), np.int64)
    for above, below in ((0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)):
        margins[above, below] = 1
    found, _ = kemeny(margins, np.array([2, 4, 6, 3, 5, 7]))
    assert (found["score"], found["n_optimal"], found["order"]) == (0, 20, [0, 3, 1, 4, 2, 5])
    assert (found["rank_low"], found["rank_high"]) == ([1, 2, 3, 1, 2, 3], [4, 5, 6, 4, 5, 6])


def test_stages_multiply_their_optima():
    """Two circles of three, one above the other."""
    circles = {"abcdef": 1, "bcaefd": 1, "cabfde": 1}
    kemeny = count(from_orders(circles, "abcdef"), seed=1)["kemeny"]
    assert kemeny["n_optimal"] == 9
    assert kemeny["rank_low"] == [1, 1, 1, 4, 4, 4]
    assert kemeny["rank_high"] == [3, 3, 3, 6, 6, 6]


def test_more_than_twenty_items_in_one_circle_are_not_computed():
    result = count(no_consensus(64, 40), seed=1)
    found = result["kemeny"]
    assert "40 items" in found["not_computed"]
    assert (found["score"], found["n_optimal"], found["order"]) == (None, None, None)
    assert found["rank_low"] == found["rank_high"] == [None] * 40
    assert result["against_kemeny"] is None
    assert result["place"]  # the rest of the result stands


def test_a_score_that_is_not_computed_lies_between_the_minorities_and_what_the_averages_contradict():
    result = count(no_consensus(64, 40), seed=1)
    support, order = np.array(result["support"]), result["order"]
    minorities = sum(min(support[one][other], support[other][one]) for one in range(40) for other in range(one))
    contradicted = sum(support[below][above] for place, above in enumerate(order) for below in order[place + 1 :])
    assert result["kemeny"]["score_between"] == [minorities, contradicted]
    assert 0 < minorities < contradicted


def test_twenty_items_that_hardly_constrain_each_other_are_searched():
    """A circle a > b > c > a, and 17 items that only a beats: nearly all subsets have to be walked.

    Optimal are: a first, then b before c among the rest; b, c, a, the 17; c, a, then b anywhere in the 17.
    """
    margin = np.zeros((20, 20), np.int64)
    margin[0, 1] = margin[1, 2] = margin[2, 0] = 1
    margin[0, 3:] = 1
    found, _ = kemeny(margin, np.arange(20))
    assert found["score"] == 1
    assert found["n_optimal"] == factorial(19) // 2 + factorial(17) + factorial(18)


@pytest.mark.parametrize("seed", range(40))
def test_all_orders_are_listed_if_they_are_few(seed):
    result = count(no_consensus(2 + seed % 7, 3 + seed % 4, ranked=2 + seed % 3, seed=seed), seed=1)
    _, expected = oracle.kemeny(result["support"])
    listed = result["kemeny"]["orders"]
    assert (listed is None) is (len(expected) > MAX_ORDERS)
    if listed is not None:
        assert len(listed) == len(expected)
        assert {tuple(order) for order in listed} == expected
        assert result["kemeny"]["order"] == listed[0]


def test_the_orders_of_parts_that_never_meet_are_listed_interleaved():
    margins = np.zeros((4, 4), np.int64)
    margins[0, 1] = margins[2, 3] = 1
    found, _ = kemeny(margins, np.array([2, 4, 3, 5]))
    assert found["orders"] is not None
    assert {tuple(order) for order in found["orders"]} == {
        (0, 1, 2, 3), (0, 2, 1, 3), (0, 2, 3, 1), (2, 0, 1, 3), (2, 0, 3, 1), (2, 3, 0, 1),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_orders_that_follow_from_the_bounds_are_the_optimal_ones(seed):
    result = count(no_consensus(2 + seed % 7, 3 + seed % 4, ranked=2 + seed % 3, seed=seed), seed=1)["kemeny"]
    followed = orders_between(result["rank_low"], result["rank_high"], result["n_optimal"])
    if followed is not None:
        assert sorted(followed) == sorted(result["orders"])
    if result["n_optimal"] == 1:
        assert followed == [result["order"]]


def test_bounds_that_allow_further_orders_tell_none():
    """Rotations of a circle: any order keeps to the bounds, but only three are optimal."""
    result = count(from_orders({"abc": 1, "bca": 1, "cab": 1}, "abc"), seed=1)["kemeny"]
    assert len(result["orders"]) == result["n_optimal"] == 3
    assert orders_between(result["rank_low"], result["rank_high"], 3) is None
