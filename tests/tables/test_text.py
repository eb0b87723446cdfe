"""Numbers and lists as people say them."""

from __future__ import annotations

import pytest

from mixportal.tables import text


@pytest.mark.parametrize(
    ("number", "word", "spelled", "ordinal"),
    [
        (1, "first", "one", "1st"), (2, "second", "two", "2nd"), (3, "third", "three", "3rd"), (11, "eleventh", "eleven", "11th"),
        (12, "twelfth", "twelve", "12th"), (20, "twentieth", "twenty", "20th"), (21, "21st", "21", "21st"), (112, "112th", "112", "112th"),
    ],
)  # fmt: skip
def test_numbers_are_spelled_up_to_twenty(number, word, spelled, ordinal):
    assert (text.ordinal_word(number), text.spelled(number), text.ordinal(number)) == (word, spelled, ordinal)


def test_none_of_something_is_spelled_no():
    assert text.spelled(0) == "no"


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_names_are_listed_with_an_and(names, said):
    assert text.listed(names) == said


def test_counts_agree_with_their_noun():
    assert [text.counted(number, "ballot", "ballots") for number in (0, 1, 2, 1200)] == [
        "0 ballots", "1 ballot", "2 ballots", "1,200 ballots",
    ]  # fmt: skip


def test_a_sentence_begins_with_a_capital_and_keeps_the_rest():
    assert text.sentence("joint 3rd in IT") == "Joint 3rd in IT"
    assert text.sentence("") == ""
