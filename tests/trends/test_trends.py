"""The page of years: whose places, held against what, for whom."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Government, User
from mixportal.editions.models import Edition, Entry, Kind, Lineage
from mixportal.results.publishing import publish
from tests.comparison.conftest import join_lines
from tests.kept_rows import made_once
from tests.reading import page, said, text, with_testid
from tests.worlds import PRIORITIES, cast_at_once, closed, make_edition, open_edition, published, seat_governments

HERE = "/trends/priorities/"
GONE = "Social Media"


def join_three_years(editions: dict[int, Edition]) -> None:
    """Social Media merges into Governance in 2028 and returns in 2029; what was it in 2028 goes; the rest goes on."""
    kept = [title for title in PRIORITIES if title != GONE]
    join_lines(editions[2027], editions[2028], *kept)
    join_lines(editions[2027], editions[2029], *kept, GONE)
    governance = entry_of(editions[2028], "Governance")
    Lineage.objects.create(later=governance, earlier=entry_of(editions[2027], GONE), type="merged")


def entry_of(edition: Edition, title: str) -> Entry:
    return edition.list_of(Kind.PRIORITIES).entries.get(title=title)


@pytest.fixture
def years(world):
    """2027 not ranked; 2028 published, ranked by two; 2029 closed, ranked by these and three more, who put Data first."""
    vars(world).update(made_once("years", lambda: make_years(world)))
    return world


def make_years(world) -> dict[str, Edition]:
    editions = {year: make_edition(year) for year in (2027, 2028, 2029)}
    join_three_years(editions)
    publish(editions[2027])
    early = open_edition(editions[2028])
    cast_at_once(early, Kind.PRIORITIES, {world.member_a: PRIORITIES, world.member_b: PRIORITIES})
    early = published(early)
    late = open_edition(editions[2029])
    risen = ("Data", *[title for title in PRIORITIES if title != "Data"])
    orders = {world.member_a: PRIORITIES, world.member_b: (*PRIORITIES[1:], PRIORITIES[0])}
    cast_at_once(late, Kind.PRIORITIES, orders | dict.fromkeys(seat_governments(3), risen))
    late = closed(late)
    cast_at_once(world.edition, Kind.PRIORITIES, {world.member_a: PRIORITIES})
    return {"early": early, "late": late}


def heads(answer) -> list[str]:
    return [text(cell) for cell in with_testid(page(answer), "years").iter("th") if cell.get("scope") == "col"]


def rows(answer) -> dict[str, list[str]]:
    """The cells of the table's rows, by title; of two lines of one title, the one that stands first."""
    found: dict[str, list[str]] = {}
    for row in with_testid(page(answer), "years").iter("tr"):
        title, *cells = [text(cell) for cell in row if cell.tag in ("th", "td")]
        found.setdefault(title, cells)
    return found


def test_the_address_without_a_kind_leads_to_the_priorities(client, db):
    answer = client.get("/trends/")
    assert (answer.status_code, answer.url) == (302, HERE)
    assert client.post("/trends/").status_code == 405


def test_a_member_sees_every_closed_list_and_none_that_is_open(years, sign_in):
    answer = sign_in(years.member_a).get(HERE)
    assert heads(answer)[1:5] == ["2027", "2028", "2029", "Since 2028"]
    assert rows(answer)["Data"][:3] == ["2027: listed listed, not ranked", "2028: 3 3rd", "2029: 1 1st"]


@pytest.mark.parametrize("who", ["member_b", "curator", "leader_a"])
def test_a_ballot_cast_for_an_open_list_changes_nothing_on_the_page(years, sign_in, who):
    client = sign_in(getattr(years, who))
    pages = [HERE, f"{HERE}?g=port-merrow-county", f"{HERE}?g=town-05", f"{HERE}places.csv"]
    before = [text(page(client.get(url))) for url in pages]
    others = dict.fromkeys(User.objects.filter(government__name__startswith="Town"), PRIORITIES[::-1])
    cast_at_once(years.edition, Kind.PRIORITIES, others)
    assert [text(page(client.get(url))) for url in pages] == before


