"""The worked example on `/methods/`: its figures follow from its ballots."""

import re

import html5lib
import pytest

from members.models import MAX_SEATS
from mixportal import consensus
from mixportal.consensus import cohorts, groups, similarity, stability
from mixportal.consensus.steps import SMALLEST_STEP
from mixportal.consensus.words import MIN_ITEMS_FOR_WORD, agreement_word, item_word
from mixportal.results.disclosure import MIN_BALLOTS_FOR_FIGURES, MIN_BALLOTS_FOR_QUARTILES

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


LIMITS = {
    r"counting again ([\d,]+) times": stability.RESAMPLES,
    r"list is shuffled ([\d,]+) times": similarity.SHUFFLES,
    r"at random ([\d,]+) times": cohorts.PERMUTATIONS,
    r"in the same way on 98 of ([\d,]+) drawn lists": groups.SHUFFLES,
    r"No group has fewer than (\d+) governments": groups.MIN_SIZE,
    r"Lists of fewer than (\d+) entries are too short for a word": MIN_ITEMS_FOR_WORD,
    r"Lists of fewer than (\d+) entries name no government": MIN_ITEMS_FOR_WORD,
    r"Under (\d+) cast ballots they see the order alone": MIN_BALLOTS_FOR_FIGURES,
    r"the middle half needs (\d+)": MIN_BALLOTS_FOR_QUARTILES,
    r"in steps of at least (\d+) ballots": SMALLEST_STEP,
    r"all (\d+) governments answered": MAX_SEATS,
}


@pytest.mark.parametrize("sentence", LIMITS)
def test_the_limits_that_the_page_names_are_those_of_the_code(page, sentence):
    found = re.findall(sentence, words(page))
    assert found
    assert {int(each.replace(",", "")) for each in found} == {LIMITS[sentence]}


def test_the_small_sums_in_the_sentences_are_right(page):
    text = words(page)
    total, ranked, left, first, last, counts = map(
        float,
        re.search(
            r"Of (\d+) entries with (\d+) ranked, the other (\d+) fill the places (\d+) to (\d+): each counts as (\d+\.\d)",
            text,
        ).groups(),
    )
    assert (left, first, last, counts) == (total - ranked, ranked + 1, total, (first + last) / 2)
    of, average, share = re.search(
        r"of (\d+) entries, one with average place ([\d.]+) is .+? on (\d+) of 100", text
    ).groups()
    assert int(share) == round(100 * (int(of) - float(average)) / (int(of) - 1))
    ballots, by_chance = re.search(r"With (\d+) ballots chance alone gives about (\d+\.\d+)", text).groups()
    assert float(by_chance) == round(1 / int(ballots), 3)


def test_the_words_for_agreement_begin_where_the_page_says(page):
    said = re.search(
        r"Under ([\d.]+) we say (.+?) agreement, to ([\d.]+) (\w+), to ([\d.]+) (\w+), above that (\w+)", words(page)
    )
    little, modest, clear = map(float, said.group(1, 3, 5))
    for w, word in (
        (little - 0.01, said[2]),
        (modest - 0.01, said[4]),
        (clear - 0.01, said[6]),
        (clear + 0.01, said[7]),
    ):
        assert agreement_word(w) == word
    agreed, mixed = map(
        float, re.search(r"under ([\d.]+) agreed, to ([\d.]+) mixed, above that divided", words(page)).groups()
    )
    for variance, word in ((agreed - 0.01, "agreed"), (mixed, "mixed"), (mixed + 0.01, "divided")):
        assert item_word(variance, 9, 9, MIN_ITEMS_FOR_WORD) == word
    assert item_word(agreed, 4, 9, MIN_ITEMS_FOR_WORD) == "few ranked it"
