"""The brief, and what leaders may not do."""

from __future__ import annotations

import pytest
from django.test import Client

from challenges.models import HindranceResponse
from members.models import Government
from members.routes import routes
from mixportal.editions.models import Edition
from mixportal.notes.models import Note
from mixportal.results.publishing import publish
from mixportal.summaries.brief import brief_for
from mixportal.summaries.models import ShareLink
from priorities.models import Investment
from tests.reading import links, page, said, text
from tests.test_access import address
from tests.test_safe_requests import tables
from tests.worlds import published, rank

BRIEF = "/governments/port-merrow-county/2028/"


def brief_of(world, year: int = 2028, government: Government | None = None):
    return brief_for(government or world.port, Edition.objects.get(year=year))


def test_it_says_our_order_beside_the_networks_in_sentences(phases, sign_in):
    answer = sign_in(phases.leader_a).get(BRIEF)
    assert answer.status_code == 200
    assert "We put Cybersecurity first" in said(answer, "brief")
    shown = text(page(answer))
    assert "2 of 2 governments ranked the priorities, in whole or in part." in shown
    assert said(answer, "ranked") == "8 of 8 priorities ranked."
    assert "Three questions to ask" in shown


def test_it_holds_what_the_government_told_and_its_reasons_but_not_those_for_members(phases, sign_in):
    entries = {row.entry.title: row.entry for row in brief_of(phases).leading.rows}
    Investment.objects.create(
        government=phases.port, priority=entries["Data"], status="under_way", summary="One file for all.",
        audience="government", updated_at=phases.published.published_at, updated_by=phases.member_a,
    )  # fmt: skip
    for title, body, audience in (
        ("Cybersecurity", "Unlike @halloran-county we were **hit** twice.", "government"),
        ("Workforce", "Nine posts stand empty.", "public"),
        ("Data", "Only between us members.", "members"),
    ):
        Note.objects.create(
            government=phases.port, author=phases.member_a, entry=entries[title], kind="reason", body=body,
            audience=audience,
        )  # fmt: skip
    answer = sign_in(phases.leader_a).get(BRIEF)
    shown = text(page(answer))
    assert "Unlike another government we were hit twice." in shown
    assert "Nine posts stand empty." in shown
    assert "between us members" not in shown
    assert said(answer, "work") == "1 of 8 priorities that we ranked have work that we reported: 1 under way."
    assert "One file for all." in shown
    assert "We rank Cybersecurity 1st. What are we doing about it?" in said(answer, "questions")


def test_it_says_what_stands_in_the_way_of_what_and_what_leaders_can_do(world, sign_in):
    marked = {("shadow-it", "data"), ("shadow-it", "workforce"), ("it-governance", "data")}
    HindranceResponse.record(
        edition=world.edition, government=world.port, user=world.member_a, marked=marked, version=0
    )
    HindranceResponse.record(
        edition=world.edition, government=world.halloran, user=world.member_b, marked={("it-governance", "governance")},
        version=0,
    )  # fmt: skip
    rank(world.edition, world.member_a, "Data", "Workforce")
    published(world.edition)
    answer = sign_in(world.leader_a).get("/governments/port-merrow-county/2030/")
    shown = text(page(answer))
    assert "It holds back Workforce and Data." in shown
    assert "Shadow IT holds back two of the priorities. What can you change?" in said(answer, "questions")
    assert "holds back Governance" not in shown


@pytest.mark.parametrize(("who", "status"), [("member_b", 404), ("curator", 404), ("former", 404), (None, 302)])
def test_no_other_government_no_curator_and_no_visitor_reads_it(phases, sign_in, who, status):
    assert sign_in(getattr(phases, who) if who else None).get(BRIEF).status_code == status


def test_while_the_ballots_are_open_it_is_sealed_and_says_until_when(phases, sign_in):
    for who in (phases.leader_a, phases.member_a):
        answer = sign_in(who).get("/governments/port-merrow-county/2030/")
        assert "sealed" in said(answer, "brief")
        assert "Cybersecurity" not in answer.content.decode()


def test_a_government_without_a_ballot_reads_the_networks_list_alone(network, sign_in):
    lone = Government.objects.get(slug="lone-key")
    brief = brief_of(network, 2030, lone)
    assert not brief.leading.first
    assert len(brief.questions) == 3
    assert [row.network[0] for row in brief.leading.shown] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert not any(row.own for row in brief.leading.shown)


def test_a_ballot_of_a_government_without_a_seat_at_the_close_is_no_part_of_it(world):
    rank(world.edition, world.member_a, "Data", "Workforce")
    rank(world.edition, world.member_b, "Data", "Workforce")
    world.port.seat = None
    world.port.save()
    published(world.edition)
    assert not brief_of(world, 2030).leading.has_cast


