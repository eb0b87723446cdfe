"""Properties that hold for any ballots."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixportal.consensus import Profile, count
from tests.consensus.oracle import Ballot

ITEMS = ["ai", "cloud", "data", "security", "workforce", "broadband"]
cells = st.one_of(st.none(), st.integers(1, 6))
ballot_lists = st.lists(st.lists(cells, min_size=6, max_size=6), min_size=1, max_size=9)


def counted(ballots: list[Ballot], items: list[str] = ITEMS) -> dict[str, Any]:
    return count(Profile.from_places(items, ballots), seed=11)


@given(ballot_lists, st.randoms(use_true_random=False))
def test_the_order_of_the_ballots_changes_nothing(ballots, random):
    shuffled = random.sample(ballots, len(ballots))
    assert counted(shuffled) == counted(ballots)


@given(ballot_lists, st.permutations(range(6)))
def test_the_order_of_the_columns_changes_only_the_order_of_display(ballots, columns):
    plain = counted(ballots)
    moved = counted([[ballot[c] for c in columns] for ballot in ballots], [ITEMS[c] for c in columns])
    per_item = "average_place place joint copeland_score schulze_rank top3 q1 median q3 polarisation word ranked_by"
    per_item += " not_ranked interval_low interval_high first_share places_given"
    for key in per_item.split():
        assert moved[key] == [plain[key][c] for c in columns], key
    for key in ("rank_low", "rank_high"):
        assert moved["kemeny"][key] == [plain["kemeny"][key][c] for c in columns]
    assert moved["support"] == [[plain["support"][a][b] for b in columns] for a in columns]
    for key in ("kendall_w", "condorcet_winner", "same_order_share", "same_order_of", "agreement_word", "mean_tau_b"):
        assert moved[key] == plain[key], key
    assert [set(tier) for tier in moved["borda_tiers"]] == [set(tier) for tier in plain["borda_tiers"]]
    for key in ("score", "n_optimal"):
        assert moved["kemeny"][key] == plain["kemeny"][key]


@given(ballot_lists)
def test_doubling_every_ballot_keeps_all_orders_and_averages(ballots):
    once, twice = counted(ballots), counted(ballots * 2)
    for key in ("average_place", "place", "borda_tiers", "copeland_score", "schulze_rank", "condorcet_winner"):
        assert twice[key] == once[key], key
    assert twice["polarisation"] == pytest.approx(once["polarisation"], abs=1e-12)
    assert twice["kemeny"]["n_optimal"] == once["kemeny"]["n_optimal"]
    assert twice["kemeny"]["order"] == once["kemeny"]["order"]
    assert twice["kemeny"]["score"] == 2 * once["kemeny"]["score"]


@given(ballot_lists, st.sampled_from([[None] * 6, [4] * 6]))
def test_an_abstention_is_counted_and_changes_nothing_else(ballots, abstention):
    without, with_one = counted(ballots), counted([*ballots, abstention])
    assert with_one.pop("ballots") == without.pop("ballots") + 1
    assert with_one.pop("abstentions") == without.pop("abstentions") + 1
    assert with_one == without


@given(st.lists(st.lists(st.integers(1, 6), min_size=6, max_size=6), min_size=1, max_size=9))
def test_reversing_every_ballot_reverses_the_result(ballots):
    forward, backward = counted(ballots), counted([[7 - place for place in ballot] for ballot in ballots])
    assert backward["support"] == [list(column) for column in zip(*forward["support"], strict=True)]
    assert backward["copeland_score"] == [-score for score in forward["copeland_score"]]
    assert backward["kemeny"]["score"] == forward["kemeny"]["score"]
    assert backward["kemeny"]["n_optimal"] == forward["kemeny"]["n_optimal"]
    assert backward["kemeny"]["rank_low"] == [7 - high for high in forward["kemeny"]["rank_high"]]
    assert backward["kendall_w"] == pytest.approx(forward["kendall_w"], abs=1e-12)
    assert backward["polarisation"] == pytest.approx(forward["polarisation"], abs=1e-12)
    if forward["used"]:
        assert backward["average_place"] == pytest.approx([7 - a for a in forward["average_place"]])
        assert [set(tier) for tier in backward["borda_tiers"]] == [set(tier) for tier in forward["borda_tiers"][::-1]]


@given(st.permutations(range(1, 7)), st.integers(2, 9))
def test_unanimous_ballots_give_their_own_order_by_every_method(order, ballots):
    result = counted([list(order)] * ballots)
    assert result["place"] == result["schulze_rank"] == list(order)
    assert result["average_place"] == list(order)
    assert result["kemeny"]["score"] == 0
    assert result["kemeny"]["rank_low"] == result["kemeny"]["rank_high"] == list(order)
    assert (result["kendall_w"], result["same_order_share"]) == (1.0, 1.0)
    assert result["mean_tau_b"] == pytest.approx(1.0)
    assert result["interval_low"] == result["interval_high"] == list(order)
    assert [len(band) for band in result["bands"]] == [1] * 6
    assert result["agreement_word"] == "strong"


@given(ballot_lists, ballot_lists)
def test_what_two_electorates_agree_on_holds_for_both_together(one, other):
    """Consistency, the axiom that distinguishes Borda from head-to-head methods (Young 1974)."""
    first, second, both = counted(one), counted(other), counted(one + other)
    if not (first["used"] and second["used"]):
        return
    for a in range(6):
        for b in range(6):
            if first["place"][a] < first["place"][b] and second["place"][a] <= second["place"][b]:
                assert both["place"][a] < both["place"][b]


@given(ballot_lists)
def test_the_result_is_json_without_nan_and_the_same_twice(ballots):
    result = counted(ballots)
    assert json.loads(json.dumps(result, allow_nan=False)) == result == counted(ballots)


@given(ballot_lists)
def test_the_average_place_is_also_the_share_of_head_to_head_wins(ballots):
    """(m - average) / (m - 1) is how often it beats a random item on a random ballot; a tie is half."""
    result = counted(ballots)
    n = result["used"]
    for item, average in enumerate(result["average_place"]):
        if average is not None:
            wins = sum(result["support"][item])
            ties = n * 5 - wins - sum(row[item] for row in result["support"])
            assert (6 - average) / 5 == pytest.approx((wins + ties / 2) / (n * 5))


@given(ballot_lists)
def test_the_interval_covers_whole_places_and_bands_cover_every_item_once(ballots):
    result = counted(ballots)
    if result["used"]:
        for low, high in zip(result["interval_low"], result["interval_high"], strict=True):
            assert 1 <= low <= high <= 6
        assert [item for band in result["bands"] for item in band] == result["order"]
        assert sum(result["first_share"]) >= 1 - 1e-9


@given(ballot_lists)
def test_every_item_is_at_some_place_in_each_resample(ballots):
    result = counted(ballots)
    if not result["used"]:
        assert result["resampled_places"] is None
        return
    for item, places in enumerate(result["resampled_places"]):
        assert sum(places) == result["resamples"] == 2_000
        assert places[0] / 2_000 == result["first_share"][item]
        assert sum(places[: result["interval_high"][item]]) >= 0.975 * 2_000
