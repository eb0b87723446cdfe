"""Lineage becomes lines: every entry stands on one, and what merges or splits joins or leaves it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mixportal.comparison.tracks import Link, Node, tracks_of


def nodes(*columns: str) -> list[Node]:
    """`nodes("ab", "a")`: entries a and b of the first list, then a of the second; the key is column * 10 + position."""
    return [
        Node(column * 10 + position, column, title, position)
        for column, titles in enumerate(columns)
        for position, title in enumerate(titles)
    ]


def drawn(tracks) -> list[str]:
    """Each track as its titles by column."""
    return ["".join(f"{column}{track.stops[column].title}" for column in track.columns) for track in tracks]


def test_a_line_goes_on_under_a_new_name():
    tracks = tracks_of(nodes("ab", "bc"), [Link(10, 1, "continued"), Link(11, 0, "renamed")])
    assert drawn(tracks) == ["0a1c", "0b1b"]
    assert tracks[0].is_same_from(0, 1)


def test_of_two_that_merge_the_line_goes_on_where_the_name_stays():
    tracks = tracks_of(nodes("ab", "b"), [Link(10, 0, "merged"), Link(10, 1, "merged")])
    assert drawn(tracks) == ["0a", "0b1b"]
    assert [earlier.title for earlier, _ in tracks[1].joins[1]] == ["a"]
    assert [later.title for later, _ in tracks[0].leaves] == ["b"]
    assert not tracks[1].is_same_from(0, 1)


def test_a_line_into_which_another_merges_is_not_the_same_line_any_more():
    goes_on = Link(10, 0, "continued")
    assert tracks_of(nodes("ab", "a"), [goes_on])[0].is_same_from(0, 1)
    assert not tracks_of(nodes("ab", "a"), [goes_on, Link(10, 1, "merged")])[0].is_same_from(0, 1)


def test_of_two_that_merge_under_a_new_name_the_line_goes_on_from_the_first():
    tracks = tracks_of(nodes("ab", "c"), [Link(10, 0, "merged"), Link(10, 1, "merged")])
    assert drawn(tracks) == ["0a1c", "0b"]


def test_what_splits_goes_on_under_its_name_and_the_other_begins_there():
    tracks = tracks_of(nodes("a", "ba"), [Link(10, 0, "split"), Link(11, 0, "split")])
    assert drawn(tracks) == ["0a1a", "1b"]
    assert [earlier.title for earlier, _ in tracks[1].joins[1]] == ["a"]


def test_what_returns_leaves_a_gap_in_its_line():
    tracks = tracks_of(nodes("a", "b", "a"), [Link(20, 0, "returned")])
    assert drawn(tracks) == ["0a2a", "1b"]
    assert not tracks[0].is_same_from(0, 2)


def test_what_merged_away_and_returns_goes_on_in_its_own_line():
    links = [Link(10, 0, "merged"), Link(10, 1, "merged"), Link(20, 0, "returned"), Link(21, 10, "continued")]
    assert drawn(tracks_of(nodes("ab", "b", "ab"), links)) == ["0a2a", "0b1b2b"]


def test_links_to_what_is_not_shown_are_left_out():
    assert drawn(tracks_of(nodes("a", "a"), [Link(10, 99, "continued"), Link(0, 10, "continued")])) == ["0a", "1a"]


@given(st.data())
def test_every_entry_stands_on_one_line_and_no_line_holds_two_of_a_year(data):
    listed = nodes(*[data.draw(st.text("abc", max_size=4)) for _ in range(data.draw(st.integers(1, 5)))])
    keys = st.sampled_from([node.key for node in listed] or [0])
    types = st.sampled_from(["continued", "renamed", "merged", "split", "returned"])
    links = data.draw(
        st.lists(st.builds(Link, keys, keys, types), max_size=12, unique_by=lambda x: (x.later, x.earlier))
    )
    tracks = tracks_of(listed, links)
    assert sorted(node.key for track in tracks for node in track.stops.values()) == sorted(n.key for n in listed)
    for track in tracks:
        assert all(track.stops[column].column == column for column in track.columns)
        assert set(track.goes_on) == set(track.columns[1:])
