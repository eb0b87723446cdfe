"""The directory of governments, as a page and as a fragment."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Government, PopulationBand
from tests.reading import links, page, said, text, with_testid
from tests.worlds import make_government, seat_governments

FRAGMENT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def governments(world):
    """Port Merrow and Halloran (counties of 300,000) and four more, one of them without a seat."""
    make_government(
        "Alder Falls", 3, state="WA", population=80_000, form_of_government="council_manager", it_structure="federated"
    )
    make_government("Big Alder", 4, state="WA", population=900_000, form_of_government="mayor_council")
    make_government("Unknown Size", 5, population=None, population_year=None)
    make_government("Henderson", None, state="NV")
    return world


def listed(answer) -> list[str]:
    return [text(row.find("th")) for row in page(answer).findall(".//tbody/tr")]


def found(answer) -> str:
    line = next(each for each in page(answer).iter("p") if each.get("id") == "found")
    return " ".join("".join(line.itertext()).split())


@pytest.mark.parametrize(
    ("asked", "fitting"),
    [
        ("kind=county", ["Halloran County", "Port Merrow County"]),
        ("state=WA", ["Alder Falls", "Big Alder"]),
        ("band=small", ["Alder Falls"]),
        ("band=medium", ["Halloran County", "Port Merrow County"]),
        ("band=large", ["Big Alder"]),
        ("form=mayor_council", ["Big Alder"]),
        ("it_structure=federated", ["Alder Falls"]),
        ("q=alder", ["Alder Falls", "Big Alder"]),
        ("q=alder+BIG", ["Big Alder"]),
        ("q=%25", []),
        ("kind=city&state=WA&band=large&form=mayor_council&q=big", ["Big Alder"]),
        ("kind=county&state=WA", []),
        ("", ["Alder Falls", "Big Alder", "Halloran County", "Port Merrow County", "Unknown Size"]),
        ("kind=&q=&state=", ["Alder Falls", "Big Alder", "Halloran County", "Port Merrow County", "Unknown Size"]),
    ],
)
def test_filters_show_the_governments_that_fit_all_of_them(governments, client, asked, fitting):
    assert listed(client.get(f"/governments/?{asked}")) == fitting
    assert listed(client.get(f"/governments/?{asked}", **FRAGMENT)) == fitting


@pytest.mark.parametrize(
    ("sort", "first", "last", "turned"),
    [
        ("", "Alder Falls", "Unknown Size", "-name"),
        ("-name", "Unknown Size", "Alder Falls", ""),
        ("-population", "Big Alder", "Unknown Size", "population"),
        ("population", "Alder Falls", "Unknown Size", "-population"),
        ("seat", "Port Merrow County", "Unknown Size", "-seat"),
        ("-seat", "Unknown Size", "Port Merrow County", "seat"),
        ("kind", "Alder Falls", "Port Merrow County", ""),
    ],
)
def test_a_column_sorts_the_table_and_its_head_says_so(governments, client, sort, first, last, turned):
    answer = client.get(f"/governments/?sort={sort}")
    assert (listed(answer)[0], listed(answer)[-1]) == (first, last)
    heads = [head for head in page(answer).findall(".//thead//th") if head.get("aria-sort")]
    assert [head.get("aria-sort") for head in heads] == ["descending" if sort.startswith("-") else "ascending"]
    assert heads[0].find(".//a").get("href") == "/governments/" + (f"?sort={turned}" if turned else "")
    kept = client.get(f"/governments/?kind=county&sort={sort}", **FRAGMENT)
    assert kept["HX-Push-Url"] == "/governments/?kind=county" + (f"&sort={sort}" if sort else "")


def test_the_count_says_how_many_out_of_how_many(governments, client):
    assert found(client.get("/governments/")) == "All 5 seated governments, and 1 in the record without a seat."
    some = client.get("/governments/?kind=county")
    assert found(some) == "2 of 5 seated governments, and 0 of the 1 in the record without a seat. Show all"
    assert "Henderson" not in text(page(some))
    assert "Henderson , Nevada" in text(page(client.get("/governments/?q=hender")))


def test_nothing_that_fits_is_said_with_a_way_back(governments, client):
    answer = client.get("/governments/?kind=county&state=WA")
    assert said(answer, "none").startswith("None of the 5 seated governments fits all of these filters.")
    assert "/governments/" in links(with_testid(page(answer), "none"))


@pytest.mark.parametrize(
    ("asked", "left_out"),
    [
        ("kind=village", "Kind “village”"),
        ("state=ZZ", "State “ZZ”"),
        ("band=huge", "Population “huge”"),
        ("form=1", "Form of government “1”"),
        ("it_structure=%3Cb%3E", "IT structure “<b>”"),
        ("q=a%00b", "Name “ab”"),
        ("state=%00", "State “”"),
        ("q=" + "x" * 81, "Name “" + "x" * 79 + "…”"),
        ("kind=" + "y" * 5000, "Kind “" + "y" * 79 + "…”"),
        ("kind=%FF", "Kind “\ufffd”"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named_and_left_out(governments, client, asked, left_out):
    answer = client.get(f"/governments/?{asked}")
    assert answer.status_code == 200
    assert said(answer, "ignored") == f"A filter was left out Nothing here is called {left_out}."
    assert len(listed(answer)) == 5
    assert client.get(f"/governments/?{asked}", **FRAGMENT)["HX-Push-Url"] == "/governments/"


def test_of_several_filters_only_the_senseless_ones_are_left_out(governments, client):
    answer = client.get("/governments/?kind=county&state=ZZ&band=x&unknown=1", **FRAGMENT)
    assert said(answer, "ignored").endswith("State “ZZ”, nor Population “x”.")
    assert listed(answer) == ["Halloran County", "Port Merrow County"]
    assert answer["HX-Push-Url"] == "/governments/?kind=county"


def test_a_fragment_is_the_list_and_the_count_alone_and_its_address_leads_to_the_same_page(governments, client):
    fragment = client.get("/governments/?q=alder&kind=&state=WA&band=&form=&it_structure=", **FRAGMENT)
    assert "<html" not in fragment.content.decode()
    assert 'data-hx-swap-oob="innerHTML:#found"' in fragment.content.decode()
    assert fragment["HX-Push-Url"] == "/governments/?q=alder&state=WA"
    assert "HX-Request" in fragment["Vary"]
    whole = client.get(fragment["HX-Push-Url"])
    assert listed(whole) == listed(fragment) == ["Alder Falls", "Big Alder"]
    assert "data-hx-swap-oob" not in whole.content.decode()


def test_the_form_shows_what_counts_and_works_without_script(governments, client):
    form = page(client.get("/governments/?q=alder&state=WA&kind=village")).find(".//form[@id='filters']")
    assert (form.get("method"), form.get("action")) == ("get", "/governments/")
    assert [text(button) for button in form.iter("button")] == ["Show"]
    chosen = {
        select.get("name"): [option.get("value") for option in select.iter("option") if "selected" in option.attrib]
        for select in form.iter("select")
    }
    assert chosen == {"kind": [""], "state": ["WA"], "band": [""], "form": [""], "it_structure": [""], "sort": [""]}
    assert next(field for field in form.iter("input")).get("value") == "alder"


def test_the_states_to_choose_from_are_those_with_a_government_and_the_one_asked_for(governments, client):
    form = page(client.get("/governments/?state=WY"))
    states = [option.get("value") for option in form.findall(".//select[@name='state']/option")]
    assert states == ["", "AZ", "NV", "NC", "OH", "WA", "WY"]


def test_who_speaks_for_a_government_is_named_to_insiders_alone(governments, sign_in):
    for who in (None, governments.former, governments.leader_a):
        answer = sign_in(who).get("/governments/")
        assert "Ben Nakamura" not in answer.content.decode()
        assert "/governments/export.csv" not in links(page(answer))
    for who in (governments.member_a, governments.delegate_a, governments.curator):
        answer = sign_in(who).get("/governments/")
        assert "Ben Nakamura" in answer.content.decode()
        assert "/governments/export.csv" in links(page(answer))


def test_the_directory_asks_as_many_queries_at_ten_times_the_governments(governments, client, sign_in):
    member = sign_in(governments.member_a)
    member.get("/governments/")  # the first request notes the visit
    counts = []
    for _ in range(2):
        for each, url in ((client, "/governments/?kind=city&q=a"), (member, "/governments/?kind=city&q=a")):
            with CaptureQueriesContext(connection) as asked:
                assert each.get(url).status_code == 200
            counts.append(len(asked))
        if len(counts) == 2:
            seat_governments(55, first_seat=6)
    assert counts[:2] == counts[2:] == [5, 6]


def test_every_population_is_in_the_band_that_the_filter_finds_it_by(db):
    populations = (1, 249_999, 250_000, 750_000, 750_001)
    for seat, population in enumerate(populations, start=1):
        make_government(f"Town {seat}", seat, population=population)
    for band in PopulationBand:
        fitting = {each.population for each in Government.objects.filtered(band=band)}
        assert fitting == {number for number in populations if Government.band_of(number) is band}


def test_a_band_that_does_not_exist_is_an_error_for_the_programmer(db):
    with pytest.raises(ValueError):
        Government.objects.filtered(band="huge")
