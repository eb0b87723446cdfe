"""Lines with merges and splits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mixportal.editions.models import Entry
from mixportal.trends.lines import TrendLine, events_of, lines_of


def entries(*columns: str, lines: tuple[str, ...] = ()) -> list[list[Entry]]:
    """`entries("ab", "a")`: a and b on the first list, then a on the second; the key is column * 10 + position.

    Each is on the line of its title, unless `lines` names others.
    """
    return [
        [
            Entry(pk=column * 10 + position, line_id=ord((lines or columns)[column][position]), title=title)
            for position, title in enumerate(titles)
        ]
        for column, titles in enumerate(columns)
    ]


def drawn(lines: list[TrendLine]) -> list[str]:
    """Each line as its titles by column."""
    return ["".join(f"{column}{entry.title}" for column, entry in line.stops.items()) for line in lines]


def events(line: TrendLine, *years: int) -> list[str]:
    return events_of(line, years)


def test_a_line_goes_on_under_a_new_name():
    lines = lines_of(entries("ab", "bc", lines=("ab", "ba")), [])
    assert drawn(lines) == ["0a1c", "0b1b"]
    assert lines[0].is_same_from(0, 1)
    assert [events(line, 2028, 2029) for line in lines] == [["called a until 2028"], []]


def test_what_merges_ends_where_the_other_goes_on():
    lines = lines_of(entries("ab", "b"), [(10, 0, "merged")])
    assert drawn(lines) == ["0a", "0b1b"]
    assert [branch.earlier.title for branch in lines[1].joins] == ["a"]
    assert [branch.later.title for branch in lines[0].leaves] == ["b"]
    assert not lines[1].is_same_from(0, 1)
    told = [events(line, 2028, 2029) for line in lines]
    assert told == [["merged into b in 2029"], ["merged in 2029 from b and a"]]


def test_a_line_into_which_another_merges_is_not_the_same_any_more():
    assert lines_of(entries("ab", "a"), [])[0].is_same_from(0, 1)
    assert not lines_of(entries("ab", "a"), [(10, 1, "merged")])[0].is_same_from(0, 1)


def test_a_line_from_which_another_splits_is_not_the_same_any_more():
    lines = lines_of(entries("a", "ba", "ba"), [(10, 0, "split")])
    assert drawn(lines) == ["0a1a2a", "1b2b"]
    assert [branch.earlier.title for branch in lines[1].joins] == ["a"]
    assert [line.is_same_from(0, 1) for line in lines] == [False, False]
    assert [line.is_same_from(1, 2) for line in lines] == [True, True]
    assert [events(line, 2027, 2028, 2029) for line in lines] == [["split in 2028 from a"]] * 2


def test_what_returns_leaves_a_gap_in_its_line():
    lines = lines_of(entries("a", "b", "a"), [])
    assert drawn(lines) == ["0a2a", "1b"]
    assert not lines[0].is_same_from(0, 2)
    assert events(lines[0], 2027, 2028, 2029) == ["back in 2029, last listed in 2027"]
    assert events(lines[1], 2027, 2028, 2029) == ["new in 2028", "not listed since 2028"]


def test_what_merged_away_and_returns_goes_on_in_its_own_line():
    lines = lines_of(entries("ab", "b", "ab"), [(10, 0, "merged")])
    assert drawn(lines) == ["0a2a", "0b1b2b"]
    assert events(lines[0], 2027, 2028, 2029) == ["merged into b in 2028", "back in 2029, last listed in 2027"]


def test_links_to_what_is_not_shown_are_left_out():
    lines = lines_of(entries("a", "a"), [(10, 99, "merged"), (99, 10, "split")])
    assert drawn(lines) == ["0a1a"]
    assert lines[0].is_same_from(0, 1)


@given(st.data())
def test_every_entry_is_on_the_line_of_its_line(data):
    columns = data.draw(st.lists(st.lists(st.sampled_from("abcd"), unique=True).map("".join), min_size=1, max_size=5))
    listed = entries(*columns)
    known = [entry for column in listed for entry in column]
    keys = st.sampled_from([entry.pk for entry in known] or [0])
    link = st.tuples(keys, keys, st.sampled_from(["merged", "split"]))
    found = lines_of(listed, data.draw(st.lists(link, max_size=12, unique_by=lambda x: x[:2])))
    assert sorted(entry.pk for line in found for entry in line.stops.values()) == sorted(entry.pk for entry in known)
    assert len(found) == len({entry.line_id for entry in known})
    for line in found:
        assert len({entry.line_id for entry in line.stops.values()}) == 1
        assert all(entry in listed[column] for column, entry in line.stops.items())
