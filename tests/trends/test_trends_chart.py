"""The SVG chart of trends."""

from __future__ import annotations

import html5lib

from mixportal.trends.bump_chart import ChartColumn, ChartLine, across, draw, levels_of, rows_of, steps_of

EVIL = '"><script>alert(1)</script>&'
RANKED, LISTED = ChartColumn("2024", "of 3", True), ChartColumn("2018", "listed, not ranked", False)


def line(title: str, **places) -> ChartLine:
    """`line("a", c0=1, c2=None)`: 1st in the first column, left out in the third."""
    at = {int(name[1:]): (place, False) for name, place in places.items()}
    return ChartLine(title, dict.fromkeys(at, title), at)


def test_joint_places_share_the_middle_of_their_rows():
    assert levels_of({0: 1, 1: 2, 2: 2, 3: 4}) == {0: 1, 1: 2.5, 2: 2.5, 3: 4}


def test_what_is_left_out_shares_the_level_below_all_places():
    assert levels_of({0: None, 1: 1, 2: None}) == {1: 1, 0: 2.5, 2: 2.5}


def test_no_two_share_a_row():
    assert sorted(rows_of({0: 2, 1: None, 2: 2, 3: 1, 4: None}).values()) == [1, 2, 3, 4, 5]


def test_a_line_goes_from_list_to_list_and_across_a_gap():
    columns = [RANKED] * 4
    assert steps_of(columns, line("a", c0=1, c1=2, c3=1)) == [(0, 1, False), (1, 3, True)]


def test_nothing_is_drawn_from_to_or_across_a_list_without_places():
    assert steps_of([LISTED, RANKED], line("a", c0=1, c1=1)) == []
    assert steps_of([RANKED, LISTED, RANKED], line("a", c0=1, c2=1)) == []


def test_columns_stand_in_order_and_closer_the_more_there_are():
    few, many = across([RANKED] * 3), across([RANKED] * 20)
    assert few == sorted(few)
    assert many == sorted(many)
    assert few[1] - few[0] > many[1] - many[0]


def test_titles_are_escaped_and_the_picture_is_sound():
    lines = [
        ChartLine(EVIL, {0: EVIL, 1: EVIL}, {0: (1, True), 1: (1, False)}, is_strong=True),
        line(EVIL, c0=1, c1=None),
    ]
    columns = [ChartColumn(EVIL, EVIL, True), RANKED]
    picture = f"<svg>{draw(columns, lines, [(0, 0, 1, 1)], [{0: (2, True), 1: (1, False)}]).shapes}</svg>"
    assert "<script" not in picture
    html5lib.HTMLParser(strict=True).parseFragment(picture)
    drawn = html5lib.parseFragment(picture, namespaceHTMLElements=False)[0]
    words = ["".join(each.itertext()) for each in drawn.iter() if str(each.tag).endswith("text")]
    assert "1=" in words
    assert "–" in words


def test_lines_that_look_alike_are_one_path_however_many_years():
    lines = [line(f"entry {number}", **{f"c{c}": number + 1 for c in range(20)}) for number in range(13)]
    picture = draw([RANKED] * 20, lines, []).shapes
    assert picture.count('class="b-line"') == 1
    assert picture.count("<path") <= 21  # and the circles of each column