def test_under_ten_ballots_it_shows_the_order_alone_and_no_figure(phases):
    assert brief_of(phases).peers is None
    assert not brief_of(phases).leading.results.shows_figures


def test_for_the_leader_and_by_a_link_it_names_no_other_government(network, sign_in):
    published_edition = Edition.objects.get(pk=network.edition.pk)
    publish(published_edition)
    _, token = ShareLink.objects.make(network.port, published_edition, by=network.member_a, label="Council", days=3)
    others = [name for name in Government.objects.values_list("name", flat=True) if name != network.port.name]
    assert len(others) > 24
    leader, stranger = sign_in(network.leader_a), Client()
    pages = [
        leader.get("/governments/port-merrow-county/2030/"),
        leader.get("/2030/summary/"),
        leader.get("/2030/slides/"),
        leader.get("/2030/priorities/"),
        stranger.get(f"/share/{token}/"),
        stranger.get("/2030/summary/"),
    ]
    for answer in pages:
        assert answer.status_code == 200
        assert [name for name in others if name in answer.content.decode()] == [], answer.request["PATH_INFO"]
    peers = brief_of(network, 2030).peers
    assert "counties" in peers["part"].words
    assert 1 <= peers["low"] <= peers["high"] <= 8


def test_a_leader_changes_nothing_at_any_address(phases, sign_in):
    client = sign_in(phases.leader_a, raise_request_exception=False)
    client.get("/2029/summary/")  # computes the tally, once
    posted = {
        "version": "1", "rank-data": "1", "action": "cast", "kind": "note", "body": "Words.", "audience": "public",
        "title": "A title", "description": "More.", "role": "leader", "email": "x@port.example", "name": "X",
        "text": "A question to you, long enough.", "label": "L", "days": "3", "year": "2028", "status": "planned",
        "to": "x@port.example",
    }  # fmt: skip
    own = {"profile", "sessions", "sign-out", "demo:sign-in"}  # one's own account, and who one is
    targets = [
        (route.name, address(route.name, year))
        for route in routes()
        if "POST" in route.methods and route.name not in own and not route.name.startswith(("account", "mfa"))
        for year in (2028, 2030, 2031)
    ]
    assert len(targets) > 30
    before, answered = tables(), {}
    for name, where in targets:
        for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
            answered[name, where, bool(headers)] = client.post(where, posted, **headers).status_code
    assert {where: status for where, status in answered.items() if status not in (403, 404, 405)} == {}
    assert tables() == before


def test_it_is_read_with_as_few_questions_whatever_the_network(phases, sign_in, django_assert_max_num_queries):
    client = sign_in(phases.leader_a)
    client.get(BRIEF)
    with django_assert_max_num_queries(12):
        assert client.get(BRIEF).status_code == 200


@pytest.mark.parametrize(
    ("phone", "said_there", "link"),
    [
        ("", "To ask them, talk to Rosa Delgado.", None),
        ("919-555-0100", "To ask them, call Rosa Delgado at 919-555-0100 .", "tel:9195550100"),
        ("+1 (919) 555-0100 ext. 12", "To ask them, call Rosa Delgado at +1 (919) 555-0100 ext. 12 .", "tel:+19195550100;ext=12"),
    ],
)  # fmt: skip
def test_it_says_whom_to_call_to_leaders_and_by_a_link(phases, sign_in, phone, said_there, link):
    phases.member_a.phone = phone
    phases.member_a.save(update_fields=["phone"])
    _, token = ShareLink.objects.make(phases.port, phases.published, by=phases.member_a, label="Council", days=3)
    for answer in (sign_in(phases.leader_a).get(BRIEF), Client().get(f"/share/{token}/")):
        assert said(answer, "contact") == said_there
        assert [each for each in links(page(answer)) if each.startswith("tel:")] == ([link] if link else [])


def test_no_other_page_shows_the_number_to_leaders_and_visitors(phases, sign_in):
    phases.member_a.phone = "919-555-0100"
    phases.member_a.save(update_fields=["phone"])
    for client in (Client(), sign_in(phases.leader_a)):
        for url in ("/governments/port-merrow-county/", "/2028/summary/", "/2028/priorities/data/"):
            assert "555-0100" not in client.get(url).content.decode()


def test_a_government_without_a_member_names_none(phases, sign_in):
    phases.member_a.role = "delegate"
    phases.member_a.save(update_fields=["role"])
    answer = sign_in(phases.leader_a).get(BRIEF)
    assert (answer.status_code, said(answer, "contact")) == (200, "")
