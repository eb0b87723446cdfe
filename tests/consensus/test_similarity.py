import numpy as np
import pytest

from mixportal.consensus import Profile
from mixportal.consensus.agreement import chi_square_tail
from mixportal.consensus.similarity import chance_levels, shared_pairs, tau_b
from tests.consensus import oracle
from tests.consensus.examples import no_consensus


def test_tau_b_of_every_two_ballots_equals_its_definition():
    profile = no_consensus(9, 7, ranked=4)
    tau = tau_b(profile)
    ranks = [oracle.mid_ranks(row) for row in profile.places.tolist()]
    for one in range(9):
        for other in range(9):
            assert tau[one, other] == pytest.approx(oracle.tau_b(ranks[one], ranks[other]), abs=1e-12)


def test_pairs_are_shared_only_where_both_ballots_order_them():
    profile = Profile.from_places(["a", "b", "c", "d"], [[1, 2, 3, None], [2, 1, None, None]])
    same, both = shared_pairs(profile)
    assert both.tolist() == [[6, 5], [5, 5]]
    assert same.tolist() == [[6, 4], [4, 5]]


def test_items_that_both_leave_off_do_not_make_two_lists_alike():
    profile = Profile.from_places([f"i{n}" for n in range(12)], [[1, 2, *[None] * 10], [*[None] * 10, 1, 2]])
    assert tau_b(profile)[0, 1] < 0


def test_chance_alone_makes_similar_ballots():
    """A simulation gave 0.48 for the best of 63 random ballots with 13 ranked items, and 0.67 with 3."""
    full = np.mean(chance_levels(no_consensus(64, 13), seed=1, shuffles=60)[0])
    short = np.mean(chance_levels(no_consensus(64, 13, ranked=3), seed=1, shuffles=60)[0])
    assert 0.45 < full < 0.7
    assert full < short < 1


def test_a_single_ballot_has_no_chance_levels():
    assert chance_levels(no_consensus(1, 5), seed=1)[0] == [None]


@pytest.mark.parametrize(
    ("x", "degrees", "tail"),
    [(3.841458820694124, 1, 0.05), (5.991464547107979, 2, 0.05), (21.02606981748307, 12, 0.05),
     (26.216967305535853, 12, 0.01), (0, 5, 1.0), (1e6, 199, 0.0), (18.307038053275146, 10, 0.05),
     (16.918977604620448, 9, 0.05)],
)  # fmt: skip
def test_the_tail_of_chi_square_equals_printed_tables(x, degrees, tail):
    assert chi_square_tail(x, degrees) == pytest.approx(tail, abs=1e-9)
