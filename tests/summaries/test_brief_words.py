"""The sentences of a brief."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace

import html5lib
import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from mixportal.consensus import Profile
from mixportal.editions.models import Entry, Kind
from mixportal.summaries.brief import BriefRow, OwnList, Question, Work, questions_about
from tests.reading import text


def own_list(ours: dict[str, int | None], network: dict[str, int]) -> OwnList:
    titles = sorted(network, key=network.get)
    profile = Profile.from_places(titles, [[ours.get(title) for title in titles]])
    ranks = profile.ranks[0].tolist() if len(profile.rows) else [(len(titles) + 1) / 2] * len(titles)

    def place(places: dict, title: str) -> tuple[int, bool] | None:
        mine = places.get(title)
        if mine is None:
            return None
        given = [each for each in places.values() if each is not None]
        return 1 + sum(each < mine for each in given), given.count(mine) > 1

    return own_list_of(
        [
            BriefRow(Entry(title=title), place(ours, title), ranks[i], place(network, title))
            for i, title in enumerate(titles)
        ]
    )


def own_list_of(rows: list[BriefRow]) -> OwnList:
    return OwnList(Kind.PRIORITIES, None, any(row.own for row in rows), rows)


def paragraphs(name: str, own: OwnList, question: Question = ("", ())) -> list[str]:
    context = {"own": own, "brief": None, "edition": SimpleNamespace(year=2030)}
    context |= dict(zip(("name", "rows"), question, strict=True))
    rendered = render_to_string(f"summaries/_{name}.html", context).split("</p>")
    said = [html.unescape(" ".join(part.replace("<p>", "").split())) for part in rendered]
    return [sentence for sentence in said if sentence]


def questions(own: OwnList, *raised: Question) -> list[str]:
    return [paragraphs("question", own, question)[0] for question in questions_about(own, raised)]


def facts(own: OwnList, work: Work | None = None) -> dict[str, str]:
    context = {"own": own, "brief": {"work": work or Work([], len(own.ranked))}}
    root = html5lib.parse(render_to_string("summaries/_brief_facts.html", context), namespaceHTMLElements=False)
    return {each.get("data-testid"): text(each) for each in root.iter("div")}


ABC = {"Apples": 1, "Bread": 2, "Cheese": 3}


@pytest.mark.parametrize(
    ("ours", "network", "headline", "deck"),
    [
        (ABC, ABC, "We put Apples first in 2030", "The network does the same."),
        (
            {"Bread": 1, "Apples": 2, "Cheese": 3},
            ABC,
            "We put Bread first in 2030",
            "The network ranks it 2nd. Its first, Apples, is our 2nd.",
        ),
        (
            {"Bread": 1},
            ABC,
            "We put Bread first in 2030",
            "The network ranks it 2nd. Its first, Apples, is not on our list.",
        ),
        (
            {"Bread": 1, "Cheese": 1, "Apples": 3},
            ABC,
            "We put Bread and Cheese first in 2030",
            "The network’s first, Apples, is our 3rd.",
        ),
        (
            {"Apples": 1, "Bread": 1},
            ABC,
            "We put Apples and Bread first in 2030",
            "The network puts Apples first.",
        ),
        (
            {"Apples": 1, "Bread": 2},
            {"Apples": 1, "Bread": 1, "Cheese": 3},
            "We put Apples first in 2030",
            "The network ranks it joint 1st.",
        ),
        (
            {"Cheese": 1},
            {"Apples": 1, "Bread": 1, "Cheese": 3},
            "We put Cheese first in 2030",
            "The network ranks it 3rd. Apples and Bread share first place in the network.",
        ),
        (
            {"Apples": 1, "Bread": 1},
            {"Apples": 1, "Bread": 1, "Cheese": 3},
            "We put Apples and Bread first in 2030",
            "The network does the same.",
        ),
        (
            dict.fromkeys("ABCD", 1),
            {"A": 1, "B": 2, "C": 3, "D": 4},
            "We put four priorities first in 2030",
            "A, B, C and D share first place on our list. The network puts A first.",
        ),
        (
            {},
            ABC,
            "The network’s priorities in 2030",
            "We cast no ballot of priorities, so this page shows the network’s list alone.",
        ),
    ],
)
def test_the_first_sentences_set_what_we_put_first_beside_the_network(ours, network, headline, deck):
    own = own_list(ours, network)
    assert paragraphs("brief_headline", own) == [headline]
    assert paragraphs("brief_deck", own) == [deck]


@pytest.mark.parametrize(
    ("ours", "same", "ranked"),
    [
        (ABC, "3 of 3 pairs", "3 of 3 priorities ranked."),
        ({"Apples": 3, "Bread": 2, "Cheese": 1}, "0 of 3 pairs", "3 of 3 priorities ranked."),
        ({"Apples": 1}, "2 of 2 pairs", "1 of 3 priorities ranked. We left off Bread and Cheese."),
    ],
)
def test_it_says_how_alike_the_lists_are_and_how_much_we_ranked(ours, same, ranked):
    figures = facts(own_list(ours, ABC))
    assert figures["same-pairs"] == f"{same} of priorities that both lists put in order are in the same order on both."
    assert figures["ranked"] == ranked


def test_many_that_we_left_off_are_counted():
    network = {f"Entry {n}": n for n in range(1, 9)}
    assert (
        facts(own_list({"Entry 1": 1}, network))["ranked"] == "1 of 8 priorities ranked. We left off the other seven."
    )


@pytest.mark.parametrize(
    ("statuses", "of", "said"),
    [
        ([], 3, "0 of 3 priorities that we ranked have work that we reported."),
        (
            ["planned", "in_place", "planned", "not_planned"],
            5,
            "3 of 5 priorities that we ranked have work that we reported: 1 in place and 2 planned. 1 is not planned.",
        ),
        (["under_way"], 1, "1 of 1 priority that we ranked has work that we reported: 1 under way."),
    ],
)
def test_it_counts_the_work_of_each_state(statuses, of, said):
    assert facts(own_list(ABC, ABC), Work(statuses, of))["work"] == said


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (ABC, "Nothing that we ranked is two or more places from its place in the network."),
        ({"Cheese": 1, "Bread": 2, "Apples": 3}, "We rank Cheese higher than the network does, and Apples lower."),
        ({"Cheese": 1, "Bread": 2}, "We rank Cheese higher than the network does, and Apples lower."),
    ],
)
def test_it_names_what_differs(ours, said):
    assert paragraphs("brief_differ", own_list(ours, ABC))[0].endswith(said)


def test_what_is_far_apart_is_named_on_its_side_the_furthest_first():
    network = {f"Entry {n}": n for n in range(1, 9)}
    ours = dict(zip(network, (8, 2, 3, 4, 5, 6, 7, 1), strict=True))
    found = own_list(ours, network)
    assert [(str(each), each.own_words, each.network_words) for each in found.higher] == [("Entry 8", "1st", "8th")]
    assert [(str(each), each.own_words, each.network_words) for each in found.lower] == [("Entry 1", "8th", "1st")]


def test_what_we_left_off_makes_a_pair_with_what_we_ranked_and_none_with_what_we_left_off():
    assert own_list({"Apples": 1}, ABC).same_pairs == (2, 2)
    assert own_list({"Cheese": 1}, ABC).same_pairs == (0, 2)


@pytest.mark.parametrize(("network", "named"), [(2, []), (3, ["Apples"])])
def test_a_difference_of_two_places_is_named_and_a_smaller_one_is_not(network, named):
    above = BriefRow(Entry(title="Apples"), (1, False), 1.0, (network, False))
    below = BriefRow(Entry(title="Apples"), (5, False), 5.0, (6 - network, False))
    assert [str(each) for each in own_list_of([above]).higher] == named
    assert [str(each) for each in own_list_of([below]).lower] == named


def test_three_questions_come_from_the_data_those_of_work_and_hindrances_first():
    network = {f"Entry {n}": n for n in range(1, 9)}
    ours = dict(zip(network, (8, 2, 3, 4, 5, 6, 7, 1), strict=True))
    own = own_list(ours, network)
    assert questions(own, ("no_work", own.first)) == [
        "We rank Entry 8 1st. What are we doing about it?",
        "Why do we rank Entry 1 8th when the network ranks it 1st?",
        "We rank Entry 8 1st, and the network 8th. What do we see that others don’t?",
    ]


places = st.dictionaries(st.sampled_from("ABCDEFGHIJ"), st.integers(1, 10), max_size=10)


@given(ours=places, network=places.filter(bool))
def test_what_is_higher_or_lower_is_so_by_the_places_shown(ours, network):
    found = own_list({key: place for key, place in ours.items() if key in network}, network)
    for rows, sign in ((found.higher, 1), (found.lower, -1)):
        for row in rows:
            assert (row.network[0] - (row.own[0] if row.own else row.rank)) * sign >= 2


@given(ours=places, network=places.filter(bool))
def test_no_sentence_is_ever_wrong_in_number_or_grammar(ours, network):
    ours = {f"Entry {key}": place for key, place in ours.items() if key in network}
    network = {f"Entry {key}": place for key, place in network.items()}
    found = own_list(ours, network)
    said = [*paragraphs("brief_deck", found), *facts(found).values()]
    asked = questions(found)
    assert len(asked) == 3
    assert all(question.endswith("?") for question in asked)
    for sentence in [*said, *asked]:
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence[-1] in ".?"
        assert not re.search(
            r"  |None of the 0|\bNone\b(?! of)|nan|\b1 pairs|\b1 others|, ,|\(\)|\.\.| \.", sentence
        ), sentence
