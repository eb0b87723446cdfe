"""Lines as tracks, with merges and splits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mixportal.trends.lines import Link, Node, events_of, tracks_of


def nodes(*columns: str, lines: tuple[str, ...] = ()) -> list[Node]:
    """`nodes("ab", "a")`: entries a and b of the first list, then a of the second; the key is column * 10 + position.

    Each is on the line of its title, unless `lines` names others.
    """
    return [
        Node(column * 10 + position, ord((lines or columns)[column][position]), column, title, position)
        for column, titles in enumerate(columns)
        for position, title in enumerate(titles)
    ]


def drawn(tracks) -> list[str]:
    """Each track as its titles by column."""
    return ["".join(f"{column}{track.stops[column].title}" for column in track.columns) for track in tracks]


def events(track, *years: int) -> list[str]:
    return events_of(track, years)


def test_a_line_goes_on_under_a_new_name():
    tracks = tracks_of(nodes("ab", "bc", lines=("ab", "ba")), [])
    assert drawn(tracks) == ["0a1c", "0b1b"]
    assert tracks[0].is_same_from(0, 1)
    assert [events(track, 2028, 2029) for track in tracks] == [["called a until 2028"], []]


def test_what_merges_ends_where_the_other_goes_on():
    tracks = tracks_of(nodes("ab", "b"), [Link(10, 0, "merged")])
    assert drawn(tracks) == ["0a", "0b1b"]
    assert [earlier.title for earlier, _ in tracks[1].joins[1]] == ["a"]
    assert [later.title for later, _ in tracks[0].leaves] == ["b"]
    assert not tracks[1].is_same_from(0, 1)
    told = [events(track, 2028, 2029) for track in tracks]
    assert told == [["merged into b in 2029"], ["merged in 2029 from b and a"]]


def test_a_line_into_which_another_merges_is_not_the_same_any_more():
    assert tracks_of(nodes("ab", "a"), [])[0].is_same_from(0, 1)
    assert not tracks_of(nodes("ab", "a"), [Link(10, 1, "merged")])[0].is_same_from(0, 1)


def test_a_line_from_which_another_splits_is_not_the_same_any_more():
    tracks = tracks_of(nodes("a", "ba", "ba"), [Link(10, 0, "split")])
    assert drawn(tracks) == ["0a1a2a", "1b2b"]
    assert [earlier.title for earlier, _ in tracks[1].joins[1]] == ["a"]
    assert [track.is_same_from(0, 1) for track in tracks] == [False, False]
    assert [track.is_same_from(1, 2) for track in tracks] == [True, True]
    assert [events(track, 2027, 2028, 2029) for track in tracks] == [["split in 2028 from a"]] * 2


def test_what_returns_leaves_a_gap_in_its_line():
    tracks = tracks_of(nodes("a", "b", "a"), [])
    assert drawn(tracks) == ["0a2a", "1b"]
    assert not tracks[0].is_same_from(0, 2)
    assert events(tracks[0], 2027, 2028, 2029) == ["back in 2029, last listed in 2027"]
    assert events(tracks[1], 2027, 2028, 2029) == ["new in 2028", "not listed since 2028"]


def test_what_merged_away_and_returns_goes_on_in_its_own_line():
    tracks = tracks_of(nodes("ab", "b", "ab"), [Link(10, 0, "merged")])
    assert drawn(tracks) == ["0a2a", "0b1b2b"]
    assert events(tracks[0], 2027, 2028, 2029) == ["merged into b in 2028", "back in 2029, last listed in 2027"]


def test_links_to_what_is_not_shown_are_left_out():
    tracks = tracks_of(nodes("a", "a"), [Link(10, 99, "merged"), Link(99, 10, "split")])
    assert drawn(tracks) == ["0a1a"]
    assert tracks[0].is_same_from(0, 1)


@given(st.data())
def test_every_entry_is_on_the_track_of_its_line(data):
    columns = data.draw(st.lists(st.lists(st.sampled_from("abcd"), unique=True).map("".join), min_size=1, max_size=5))
    listed = nodes(*columns)
    keys = st.sampled_from([node.key for node in listed] or [0])
    link = st.builds(Link, keys, keys, st.sampled_from(["merged", "split"]))
    tracks = tracks_of(listed, data.draw(st.lists(link, max_size=12, unique_by=lambda x: (x.later, x.earlier))))
    assert sorted(node.key for track in tracks for node in track.stops.values()) == sorted(n.key for n in listed)
    assert len(tracks) == len({node.line for node in listed})
    for track in tracks:
        assert len({node.line for node in track.stops.values()}) == 1
        assert all(track.stops[column].column == column for column in track.columns)
