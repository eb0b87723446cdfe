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
def test_titles_that_a_curator_would_hold_against_each_other_are_alike(one, other, alike):
    assert (likeness(one, other) >= MIN_LIKENESS) is alike
    assert likeness(one, other) == pytest.approx(likeness(other, one), abs=0.15)


def test_an_equal_title_continues_and_nothing_else_is_guessed_of_it():
    assert guesses(["Data", "Governance"], [(2025, ["Data", "Data Management"])]) == [
        Guess("Data", "Data", 2025, "continued")
    ]


def test_a_title_alike_is_a_renaming():
    assert guesses(["Resident Engagement"], [(2025, ["Citizen Engagement", "Workforce"])]) == [
        Guess("Resident Engagement", "Citizen Engagement", 2025, "renamed")
    ]


def test_of_two_alike_to_one_the_likest_or_first_is_renamed_and_the_other_is_merged_into_it():
    found = guesses(["Data and Analytics"], [(2025, ["Data", "Analytics", "Workforce"])])
    assert {guess.earlier: guess.type for guess in found} == {"Data": "renamed", "Analytics": "merged"}


def test_of_one_alike_to_two_the_likest_or_first_is_its_new_name_and_the_other_is_split_from_it():
    found = guesses(["Network Security", "Security of Data"], [(2025, ["Security"])])
    assert {guess.later: guess.type for guess in found} == {"Network Security": "renamed", "Security of Data": "split"}


def test_no_earlier_title_continues_in_two_and_no_later_one_continues_two():
    found = guesses(["Security of Data", "Data and Security"], [(2025, ["Data Security", "Data"])])
    assert {(guess.later, guess.earlier): guess.type for guess in found} == {
        ("Security of Data", "Data Security"): "renamed",
        ("Security of Data", "Data"): "merged",
        ("Data and Security", "Data Security"): "merged",
        ("Data and Security", "Data"): "renamed",
    }


def test_what_stood_only_before_the_last_year_returns():
    years = [(2025, ["Data"]), (2024, ["Cloud"]), (2023, ["Cloud", "Artificial Intelligence"])]
    assert guesses(["Cloud", "Artificial Intelligence", "Quantum"], years) == [
        Guess("Cloud", "Cloud", 2024, "returned"),
        Guess("Artificial Intelligence", "Artificial Intelligence", 2023, "returned"),
    ]


def test_without_an_earlier_year_nothing_is_guessed():
    assert guesses(["Data"], []) == []
