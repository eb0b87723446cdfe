"""Signing in by a mailed code: who may, and what the answers give away."""

from __future__ import annotations

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client

from members.models import User
from tests.members.signing import CODE, LOGIN, ask_for_code, is_signed_in, sign_in_by_code
from tests.reading import said
from tests.test_templates import check_page


def test_a_member_signs_in_with_the_code_that_was_mailed(world, client):
    answer = sign_in_by_code(client, "rosa@port.example", after="/2030/priorities/ballot/")
    assert answer["Location"] == "/2030/priorities/ballot/"
    assert client.get("/2030/priorities/ballot/").status_code == 200
    assert [message.to for message in mail.outbox] == [["rosa@port.example"]]


def test_the_message_is_plain_names_the_portal_and_holds_the_code_alone(world, client, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    code = ask_for_code(client, "rosa@port.example")
    [message] = mail.outbox
    assert message.subject == "Your code for the MIX portal"
    assert message.from_email == settings.DEFAULT_FROM_EMAIL
    [html] = message.alternatives
    assert code in html.content
    assert code not in message.subject
    for words in (message.body, html.content):
        assert set(re.findall(r"[a-z]+://[^\s\"<]+", words)) == {"https://portal.example.org"}


def test_the_host_of_a_request_never_gets_into_a_message(world, settings):
    settings.ALLOWED_HOSTS = ["*"]
    ask_for_code(Client(HTTP_HOST="evil.example"), "rosa@port.example")
    assert "evil" not in mail.outbox[0].body + mail.outbox[0].subject


def test_capitals_and_spaces_around_an_address_do_not_matter(world, client):
    User.objects.filter(pk=world.member_a.pk).update(email="Rosa@Port.Example")
    sign_in_by_code(client, "  rosa@PORT.example ")
    assert is_signed_in(client)
    assert len(mail.outbox) == 1


def test_the_code_may_be_typed_in_small_letters_without_its_dash(world, client):
    code = ask_for_code(client, "rosa@port.example")
    client.post(CODE, {"code": f" {code.replace('-', '').lower()} "})
    assert is_signed_in(client)


def without_tokens(answer) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def asked(address: str) -> list[tuple]:
    """Every answer on the way from asking to the last wrong code, as somebody without an account sees it."""
    client = Client()
    answers = [
        client.post(LOGIN, {"email": address, "next": "/about/"}),
        client.get(CODE + "?next=/about/"),
        client.post(CODE, {"action": "resend"}),
        client.get(CODE),
        *(client.post(CODE, {"code": guess}) for guess in ("", "BCDF-GHJK", "\x00")),
        client.get(CODE),
        client.get(LOGIN),
    ]
    return [
        (
            answer.status_code,
            without_tokens(answer).replace(address, "X"),
            [
                (name, value)
                for name, value in sorted(answer.headers.items())
                if name not in ("Content-Length", "Expires")
            ],
            sorted(answer.cookies),
        )
        for answer in answers
    ]


@pytest.mark.parametrize("stranger", ["nobody@port.example", "gone@mix.example"])
def test_known_unknown_and_switched_off_addresses_are_answered_alike(world, stranger):
    known = asked("rosa@port.example")
    assert {message.to[0] for message in mail.outbox} == {"rosa@port.example"}
    mail.outbox.clear()
    assert asked(stranger) == known
    assert mail.outbox == []


def test_an_address_that_allauth_would_know_is_not_asked_about(world, client):
    """The address that counts is the account's own: an old one does not go on opening it."""
    EmailAddress.objects.create(user=world.member_a, email="rosa@former.example", verified=True, primary=True)
    client.post(LOGIN, {"email": "rosa@former.example"})
    assert mail.outbox == []
    sign_in_by_code(Client(), "rosa@port.example")
    assert [message.to for message in mail.outbox] == [["rosa@port.example"]]


def test_after_three_wrong_codes_the_right_one_no_longer_works(world, client):
    code = ask_for_code(client, "rosa@port.example")
    for _ in range(3):
        client.post(CODE, {"code": "BCDF-GHJK"})
    client.post(CODE, {"code": code})
    assert not is_signed_in(client)
    assert "wrong too often" in client.get(LOGIN).content.decode()


def test_a_wrong_code_is_said_to_be_wrong(world, client):
    ask_for_code(client, "rosa@port.example")
    answer = client.post(CODE, {"code": "BCDF-GHJK"})
    assert "That is not the code" in said(answer, "errors")


def test_a_code_works_once_and_in_the_browser_that_asked(world, client):
    code = ask_for_code(client, "rosa@port.example")
    stranger = Client()
    stranger.post(LOGIN, {"email": "nobody@port.example"})
    stranger.post(CODE, {"code": code})
    assert not is_signed_in(stranger)
    client.post(CODE, {"code": code})
    assert is_signed_in(client)
    client.post("/account/sign-out/")
    client.post(CODE, {"code": code})
    assert not is_signed_in(client)


@pytest.mark.parametrize(("minutes", "works"), [(14, True), (16, False)])
def test_a_code_lives_fifteen_minutes(world, client, monkeypatch, minutes, works):
    code = ask_for_code(client, "rosa@port.example")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + minutes * 60)
    client.post(CODE, {"code": code})
    assert is_signed_in(client) is works


