"""Resamples are the same for a seed on every machine."""

from fractions import Fraction

import pytest

from mixportal.consensus import Profile, count
from mixportal.consensus.draws import Purpose, Stream
from mixportal.consensus.stability import quantile_position, stability
from tests.consensus.examples import no_consensus

MASK = 2**64 - 1


def philox(counter: list[int], key: list[int]) -> list[int]:
    """Philox 4x64-10 as published (Salmon, Moraes, Dror and Shaw 2011)."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        left, right = 0xD2E7470EE14C6C93 * c0, 0xCA5A826395121157 * c2
        c0, c1, c2, c3 = (right >> 64) ^ c1 ^ k0, right & MASK, (left >> 64) ^ c3 ^ k1, left & MASK
        k0, k1 = (k0 + 0x9E3779B97F4A7C15) & MASK, (k1 + 0xBB67AE8584CAA73B) & MASK
    return [c0, c1, c2, c3]


def test_the_raw_stream_is_philox_as_published():
    assert philox([0] * 4, [0] * 2) == [  # known answer of its authors
        0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B,
    ]  # fmt: skip
    seed, purpose = 2026, Purpose.STABILITY
    published = [word for block in (1, 2, 3) for word in philox([block, 0, 0, 0], [seed, purpose])]
    assert Stream(seed, purpose).raw(12).tolist() == published


def test_a_draw_is_the_upper_half_of_each_word_then_the_lower_half_scaled():
    words = Stream(7, Purpose.STABILITY).raw(6).tolist()
    halves = [[word >> 32 for word in row] + [word & 0xFFFFFFFF for word in row] for row in (words[:3], words[3:])]
    expected = [[half * 64 >> 32 for half in row[:5]] for row in halves]
    assert Stream(7, Purpose.STABILITY).below(64, 2, 5).tolist() == expected


def test_draws_do_not_depend_on_how_the_work_is_cut():
    whole = Stream(3, Purpose.STABILITY).below(9, 6, 5).tolist()
    stream = Stream(3, Purpose.STABILITY)
    assert stream.below(9, 2, 5).tolist() + stream.below(9, 4, 5).tolist() == whole


def test_every_permutation_holds_each_number_once_and_differs_by_purpose():
    rows = Stream(1, Purpose.COHORTS).permutations(13, 50).tolist()
    assert all(sorted(row) == list(range(13)) for row in rows)
    assert len({tuple(row) for row in rows}) == 50
    assert Stream(1, Purpose.CHANCE).permutations(13, 50).tolist() != rows


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(ValueError, match="seed"):
        Stream(seed, Purpose.STABILITY)


def test_intervals_and_bands_are_pinned():
    """Exact values: if this fails, the method has changed and needs a new METHOD_VERSION."""
    result = count(no_consensus(64, 6, ranked=4), seed=2026)
    assert result["average_place"] == [3.6953125, 3.40625, 3.9453125, 3.453125, 3.2890625, 3.2109375]
    assert result["interval_low"] == [2, 1, 4, 1, 1, 1]
    assert result["interval_high"] == [6, 5, 6, 6, 5, 5]
    assert result["first_share"] == [0.0115, 0.1575, 0.001, 0.1115, 0.2805, 0.4585]
    assert result["bands"] == [[5, 4, 1, 3, 0], [2]]


def test_another_seed_draws_other_resamples():
    profile = no_consensus(64, 6, ranked=4)
    assert count(profile, seed=1)["first_share"] != count(profile, seed=2)["first_share"]


def test_intervals_follow_a_resample_done_by_hand():
    """Twelve resamples of four ballots over three items, each step written out."""
    ballots = [[1, 2, 3], [1, 2, 3], [3, 1, 2], [2, 3, 1]]
    found = stability(Profile.from_places(["a", "b", "c"], ballots), seed=5, resamples=12)
    ordered = sorted(ballots)
    draws = Stream(5, Purpose.STABILITY).below(4, 12, 4).tolist()
    ranks, firsts = [], [0, 0, 0]
    for draw in draws:
        sums = [sum(ordered[index][item] for index in draw) for item in range(3)]
        ranks.append([sum(o < s for o in sums) + (sums.count(s) + 1) / 2 for s in sums])
        firsts = [f + (s == min(sums)) for f, s in zip(firsts, sums, strict=True)]
    for item in range(3):
        column = sorted(rank[item] for rank in ranks)
        assert found.interval_low[item] == int(column[0])  # ceil(0.025 * 12) = 1st value
        assert found.interval_high[item] == int(column[11] + 0.5)  # ceil(0.975 * 12) = 12th value
        assert found.first_share[item] == firsts[item] / 12


@pytest.mark.parametrize(("share", "position"), [(Fraction(25, 1000), 49), (Fraction(975, 1000), 1949)])
def test_an_interval_of_2000_resamples_ends_at_the_50th_and_the_1950th_value(share, position):
    assert quantile_position(share, 2000) == position


def test_items_that_always_tie_have_an_interval_of_both_places():
    result = count(Profile.from_places(["a", "b", "c"], [[1, 2, 2]] * 9), seed=1)
    assert (result["interval_low"], result["interval_high"]) == ([1, 2, 2], [1, 3, 3])


def test_clearly_different_items_have_a_band_each():
    clear = [[1, 2, 3, 4]] * 30 + [[1, 2, 4, 3]] * 30
    assert count(Profile.from_places(list("abcd"), clear), seed=1)["bands"] == [[0], [1], [2, 3]]


@pytest.mark.parametrize(("ballots", "bands"), [([[1, 2]] * 6, [[0], [1]]), ([[1, 2]] * 5 + [[2, 1]], [[0, 1]])])
def test_one_opposite_ballot_of_six_puts_two_items_in_one_band(ballots, bands):
    """The two tie or swap in 6 of 100 resamples and swap in less than 1, so the interval ends at 0."""
    assert count(Profile.from_places(["a", "b"], ballots), seed=1)["bands"] == bands


def test_a_band_is_measured_from_its_first_item_not_from_neighbor_to_neighbor():
    """Ten items that are each close to the next are not all in one band with the first."""
    items = 10
    ballots = [[(place + shift) % items + 1 for place in range(items)] for shift in (0, 0, 0, 0, 0, 0, 1, 9)] * 4
    bands = count(Profile.from_places([f"i{n}" for n in range(items)], ballots), seed=1)["bands"]
    assert 1 < len(bands) < items


def test_beyond_a_million_cells_nothing_is_resampled():
    assert stability(Profile.from_places(["a", "b"], [[1, 2]], [500_001]), seed=1) is None
    assert stability(Profile.from_places(["a", "b"], [[1, 2]], [500_000]), seed=1, resamples=2) is not None
