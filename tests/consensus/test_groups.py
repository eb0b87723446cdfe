"""Groups of like-minded ballots are found where they are, and not where chance explains the ballots."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mixportal.consensus import Profile
from mixportal.consensus.draws import Purpose, Stream
from mixportal.consensus.groups import MIN_SIZE, _without_further_groups, like_minded
from tests.consensus import oracle
from tests.consensus.examples import no_consensus

ITEMS = tuple("abcdefghijklm")


def ballots(random: np.random.Generator, count: int, likings: np.ndarray) -> list[list[int]]:
    """Draw orders by Plackett and Luce: an item's liking and Gumbel noise."""
    noise = random.gumbel(size=(count, len(likings)))
    return ((likings + noise).argsort(axis=1)[:, ::-1].argsort(axis=1) + 1).tolist()


def crowd(seed: int, spread: float = 3.0) -> Profile:
    return Profile.from_places(ITEMS, ballots(np.random.default_rng(seed), 55, np.linspace(spread, 0, 13)))


def parties(seed: int, *sizes: int) -> Profile:
    """Each party puts another three items on top."""
    random, rows = np.random.default_rng(seed), []
    for party, size in enumerate(sizes):
        likings = np.linspace(1, 0, 13)
        likings[4 * party : 4 * party + 3] += 6
        rows += ballots(random, size, likings)
    return Profile.from_places(ITEMS, rows)


@pytest.mark.parametrize("spread", [0, 3, 8])
def test_one_group_with_noise_is_seldom_divided(spread):
    divided = [seed for seed in range(20) if len(like_minded(crowd(seed, spread), seed=seed + 1)["groups"]) > 1]
    assert len(divided) <= 2  # 2 of 100 are expected


@pytest.mark.parametrize("sizes", [(30, 25), (20, 18, 17)])
def test_parties_are_found_as_they_are_the_largest_first(sizes):
    found = like_minded(parties(5, *sizes), seed=9)
    edges = np.cumsum([0, *sizes]).tolist()
    assert found["groups"] == [list(range(first, last)) for first, last in pairwise(edges)]
    assert found["share"] > found["share_by_chance"]


def test_the_share_is_that_of_squared_distances_by_definition():
    profile = parties(5, 30, 25)
    found = like_minded(profile, seed=9)
    ranks = [oracle.mid_ranks(row) for row in profile.places.tolist()]
    apart = np.array([[2 * (1 - oracle.tau_b(one, other)) for other in ranks] for one in ranks])
    inside = sum(apart[np.ix_(rows, rows)].sum() / (2 * len(rows)) for rows in found["groups"])
    assert found["share"] == pytest.approx(1 - inside / (apart.sum() / (2 * len(ranks))), abs=1e-9)


def test_no_group_is_smaller_than_the_least_size():
    assert len(like_minded(parties(3, 40, MIN_SIZE - 1), seed=1)["groups"]) == 1
    assert len(like_minded(parties(3, MIN_SIZE - 1, MIN_SIZE - 1), seed=1)["groups"]) == 1


@pytest.mark.parametrize("rows", [[], [[1, 2, 3]], [[1, 2, 3]] * 12])
def test_nothing_few_or_equal_ballots_are_one_group(rows):
    found = like_minded(Profile.from_places("abc", rows), seed=1)
    assert found["groups"] == [list(range(len(rows)))]
    assert found["share"] == 0


def test_the_order_of_the_items_changes_nothing():
    plain = parties(2, 30, 25)
    turned = Profile.from_places(plain.items[::-1], plain.places[:, ::-1].tolist())
    assert like_minded(turned, seed=4)["groups"] == like_minded(plain, seed=4)["groups"]


def test_a_simulated_list_keeps_each_ballots_ties_and_what_a_group_agrees_on():
    profile = no_consensus(20, 6, ranked=4)
    labels = np.array([0] * 8 + [1] * 12)
    simulated = _without_further_groups(profile.doubled, labels, Stream(3, Purpose.GROUPS))
    assert np.sort(simulated, axis=1).tolist() == np.sort(profile.doubled, axis=1).tolist()
    agreed = np.tile(profile.doubled[:1], (20, 1))
    assert _without_further_groups(agreed, labels, Stream(3, Purpose.GROUPS)).tolist() == agreed.tolist()
