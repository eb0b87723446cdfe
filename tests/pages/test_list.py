"""The page of a list: whose order its table shows, how it is sorted, past places and notes."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import Government
from mixportal.editions.models import Edition, Entry, Kind
from mixportal.notes.models import Note
from mixportal.pages.models import PageVersion
from mixportal.results.models import Tally
from tests.kept_rows import made_once
from tests.reading import page, said, text, with_testid
from tests.summaries.test_ladder import ranked_year
from tests.worlds import PRIORITIES, cast_at_once, make_edition, open_edition, published, rank, seat_governments

URL = "/2029/priorities/"
SORTS = ("place", "title", "change", "average", "top3", "agreement")
WORDS = ("agreed", "mixed", "divided")


@dataclass(frozen=True)
class Row:
    title: str
    cells: dict[str, Element]

    def number(self, figure: str) -> float | None:
        found = re.search(r"\d+(?:\.\d)?", text(self.cells[figure]).replace("avg. ", ""))
        return float(found[0]) if found else None

    @property
    def place(self) -> int | None:
        """The place in large figures, not the range or the network's place below it."""
        found = re.match(r"(?:joint )?(\d+)", text(self.cells["place"]))
        return int(found[1]) if found else None

    @property
    def change(self) -> int | None:
        said = text(self.cells["past"])
        if found := re.search(r"(up|down) (\d+) place", said):
            return int(found[2]) * (1 if found[1] == "up" else -1)
        return 0 if "same place" in said else None

    @property
    def points(self) -> int:
        return sum(1 for each in self.cells["past"].iter() if str(each.tag).endswith("circle"))

    @property
    def notes(self) -> int:
        found = next((each for each in self.cells["entry"].iter("a") if each.get("data-testid") == "notes"), None)
        return 0 if found is None else int(re.match(r"\d+", text(found))[0])


def rows(client: Client, query: str = "", url: str = URL) -> list[Row]:
    answer = client.get(url + query)
    assert answer.status_code == 200
    table = with_testid(page(answer), "tally")
    found = [row for row in table.iter("tr") if row.get("class") == "row"]
    cells = [{cell.get("data-figure"): cell for cell in row} for row in found]
    return [Row(text(next(each["entry"].iter("a"))), each) for each in cells]


def titles(client: Client, query: str = "") -> list[str]:
    return [row.title for row in rows(client, query)]


def brackets(answer) -> int:
    return sum(1 for each in page(answer).iter("tr") if each.get("class") == "bandrow")


def orders(answer) -> list[str]:
    select = next(each for each in page(answer).iter("select") if each.get("name") == "order")
    return [option.get("value") for option in select.iter("option")]


@pytest.fixture
def years(world):
    """2028 and 2029, each ranked at random by 13 cities and 13 counties. One line is missing in 2028."""
    vars(world).update(made_once("list of two years", lambda: make_years(world)))
    return world


def make_years(world: SimpleNamespace) -> dict[str, Edition]:
    members = [world.member_a, *seat_governments(25)]
    counties = [member.government_id for member in members[14:]]
    Government.objects.filter(pk__in=counties).update(kind="county")
    first = ranked_year(2028, members, PRIORITIES[1:])
    second = ranked_year(2029, members, PRIORITIES, after=first)
    return {"first": first, "second": second}


def figure_of(row: Row, sort: str):
    if sort == "title":
        return row.title.casefold()
    if sort == "change":
        return row.change
    if sort == "place":
        return row.place
    if sort == "agreement":
        word = text(row.cells["agreement"])
        return WORDS.index(word) if word in WORDS else None
    return row.number(sort)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("way", ["", "-"])
def test_rows_follow_the_figures_that_they_show(years, client, sort, way):
    found = [figure_of(row, sort) for row in rows(client, f"?sort={way}{sort}")]
    known = [figure for figure in found if figure is not None]
    is_descending = (sort in ("change", "top3")) != (way == "-")
    assert known == sorted(known, reverse=is_descending)
    assert found == known + [None] * (len(found) - len(known))
    assert len(found) == 8


def test_the_legend_explains_the_filled_arrow_and_how_the_top_three_counts_ties(years, client):
    shown = text(page(client.get(URL)))
    assert "A filled arrow is a change that is too large for chance." in shown
    assert "“Top three” takes the middle of its places" in shown
    assert "filled arrow" not in text(page(client.get("/2028/priorities/")))


@pytest.mark.parametrize("sort", SORTS)
def test_the_head_of_the_sorted_column_says_so_and_turns_the_order_around(years, client, sort):
    heads = [each for each in page(client.get(f"{URL}?sort={sort}")).iter("th") if each.get("aria-sort")]
    assert [each.get("aria-sort") for each in heads] == ["descending" if sort in ("change", "top3") else "ascending"]
    assert next(heads[0].iter("a")).get("href") == f"?sort=-{sort}"