def test_one_may_start_again_with_another_address(world, client):
    client.post(LOGIN, {"email": "typo@port.example"})
    assert client.get(LOGIN)["Location"] == CODE
    answer = client.post("/account/sign-out/", {"next": LOGIN})
    assert answer["Location"] == LOGIN
    sign_in_by_code(client, "rosa@port.example")
    assert is_signed_in(client)


def test_limits_stand_in_the_database_where_every_worker_sees_them(world, client):
    ask_for_code(client, "rosa@port.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_cache")
        assert cursor.fetchone()[0] > 0
    cache.set("key", ["value"], 60)
    assert cache.get("key") == ["value"]


def test_the_table_of_the_cache_is_what_django_would_make(db):
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "portal_cache")
    call_command("createcachetable")  # it finds nothing to do
    assert [(column.name, column.null_ok) for column in columns] == [
        ("cache_key", False), ("value", False), ("expires", False),
    ]  # fmt: skip


def test_somebody_switched_off_between_asking_and_answering_does_not_get_in(world, client):
    code = ask_for_code(client, "rosa@port.example")
    User.objects.filter(pk=world.member_a.pk).update(is_active=False)
    answer = client.post(CODE, {"code": code}, follow=True)
    assert not is_signed_in(client)
    assert "deactivated" in said(answer, "message")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_sign_in_never_leads_off_the_portal(world, client, elsewhere):
    assert sign_in_by_code(client, "rosa@port.example", after=elsewhere)["Location"] == "/"
    assert client.post("/account/sign-out/", {"next": elsewhere})["Location"] == "/"


def test_whoever_is_signed_in_is_led_on(world, sign_in):
    assert sign_in(world.member_a).get(f"{LOGIN}?next=/about/")["Location"] == "/about/"


@pytest.mark.parametrize(
    "path",
    [
        "signup/", "password/reset/", "password/change/", "password/set/", "email/", "confirm-email/", "logout/",
        "login/code/request/", "inactive/", "reauthenticate/", "2fa/", "3rdparty/", "signup/passkey/",
    ],
)  # fmt: skip
def test_pages_that_the_portal_does_not_need_are_not_there(world, client, sign_in, path):
    for each in (client, sign_in(world.member_a)):
        assert each.get(f"/account/{path}").status_code == 404
        assert each.post(f"/account/{path}", {"email": "new@port.example"}).status_code == 404
    assert not User.objects.filter(email="new@port.example").exists()


def test_no_password_opens_anything(world):
    world.curator.set_password("correct horse battery staple")
    world.curator.save()
    assert authenticate(username="curator@mix.example", password="correct horse battery staple") is None
    assert authenticate(email="curator@mix.example", password="correct horse battery staple") is None
    assert not world.curator.has_usable_password()
    client = Client()
    client.post("/admin/login/", {"username": "curator@mix.example", "password": "correct horse battery staple"})
    client.post(LOGIN, {"login": "curator@mix.example", "password": "correct horse battery staple"})
    assert not is_signed_in(client)


def test_a_superuser_made_by_command_has_no_password_and_signs_in_by_code(db, client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery staple")
    call_command("createsuperuser", "--noinput", "--email", "ada@mix.example", "--name", "Ada", verbosity=0)
    ada = User.objects.get(email="ada@mix.example")
    assert ada.is_superuser
    assert ada.password.startswith("!")
    sign_in_by_code(client, "ada@mix.example")
    assert is_signed_in(client)


def test_the_entrances_are_sound_pages_that_no_cache_keeps(world, client):
    pages = [client.get(LOGIN)]
    ask_for_code(client, "rosa@port.example")
    pages += [client.get(CODE), client.post(CODE, {"code": "wrong"})]
    assert [problem for page in pages for problem in check_page("entrance", page.content.decode())] == []
    assert all("no-store" in page["Cache-Control"] for page in pages)
    assert all('type="password"' not in page.content.decode() for page in pages)


@pytest.mark.parametrize("junk", ["", "no-address", "\x00@port.example", "a" * 5000 + "@port.example", "<b>@x.example"])
def test_what_is_no_address_is_refused_with_the_form(world, client, junk):
    answer = client.post(LOGIN, {"email": junk})
    assert answer.status_code == 200
    assert said(answer, "errors")
    assert mail.outbox == []


def test_people_sign_in_behind_fewer_proxies_than_the_setting_says(world, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 3
    client = Client(headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.1"})
    sign_in_by_code(client, "rosa@port.example")
    assert is_signed_in(client)
    assert "TRUSTED_PROXY_COUNT is 3" in client.get("/readyz").text
