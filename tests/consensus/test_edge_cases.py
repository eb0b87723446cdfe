"""Tiny and unusual profiles give nulls and ties, never an error or a NaN."""

import json

import pytest

from mixportal.consensus import Profile, count
from mixportal.results.tally_table import table

ABC = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("items", "ballots"),
    [
        (ABC, []),
        (ABC, [[None, None, None]]),
        (ABC, [[2, 2, 2], [None, None, None]]),
        (ABC, [[1, 2, 3]]),
        (ABC, [[1, None, None]]),
        (["a"], []),
        (["a"], [[1], [None]]),
        (["a", "b"], [[1, 2]]),
    ],
)
def test_every_degenerate_profile_has_an_answer_that_is_json_and_a_table(items, ballots):
    result = count(Profile.from_places(items, ballots), seed=1)
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert table(result).strip()


def test_without_a_ballot_everything_is_tied_and_nothing_is_known():
    result = count(Profile.from_places(ABC, []), seed=1)
    assert (result["ballots"], result["used"]) == (0, 0)
    assert result["place"] == [1, 1, 1]
    assert result["joint"] == [True, True, True]
    assert result["borda_tiers"] == [["a", "b", "c"]]
    assert result["kemeny"]["n_optimal"] == 6
    for key in ("average_place", "q1", "median", "q3", "polarisation", "word", "interval_low", "first_share"):
        assert result[key] == [None, None, None], key
    for key in ("kendall_w", "kendall_w_p", "agreement_word", "mean_tau_b", "same_order_share", "bands"):
        assert result[key] is None, key


def test_a_blank_and_an_all_tied_ballot_are_abstentions():
    profile = Profile.from_places(ABC, [[None] * 3, [5, 5, 5], [1, None, None]], [2, 3, 4])
    assert (profile.ballots, profile.abstentions, profile.used) == (9, 5, 4)
    assert profile.rows.tolist() == [2]


def test_on_a_list_of_one_item_every_ballot_is_an_abstention():
    result = count(Profile.from_places(["a"], [[1], [None], [7]]), seed=1)
    assert (result["ballots"], result["abstentions"], result["used"]) == (3, 3, 0)
    assert (result["place"], result["joint"], result["condorcet_winner"]) == ([1], [False], None)
    assert result["kemeny"] == {
        "score": 0, "n_optimal": 1, "order": [0], "orders": [[0]], "rank_low": [1], "rank_high": [1],
        "score_between": [0, 0], "not_computed": None,
    }  # fmt: skip


def test_one_ballot_is_its_own_result_and_agreement_is_undefined():
    result = count(Profile.from_places(ABC, [[2, 1, None]]), seed=1)
    assert result["average_place"] == [2, 1, 3]
    assert (result["kendall_w"], result["mean_tau_b"], result["same_order_share"]) == (None, None, None)


def test_gaps_and_large_numbers_mean_nothing_and_equal_numbers_tie():
    gapped = Profile.from_places(ABC, [[1_000_000, 7, 7]])
    assert gapped.ranks.tolist() == [[3, 1.5, 1.5]]
    assert gapped.places.tolist() == [[3, 1, 1]]
    assert gapped.ranks.tolist() == Profile.from_places(ABC, [[2, 1, 1]]).ranks.tolist()


def test_pairs_that_a_ballot_leaves_open_are_not_compared():
    result = count(Profile.from_places(ABC, [[1, 2, 2], [2, 2, 1]]), seed=1)
    assert result["same_order_of"] == 1  # both order only the first and the last item
    assert result["same_order_share"] == 0
    assert result["mean_tau_b"] == pytest.approx(-0.5)


def test_a_profile_cannot_be_changed():
    profile = Profile.from_places(ABC, [[1, 2, 3]])
    for array in (profile.doubled, profile.places, profile.ranked, profile.weights, profile.rows):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(AttributeError):
        profile.abstentions = 3


def test_very_many_ballots_stay_exact():
    """Weights near the limit, where a float would have lost the last ballot."""
    result = count(Profile.from_places(ABC, [[1, 2, 3], [3, 1, 2]], [500_000_000, 499_999_999]), seed=1)
    assert result["margin"][0][1] == 1
    assert result["condorcet_winner"] == "a"
    assert result["support"][1][2] == 999_999_999
    assert result["same_order_of"] == 3 * (999_999_999 * 999_999_998 // 2)
    assert result["bands"] is None  # beyond a million cells nothing is resampled
