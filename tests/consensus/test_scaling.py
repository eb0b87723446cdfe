"""Ballots as points in a plane, and ordered by similarity."""

import numpy as np
import pytest

from mixportal.consensus import Profile
from mixportal.consensus.similarity import (
    _smaller,
    chance_levels,
    compare_row,
    picture,
    share_by_chance,
    shared_pairs,
    tau_b,
)
from tests.consensus import oracle
from tests.consensus.examples import no_consensus


def by_double_centring(profile: Profile) -> np.ndarray:
    """Return the eigenvalues by Torgerson's definition from distances sqrt(2 (1 - tau)), largest first."""
    ranks = [oracle.mid_ranks(row) for row in profile.places.tolist()]
    n = len(ranks)
    squares = np.array([[2 * (1 - oracle.tau_b(one, other)) for other in ranks] for one in ranks])
    middle = np.eye(n) - 1 / n
    return np.sort(np.linalg.eigvalsh(-middle @ squares @ middle / 2))[::-1]


def test_the_axes_equal_classical_scaling_of_the_distances():
    profile = no_consensus(9, 6, ranked=4)
    held = by_double_centring(profile)
    found = picture(profile)
    assert found.shares == pytest.approx((held[:2] / held.sum()).tolist(), abs=1e-9)
    assert np.square(found.points).sum(axis=0) == pytest.approx(held[:2], abs=1e-9)
    assert found.points.sum(axis=0) == pytest.approx([0, 0], abs=1e-9)


def test_three_ballots_keep_their_exact_distances():
    profile = Profile.from_places("abcd", [[1, 2, 3, 4], [1, 2, 4, 3], [4, 3, 2, 1]])
    points, tau = picture(profile).points, tau_b(profile)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        apart = np.linalg.norm(points[one] - points[other])
        assert apart == pytest.approx(np.sqrt(2 * (1 - tau[one, other])), abs=1e-9)


def test_pulls_show_which_items_the_end_of_an_axis_places_high():
    rows = [[1, 2, 3, 4, 5]] * 3 + [[5, 2, 3, 4, 1]] * 3
    found = picture(Profile.from_places("abcde", rows))
    assert found.pulls[0, 0] == pytest.approx(1)
    assert found.pulls[4, 0] == pytest.approx(-1)
    assert (found.points[:3, 0] > 0).all()
    assert found.pulls[1, 0] == 0  # everybody's second
    assert found.shares[0] == pytest.approx(1)


def test_the_picture_does_not_depend_on_the_order_of_rows_and_columns():
    plain = no_consensus(12, 6, ranked=4)
    columns, rows = [3, 1, 5, 0, 2, 4], list(range(12))[::-1]
    turned = Profile.from_places([plain.items[c] for c in columns], plain.places[::-1][:, columns].tolist())
    one, other = picture(plain), picture(turned)
    assert other.points[rows] == pytest.approx(one.points, abs=1e-9)
    assert other.pulls == pytest.approx(one.pulls[columns], abs=1e-9)


@pytest.mark.parametrize("rows", [[], [[1, 2]], [[1, 2], [1, 2]]])
def test_no_ballot_one_ballot_or_equal_ballots_make_a_picture_without_extent(rows):
    found = picture(Profile.from_places(["a", "b"], rows))
    assert found.shares is None
    assert found.points.tolist() == [[0, 0]] * len(rows)
    assert np.isfinite(found.pulls).all()


def test_two_camps_exceed_the_share_by_chance_and_noise_does_not():
    noise = no_consensus(40, 10)
    level = share_by_chance(noise, seed=1)
    assert sum(picture(noise).shares) < level + 0.05
    camps = Profile.from_places(noise.items, [list(range(1, 11)), list(range(10, 0, -1))] * 20)
    assert sum(picture(camps).shares) == pytest.approx(1)
    assert share_by_chance(camps, seed=1) < 0.5
    assert share_by_chance(noise, seed=1) == level
    assert share_by_chance(no_consensus(2, 5), seed=1) is None


def test_the_smaller_product_gives_the_same_share():
    """With more ballots than pairs, or fewer, the shares of the axes are the same."""
    many = np.arange(60.0).reshape(20, 3) % 7
    lengths = np.square(np.linalg.svd(many, compute_uv=False))[::-1]
    for table in (many, many.T):
        assert _smaller(table).shape == (3, 3)
        assert np.linalg.eigvalsh(_smaller(table)) == pytest.approx(lengths)


def test_beside_returns_one_row_of_the_whole_matrix():
    profile = no_consensus(9, 7, ranked=4)
    same, both = shared_pairs(profile)
    found = compare_row(profile, 4)
    assert found[0].tolist() == same[4].tolist()
    assert found[1].tolist() == both[4].tolist()
    assert found[2] == pytest.approx(tau_b(profile)[4], abs=1e-12)


def test_chance_levels_are_symmetric_on_full_lists():
    nearest, furthest = chance_levels(no_consensus(30, 9), seed=1, shuffles=100)
    assert np.mean(nearest) == pytest.approx(-np.mean(furthest), abs=0.05)
    assert chance_levels(no_consensus(1, 5), seed=1) == ([None], [None])