@pytest.mark.parametrize("who", [None, "former"])
def test_a_visitor_sees_published_lists_alone(years, sign_in, who):
    answer = sign_in(getattr(years, who) if who else None).get(HERE)
    assert heads(answer)[1:3] == ["2027", "2028"]
    assert "2029" not in answer.content.decode()
    assert "Only 2028 has places so far" in answer.content.decode()


def test_movement_is_told_between_ranked_lists_alone(years, sign_in):
    assert all("up" not in cell for cells in rows(sign_in(None).get(HERE)).values() for cell in cells)
    moves = rows(sign_in(years.leader_a).get(HERE))
    assert moves["Data"][3] == "up 2 places"
    assert moves["Cybersecurity"][3] == "down 2 places"
    assert moves["Workforce"][3] == "the same place"


@pytest.mark.parametrize("who", ["member_a", "leader_a"])
def test_where_fewer_than_ten_ranked_both_lists_the_page_says_so_and_not_how_many(years, sign_in, who):
    answer = sign_in(getattr(years, who)).get(HERE)
    said = text(with_testid(page(answer), "moves"))
    assert said == "Fewer than 10 governments ranked both lists, so no change can be called clear."
    assert text(next(page(answer).iter("h1"))) == "Two priorities moved most since 2028"


def test_what_merged_returned_and_went_is_told_and_not_held_against_an_earlier_place(years, sign_in):
    found = rows(sign_in(years.member_a).get(HERE))
    assert found["Governance"][-1] == "Merged in 2028 from Governance and Social Media"
    assert found[GONE][1:3] == ["2028: – not on the list", "2029: 5 5th"]
    assert found[GONE][3:] == ["", "Merged into Governance in 2028; back in 2029, last listed in 2027"]
    lines = [text(row) for row in with_testid(page(sign_in(years.member_a).get(HERE)), "years").iter("tr")]
    assert next(line for line in lines if "not listed since 2028" in line).startswith(GONE)


def test_an_entry_can_be_set_off_by_the_name_of_any_year(years, sign_in):
    client = sign_in(years.member_a)
    chosen = text(page(client.get(HERE, {"entry": "data"})))
    assert "Data over the years" in chosen
    assert "Listed, not ranked in 2027; 3rd of 8 in 2028; 1st of 8 in 2029." in chosen
    assert "Up 2 places since 2028." in chosen
    gone = text(page(client.get(HERE, {"entry": "2028/social-media"})))
    assert "5th of 8 in 2028." in gone


def test_an_entry_that_is_not_there_is_named_and_left_out(years, sign_in):
    answer = sign_in(None).get(HERE, {"entry": "<b>x\x00" + "y" * 200})
    assert answer.status_code == 200
    assert "There is no priority “<b>xyyy" in said(answer, "ignored")
    assert "<b>x" not in answer.content.decode()


def test_members_see_any_governments_places(years, sign_in):
    answer = sign_in(years.member_a).get(HERE, {"g": "halloran-county"})
    assert "places of Halloran County" in text(page(answer))
    assert rows(answer)["Cybersecurity"][1:4] == ["2028: 1 1st", "2029: 8 8th", "down 7 places"]
    own = sign_in(years.member_a).get(HERE, {"g": "port-merrow-county"})
    assert "your places" in text(page(own))
    assert rows(own)["Cybersecurity"][3] == "the same place"


def test_a_government_without_a_ballot_in_a_year_has_no_places_there(years, sign_in):
    answer = sign_in(years.curator).get(HERE, {"g": "town-03"})
    assert rows(answer)["Data"][1:3] == ["2028: no ballot no ballot", "2029: 1 1st"]
    assert "Since 2028" not in heads(answer)


def test_a_ballot_of_a_government_without_a_seat_at_the_close_gives_it_no_places(world, sign_in):
    cast_at_once(world.edition, Kind.PRIORITIES, {world.member_a: PRIORITIES, world.member_b: PRIORITIES})
    Government.objects.filter(pk=world.port.pk).update(seat=None)
    published(world.edition)
    places = {
        slug: rows(sign_in(world.curator).get(HERE, {"g": slug}))["Data"][0]
        for slug in ("port-merrow-county", "halloran-county")
    }
    assert places == {"port-merrow-county": "2030: no ballot no ballot", "halloran-county": "2030: 3 3rd"}


