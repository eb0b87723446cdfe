"""The chart of trends."""

from __future__ import annotations

from itertools import count

from mixportal.editions.models import Entry
from mixportal.trends.bump_chart import Node, Path, draw, levels_of, rows_of, steps_of
from mixportal.trends.lines import Branch, TrendLine
from mixportal.trends.years import Place

keys = count(1)


def line(**places) -> TrendLine:
    """`line(c0=1, c2=None)`: 1st in the first column, left out in the third."""
    key = next(keys)
    at = {int(name[1:]): place if isinstance(place, Place) else Place(place) for name, place in places.items()}
    return TrendLine({column: Entry(pk=key, line_id=key) for column in at}, places=at)


def test_joint_places_share_the_middle_of_their_rows():
    assert levels_of({0: 1, 1: 2, 2: 2, 3: 4}) == {0: 1, 1: 2.5, 2: 2.5, 3: 4}


def test_what_is_left_out_shares_the_level_below_all_places():
    assert levels_of({0: None, 1: 1, 2: None}) == {1: 1, 0: 2.5, 2: 2.5}


def test_no_two_share_a_row():
    assert sorted(rows_of({0: 2, 1: None, 2: 2, 3: 1, 4: None}).values()) == [1, 2, 3, 4, 5]


def test_a_line_goes_from_list_to_list_and_across_a_gap():
    assert steps_of(range(4), [0, 1, 3]) == [(0, 1, False), (1, 3, True)]


def test_nothing_is_drawn_from_to_or_across_a_list_without_places():
    assert steps_of([1], [0, 1]) == []
    assert steps_of([0, 2], [0, 2]) == []


def test_each_column_has_its_nodes_and_its_order_of_names():
    chart = draw([0, 2], [line(c0=2, c2=1), line(c0=1, c2=2), line(c2=None)], [])
    assert {column: picture.order for column, picture in chart.columns.items()} == {0: [1, 0], 2: [0, 1, 2]}
    assert chart.rows == 3
    drawn = {c: [(node.y, node.place.place) for node in picture.nodes] for c, picture in chart.columns.items()}
    assert drawn == {0: [(50, 2), (16.67, 1)], 2: [(16.67, 1), (50, 2), (83.33, None)]}
    assert [picture.paths for picture in chart.columns.values()] == [[], []]  # a list between was not ranked


def test_a_line_over_a_year_without_it_is_dotted_through_each_column():
    chart = draw([0, 1, 2], [line(c0=1, c1=1, c2=2), line(c0=2, c2=1)], [])
    for column, ends in ((0, "M0 15C50 15 50 10 100 10"), (1, "M0 10C50 10 50 5 100 5")):
        assert Path(is_strong=False, is_whole=False, curves=ends) in chart.columns[column].paths


def test_a_branch_leads_to_what_an_entry_merged_into():
    into, merged = line(c0=1, c1=1), line(c0=2)
    into.joins.append(Branch("merged", merged.stops[0], 0, into.stops[1], 1))
    chart = draw([0, 1], [into, merged], [])
    assert Path(is_strong=False, is_whole=False, curves="M0 15C50 15 50 5 100 5") in chart.columns[0].paths


def test_joint_places_have_one_node_which_is_strong_if_one_of_them_is():
    joint = line(c0=Place(1, joint=True), c1=1)
    chart = draw([0, 1], [line(c0=Place(1, joint=True)), joint], [joint])
    assert chart.columns[0].nodes == [Node(50, Place(1, joint=True), is_strong=True)]
    assert [path.is_strong for path in chart.columns[0].paths] == [True]


def test_lines_that_look_alike_are_one_path_however_many_there_are():
    lines = [line(**{f"c{c}": number + 1 for c in range(20)}) for number in range(13)]
    chart = draw(range(20), lines, [])
    assert {len(picture.paths) for picture in list(chart.columns.values())[:-1]} == {1}
