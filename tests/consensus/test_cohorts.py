"""Real differences between cohorts are found, and chance differences are not."""

from itertools import combinations

import numpy as np
import pytest

from mixportal.consensus import Profile
from mixportal.consensus.cohorts import compare_cohorts
from tests.consensus.examples import no_consensus


def shifted(ballots: int, inside: int, by: int) -> tuple[Profile, list[bool]]:
    """Return random ballots, of which the first `inside` move item 0 up by `by` places."""
    rows = no_consensus(ballots, 13, seed=9).places.tolist()
    for row in rows[:inside]:
        order = sorted(range(13), key=lambda item: row[item])
        order.insert(max(0, order.index(0) - by), order.pop(order.index(0)))
        for place, item in enumerate(order, start=1):
            row[item] = place
    names = [f"item-{n:02}" for n in range(13)]
    return Profile.from_places(names, rows), [number < inside for number in range(ballots)]


def test_a_difference_is_inside_less_outside_in_places():
    profile = Profile.from_places(["a", "b"], [[1, 2], [1, 2], [2, 1], [1, 2]])
    cohort = compare_cohorts(profile, [[True, True, False, False]], seed=1)["cohorts"][0]
    assert cohort["difference"] == [-0.5, 0.5]


def test_a_large_true_shift_is_found_and_only_that_item_is_named():
    profile, cities = shifted(64, 30, by=9)
    result = compare_cohorts(profile, [cities], seed=1)
    assert result["p"] < 0.05
    assert result["cohorts"][0]["clear"] == [True] + [False] * 12
    assert result["cohorts"][0]["high"][0] < 0


def test_no_item_is_named_when_the_global_test_finds_nothing():
    """Item 0 is last on 15 ballots and last but one on 9, all inside; alone that would be significant."""
    noise = np.random.default_rng(0)
    rows = []
    for ballot in range(24):
        order = [*noise.permutation(np.arange(1, 8)), 0]
        if ballot < 12 and noise.random() < 0.55:
            order[-1], order[-2] = order[-2], order[-1]
        rows.append([order.index(item) + 1 for item in range(8)])
    profile = Profile.from_places([f"item-{n}" for n in range(8)], rows)
    result = compare_cohorts(profile, [[ballot < 12 for ballot in range(24)]], seed=1, permutations=999)
    assert result["p"] > 0.05 > min(result["cohorts"][0]["p"])
    assert not any(result["cohorts"][0]["clear"])


def test_p_values_grow_with_the_number_of_cohorts_compared():
    profile = no_consensus(40, 8, seed=2)
    splits = [[(ballot // step) % 2 == 0 for ballot in range(40)] for step in (1, 2, 4, 5, 8, 10, 20)]
    alone, beside = (compare_cohorts(profile, family, seed=1)["cohorts"][0]["p"] for family in (splits[:1], splits))
    assert all(after >= before for before, after in zip(alone, beside, strict=True))
    assert min(beside) > 1.5 * min(alone)


def test_p_values_come_near_those_of_all_splits():
    """Six ballots with three inside have 20 splits, so the exact p-value is known."""
    rows = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [3, 2, 1], [3, 1, 2], [2, 3, 1]]
    profile = Profile.from_places(["a", "b", "c"], rows)

    def squares(inside: tuple[int, ...]) -> float:
        outside = [n for n in range(6) if n not in inside]
        means = [(sum(rows[n][i] for n in inside) - sum(rows[n][i] for n in outside)) / 3 for i in range(3)]
        return sum(mean * mean for mean in means)

    exact = sum(squares(split) >= squares((0, 1, 2)) - 1e-9 for split in combinations(range(6), 3)) / 20
    found = compare_cohorts(profile, [[True] * 3 + [False] * 3], seed=1)
    assert found["p"] == pytest.approx(exact, abs=0.015)


def test_p_values_are_never_zero_and_the_same_for_the_same_seed():
    profile, cities = shifted(40, 20, by=12)
    result = compare_cohorts(profile, [cities], seed=1, permutations=99)
    assert result["p"] == 0.01  # (1 + 0 hits) / (99 + 1)
    assert result == compare_cohorts(profile, [cities], seed=1, permutations=99)


def test_the_order_of_ballots_and_columns_does_not_change_the_test():
    profile, cities = shifted(20, 8, by=6)
    plain = compare_cohorts(profile, [cities], seed=1, permutations=500)
    columns = list(range(13))[::-1]
    rows = profile.places[::-1, columns].tolist()
    turned = Profile.from_places([profile.items[c] for c in columns], rows)
    result = compare_cohorts(turned, [cities[::-1]], seed=1, permutations=500)
    assert result["p"] == plain["p"]
    for key in ("difference", "low", "high", "p", "clear"):
        assert result["cohorts"][0][key] == pytest.approx(plain["cohorts"][0][key][::-1], abs=1e-12)


def test_overlapping_splits_are_one_family_with_one_global_test():
    profile, cities = shifted(64, 30, by=9)
    west = [number % 4 == 0 for number in range(64)]
    alone = compare_cohorts(profile, [cities], seed=1)
    both = compare_cohorts(profile, [cities, west], seed=1)
    assert both["family"] == 26
    assert both["cohorts"][0]["p"][0] >= alone["cohorts"][0]["p"][0]
    assert not any(both["cohorts"][1]["clear"])


def test_an_item_in_one_place_on_all_ballots_has_no_difference():
    profile = Profile.from_places(["a", "b", "c"], [[1, 2, 3], [1, 3, 2], [1, 2, 3], [1, 3, 2]])
    cohort = compare_cohorts(profile, [[True, False, True, False]], seed=1, permutations=99)["cohorts"][0]
    assert (cohort["difference"][0], cohort["p"][0]) == (0, 1)
