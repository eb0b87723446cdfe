"""The sentences of a brief."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from mixportal.consensus import Profile
from mixportal.editions.models import Kind
from mixportal.summaries.brief import OwnList, Question, Stand, questions_about


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

    stands = [Stand(title, place(ours, title), ranks[i], place(network, title)) for i, title in enumerate(titles)]
    return own_list_of(stands)


def own_list_of(stands: list[Stand]) -> OwnList:
    return OwnList(Kind.PRIORITIES, None, entries=[], places={}, reasons={}, stands=stands)


def paragraphs(name: str, own: OwnList, question: Question | None = None) -> list[str]:
    context = {"own": own, "edition": SimpleNamespace(year=2030), "question": question}
    rendered = render_to_string(f"summaries/_{name}.html", context).split("</p>")
    said = [html.unescape(" ".join(part.replace("<p>", "").split())) for part in rendered]
    return [sentence for sentence in said if sentence]


def questions(own: OwnList, *raised: str) -> list[str]:
    return [paragraphs("question", own, question)[0] for question in questions_about(own, raised)]


ABC = {"Apples": 1, "Bread": 2, "Cheese": 3}


@pytest.mark.parametrize(
    ("ours", "network", "deck"),
    [
        (ABC, ABC, "We put Apples first, and the network does the same."),
        (
            {"Bread": 1, "Apples": 2, "Cheese": 3},
            ABC,
            "We put Bread first, where the network has it 2nd. The network’s first, Apples, is our 2nd.",
        ),
        (
            {"Bread": 1},
            ABC,
            "We put Bread first, where the network has it 2nd. The network’s first, Apples, is not on our list.",
        ),
        (
            {"Bread": 1, "Cheese": 1, "Apples": 3},
            ABC,
            "We put Bread and Cheese first together. The network’s first, Apples, is our 3rd.",
        ),
        ({"Apples": 1, "Bread": 1}, ABC, "We put Apples and Bread first together. The network puts Apples first."),
        (
            {"Apples": 1, "Bread": 2},
            {"Apples": 1, "Bread": 1, "Cheese": 3},
            "We put Apples first, and the network jointly does the same.",
        ),
        (
            {"Cheese": 1},
            {"Apples": 1, "Bread": 1, "Cheese": 3},
            "We put Cheese first, where the network has it 3rd. The network jointly puts Apples and Bread first.",
        ),
        (
            {"Apples": 1, "Bread": 1},
            {"Apples": 1, "Bread": 1, "Cheese": 3},
            "We put Apples and Bread first together. The network does the same.",
        ),
        ({}, ABC, "We cast no ballot of priorities in 2030, so this page shows the network’s list alone."),
    ],
)
def test_the_first_sentence_sets_what_we_put_first_beside_the_network(ours, network, deck):
    assert paragraphs("brief_deck", own_list(ours, network)) == [deck]


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (ABC, "We ranked all 3 priorities."),
        ({"Apples": 1, "Bread": 2}, "We ranked 2 of the 3 priorities. Cheese was left off and stands below."),
        ({"Apples": 1}, "We ranked 1 of the 3 priorities. Bread and Cheese were left off and share the places below."),
    ],
)
def test_it_says_how_much_we_ranked(ours, said):
    assert paragraphs("brief_ranked", own_list(ours, ABC)) == [said]


def test_it_says_how_many_pairs_stand_alike():
    same = paragraphs("brief_alike", own_list(ABC, ABC))
    assert same[0] == "All 3 pairs of priorities that both put in order stand the same way round on both lists."
    turned = paragraphs("brief_alike", own_list({"Apples": 3, "Bread": 2, "Cheese": 1}, ABC))
    assert (
        turned[0] == "None of the 3 pairs of priorities that both put in order stand the same way round on both lists."
    )
    assert turned[1] == "At most one place apart: Bread (2nd with us, 2nd in the network)."
    one = paragraphs(
        "brief_alike", own_list({"Apples": 1, "Bread": 2, "Cheese": 3}, {"Apples": 1, "Bread": 2, "Cheese": 2})
    )
    assert one[0].startswith("All 2 pairs")


def test_what_is_far_apart_is_named_on_its_side_the_furthest_first():
    network = {f"Entry {n}": n for n in range(1, 9)}
    ours = dict(zip(network, (8, 2, 3, 4, 5, 6, 7, 1), strict=True))
    found = own_list(ours, network)
    assert [(each.title, each.own_words, each.network_words) for each in found.higher] == [("Entry 8", "1st", "8th")]
    assert [(each.title, each.own_words, each.network_words) for each in found.lower] == [("Entry 1", "8th", "1st")]


def test_what_we_left_off_makes_a_pair_with_what_we_ranked_and_none_with_what_we_left_off():
    assert own_list({"Apples": 1}, ABC).same_pairs == (2, 2)
    assert own_list({"Cheese": 1}, ABC).same_pairs == (0, 2)


@pytest.mark.parametrize(("network", "named"), [(2, []), (3, ["Apples"])])
def test_a_difference_of_two_places_is_named_and_a_smaller_one_is_not(network, named):
    above = Stand("Apples", (1, False), 1.0, (network, False))
    below = Stand("Apples", (5, False), 5.0, (6 - network, False))
    assert [each.title for each in own_list_of([above]).higher] == named
    assert [each.title for each in own_list_of([below]).lower] == named


def test_three_questions_come_from_the_data_those_of_investments_and_hindrances_first():
    network = {f"Entry {n}": n for n in range(1, 9)}
    ours = dict(zip(network, (8, 2, 3, 4, 5, 6, 7, 1), strict=True))
    assert questions(own_list(ours, network), "Why not?") == [
        "Why not?",
        "We put Entry 8 1st, the network 8th. What do we see that others do not?",
        "The network puts Entry 1 1st; with us it is 8th. Is it settled here, or does it wait?",
    ]


places = st.dictionaries(st.sampled_from("ABCDEFGHIJ"), st.integers(1, 10), max_size=10)


PAIR = re.compile(r"(?:joint )?(\d+)(?:st|nd|rd|th)(?: with us)?, (?:joint )?(\d+)(?:st|nd|rd|th) in the network")


@given(ours=places, network=places.filter(bool))
def test_what_is_near_higher_or_lower_is_so_by_the_places_shown(ours, network):
    found = own_list({key: place for key, place in ours.items() if key in network}, network)
    near = " ".join(paragraphs("brief_alike", found)).partition("At most one place apart:")[2]
    assert all(abs(int(own) - int(theirs)) <= 1 for own, theirs in PAIR.findall(near))
    for stands, sign in ((found.higher, 1), (found.lower, -1)):
        for own, theirs in PAIR.findall(
            " ".join(f"{s.own_words} with us, {s.network_words} in the network" for s in stands)
        ):
            assert (int(theirs) - int(own)) * sign >= 2
    shown = {s.title for s in found.ranked if abs(s.network[0] - s.own[0]) <= 1}
    assert {s.title for s in found.near} == shown


@given(ours=places, network=places.filter(bool))
def test_no_sentence_is_ever_wrong_in_number_or_grammar(ours, network):
    ours = {f"Entry {key}": place for key, place in ours.items() if key in network}
    network = {f"Entry {key}": place for key, place in network.items()}
    found = own_list(ours, network)
    said = [*paragraphs("brief_deck", found), *paragraphs("brief_alike", found)]
    if ours:
        said += paragraphs("brief_ranked", found)
    asked = questions(found)
    assert len(asked) == 3
    assert all(question.endswith("?") for question in asked)
    for sentence in [*said, *asked]:
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence[-1] in ".?"
        assert not re.search(
            r"  |None of the 0|\bNone\b(?! of)|nan|\b1 pairs|\b1 others|, ,|\(\)|\.\.| \.", sentence
        ), sentence
