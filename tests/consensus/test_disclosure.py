"""Disclosure control: merging, and sums and differences of overlapping splits."""

from itertools import product

import numpy as np
import pytest

from mixportal.consensus.disclosure import coarser, isolates_few_ballots, merged


def rows(*parts: set[int], n: int) -> list[list[bool]]:
    return [[number in part for number in range(n)] for part in parts]


@pytest.mark.parametrize(
    ("sizes", "in_a_row", "groups"),
    [
        ([20, 30], False, [[0], [1]]),
        ([27, 23, 4, 1], False, [[0], [1, 2, 3]]),
        ([27, 23, 6, 5], False, [[0], [1], [2, 3]]),
        ([5, 30, 12], True, [[0, 1], [2]]),
        ([5, 30, 12], False, [[0, 2], [1]]),
        ([30, 12, 0, 3], True, [[0], [1, 3]]),
        ([30, 9], False, []),
        ([40], False, []),
        ([], False, []),
    ],
)
def test_small_parts_are_merged_until_each_has_ten(sizes, in_a_row, groups):
    assert merged(sizes, 10, in_a_row=in_a_row) == groups


def test_coarser_joins_the_smallest_groups():
    assert coarser([10, 20, 30], [[0], [1], [2]]) == [[0, 1], [2]]
    assert coarser([30, 20, 10], [[0], [1], [2]], in_a_row=True) == [[0], [1, 2]]


def test_one_split_into_large_parts_is_safe():
    assert not isolates_few_ballots(rows(set(range(12)), set(range(12, 30)), n=30), 10)


def test_a_part_within_another_reveals_the_rest():
    """All counties and one city are in the South, so the South less the counties is that city."""
    counties, south = set(range(12)), set(range(13))
    everybody = set(range(30))
    assert isolates_few_ballots(rows(counties, everybody - counties, south, everybody - south, n=30), 10)


def test_three_splits_may_reveal_what_no_two_of_them_do():
    """A cube of cells of 8, four of them empty, and one cell of 3 that only three splits together reveal."""
    cells = [(0, 0, 0)] * 3 + [(0, 1, 1)] * 14 + [(1, 0, 1)] * 14 + [(1, 1, 0)] * 14
    splits = [[[cell[axis] == side for cell in cells] for side in (0, 1)] for axis in range(3)]
    assert not isolates_few_ballots([*splits[0], *splits[1]], 10)
    assert isolates_few_ballots([part for split in splits for part in split], 10)


def test_crossed_splits_are_safe_though_one_cell_is_small():
    cells = [(0, 0)] * 15 + [(0, 1)] * 10 + [(1, 0)] * 12 + [(1, 1)] * 2
    splits = [[[cell[axis] == side for cell in cells] for side in (0, 1)] for axis in range(2)]
    assert not isolates_few_ballots([part for split in splits for part in split], 10)


def test_the_search_agrees_with_trying_every_combination():
    """Random splits of 24 in two and three: sums and differences with factors from -2 to 2."""
    random = np.random.default_rng(3)
    seen = set()
    for _ in range(8):
        labels = [random.permutation(np.arange(24) % ways) for ways in (2, 2, 3)]
        for label in labels[1:]:
            label[: random.integers(0, 24)] = 0  # nests the splits now and then
        parts = np.array([label == value for label in labels for value in np.unique(label)], dtype=int)
        combined = np.array(list(product(range(-2, 3), repeat=len(parts)))) @ parts
        support = np.count_nonzero(combined, axis=1)
        wanted = bool(((support > 0) & (support < 5)).any())
        assert isolates_few_ballots(parts.astype(bool), 5) == wanted
        seen.add(wanted)
    assert seen == {True, False}


def test_no_parts_reveal_nothing():
    assert not isolates_few_ballots([], 10)