def test_a_leader_sees_the_own_governments_places_and_no_others(years, sign_in):
    client = sign_in(years.leader_a)
    assert "your places" in text(page(client.get(HERE, {"g": "port-merrow-county"})))
    other = client.get(HERE, {"g": "halloran-county"})
    assert "for members of MIX" in said(other, "ignored")
    assert rows(other) == rows(client.get(HERE))
    assert "Halloran" not in other.content.decode()


@pytest.mark.parametrize("slug", ["halloran-county", "nobody"])
def test_to_a_visitor_a_government_and_one_that_does_not_exist_are_alike(years, sign_in, slug):
    answer = sign_in(None).get(HERE, {"g": slug})
    assert "for members of MIX" in said(answer, "ignored")
    assert slug not in answer.content.decode()


def test_a_cohort_of_few_is_for_members_alone(years, sign_in):
    member = sign_in(years.member_a).get(HERE, {"cohort": "kind-county"})
    assert rows(member)["Cybersecurity"][1:3] == [
        "2028: not shown not shown",
        "2029: 4= joint 4th",
    ]  # all were counties in 2028
    for user in (years.leader_a, None):
        answer = sign_in(user).get(HERE, {"cohort": "kind-county"})
        assert "There is no cohort “kind-county” to show" in said(answer, "ignored")
        assert rows(answer) == rows(sign_in(user).get(HERE))


def test_others_see_a_cohort_of_ten_and_more_as_its_averages_order_it(world, sign_in):
    members = seat_governments(24)
    Government.objects.filter(seat__range=(15, 26)).update(kind="county", state="NC")
    turned = [(*PRIORITIES[number % 8 :], *PRIORITIES[: number % 8]) for number in range(24)]
    cast_at_once(world.edition, Kind.PRIORITIES, dict(zip(members, turned, strict=True)))
    edition = published(world.edition)
    public = edition.list_of(Kind.PRIORITIES).tallies.get().public["cohorts"]
    part = next(part for part in public["parts"] if part["values"] == ["county"])
    first = min(range(len(PRIORITIES)), key=part["average"].__getitem__)
    answer = sign_in(None).get(HERE, {"cohort": "kind-county"})
    assert rows(answer)[PRIORITIES[first]][0].startswith("2030: 1")
    assert "places of counties" in text(page(answer))


def test_a_cohorts_places_are_left_out_where_one_average_would_tell_of_each(network, sign_in):
    answer = sign_in(network.leader_a).get(HERE, {"cohort": "kind-county"})
    del (found := rows(answer))["Priority"]
    assert {cells[0] for cells in found.values()} == {"2030: not shown not shown"}


def test_the_same_can_be_had_as_csv(years, sign_in):
    answer = sign_in(years.member_a).get(f"{HERE}places.csv", {"g": "halloran-county"})
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    data = [line for line in lines if line["line"] == "Data"]
    assert [(line["year"], line["status"], line["place"], line["places"]) for line in data] == [
        ("2027", "listed, not ranked", "", "8"), ("2028", "placed", "3", "8"), ("2029", "placed", "2", "8"),
    ]  # fmt: skip
    public = sign_in(None).get(f"{HERE}places.csv")
    assert {line["year"] for line in csv.DictReader(io.StringIO(public.content.decode("utf-8-sig")))} == {
        "2027",
        "2028",
    }


def test_a_fragment_is_the_part_that_changes_and_says_so(years, sign_in):
    answer = sign_in(years.member_a).get(HERE, {"entry": "data"}, HTTP_HX_REQUEST="true")
    assert "<html" not in answer.content.decode()
    assert "Data, places of the network, 3 lists." in " ".join(answer.content.decode().split())


def test_what_is_no_kind_is_no_page(db, client):
    assert client.get("/trends/opinions/").status_code == 404
    assert client.get(HERE).status_code == 200  # nothing published yet
    assert Edition.objects.count() == 0


def test_the_entrys_page_leads_to_its_years(years, sign_in):
    assert 'href="/trends/priorities/?entry=2028/data"' in sign_in(None).get("/2028/priorities/data/").content.decode()