def test_brackets_are_shown_only_in_the_networks_own_order(years, client):
    assert brackets(client.get(URL)) > 0
    for query in ("?sort=title", "?sort=-place", "?sort=average", "?order=kind-city"):
        assert brackets(client.get(URL + query)) == 0, query


def test_a_cohorts_order_follows_its_averages_as_its_page_shows_them(years, sign_in, world):
    for client in (Client(), sign_in(world.leader_a)):
        parts = Tally.objects.latest_for(years.second.list_of(Kind.PRIORITIES)).public["cohorts"]["parts"]
        averages = next(part["average"] for part in parts if part["values"] == ["city"])
        found = rows(client, "?order=kind-city")
        assert [row.number("average") for row in found] == sorted(averages)
        assert [row.place for row in found] == sorted(row.place for row in found)
        answer = client.get(URL + "?order=kind-city")
        assert "13 ballots" in said(answer, "whose")
        assert "cities" in said(answer, "whose")
    member = rows(sign_in(world.member_a), "?order=kind-city")
    assert [row.number("average") for row in member] == sorted(row.number("average") for row in member)


def test_visitors_choose_among_the_cohorts_of_which_every_average_is_public(years, client, sign_in, world):
    answer = client.get(URL)
    parts = Tally.objects.latest_for(years.second.list_of(Kind.PRIORITIES)).public["cohorts"]["parts"]
    assert parts
    assert orders(answer) == ["network", *(f"{part['split']}-{'+'.join(part['values'])}" for part in parts)]
    insider = orders(sign_in(world.member_b).get(URL))
    assert "region-west" in insider or len(insider) >= len(parts)


def test_a_cohort_with_a_withheld_average_is_neither_offered_nor_shown(world, client):
    members = seat_governments(24)
    Government.objects.filter(pk__in=[member.government_id for member in members[12:]]).update(kind="county")
    edition = open_edition(make_edition(2028))
    draw = random.Random(1)
    rest = PRIORITIES[1:]
    cast_at_once(edition, Kind.PRIORITIES, {each: (PRIORITIES[0], *draw.sample(rest, len(rest))) for each in members})
    edition = published(edition)
    parts = Tally.objects.latest_for(edition.list_of(Kind.PRIORITIES)).public["cohorts"]["parts"]
    assert parts
    assert all(None in part["average"] for part in parts)
    answer = client.get("/2028/priorities/")
    assert orders(answer) == ["network"]
    refused = client.get("/2028/priorities/?order=kind-city")
    assert "kind-city" in said(refused, "ignored")
    assert said(refused, "tally") == said(answer, "tally")


def test_my_order_is_that_of_my_ballot_and_only_for_those_who_see_it(years, sign_in, world):
    ballot = years.second.list_of(Kind.PRIORITIES).ballots.get(government=world.port)
    mine = sorted(ballot.counted, key=ballot.counted.get)
    for who in (world.member_a, world.delegate_a, world.leader_a):
        client = sign_in(who)
        assert "mine" in orders(client.get(URL))
        found = rows(client, "?order=mine")
        assert [row.place for row in found] == list(range(1, 9))
        slugs = {entry.title: entry.slug for entry in years.second.list_of(Kind.PRIORITIES).entries.all()}
        assert [slugs[row.title] for row in found] == mine
        assert "Port Merrow County" in said(client.get(URL + "?order=mine"), "whose")
    for who in (None, world.curator, world.member_b, world.former):
        client = sign_in(who)
        assert "mine" not in orders(client.get(URL))
        answer = client.get(URL + "?order=mine")
        assert "mine" in said(answer, "ignored")
        assert titles(client, "?order=mine") == titles(client)


@pytest.mark.parametrize("query", ["order=kind-city%2B", "order=%00%ff", "order=x&sort=y", "sort=--place", "sort=9"])
def test_an_address_that_asks_for_nothing_known_gets_the_networks_order_and_a_notice(years, client, query):
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 200
    assert said(answer, "ignored")
    assert titles(client, f"?{query}") == titles(client)


def test_lists_without_a_table_say_that_they_cannot_be_sorted(phases, sign_in):
    client = sign_in(phases.member_a)
    for year in (2027, 2030, 2031):
        assert said(client.get(f"/{year}/priorities/?sort=title"), "ignored")
        assert not said(client.get(f"/{year}/priorities/"), "ignored")
    assert said(Client().get("/2028/priorities/?sort=title"), "ignored")  # two ballots: the order alone


def test_past_places_are_drawn_and_said_for_each_list_that_ranked_the_entry(years, client):
    tallies = {
        edition.year: Tally.objects.latest_for(edition.list_of(Kind.PRIORITIES)).public
        for edition in (years.first, years.second)
    }
    slugs = {entry.title: entry.slug for entry in years.second.list_of(Kind.PRIORITIES).entries.all()}
    for row in rows(client):
        words = text(row.cells["past"])
        if row.title == PRIORITIES[0]:
            assert row.points == 1
            assert "not listed in 2028" in words
        else:
            assert row.points == 2
            before = tallies[2028]
            place = before["place"][before["alternatives"].index(slugs[row.title])]
            assert re.match(rf"(joint )?{place}(st|nd|rd|th) in 2028", words)
            assert row.change == place - row.place


