"""The words and figures of small made-up tallies."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from mixportal import consensus
from mixportal.editions.models import AnnualList, Kind
from mixportal.results.results import Results

A, B, C = "a", "b", "c"


def results(*ballots: str, items: str = "abc", times: int = 1, insider: bool = True, own=None) -> Results:
    """Return results of ballots such as "a bc": a first, b and c tied, the rest not ranked."""
    table = []
    for ballot in ballots * times:
        places = {item: place for place, group in enumerate(ballot.split(), start=1) for item in group}
        table.append([places.get(item) for item in items])
    entries = [SimpleNamespace(slug=item, title=item.upper()) for item in items]
    profile = consensus.Profile.from_places(list(items), table)
    tally = SimpleNamespace(figures=consensus.count(profile, seed=2030), seats=len(table) + 3, cast=len(table))
    annual_list = AnnualList(kind=Kind.PRIORITIES if len(items) != 3 else Kind.CHALLENGES)
    return Results(annual_list, tally, entries, is_insider=insider, own=own, own_name="Us" if own else "")


def row(of: Results, item: str):
    return of.row_of(SimpleNamespace(slug=item))


def test_a_clear_first_and_last_are_called_so():
    found = results("a b c", times=12)
    assert [each.entry.slug for each in found.rows] == [A, B, C]
    assert [band.heading for band in found.bands] == ["First, and clearly so", "Second", "Last, and clearly so"]
    assert found.headline == "A is the most pressing"
    assert found.finding == "B follows. C comes last."
    assert found.deck == "12 of 15 governments ranked 3 challenges. A is clearly first."
    assert row(found, A).place_and_range == "1st, and steady there"


def test_exact_ties_are_called_joint_and_the_next_place_is_left_out():
    found = results("a b c", "b a c", times=10)
    assert [(each.entry.slug, each.place, each.joint) for each in found.rows] == [
        (A, 1, True),
        (B, 1, True),
        (C, 3, False),
    ]
    assert row(found, A).place_words == row(found, B).place_words == "joint 1st"
    assert found.bands[0].tied
    assert found.bands[0].heading == "First to second: too close to tell apart"
    assert found.headline == "A and B lead together"
    assert "The first two can’t be told apart" in found.deck
    assert found.finding == ""


def test_where_nothing_stands_out_the_headline_says_so():
    found = results("abcd", "a bcd", "b acd", "c abd", "d abc", items="abcd")
    assert found.headline == "No one priority stands out"
    assert [band.heading for band in found.bands] == ["All of them: too close to tell apart"]
    assert "The first four can’t be told apart" in found.deck


def test_three_that_lead_are_named_and_four_are_not():
    three = results("abc d", "a bc d", "b ca d", "c ab d", items="abcd", times=8)
    assert three.headline == "A, B and C lead together"
    assert three.finding == "" or "D" in three.finding


def test_one_ballot_is_its_own_order_and_agrees_with_nobody():
    found = results("b a c")
    assert [each.entry.slug for each in found.rows] == [B, A, C]
    assert found.agreement == "One ballot alone neither agrees nor differs."
    assert found.same_order_in_100 is None
    assert "1 of 4 governments" in found.deck


@pytest.mark.parametrize("ballots", [(), ("abc",), ("", ""), ("abc", "")])
def test_without_a_ballot_that_orders_anything_there_is_no_result(ballots):
    found = results(*ballots)
    assert not found.is_counted
    assert not found.shows_figures
    assert "no result" in found.deck
    assert len(found.rows) == 3


def test_a_ballot_that_ranks_all_level_abstains_and_is_said_to():
    found = results("a b c", "a b c", "abc")
    assert (found.used, found.abstentions) == (2, 1)


def test_what_few_ranked_gets_no_word_of_agreement():
    found = results(*(["a b c d e f g"] * 7 + ["h a b c d e f"] * 3), items="abcdefgh")
    assert row(found, "h").few_ranked
    assert row(found, "h").ranked_by == 3
    assert row(found, "h").word == ""
    assert row(found, A).word == "agreed"


def test_opinion_that_falls_in_two_camps_is_called_divided():
    found = results("a b c d e f g h", "b c d e f g h a", items="abcdefgh", times=10)
    assert row(found, A).word == "divided"
    assert found.divided == [row(found, A)]


def test_a_short_list_gets_counts_and_no_word():
    found = results("a b c", "b a c", "c a b", times=4)
    assert [each.word for each in found.rows] == ["", "", ""]
    assert row(found, A).first_and_last_words == "4 of 12 put it first of the three, 8 second, none last"
    assert row(found, C).first_and_last_words == "4 of 12 put it first of the three, none second, 8 last"


def test_the_middle_half_is_said_in_whole_places():
    found = results("a b c", "b a c", "c b a", times=8)
    assert row(found, B).middle_sentence == "Half of them place it between 1st and 2nd"
    same = results("a b c", times=24)
    assert row(same, A).middle_sentence == "Half of them place it 1st"


def test_the_own_place_is_shown_with_its_tie_or_as_not_ranked():
    found = results("a b c", times=12, own={"b": 1, "c": 1})
    assert row(found, B).mine_words == row(found, C).mine_words == "joint 1st"
    assert row(found, A).mine_words == "not ranked"
    assert row(results("a b c", times=12), A).mine_words == ""


def test_the_average_place_has_its_second_reading():
    found = results("a b c", times=12)
    assert [row(found, item).share_of_duels for item in "abc"] == [100, 50, 0]


# What leaders and visitors see


def test_under_ten_ballots_leaders_see_the_order_alone():
    for count, shown in ((9, False), (10, True)):
        assert results("a b c", times=count, insider=False).shows_figures is shown
        assert results("a b c", times=count, insider=True).shows_figures


def test_abstentions_do_not_fill_the_ten():
    assert not results(*["a b c"] * 9, "abc", insider=False).shows_figures


def test_quartiles_need_twenty_ballots_for_leaders():
    for count, shown in ((19, False), (20, True)):
        found = results("a b c", times=count, insider=False)
        assert found.shows_quartiles is shown
        assert (row(found, A).middle is not None) is shown
        assert results("a b c", times=count, insider=True).shows_quartiles


def test_more_than_ninety_per_cent_is_no_number_for_leaders():
    nine_in_ten = results(*["a b c d"] * 9, "b c d a", items="abcd", insider=False)
    assert row(nine_in_ten, A).top3_words == "9 of 10 put it in their top three"
    all_ten = results("a b c d", items="abcd", times=10, insider=False)
    assert row(all_ten, A).top3_words == "More than 90 % put it in their top three"
    assert row(results("a b c d", items="abcd", times=10), A).top3_words == "10 of 10 put it in their top three"


@pytest.mark.parametrize("ballots", [("a b c",), ("b a c",), ("b c a",)])
def test_no_count_of_a_short_list_names_nearly_all_for_leaders(ballots):
    found = results(*ballots, times=12, insider=False)
    assert "12 second" not in row(found, A).first_and_last_words
    assert "12 last" not in row(found, A).first_and_last_words
    assert "ore than 90 %" in row(found, A).first_and_last_words


def test_under_ten_ballots_the_words_for_leaders_tell_nothing_but_the_order():
    """With few ballots, bands and ranges would reveal how each government voted."""
    found = results("a b c", "a b c", "a c b", insider=False)
    assert [band.heading for band in found.bands] == ["First", "Second", "Third"]
    assert found.headline == "A is the most pressing"
    assert found.deck == "3 of 6 governments ranked 3 challenges."
    tied = results("a b c", "b a c", insider=False)
    assert [(band.heading, len(band.rows)) for band in tied.bands] == [("Joint first", 2), ("Third", 1)]
    assert tied.headline == "A and B lead together"


# Cross-checks


def test_a_winner_of_every_pair_is_named():
    assert results("a b c", times=3).cross_check == (
        "Compared two at a time, A is preferred to every other challenge. "
        "The order that contradicts the fewest single comparisons agrees with this one."
    )


def test_a_circle_of_preferences_is_told():
    assert "no challenge is preferred to every other" in results("a b c", "b c a", "c a b").cross_check


def test_a_favourite_of_the_majority_that_is_not_first_is_named():
    """Three of five ballots put A first, but B has the better average."""
    found = results("a b c d", "a b c d", "a b c d", "b c d a", "b c d a", items="abcd")
    assert found.rows[0].entry.slug == B
    assert "A is preferred to every other priority, B included." in found.cross_check
    assert "puts A above B" in found.cross_check