def test_years_that_the_viewer_does_not_see_neither_break_a_line_nor_show(world, sign_in):
    """Between two published years: one not ranked, one open without the entry, one closed, one drafted under a title.

    Visitors see the closed one no more than the others; members see it.
    """
    editions = {year: make_edition(year) for year in (2024, 2025, 2029, 2031, 2034)}
    open_list = world.edition.list_of(Kind.PRIORITIES)
    for year, edition in editions.items():
        if year != 2024:
            join_lines(editions[2024], edition, *PRIORITIES)
    join_lines(editions[2024], world.edition, *[title for title in PRIORITIES if title != "Data"])
    assert open_list.entries.filter(line=entry_of(editions[2024], "Data").line).count() == 0
    editions[2031].list_of(Kind.PRIORITIES).entries.filter(title="Data").update(title="A Drafted Title")
    publish(editions[2025])
    risen = ("Data", *[title for title in PRIORITIES if title != "Data"])
    for year, order in ((2024, PRIORITIES), (2029, PRIORITIES), (2034, risen)):
        opened = open_edition(editions[year])
        cast_at_once(opened, Kind.PRIORITIES, {world.member_a: order})
        editions[year] = closed(opened) if year == 2029 else published(opened)
    cast_at_once(world.edition, Kind.PRIORITIES, {world.member_a: PRIORITIES[::-1]})

    visitor = sign_in(None).get(HERE)
    assert heads(visitor)[1:5] == ["2024", "2025", "2034", "Since 2024"]
    told = ["2024: 3 3rd", "2025: listed listed, not ranked", "2034: 1 1st", "up 2 places", ""]
    assert rows(visitor)["Data"] == told
    assert "Drafted" not in sign_in(world.curator).get(HERE).content.decode()
    member = sign_in(world.member_a).get(HERE)
    assert heads(member)[1:6] == ["2024", "2025", "2029", "2034", "Since 2029"]
    assert rows(member)["Data"][2] == "2029: 3 3rd"
    assert rows(member)["Data"][4:] == ["up 2 places", ""]


def test_the_page_asks_no_more_for_more_years(years, sign_in):
    client = sign_in(years.member_a)

    def count(query: str) -> int:
        client.get(f"{HERE}{query}")  # the first visit computes
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{HERE}{query}").status_code == 200
        return len(captured)

    queries = "?entry=data", "?g=port-merrow-county", "?cohort=kind-county"
    before = [count(query) for query in queries]
    for year in (2033, 2034):
        edition = open_edition(make_edition(year))
        join_lines(years.late, edition, *PRIORITIES)
        cast_at_once(edition, Kind.PRIORITIES, {years.member_a: PRIORITIES, years.member_b: PRIORITIES})
        closed(edition)
    assert [count(query) for query in queries] == before
    assert max(before) <= 12


def test_years_that_a_viewer_cannot_see_and_years_without_ranking_cut_no_line(world, sign_in):
    """2025 published, 2026 a draft, 2027 open, 2028 published without ranking, 2029 published: nothing is new."""
    closed(world.edition)
    editions = {year: make_edition(year) for year in range(2025, 2030)} | {2030: world.edition}
    for year in range(2026, 2031):
        join_lines(editions[year - 1], editions[year], *PRIORITIES)
    for year, order in ((2025, PRIORITIES), (2029, PRIORITIES[::-1])):
        edition = open_edition(editions[year])
        cast_at_once(edition, Kind.PRIORITIES, {world.member_a: order})
        published(edition)
    publish(editions[2028])
    open_edition(editions[2027])
    for who in (None, world.leader_a, world.member_a):
        answer = sign_in(who).get(HERE)
        assert heads(answer)[1:4] == ["2025", "2028", "2029"]
        assert rows(answer)["Cybersecurity"][0].startswith("2025: 1")
        assert "new in" not in text(page(answer)).lower()
    assert rows(sign_in(None).get(HERE))["Cybersecurity"][3] == "down 7 places"


def test_where_nothing_is_on_both_lists_no_place_is_said_to_have_stayed(world, sign_in):
    """The lists of 2028 and 2029 have the same titles on different lines."""
    closed(world.edition)
    for year in (2028, 2029):
        edition = open_edition(make_edition(year))
        cast_at_once(edition, Kind.PRIORITIES, {world.member_a: PRIORITIES})
        published(edition)
    words = text(page(sign_in(None).get(HERE)))
    assert "None of the priorities of 2029 was on the list of 2028" in words
    assert "No place has changed" not in words
    assert "kept its place" not in words
