"""Working orders, and what each button does to them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixportal.ballots import order

ABC = {"a": 1, "b": 2, "c": 3}

slugs = st.sampled_from("abcdefg")
places = st.dictionaries(slugs, st.integers(1, 999), max_size=7)


def said(places: order.Places) -> str:
    """Return the places of a string such as "a bc d": a first, b and c tied, d last."""
    return " ".join("".join(sorted(group)) for group in order.tiers(places))


def tied(text: str) -> order.Places:
    return {slug: place for place, group in enumerate(text.split(), start=1) for slug in group}


@pytest.mark.parametrize(
    ("before", "verb", "slug", "after"),
    [
        ("a b c", "up", "b", "b a c"),
        ("a b c", "down", "b", "a c b"),
        ("a b c", "top", "c", "c a b"),
        ("a b c", "drop", "b", "a c"),
        # at the ends
        ("a b c", "up", "a", "a b c"),
        ("a b c", "down", "c", "a b c"),
        ("a b c", "top", "a", "a b c"),
        ("a", "up", "a", "a"),
        ("a", "down", "a", "a"),
        ("a", "drop", "a", ""),
        # over a tie it jumps as over one entry, and the tie stays one
        ("a bc d", "up", "d", "a d bc"),
        ("a bc d", "down", "a", "bc a d"),
        # out of a tie, just above or below it
        ("a bc d", "up", "b", "a b c d"),
        ("a bc d", "down", "b", "a c b d"),
        ("ab", "up", "b", "b a"),
        ("ab", "down", "a", "b a"),
        ("abc", "up", "b", "b ac"),
        ("abc", "down", "b", "ac b"),
        ("abc", "top", "c", "c ab"),
        ("a bc d", "drop", "c", "a b d"),
        ("a bc", "top", "b", "b a c"),
        # into the tie above; the first of a tie leaves it for the one above
        ("a b c", "tie", "b", "ab c"),
        ("a bc d", "tie", "d", "a bcd"),
        ("a bc d", "tie", "b", "ab c d"),
        ("a bc d", "tie", "c", "a bc d"),
        ("a b c", "tie", "a", "a b c"),
        ("a b", "tie", "x", "a b"),
        # not ranked yet
        ("a b", "up", "x", "a b x"),
        ("a b", "top", "x", "x a b"),
        ("a b", "down", "x", "a b"),
        ("a b", "drop", "x", "a b"),
        ("", "up", "x", "x"),
        ("", "top", "x", "x"),
        ("", "down", "x", ""),
        ("", "drop", "x", ""),
    ],
)
def test_each_button_moves_one_entry(before, verb, slug, after):
    assert said(order.move(tied(before), verb, slug)) == after


def test_a_place_is_one_more_than_the_entries_above_and_ties_stay():
    assert order.renumber({"a": 9, "b": 5, "c": 1, "d": 5}) == {"a": 4, "b": 2, "c": 1, "d": 2}
    assert order.renumber({}) == {}


def test_a_move_reads_the_numbers_as_they_were_typed_with_gaps():
    assert said(order.move({"a": 10, "b": 20, "c": 900}, "up", "c")) == "a c b"


def test_move_does_not_change_its_argument():
    before = dict(ABC)
    order.move(before, "top", "c")
    assert before == ABC


@given(places, st.sampled_from(order.MOVES), slugs)
def test_after_any_move_each_place_is_one_more_than_the_entries_above(before, verb, slug):
    after = order.move(before, verb, slug)
    assert after == {each: 1 + sum(other < place for other in after.values()) for each, place in after.items()}


@given(places, st.sampled_from(order.MOVES), slugs)
def test_a_move_keeps_every_entry_but_the_one_added_or_dropped(before, verb, slug):
    after = order.move(before, verb, slug)
    if verb == "drop":
        assert set(after) == set(before) - {slug}
    elif verb in ("down", "tie"):
        assert set(after) == set(before)
    else:
        assert set(after) == set(before) | {slug}


@given(places, st.sampled_from(order.MOVES), slugs)
def test_a_move_never_reorders_the_other_entries(before, verb, slug):
    """A press never changes the order of two other entries or a tie of others."""
    after = order.move(before, verb, slug)
    others = [other for other in before if other != slug]
    for one in others:
        for two in others:
            assert (before[one] < before[two]) == (after[one] < after[two])


@given(places, slugs)
def test_up_and_down_undo_each_other_between_entries_that_stand_alone(before, slug):
    groups = order.tiers(before)
    at = next((index for index, group in enumerate(groups) if slug in group), None)
    if at is None or len(groups[at]) > 1:
        return
    if at > 0:
        assert order.move(order.move(before, "up", slug), "down", slug) == order.renumber(before)
    if at + 1 < len(groups):
        assert order.move(order.move(before, "down", slug), "up", slug) == order.renumber(before)


@given(places, slugs)
def test_pressing_up_often_enough_ends_at_the_top_alone(before, slug):
    after = dict(before)
    for _ in range(len(before) + 1):
        after = order.move(after, "up", slug)
    assert after == order.move(before, "top", slug)


@given(places, slugs)
def test_top_and_drop_may_be_pressed_twice(before, slug):
    for verb in ("top", "drop"):
        once = order.move(before, verb, slug)
        assert order.move(once, verb, slug) == once


@given(places, slugs)
def test_dropping_what_was_added_gives_the_order_back(before, slug):
    if slug not in before:
        for verb in ("up", "top"):
            assert order.move(order.move(before, verb, slug), "drop", slug) == order.renumber(before)


def test_after_two_joint_2nd_places_comes_4th():
    places = tied("a bc d")
    assert order.standing(places, "a") == (1, False)
    assert order.standing(places, "b") == order.standing(places, "c") == (2, True)
    assert order.standing(places, "d") == (4, False)
    assert order.standing(places, "x") is None


def test_the_lot_depends_on_the_year_the_kind_and_the_government_alone():
    drawn = order.drawn_by_lot("abcdefg", 2030, "priorities", "halloran")
    assert drawn == order.drawn_by_lot("gfedcba", 2030, "priorities", "halloran")
    assert sorted(drawn) == list("abcdefg")
    for other in ((2031, "priorities", "halloran"), (2030, "challenges", "halloran"), (2030, "priorities", "alder")):
        assert order.drawn_by_lot("abcdefg", *other) != drawn


def test_the_lot_cannot_be_confused_by_where_a_name_ends():
    assert order.drawn_by_lot("abcdefg", "x", "yz") != order.drawn_by_lot("abcdefg", "xy", "z")


def test_over_many_governments_the_lot_favours_no_entry():
    """Each of 5 entries is first about 200 times in 1,000; 140 to 260 is four standard deviations."""
    first = Counter(order.drawn_by_lot("abcde", 2030, "priorities", number)[0] for number in range(1000))
    assert set(first) == set("abcde")
    assert all(140 < count < 260 for count in first.values())
