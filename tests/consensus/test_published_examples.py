"""Examples from the literature."""

import pytest

from mixportal.consensus import count
from tests.consensus.examples import SCHULZE, TENNESSEE, from_orders


def test_schulzes_45_voters_elect_e_before_a_c_b_d():
    result = count(from_orders(SCHULZE, "ABCDE"), seed=1)
    assert result["used"] == 45
    assert result["support"] == [  # the matrix printed in the paper
        [0, 20, 26, 30, 22],
        [25, 0, 16, 33, 18],
        [19, 29, 0, 17, 24],
        [15, 12, 28, 0, 14],
        [23, 27, 21, 31, 0],
    ]
    assert result["schulze_rank"] == [2, 4, 3, 5, 1]
    assert result["condorcet_winner"] is None


def test_tennessee_puts_its_capital_at_nashville():
    result = count(from_orders(TENNESSEE, "MNCK"), seed=1)
    memphis, nashville, chattanooga, knoxville = range(4)
    assert result["condorcet_winner"] == "N"
    assert result["copeland_score"] == [-3, 3, 1, -1]
    assert result["schulze_rank"] == [4, 1, 2, 3]
    borda_scores = [100 * (4 - average) for average in result["average_place"]]
    assert borda_scores == pytest.approx([126, 194, 173, 107])
    assert result["borda_tiers"] == [["N"], ["C"], ["M"], ["K"]]
    assert result["kemeny"]["order"] == [nashville, chattanooga, knoxville, memphis]
    assert result["kemeny"]["score"] == 600 - 393  # 393 of the 600 comparisons agree with it
    assert result["kemeny"]["n_optimal"] == 1
    assert result["against_head_to_head"] == [[memphis, knoxville]]
    assert result["against_kemeny"] == [[memphis, knoxville]]


def test_condorcets_own_cycle_has_three_kemeny_orders_and_no_winner():
    result = count(from_orders({"ABC": 1, "BCA": 1, "CAB": 1}, "ABC"), seed=1)
    assert result["condorcet_winner"] is None
    assert result["copeland_score"] == [0, 0, 0]
    assert result["schulze_rank"] == [1, 1, 1]
    assert (result["kemeny"]["score"], result["kemeny"]["n_optimal"]) == (4, 3)
    assert (result["kemeny"]["rank_low"], result["kemeny"]["rank_high"]) == ([1, 1, 1], [3, 3, 3])


def test_the_borda_count_can_pass_over_a_majoritys_favourite():
    result = count(from_orders({"ABC": 3, "BCA": 2}, "ABC"), seed=1)
    assert result["condorcet_winner"] == "A"
    assert result["borda_tiers"][0] == ["B"]
    assert result["against_head_to_head"] == [[1, 0]]
