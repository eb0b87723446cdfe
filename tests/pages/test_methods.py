"""The worked example on `/methods/`: its figures follow from its ballots."""

import re

import html5lib
import pytest

from mixportal import consensus

XHTML = "{http://www.w3.org/1999/xhtml}"


def words(element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.fixture
def page(client, db):
    return html5lib.parse(client.get("/methods/").content.decode())


@pytest.fixture
def table(page):
    return next(table for table in page.iter(f"{XHTML}table") if table.get("id") == "worked-example")


@pytest.fixture
def ballots(table):
    rows = [[words(cell) for cell in row.iter(f"{XHTML}td")] for row in table.find(f"{XHTML}tbody")]
    assert len(rows) == 5
    return rows


@pytest.fixture
def profile(table, ballots):
    names = [words(cell) for cell in table.find(f"{XHTML}thead").iter(f"{XHTML}th")][1:]
    places = [[None if cell.startswith("blank") else int(cell.split()[0]) for cell in row] for row in ballots]
    return consensus.Profile.from_places(names, places)


def test_each_cell_shows_what_the_entry_counts_where_that_is_another_number(profile, ballots):
    for ranks, row in zip(profile.ranks, ballots, strict=True):
        for rank, cell in zip(ranks, row, strict=True):
            assert float(cell.split()[-1]) == rank


def test_the_averages_are_those_of_the_count(profile, table):
    shown = [float(words(cell)) for cell in table.find(f"{XHTML}tfoot").iter(f"{XHTML}td")]
    assert shown == pytest.approx(consensus.count(profile, seed=1)["average_place"])


def test_the_sentences_below_say_what_the_count_says(profile, page):
    counted = consensus.count(profile, seed=1)
    text = words(page)
    first = profile.ranks[:, 0]
    said = re.search(r"Cybersecurity: (.+?) make ([\d.]+); over five ballots that is ([\d.]+)\.", text)
    assert [float(each) for each in re.findall(r"[\d.]+", said[1])] == list(first)
    assert (float(said[2]), float(said[3])) == (first.sum(), counted["average_place"][0])
    above, below = counted["support"][0][1], counted["support"][1][0]
    assert f"Cybersecurity is above Workforce on {above} ballots and below it on {below}" in text
    kemeny = counted["kemeny"]
    assert f"contradicts {kemeny['score']}. So does the one with Workforce and Data exchanged" in text
    assert kemeny["n_optimal"] == 2
    assert counted["support"][1][2] == counted["support"][2][1] == 2
