"""The figures of small made-up tallies, and the sentences that templates write of them."""

from __future__ import annotations

import html
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.template import engines
from django.template.loader import render_to_string

from mixportal import consensus
from mixportal.editions.models import AnnualList, Edition, Kind
from mixportal.results.disclosure import public_tally
from mixportal.results.results import Results
from mixportal.results.splits import SPLITS

A, B, C = "a", "b", "c"
NO_FACTS = {split.fact: None for split in SPLITS}


def results(*ballots: str, items: str = "abc", times: int = 1, insider: bool = True, own=None) -> Results:
    """Return results of ballots such as "a bc": a first, b and c tied, the rest not ranked."""
    table = []
    for ballot in ballots * times:
        places = {item: place for place, group in enumerate(ballot.split(), start=1) for item in group}
        table.append([places.get(item) for item in items])
    entries = [SimpleNamespace(slug=item, title=item.upper()) for item in items]
    profile = consensus.Profile.from_places(list(items), table)
    counted = consensus.count(profile, seed=2030, missing=3)
    public = public_tally(profile, counted, [NO_FACTS] * len(profile.rows), seed=2030, digest="")
    tally = SimpleNamespace(figures=counted, public=public, seats=len(table) + 3, cast=len(table))
    kind = Kind.PRIORITIES if len(items) != 3 else Kind.CHALLENGES
    annual_list = AnnualList(kind=kind, edition=Edition(year=2030))
    return Results(annual_list, tally, entries, is_insider=insider, own=own, own_name="Us" if own else "")


def row(of: Results, item: str):
    return of.row_of(SimpleNamespace(slug=item))


def read(name: str, **context) -> str:
    return html.unescape(" ".join(render_to_string(f"results/_{name}.html", context).split()))


def headings(of: Results) -> list[str]:
    template = '{% for band in results.bands %}{% include "results/_band_heading.html" %};{% endfor %}'
    found = engines["django"].from_string(template).render({"results": of})
    return [" ".join(heading.split()) for heading in found.split(";")[:-1]]


def way(of: Results, item: str) -> str:
    entry = SimpleNamespace(slug=item, title=item, for_leaders_lines=[])
    edition = SimpleNamespace(year=2030)
    part = SimpleNamespace(results=of, kind=of.kind)
    context = {"row": row(of, item), "entry": entry, "part": part, "edition": edition}
    return " ".join(render_to_string("summaries/_way.html", context).split())


def test_a_clear_first_and_last_are_called_so():
    found = results("a b c", times=12)
    assert [each.entry.slug for each in found.rows] == [A, B, C]
    assert headings(found) == ["Clear first place", "2nd place", "Clear last place"]
    assert read("headline", results=found) == "A is the most pressing in 2030"
    assert read("finding", results=found) == "It leads clearly. B follows."
    assert read("deck", results=found) == (
        "12 of 15 governments ranked the challenges, in whole or in part. A is clearly first."
    )
    assert read("place_and_range", row=row(found, A)) == "1st, and steady there."


def test_exact_ties_are_called_joint_and_the_next_place_is_left_out():
    found = results("a b c", "b a c", times=10)
    assert [(each.entry.slug, each.place, each.joint) for each in found.rows] == [
        (A, 1, True),
        (B, 1, True),
        (C, 3, False),
    ]
    assert row(found, A).place_words == row(found, B).place_words == "joint 1st"
    assert found.bands[0].tied
    assert headings(found)[0] == "Joint 1st place"
    assert read("headline", results=found) == "A and B lead together in 2030"
    assert "The first two can’t be told apart" in read("deck", results=found)
    assert read("finding", results=found) == "They are too close to call."


def test_where_nothing_stands_out_the_headline_says_so():
    found = results("abcd", "a bcd", "b acd", "c abd", "d abc", items="abcd")
    assert read("headline", results=found) == "No one priority stands out in 2030"
    assert headings(found) == ["All of them: too close to call"]
    assert "The first four can’t be told apart" in read("deck", results=found)


def test_three_that_lead_are_named_and_four_are_not():
    three = results("abc d", "a bc d", "b ca d", "c ab d", items="abcd", times=8)
    assert read("headline", results=three) == "A, B and C lead together in 2030"
    assert read("finding", results=three) in ("", "They are too close to call.")


def test_one_ballot_is_its_own_order_and_agrees_with_nobody():
    found = results("b a c")
    assert [each.entry.slug for each in found.rows] == [B, A, C]
    assert found.same_order_in_100 is None
    assert "1 of 4 governments" in read("deck", results=found)


@pytest.mark.parametrize("ballots", [(), ("abc",), ("", ""), ("abc", "")])
def test_without_a_ballot_that_orders_anything_there_is_no_result(ballots):
    found = results(*ballots)
    assert not found.is_counted
    assert not found.shows_figures
    assert "no result" in read("deck", results=found)
    assert len(found.rows) == 3


def test_a_ballot_that_ranks_all_level_abstains_and_is_said_to():
    found = results("a b c", "a b c", "abc")
    assert (found.used, found.figures["abstentions"]) == (2, 1)


