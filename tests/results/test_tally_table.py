"""The table of the command tally, and the words for figures."""

import json

import pytest

from mixportal.consensus import Profile, count
from mixportal.consensus.count import recount
from mixportal.consensus.reading import open_results
from mixportal.consensus.words import ordinal, place_words, share_words
from mixportal.results.tally_table import WIDTH, table
from tests.consensus.examples import TENNESSEE, from_orders, no_consensus


def test_the_table_shows_places_bands_and_sentences_about_them():
    text = table(count(from_orders(TENNESSEE, "MNCK"), seed=1))
    assert text.splitlines()[0] == "4 alternatives, 100 ballots: 100 used."
    rows = text.splitlines()[2:7]
    assert rows[0].split() == "Place Alternative Average In 95 % Half at Top 3 Ranked by".split()
    assert rows[1].split()[1:4] == ["1", "N", "2.06"]
    assert "Head-to-head: N beats every other alternative." in text
    assert "K over M (58 to 42)" in " ".join(text.split())
    assert "Kemeny: the one order that contradicts the fewest comparisons (207): N > C > K > M." in text
    assert text.endswith("\n")


def test_joint_places_and_brackets_are_shown_as_such():
    text = table(count(Profile.from_places(["a", "b", "c"], [[1, 2, 3], [2, 1, 3]]), seed=1))
    lines = text.splitlines()
    assert lines[3].startswith("┌     1=  a")
    assert lines[4].startswith("└     1=  b")
    assert lines[5].startswith("      3   c")
    assert "one of 2 orders that contradict the fewest comparisons" in text


@pytest.mark.parametrize(
    "profile",
    [
        no_consensus(64, 13, ranked=5),
        no_consensus(64, 30),
        no_consensus(3, 5),
        Profile.from_places(["a-name-far-longer-than-any-column-would-want-it-to-be", "b"], [[1, 2]]),
    ],
)
def test_no_line_is_wider_than_a_terminal(profile):
    for line in table(count(profile, seed=1)).splitlines():
        assert len(line) <= WIDTH
        assert line == line.rstrip()


def test_abstentions_are_named_and_an_empty_count_says_so():
    text = table(count(Profile.from_places(["a", "b"], [[1, 1], [None, None]]), seed=1))
    assert "2 ballots: 0 used, 2 without any preference (abstained)" in text
    assert "nothing to put in order" in text


def test_kemeny_that_was_not_computed_says_why():
    assert "Kemeny: not computed, as 28 items beat each other in circles" in table(count(no_consensus(64, 30), seed=1))


def test_a_recount_from_head_to_heads_shows_what_it_knows():
    result = count(no_consensus(64, 13), seed=1)
    text = table(recount(open_results(json.dumps(result))))
    assert text.startswith("Counted again from head-to-heads: 13 alternatives, 64 used ballots.")
    assert "Top three" not in text
    assert "Kendall" not in text


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
     (111, "111th"), (122, "122nd")],
)  # fmt: skip
def test_ordinals(number, word):
    assert ordinal(number) == word


def test_places_in_words():
    assert (place_words(3, False), place_words(3, True)) == ("3rd", "joint 3rd")


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.58, "58 %"), (0.9999, "over 99 %"), (1, "100 %"), (0.001, "under 1 %"), (0, "0 %")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(share, words):
    assert share_words(share) == words
