"""Suggestions of lineage from titles."""

from __future__ import annotations

import pytest

from mixportal.editions.likeness import MIN_LIKENESS, Guess, guesses, likeness


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Data", "Data", True),
        ("Data", "Data Management", True),
        ("Citizen Engagement", "Resident Engagement", True),
        ("IT Governance & Risk", "IT governance and risk", True),
        ("Data", "Cybersecurity", False),
        ("Workforce", "Social Media", False),
    ],
)
def test_titles_that_a_curator_would_compare_are_similar(one, other, alike):
    assert (likeness(one, other) >= MIN_LIKENESS) is alike
    assert likeness(one, other) == pytest.approx(likeness(other, one), abs=0.15)


def test_an_equal_title_is_continued_and_gives_no_other_guess():
    assert guesses(["Data", "Governance"], [(2025, ["Data", "Data Management"])]) == [
        Guess("Data", "Data", 2025, "continued")
    ]


def test_a_similar_title_is_renamed():
    assert guesses(["Resident Engagement"], [(2025, ["Citizen Engagement", "Workforce"])]) == [
        Guess("Resident Engagement", "Citizen Engagement", 2025, "renamed")
    ]


def test_of_two_similar_earlier_titles_the_closest_is_renamed_and_the_other_merged():
    found = guesses(["Data and Analytics"], [(2025, ["Data", "Analytics", "Workforce"])])
    assert {guess.earlier: guess.type for guess in found} == {"Data": "renamed", "Analytics": "merged"}


def test_of_two_similar_later_titles_the_closest_is_renamed_and_the_other_split():
    found = guesses(["Network Security", "Security of Data"], [(2025, ["Security"])])
    assert {guess.later: guess.type for guess in found} == {"Network Security": "renamed", "Security of Data": "split"}


def test_each_title_continues_at_most_one_other():
    found = guesses(["Security of Data", "Data and Security"], [(2025, ["Data Security", "Data"])])
    assert {(guess.later, guess.earlier): guess.type for guess in found} == {
        ("Security of Data", "Data Security"): "renamed",
        ("Security of Data", "Data"): "merged",
        ("Data and Security", "Data Security"): "merged",
        ("Data and Security", "Data"): "renamed",
    }


def test_a_title_from_before_the_last_year_returns():
    years = [(2025, ["Data"]), (2024, ["Cloud"]), (2023, ["Cloud", "Artificial Intelligence"])]
    assert guesses(["Cloud", "Artificial Intelligence", "Quantum"], years) == [
        Guess("Cloud", "Cloud", 2024, "returned"),
        Guess("Artificial Intelligence", "Artificial Intelligence", 2023, "returned"),
    ]


def test_without_an_earlier_year_nothing_is_guessed():
    assert guesses(["Data"], []) == []