def test_what_few_ranked_gets_no_word_of_agreement():
    found = results(*(["a b c d e f g"] * 7 + ["h a b c d e f"] * 3), items="abcdefgh")
    assert row(found, "h").few_ranked
    assert row(found, "h").ranked_by_count.number == 3
    assert row(found, "h").word == ""
    assert row(found, A).word == "agreed"


def test_opinion_that_falls_in_two_camps_is_called_divided():
    found = results("a b c d e f g h", "b c d e f g h a", items="abcdefgh", times=10)
    assert row(found, A).word == "divided"


def test_a_short_list_gets_counts_and_no_word():
    found = results("a b c", "b a c", "c a b", times=4)
    assert [each.word for each in found.rows] == ["", "", ""]
    assert "1st: 4, 2nd: 8, 3rd: 0; not ranked: 0." in way(found, A)
    assert "1st: 4, 2nd: 0, 3rd: 8; not ranked: 0." in way(found, C)


def test_the_middle_half_is_given_in_whole_places():
    found = results("a b c", "b a c", "c b a", times=8)
    assert row(found, B).middle_places == [1, 2]
    same = results("a b c", times=24)
    assert row(same, A).middle_places == [1]


def test_the_own_place_is_shown_with_its_tie_or_as_not_ranked():
    found = results("a b c", times=12, own={"b": 1, "c": 1})
    assert row(found, B).mine_words == row(found, C).mine_words == "joint 1st"
    assert row(found, A).mine_words == "not ranked"
    assert row(results("a b c", times=12), A).mine_words == ""


def test_the_average_place_has_its_second_reading():
    found = results("a b c", times=12)
    assert [row(found, item).share_of_duels for item in "abc"] == [100, 50, 0]


# Disclosure to leaders and visitors


def test_ties_that_reach_below_third_are_in_the_chart_and_not_in_the_top_three():
    ballots = [*["a b cd e"] * 8, *["c a b d e"] * 7, *["e d b a c"] * 6]
    tied, withheld = (results(*ballots, items="abcde", insider=insider) for insider in (True, False))
    assert (row(tied, C).in_first_three, row(tied, C).top3_count.number) == (15, 7)
    assert row(tied, B).in_first_three is None
    assert row(withheld, C).steps is None
    assert row(withheld, C).in_first_three is None


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
    assert read("of_all", count=row(nine_in_ten, A).top3_count) == "9 of 10"
    all_ten = results("a b c d", items="abcd", times=10, insider=False)
    assert read("of_all", count=row(all_ten, A).top3_count) == "More than 90 %"
    insider = results("a b c d", items="abcd", times=10)
    assert read("of_all", count=row(insider, A).top3_count) == "10 of 10"


@pytest.mark.parametrize("ballots", [("a b c",), ("b a c",), ("b c a",)])
def test_no_count_of_a_short_list_names_nearly_all_for_leaders(ballots):
    found = results(*ballots, times=12, insider=False)
    assert "12" not in way(found, A)
    assert "ore than 90 %" in way(found, A)


def test_under_ten_ballots_the_words_for_leaders_tell_nothing_but_the_order():
    """With few ballots, bands and ranges would reveal how each government voted."""
    found = results("a b c", "a b c", "a c b", insider=False)
    assert headings(found) == ["1st place", "2nd place", "3rd place"]
    assert read("headline", results=found) == "A is the most pressing in 2030"
    assert read("deck", results=found) == "3 of 6 governments ranked the challenges, in whole or in part."
    tied = results("a b c", "b a c", insider=False)
    assert (headings(tied), [len(band.rows) for band in tied.bands]) == (["Joint 1st place", "3rd place"], [2, 1])
    assert read("headline", results=tied) == "A and B lead together in 2030"


def test_no_bracket_parts_what_is_joint():
    """A bracket compares with its first entry alone, so one of two joint entries may lie just outside."""
    found = results("a b c", "b a c", times=10)
    found.figures["bands"] = [[0], [1], [2]]
    assert [[each.entry.slug for each in band.rows] for band in found.bands] == [[A, B], [C]]
    assert headings(found) == ["Joint 1st place", "Clear last place"]


def test_what_is_joint_in_every_repeat_count_stays_at_its_joint_place():
    """Three joint 2nd entries have the middle rank 3."""
    found = results("a", times=12, items="abcd")
    assert (row(found, B).place_words, found.figures["interval_low"][1]) == ("joint 2nd", 3)
    assert read("place_and_range", row=row(found, B)) == "Joint 2nd, and steady there."
    assert "place 2 on a scale of 1 to 4; stays 2nd" in row(found, B).scale


def test_who_puts_all_level_has_not_ranked():
    """They count as cast, in the turnout, and not as lists that rank something."""
    found = results("abc", *["a b c"] * 9)
    assert read("deck", results=found).startswith("9 of 13 governments ranked the challenges, in whole or in part.")
    assert "Fewer than 10 governments ranked" in read("finding", results=replace(found, is_insider=False))
