"""The page of an edition, the summary, and the pages that explain the portal."""

from __future__ import annotations

import re
from datetime import timedelta

import pgtrigger
import pytest
from django.db import connection

from challenges.models import Challenge
from members.models import Government, Office
from mixportal.editions.models import Edition, Kind, database_now, slug_for
from mixportal.results.publishing import publish
from tests.kept_rows import made_once
from tests.reading import links, page, said, text
from tests.worlds import CHALLENGES, PRIORITIES, make_edition, published, rank, seat_governments


def told(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return text(page(answer))


@pytest.fixture
def ranked(world):
    """Publish 2030 from 24 ballots of each list. Cybersecurity is clearly first."""
    return made_once("ranked", lambda: publish_ranked(world))


def publish_ranked(world) -> Edition:
    for number, member in enumerate((world.member_a, world.member_b, *seat_governments(22))):
        second = ("Workforce", "Data") if number % 2 else ("Data", "Workforce")
        rank(world.edition, member, "Cybersecurity", *second, "Governance", "Social Media")
        rank(world.edition, member, *CHALLENGES[number % 2 :], kind=Kind.CHALLENGES)
    return published(world.edition)


@pytest.mark.parametrize(
    ("who", "phase", "said"),
    [
        ("curator", "drafting", "The list is being drafted"),
        ("member_a", "open", "Ballots are open until"),
        ("leader_a", "open", "Ballots are open until"),
        ("leader_a", "closed", "The ballots have closed and are counted"),
        (None, "published", "2 of 2 governments ranked the priorities"),
        (None, "unranked", "In order of publication, not ranked"),
    ],
)
def test_an_edition_says_which_phase_it_is_in(phases, sign_in, who, phase, said):
    client = sign_in(getattr(phases, who) if who else None)
    assert said in told(client, f"/{getattr(phases, phase).year}/")


def test_an_open_editions_lists_stand_in_editorial_order(phases, sign_in):
    found = links(page(sign_in(phases.leader_a).get("/2030/")))
    listed = [link for link in found if re.fullmatch(r"/2030/priorities/[a-z-]+/", link)]
    assert listed == [f"/2030/priorities/{slug_for(title)}/" for title in PRIORITIES]


def test_turnout_is_shown_to_members_while_ballots_are_open_and_to_no_leader(phases, sign_in):
    assert "governments have cast" in told(sign_in(phases.member_b), "/2030/")
    assert "governments have cast" in told(sign_in(phases.curator), "/2030/")
    assert "governments have cast" not in told(sign_in(phases.leader_a), "/2030/")
    assert "governments have cast" not in told(sign_in(phases.member_b), "/2031/")


def test_the_finding_is_the_headline_and_how_sure_it_is_stands_beside_it(ranked, client):
    words = told(client, "/2030/summary/")
    assert "Cybersecurity comes first" in words
    assert "Workforce and Data follow, too close to call" in words
    assert "Clear first place" in words
    assert "Joint 2nd" in words
    assert "24 of 24 governments took part." in said(client.get("/2030/summary/"), "turnout")


def test_the_summary_is_for_leaders_first(ranked, client):
    words = told(client, "/2030/summary/")
    assert "For mayors, managers, and councils" in words
    for jargon in ("Kendall", "Borda", "Condorcet", "tau", "bootstrap", "resample", "mid-rank", "ordinal"):
        assert jargon not in words


def test_every_entry_of_both_lists_stands_on_the_summary_in_plain_words(ranked, client):
    words = told(client, "/2030/summary/")
    for title in (*PRIORITIES, *CHALLENGES):
        assert f"{title} in plain words" in words


def test_a_list_that_was_never_ranked_is_labelled_so_and_shows_no_figure(phases, client):
    for url in ("/2027/summary/", "/2027/priorities/", "/2027/"):
        words = told(client, url).lower()
        assert "in order of publication, not ranked" in words
        for figure in ("average", "top three", "governments took part", "1st"):
            assert figure not in words, (url, figure)
    for file in ("results.csv", "results.json"):
        assert client.get(f"/2027/priorities/{file}").status_code == 404


def test_a_member_finds_the_own_places_on_the_list(ranked, sign_in, world):
    words = said(sign_in(world.member_a).get("/2030/priorities/"), "tally")
    assert "you: 1st" in words
    assert "you: not ranked" in words
    assert "you:" not in said(sign_in(world.curator).get("/2030/priorities/"), "tally")


def test_the_list_page_of_an_open_edition_offers_the_ballot_to_voters_alone(phases, sign_in):
    for who, offered in (("member_a", True), ("delegate_a", True), ("leader_a", False), ("curator", False)):
        found = links(page(sign_in(getattr(phases, who)).get("/2030/priorities/")))
        assert ("/2030/priorities/ballot/" in found) is offered


def test_ballots_by_name_are_offered_to_insiders_alone(ranked, world, sign_in, client):
    assert "/2030/priorities/ballots.csv" in links(page(sign_in(world.member_a).get("/2030/priorities/")))
    for other in (client, sign_in(world.leader_a), sign_in(world.former)):
        assert "/2030/priorities/ballots.csv" not in links(page(other.get("/2030/priorities/")))


def test_about_tells_of_presidents_conferences_and_seats(world, client):
    Office.objects.create(
        person_name="Ada Lovelace", title_then="CIO", government=world.port, from_year=2001, to_year=2003
    )
    edition = make_edition(
        2018, conference_place="Scottsdale, Ariz.", conference_from="2018-09-23", conference_to="2018-09-27"
    )
    assert "Scottsdale" not in told(client, "/about/")  # not published yet
    publish(edition)
    words = told(client, "/about/")
    for told_of in (
        "Ada Lovelace",
        "Port Merrow County",
        "2001 to 2003",
        "Scottsdale, Ariz.",
        "September 23 to 27, 2018",
    ):
        assert told_of in words
    assert "2 of 64 seats are held today" in words


def test_a_governments_public_facts_are_public_and_its_people_are_not(world, sign_in, client):
    Government.objects.filter(pk=world.port.pk).update(population=1_234_567, website="https://port.example")
    words = told(client, "/governments/port-merrow-county/")
    assert "Port Merrow County" in words
    assert "1,234,567" in words
    for who in (None, "former"):
        words = told(sign_in(getattr(world, who) if who else None), "/governments/port-merrow-county/")
        for person in ("Rosa Delgado", "Ines Marchetti", "Lee Park", "@"):
            assert person not in words
    assert "Rosa Delgado" in told(sign_in(world.member_b), "/governments/port-merrow-county/")


def test_no_page_prints_anybodys_address(phases, sign_in):
    for who in ("member_a", "member_b", "leader_a", "curator"):
        client = sign_in(getattr(phases, who))
        for url in ("/", "/2028/", "/2030/", "/governments/", "/governments/port-merrow-county/", "/about/"):
            assert "@port.example" not in client.get(url).content.decode()


def test_an_edition_whose_second_list_is_empty_breaks_no_page(world, sign_in, client, stop_database_clock):
    """The database prevents this state, but pages must work if its triggers were off."""
    world.edition.close_now()
    edition = make_edition(2032)
    Challenge.objects.filter(annual_list__edition=edition).delete()
    connection.check_constraints()  # while it has no window
    opens = database_now()
    with pgtrigger.ignore("editions.Edition:window_over_full_lists"):
        Edition.objects.filter(pk=edition.pk).update(opens_at=opens, closes_at=opens + timedelta(days=1))
        connection.check_constraints()
    pages = ["/", "/2032/", "/2032/summary/", "/2032/priorities/", "/2032/challenges/", "/2032/challenges/ballot/"]
    for moment in (opens, opens + timedelta(days=1)):
        stop_database_clock(moment)
        for url in pages:
            assert sign_in(world.member_a).get(url).status_code == 200, (moment, url)
        assert sign_in(world.member_a).get("/2032/challenges/results.csv").status_code == 404
        assert sign_in(world.member_a).get("/2032/challenges/ballots.csv").status_code == 404
    publish(Edition.objects.get(year=2032))
    for url in pages[:-1]:
        assert client.get(url).status_code == 200, url
        assert sign_in(world.member_a).get(url).status_code == 200, url


def test_the_methods_page_says_how_ballots_are_counted(db, client):
    words = told(client, "/methods/")
    assert "average" in words
    assert any(element.get("id") == "receipts" for element in page(client.get("/methods/")).iter())