def test_the_first_ranked_list_has_no_past_places(world, client):
    ranked_year(2028, seat_governments(12), PRIORITIES)
    assert all("past" not in row.cells for row in rows(client, url="/2028/priorities/"))
    assert "change" in said(client.get("/2028/priorities/?sort=change"), "ignored")


def test_notes_are_counted_for_each_reader_as_far_as_they_may_read_them(years, sign_in, world):
    entry = Entry.objects.get(annual_list__edition__year=2029, slug="data")
    for audience in ("government", "members", "public"):
        Note.write(entry=entry, user=world.member_a, kind="note", body="Words.", audience=audience)
    withdrawn = Note.write(entry=entry, user=world.member_a, kind="note", body="No.", audience="public")
    withdrawn.withdraw(world.member_a)
    expected = {None: 1, "former": 1, "leader_a": 2, "member_b": 2, "member_a": 3, "curator": 2}
    for who, count in expected.items():
        found = {row.title: row for row in rows(sign_in(getattr(world, who) if who else None))}
        assert {title: row.notes for title, row in found.items() if row.notes} == {"Data": count}, who
    link = next(each for each in found["Data"].cells["entry"].iter("a") if each.get("data-testid") == "notes")
    assert link.get("href") == f"{entry.get_absolute_url()}#dialogue"


def test_the_table_kept_for_visitors_is_made_again_when_a_public_page_changes(years, client, world):
    assert {row.notes for row in rows(client, "?sort=title")} == {0}
    entry = Entry.objects.get(annual_list__edition__year=2029, slug="data")
    Note.write(entry=entry, user=world.member_a, kind="note", body="Words.", audience="public")
    assert sum(row.notes for row in rows(client, "?sort=title")) == 1
    caches["pages"].clear()
    assert sum(row.notes for row in rows(client, "?sort=title")) == 1


def test_a_table_kept_for_visitors_shows_nothing_of_another_order_or_of_members(years, sign_in, world):
    for query in ("", "?sort=title", "?order=kind-city", "?sort=-title"):
        Client().get(URL + query)
    for query in ("", "?sort=title", "?order=kind-city", "?sort=-title"):
        kept = said(Client().get(URL + query), "tally")
        caches["pages"].clear()
        assert said(Client().get(URL + query), "tally") == kept
        assert "you:" not in kept
    assert "you:" in said(sign_in(world.member_a).get(URL), "tally")


def test_what_members_see_alike_is_kept_for_insiders_alone_until_a_public_page_changes(years, sign_in, world):
    PageVersion.objects.update_or_create(pk=1, defaults={"number": 1})
    insiders, shown = (world.member_b, world.curator, world.member_a), {}
    for who in (None, world.leader_a, *insiders):
        caches["pages"].clear()
        shown[who] = said(sign_in(who).get(URL), "tally")
    assert ["you:" in table for table in shown.values()] == [False, True, False, False, True]
    for who in insiders:
        sign_in(who).get(URL)
    kept = kept_for_insiders()
    assert kept
    for who, fresh in shown.items():
        assert said(sign_in(who).get(URL), "tally") == fresh
    assert kept_for_insiders() == kept
    PageVersion.objects.update(number=2)
    for who in insiders:
        sign_in(who).get(URL)
    assert len(kept_for_insiders()) == 2 * len(kept)


def test_a_members_second_visit_asks_four_times(years, sign_in, world):
    """For the session, the person, the list and the number of notes."""
    client = sign_in(world.member_a)
    client.get(URL)
    with CaptureQueriesContext(connection) as queries:
        client.get(URL)
    assert len(queries) == 4


def kept_for_insiders() -> set[str]:
    return {key for key in caches["pages"]._cache if ":insiders:" in key}


def test_htmx_gets_the_table_and_whose_order_it_is(years, sign_in, world):
    client = sign_in(world.leader_a)
    answer = client.get(URL + "?order=mine", headers={"HX-Request": "true"})
    assert not any(True for _ in page(answer).iter("h1"))
    assert with_testid(page(answer), "tally") is not None
    assert "Port Merrow County" in text(next(page(answer).iter("p")))


def test_the_form_and_the_heads_keep_an_earlier_count(phases, sign_in):
    edition = open_edition(make_edition(2026))
    rank(edition, phases.member_a, *PRIORITIES)
    edition = published(edition)
    annual_list = edition.list_of(Kind.PRIORITIES)
    Tally.objects.count_again(annual_list, reason="A mistake.", user=phases.curator)
    root = page(sign_in(phases.member_a).get("/2026/priorities/?tally=1&sort=title"))
    heads = [next(each.iter("a")).get("href") for each in root.iter("th") if each.get("aria-sort")]
    assert heads == ["?sort=-title&tally=1"]
    kept = [each.get("value") for each in root.iter("input") if each.get("name") == "tally"]
    assert kept == ["1"]
