"""The page for signing in as a persona."""

import html5lib
import pytest
from django.test import Client

from members.curators import hand_over_curating
from members.models import User
from mixportal.demo.models import Marker
from mixportal.demo.world import build_world

pytestmark = pytest.mark.usefixtures("demonstration_database", "db")

PERSONAS = build_world().personas


def signed_in_as(client: Client) -> str | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).email if key else None


def test_the_page_offers_every_persona(client):
    page = client.get("/demo/")

    assert page.status_code == 200
    for persona in PERSONAS:
        assert f'data-testid="persona-{persona.key}"' in page.content.decode()


def test_the_page_is_well_formed(client):
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(client.get("/demo/", {"next": "/2026/priorities/ballot/"}).content.decode())


@pytest.mark.parametrize("persona", [each for each in PERSONAS if each.person], ids=lambda persona: persona.key)
def test_one_click_signs_in(client, persona):
    answer = client.post("/demo/sign-in/", {"persona": persona.key})

    assert (answer.status_code, answer.url) == (302, "/")
    assert signed_in_as(client) == persona.person.email
    assert "This is you now." in client.get("/demo/").content.decode()


def test_a_visitor_is_signed_out(client):
    client.post("/demo/sign-in/", {"persona": "member-a"})

    client.post("/demo/sign-in/", {"persona": "visitor"})

    assert signed_in_as(client) is None


def test_another_persona_does_not_inherit_the_session(client):
    client.post("/demo/sign-in/", {"persona": "member-a"})
    first = client.session.session_key

    client.post("/demo/sign-in/", {"persona": "member-b"})

    assert client.session.session_key != first


def test_sign_in_goes_on_to_where_one_wanted_to_go(client):
    page = client.get("/demo/", {"next": "/2026/priorities/ballot/"})
    assert 'value="/2026/priorities/ballot/"' in page.content.decode()

    answer = client.post("/demo/sign-in/", {"persona": "member-a", "next": "/2026/priorities/ballot/"})

    assert answer.url == "/2026/priorities/ballot/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\x00", "/\\evil"]
)
def test_sign_in_never_leads_off_this_portal(client, elsewhere):
    assert "evil" not in client.get("/demo/", {"next": elsewhere}).content.decode()
    assert client.post("/demo/sign-in/", {"persona": "member-a", "next": elsewhere}).url == "/"


def test_after_a_hand_over_the_persona_that_curates_is_the_successor(client):
    curator = User.objects.get(email=build_world().curator.email)
    successor = User.objects.create_user("next@mix.example", name="Noor Aziz", is_staff=True)
    hand_over_curating(curator, successor, reason="A new post.")
    assert "Be Noor Aziz" in client.get("/demo/").content.decode()

    client.post("/demo/sign-in/", {"persona": "curator"})

    assert signed_in_as(client) == "next@mix.example"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("persona", ["", "mayor", "\x00", "x" * 100_000])
def test_an_unknown_persona_is_answered_with_the_page_and_signs_nobody_in(client, persona):
    answer = client.post("/demo/sign-in/", {"persona": persona})

    assert answer.status_code == 422
    assert "no such persona" in answer.content.decode()
    assert signed_in_as(client) is None


def test_sign_in_by_a_link_is_not_possible(client):
    assert client.get("/demo/sign-in/", {"persona": "curator"}).status_code == 405


def test_sign_in_needs_the_token_of_the_page():
    assert Client(enforce_csrf_checks=True).post("/demo/sign-in/", {"persona": "curator"}).status_code == 403


def test_nobody_signs_in_where_the_demonstration_was_not_loaded(client):
    Marker.objects.all().delete()

    answer = client.post("/demo/sign-in/", {"persona": "curator"})

    assert answer.status_code == 422
    assert signed_in_as(client) is None


def test_no_cache_keeps_the_page_with_its_token(client):
    assert "no-store" in client.get("/demo/")["Cache-Control"]


def test_every_page_says_that_this_is_a_demonstration(client):
    assert "Demonstration:" in client.get("/demo/").content.decode()
