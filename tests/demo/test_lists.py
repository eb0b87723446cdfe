"""The lists in the repository and their lineage. No database."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from mixportal.editions.list_text import read_list
from mixportal.tables.reader import decode

ROOT = Path(__file__).parents[2]
EDITIONS_DATA = ROOT / "mixportal" / "editions" / "data"
DEMO_DATA = ROOT / "mixportal" / "demo" / "data"
PASTED_2018 = ROOT / "tests" / "editions" / "data" / "pasted-2018.txt"

COUNTS = {2018: (13, 5), 2024: (13, 5), 2025: (13, 5), 2026: (13, 5), 2027: (11, 4)}
YEARS = sorted(COUNTS)
NEW_IN_THE_DEMONSTRATION = {(2024, "Broadband and Digital Equity"), (2024, "Competing for Talent")}

LEADERS_KNOW = {"IT", "CIO", "MIX"}


def shipped(year):
    folder = EDITIONS_DATA if year == 2018 else DEMO_DATA
    return read_list(decode((folder / f"{year}.csv").read_bytes())).entries


LISTS = {year: shipped(year) for year in YEARS}
TITLES = {year: {(entry.kind, entry.title) for entry in entries} for year, entries in LISTS.items()}


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def lineage():
    """(kind, later year, later title, earlier year, earlier title, type), the years as numbers."""
    return [
        (
            row["kind"],
            int(row["later_year"]),
            row["later_title"],
            int(row["earlier_year"]),
            row["earlier_title"],
            row["type"],
        )
        for row in table(DEMO_DATA / "lineage.csv")
    ]


def sentences(text):
    return [sentence for sentence in re.split(r"(?<=[.!?])\s+", text) if sentence]


def hard_for_leaders(text):
    """Sentences of more than 30 words, and abbreviations that leaders may not know."""
    long = [sentence for sentence in sentences(text) if len(sentence.split()) > 30]
    abbreviations = set(re.findall(r"\b[A-Z][A-Z0-9]+\b", text)) - LEADERS_KNOW
    return [*long, *sorted(abbreviations)]


@pytest.mark.parametrize("year", YEARS)
def test_each_list_has_its_number_of_priorities_and_challenges(year):
    counts = Counter(entry.kind for entry in LISTS[year])
    assert (counts["priorities"], counts["challenges"]) == COUNTS[year]


def test_the_list_of_2018_has_the_titles_of_the_article_in_its_order():
    article = read_list(decode(PASTED_2018.read_bytes())).entries
    assert [(entry.kind, entry.title) for entry in LISTS[2018]] == [(entry.kind, entry.title) for entry in article]


@pytest.mark.parametrize("year", YEARS)
def test_each_entry_has_a_meaning_of_one_to_three_sentences_plain_words_and_more(year):
    for entry in LISTS[year]:
        assert 1 <= len(sentences(entry.description)) <= 3, entry.title
        assert 1 <= len(sentences(entry.in_plain_words)) <= 3, entry.title
        assert entry.more.endswith("."), entry.title


@pytest.mark.parametrize("year", YEARS)
def test_each_challenge_says_two_things_that_leaders_can_do_one_a_line(year):
    for entry in LISTS[year]:
        if entry.kind == "challenges":
            lines = entry.more.split("\n")
            assert len(lines) == 2, entry.title
            assert all(len(sentences(line)) == 1 for line in lines), entry.title


@pytest.mark.parametrize("year", YEARS)
def test_the_plain_words_have_short_sentences_and_no_abbreviations(year):
    found = {entry.title: hard for entry in LISTS[year] if (hard := hard_for_leaders(entry.in_plain_words))}
    assert found == {}


def test_what_is_hard_for_leaders_is_found():
    assert hard_for_leaders("The CIO of MIX runs IT. It works.") == []
    assert hard_for_leaders("The SOC uses MFA2 and AI.") == ["AI", "MFA2", "SOC"]
    assert hard_for_leaders("word " * 30 + "word.") == ["word " * 30 + "word."]


def test_lineage_names_entries_that_exist_the_earlier_one_first_and_each_pair_once(lineage):
    for kind, later_year, later, earlier_year, earlier, _ in lineage:
        assert earlier_year < later_year
        assert (kind, later) in TITLES[later_year]
        assert (kind, earlier) in TITLES[earlier_year]
    assert len({row[:5] for row in lineage}) == len(lineage)


def test_every_entry_after_2018_descends_from_another_unless_it_is_new(lineage):
    descended = {(later_year, later) for _, later_year, later, *_ in lineage}
    every = {(year, title) for year in YEARS[1:] for _, title in TITLES[year]}
    assert every - descended == NEW_IN_THE_DEMONSTRATION


def test_what_did_not_return_descends_from_the_edition_before(lineage):
    before = dict(zip(YEARS[1:], YEARS, strict=False))
    for _, later_year, later, earlier_year, _, type_ in lineage:
        assert (earlier_year == before[later_year]) == (type_ != "returned"), later


def test_a_returned_entry_is_absent_from_every_edition_in_the_gap(lineage):
    returned = [row for row in lineage if row[5] == "returned"]
    assert len(returned) >= 3
    for kind, later_year, later, earlier_year, earlier, _ in returned:
        assert later == earlier
        assert all((kind, later) not in TITLES[year] for year in YEARS if earlier_year < year < later_year)


def test_the_types_of_lineage_mean_what_they_say(lineage):
    into = Counter((kind, later_year, later) for kind, later_year, later, *_ in lineage)
    out_of = Counter(
        (kind, later_year, earlier_year, earlier)
        for kind, later_year, _, earlier_year, earlier, type_ in lineage
        if type_ == "split"
    )
    for kind, later_year, later, earlier_year, earlier, type_ in lineage:
        merged = into[kind, later_year, later] > 1
        assert merged == (type_ == "merged"), later
        if type_ == "split":
            assert out_of[kind, later_year, earlier_year, earlier] > 1, earlier
        if type_ in ("continued", "renamed"):
            assert (later == earlier) == (type_ == "continued"), later
    assert {row[5] for row in lineage} == {"continued", "renamed", "merged", "split", "returned"}


def test_six_presidents_are_named_with_their_governments_and_without_years_that_nobody_recorded():
    offices = table(EDITIONS_DATA / "offices-2018.csv")
    assert [
        (row["person_name"], row["title_then"], row["government"], row["kind"], row["state"]) for row in offices
    ] == [
        ("Bill Kehoe", "CIO", "Los Angeles County", "county", "CA"),
        ("Otto Doll", "former CIO", "Minneapolis", "city", "MN"),
        ("Brad Hartig", "CIO", "Scottsdale", "city", "AZ"),
        ("Bill Greeves", "CIO", "Wake County", "county", "NC"),
        ("Laura Fucci", "CIO", "Henderson", "city", "NV"),
        ("Mike Taylor", "CIO", "Pitt County", "county", "NC"),
    ]
    assert {(row["office"], row["from_year"], row["to_year"]) for row in offices} == {("president", "", "")}
    assert "Henderson, Nevada, is a city" in offices[4]["note"]
    assert offices[5]["note"] == "President in 2018."
