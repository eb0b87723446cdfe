"""The projector page of the conference room polls cheaply and shows a QR code."""

from __future__ import annotations

import re

import pytest
import segno
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mixportal.editions.models import Kind
from tests.proposals.proposing import propose
from tests.reading import page, text, with_testid
from tests.worlds import PRIORITIES, make_edition, open_edition, rank, seat_governments

URL = "/2031/room/"
FRAGMENT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def draft(world):
    return make_edition(2031)


def state(answer) -> str:
    return re.search(r'name="seen" value="([^"]+)"', answer.content.decode())[1]


def test_the_most_supported_stand_first_with_the_governments_that_support_them(world, draft, sign_in):
    propose(draft, world.member_a, "Second")
    first = propose(draft, world.member_a, "First")
    propose(draft, world.member_b, "Across", kind=Kind.CHALLENGES)
    for town in seat_governments(2):
        first.support(town)
    shown = page(sign_in(world.curator).get(URL))
    assert text(with_testid(shown, "board-priorities")) == (
        "2 support it First Port Merrow County 0 support it Second Port Merrow County"
    )
    assert text(with_testid(shown, "board-challenges")) == "0 support it Across Halloran County"
    assert "3 proposals by 2 governments, supported 2 times." in text(shown)


def test_what_is_declined_withdrawn_or_merged_is_not_shown_to_a_room(world, draft, sign_in):
    stays, declined, withdrawn, merged = (propose(draft, world.member_a, title) for title in ("A1", "B2", "C3", "D4"))
    declined.decline("Too small for the list.", world.curator)
    withdrawn.withdraw()
    merged.merge(stays, world.curator)
    stays.accept(world.curator)
    shown = text(page(sign_in(world.member_b).get(URL)))
    assert "A1 Port Merrow County · on the list" in shown
    assert "1 proposal by 1 government, supported 0 times. Not shown: 2 declined or merged." in shown
    for hidden in ("B2", "C3", "D4", "Too small"):
        assert hidden not in shown


def test_before_the_first_proposal_it_says_that_one_will_appear(world, draft, sign_in):
    assert "The first proposal appears here by itself." in text(page(sign_in(world.curator).get(URL)))


def test_it_asks_every_few_seconds_and_is_answered_with_nothing_until_something_changes(world, draft, sign_in):
    client = sign_in(world.curator)
    proposal = propose(draft, world.member_a)
    whole = client.get(URL)
    assert 'data-hx-trigger="every 3s"' in whole.content.decode()
    seen = state(whole)
    quiet = client.get(URL, {"seen": seen}, **FRAGMENT)
    assert (quiet.status_code, quiet.content) == (204, b"")
    proposal.support(world.member_b)
    loud = client.get(URL, {"seen": seen}, **FRAGMENT)
    assert loud.status_code == 200
    assert "1 supports it Digital Accessibility" in text(page(loud))
    assert 'data-hx-swap-oob="innerHTML:#room-count"' in loud.content.decode()
    assert "<html" not in loud.content.decode()
    assert client.get(URL, {"seen": state(loud)}, **FRAGMENT).status_code == 204
    assert client.get(URL, {"seen": "nonsense\x00"}, **FRAGMENT).status_code == 200


def test_when_the_list_opens_the_room_is_told_and_the_page_asks_no_more(world, draft, sign_in):
    client = sign_in(world.curator)
    propose(draft, world.member_a)
    seen = state(client.get(URL))
    open_edition(draft)
    assert with_testid(page(client.get(URL, {"seen": seen}, **FRAGMENT)), "closed") is not None
    whole = client.get(URL).content.decode()
    assert "every 3s" not in whole
    assert 'class="join"' not in whole


def test_it_says_nothing_of_ballots(world, sign_in):
    client = sign_in(world.curator)
    before = client.get("/2030/room/", **FRAGMENT).content
    rank(world.edition, world.member_a, *PRIORITIES)
    assert client.get("/2030/room/", **FRAGMENT).content == before


def test_a_look_costs_four_questions_however_much_is_proposed(world, draft, sign_in):
    client, counts = sign_in(world.curator), []
    towns = seat_governments(10)
    for batch in range(2):
        for number in range(2 if batch == 0 else 18):
            propose(draft, world.member_a, f"Title {batch} {number}").support(towns[number % 10])
        seen = state(client.get(URL))
        for headers in ({}, FRAGMENT, {**FRAGMENT, "QUERY_STRING": f"seen={seen}"}):
            with CaptureQueriesContext(connection) as queries:
                client.get(URL, **headers)
            counts.append(len(queries))
    assert counts == [4] * 6


def test_the_address_on_the_screen_leads_by_way_of_sign_in_to_the_proposals(world, draft, sign_in):
    asked = Client().get("/2031/proposals/")
    assert (asked.status_code, asked["Location"]) == (302, "/demo/?next=/2031/proposals/")


def test_the_code_is_the_configured_address_and_never_that_of_the_request(world, draft, sign_in, settings):
    settings.PORTAL_URL = "https://portal.example"
    shown = sign_in(world.curator).get(URL, headers={"host": "localhost"})
    assert "portal.example/2031/proposals/" in text(page(shown))
    dark = page(shown).find(".//div[@role='img']//{*}path[@stroke]")
    assert dark.get("d") in segno.make_qr("https://portal.example/2031/proposals/", error="m").svg_inline()
    assert "localhost" not in text(page(shown))
