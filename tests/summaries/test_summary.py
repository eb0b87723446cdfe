"""The key figures of the summary."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

from django.template.loader import render_to_string

from mixportal.ballots.models import Ballot
from mixportal.editions.models import Kind
from mixportal.results.models import Tally
from mixportal.results.results import Results
from mixportal.summaries.summary import Fact, Summary, SummaryList, summary_for
from tests.results.test_results import results


def summary(*parts) -> Summary:
    return Summary(edition=None, lists=[SummaryList(part.kind, part.entries, part) for part in parts])


def sentence(part: Results, fact: Fact) -> str:
    return " ".join(render_to_string("summaries/_fact_words.html", {"results": part, "fact": fact}).split())


def roster(*governments: tuple[str, str, bool]):
    return [{"slug": slug, "kind": kind, "cast": cast} for slug, kind, cast in governments]


EIGHT = "abcdefgh"


def test_the_first_fact_is_how_many_put_the_leader_among_their_top_three():
    found = results(*["a b c d e f g h"] * 15, *["h g f e d c b a"] * 5, items=EIGHT, insider=False)
    fact = summary(found).facts[0]
    assert (fact.figure, fact.of) == (15, 20)
    assert sentence(found, fact) == ("put A among their top three. B and C are there on half of the lists or more.")


def test_where_no_other_is_near_the_fact_says_so():
    ballots = ["a b c d e f g h", "a d e b c f g h", "a f g b c d e h", "a h b c d e f g", "a c d b e f g h"] * 3
    found = results(*ballots, items=EIGHT, insider=True)
    assert (
        sentence(found, summary(found).facts[0])
        == "put A among their top three. No other priority is there on half of the lists."
    )


def test_the_fact_says_that_a_tie_below_third_does_not_count():
    found = results(*["a b c d e"] * 12, *["a b ce d"] * 8, items="abcde")
    fact = replace(summary(found).facts[0], rows=[found.rows[2]])
    assert sentence(found, fact).startswith("put C among their top three. A tie for 3rd and 4th does not count")


def test_where_even_the_first_is_on_less_than_half_no_other_is_spoken_of():
    found = results(*["a b c d e f g h"] * 15, *["h g f e d c b a"] * 5, items=EIGHT, insider=False)
    fact = summary(found).facts[0]
    few = replace(fact, figure=9, of=20, rows=fact.rows[:1])
    assert sentence(found, few) == "put A among their top three. No priority is there on half of the lists."


def test_more_than_ninety_per_cent_is_hidden_from_leaders():
    facts = summary(results("a b c d e f g h", items=EIGHT, times=20, insider=False)).facts
    assert facts[0].is_over_90


def test_the_second_fact_is_how_alike_two_governments_are():
    found = results("a b c d e f g h", items=EIGHT, times=12)
    fact = summary(found).facts[1]
    assert (fact.figure, fact.of) == (100, 100)
    assert "A coin flip would give 50." in sentence(found, fact)


def test_a_short_list_has_both_facts_too():
    assert [fact.name for fact in summary(results("a b c", times=12)).facts] == ["top_three", "same_order"]


def test_a_fact_has_a_square_for_each_of_all_filled_up_to_its_figure():
    def drawn(picture: str) -> list[int]:
        return [path.count("M") for path in re.findall(r' d="([^"]*)"', picture)]

    facts = summary(results("a b c d e f g h", "b c d e f g h a", items=EIGHT, times=10)).facts
    for fact in facts:
        assert drawn(fact.picture) == [count for count in (fact.figure, fact.of - fact.figure) if count]
    assert len(facts) == 2
    hidden = summary(results("a b c d e f g h", items=EIGHT, times=20, insider=False)).facts[0]
    assert hidden.picture is None


def test_under_ten_ballots_leaders_get_no_fact():
    assert summary(results("a b c d e f g h", items=EIGHT, times=9, insider=False)).facts == []


def test_who_took_part_is_counted_once_over_both_lists():
    both = summary(results("a b c", times=3), results("abcd", items="abcd", times=3))
    for part, cast in zip(both.lists, ((True, True, False, False), (True, False, True, False)), strict=True):
        governments = zip(("p", "q", "r", "s"), ("city", "county", "consolidated", "city"), cast, strict=True)
        part.results.tally.roster = roster(*governments)
    assert (both.took_part, both.seats) == (3, 4)
    assert both.took_part_by_kind == "1 city, 1 county and 1 that is both"
    assert len(both.ranked_lists) == 2


def test_an_edition_without_results_has_no_headline():
    entries = [SimpleNamespace(slug="a", title="A")]
    plain = Summary(edition=None, lists=[SummaryList(Kind.PRIORITIES, entries, None)])
    assert (plain.leading, plain.ranked_lists, plain.facts, plain.seats) == (None, [], [], 0)


def test_each_list_has_its_own_last_count_and_the_viewers_order_of_it(phases):
    for annual_list in phases.closed.lists.all():
        Tally.objects.count_again(annual_list, reason="To be sure.", user=phases.curator)
    for user in (phases.member_a, phases.member_b, phases.leader_a):
        for part in summary_for(phases.closed, user).lists:
            annual_list = phases.closed.list_of(part.kind)
            own = Ballot.objects.get(annual_list=annual_list, government=user.government)
            assert part.results.own == own.counted
            assert (part.results.tally.annual_list, part.results.tally.number) == (annual_list, 2)
