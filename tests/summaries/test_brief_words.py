"""The sentences of a brief."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixportal.consensus import Profile
from mixportal.summaries import brief_words as words
from mixportal.summaries.brief_words import Stand


def stands(ours: dict[str, int | None], network: dict[str, int], *, averages: bool = True) -> list[Stand]:
    """Use the network's places as its averages."""
    titles = sorted(network, key=network.get)
    own, theirs = ([[places.get(title) for title in titles]] for places in (ours, network))
    profile, other = (Profile.from_places(titles, rows) for rows in (own, theirs))
    middle = [(len(titles) + 1) / 2] * len(titles)
    ranks = profile.ranks[0].tolist() if len(profile.rows) else middle
    average = other.ranks[0].tolist() if len(other.rows) else middle

    def place(places: dict, title: str) -> tuple[int, bool] | None:
        mine = places.get(title)
        if mine is None:
            return None
        given = [each for each in places.values() if each is not None]
        return 1 + sum(each < mine for each in given), given.count(mine) > 1

    return [
        Stand(title, place(ours, title), ranks[i], place(network, title), average[i] if averages else None)
        for i, title in enumerate(titles)
    ]


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
        ({}, ABC, "We cast no ballot of foods in 2030, so this page shows the network’s list alone."),
    ],
)
def test_the_first_sentence_sets_what_we_put_first_beside_the_network(ours, network, deck):
    assert words.deck(stands(ours, network), "foods", 2030) == deck


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (ABC, "We ranked all 3 foods."),
        ({"Apples": 1, "Bread": 2}, "We ranked 2 of the 3 foods. Cheese was left off and stands below."),
        ({"Apples": 1}, "We ranked 1 of the 3 foods. Bread and Cheese were left off and share the places below."),
    ],
)
def test_it_says_how_much_we_ranked(ours, said):
    assert words.ranked(stands(ours, ABC), "food", "foods") == said


def test_it_says_how_many_pairs_stand_alike():
    same = words.alike(stands(ABC, ABC), "foods")
    assert same[0] == "All 3 pairs of foods that both put in order stand the same way round on both lists."
    turned = words.alike(stands({"Apples": 3, "Bread": 2, "Cheese": 1}, ABC), "foods")
    assert turned[0] == "None of the 3 pairs of foods that both put in order stand the same way round on both lists."
    assert turned[1] == "At most one place apart: Bread (2nd with us, 2nd in the network)."
    one = words.alike(stands({"Apples": 1, "Bread": 2, "Cheese": 3}, {"Apples": 1, "Bread": 2, "Cheese": 2}), "foods")
    assert one[0].startswith("All 2 pairs")


def test_what_is_far_apart_is_named_on_its_side_the_furthest_first():
    network = {f"Entry {n}": n for n in range(1, 9)}
    ours = dict(zip(network, (8, 2, 3, 4, 5, 6, 7, 1), strict=True))
    found = stands(ours, network)
    assert words.higher(found) == ["Entry 8: 1st with us, 8th in the network."]
    assert words.lower(found) == ["Entry 1: 8th with us, 1st in the network."]


def test_what_we_left_off_makes_a_pair_with_what_we_ranked_and_none_with_what_we_left_off():
    assert words.same_pairs(stands({"Apples": 1}, ABC)) == (2, 2)
    assert words.same_pairs(stands({"Cheese": 1}, ABC)) == (0, 2)


@pytest.mark.parametrize(("network", "named"), [(2.9, []), (3.0, ["Apples"])])
def test_a_difference_of_two_places_is_named_and_a_smaller_one_is_not(network, named):
    above = Stand("Apples", (1, False), 1.0, (3, False), network)
    below = Stand("Apples", (5, False), 5.0, (3, False), 6 - network)
    assert [each.title for each in words.above([above])] == named
    assert [each.title for each in words.below([below])] == named


def test_three_questions_come_from_the_data_those_of_investments_and_hindrances_first():
    network = {f"Entry {n}": n for n in range(1, 9)}
    ours = dict(zip(network, (8, 2, 3, 4, 5, 6, 7, 1), strict=True))
    asked = words.questions(stands(ours, network), ["Why not?"], "entries")
    assert asked == [
        "Why not?",
        "We put Entry 8 1st, the network 8th. What do we see that others do not?",
        "The network puts Entry 1 1st; with us it is 8th. Is it settled here, or does it wait?",
    ]


places = st.dictionaries(st.sampled_from("ABCDEFGHIJ"), st.integers(1, 10), max_size=10)


@given(ours=places, network=places.filter(bool), averages=st.booleans())
def test_no_sentence_is_ever_wrong_in_number_or_grammar(ours, network, averages):
    ours = {f"Entry {key}": place for key, place in ours.items() if key in network}
    network = {f"Entry {key}": place for key, place in network.items()}
    found = stands(ours, network, averages=averages)
    said = [words.deck(found, "priorities", 2030), *words.alike(found, "priorities")]
    said += [*words.higher(found), *words.lower(found)]
    if ours:
        said.append(words.ranked(found, "priority", "priorities"))
    questions = words.questions(found, [], "priorities")
    assert len(questions) == 3
    assert all(question.endswith("?") for question in questions)
    for sentence in [*said, *questions]:
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence[-1] in ".?"
        assert not re.search(
            r"  |None of the 0|\bNone\b(?! of)|nan|\b1 pairs|\b1 others|, ,|\(\)|\.\.| \.", sentence
        ), sentence
