"""Sessions: a new key at each proof, an end in any case, one's own list, and none for people who are switched off."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import Session, User
from members.sessions import device_in_words, last_visit
from tests.members.signing import CODE, FACTOR, LOGIN, ask_for_code, digits, give_app, is_signed_in, sign_in_by_code
from tests.reading import page, text, with_testid
from tests.test_templates import check_page

SESSIONS = "/account/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1"
HOUR, DAY = 3600, 86_400


def key_of(client: Client) -> str:
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def later(monkeypatch):
    """`later(seconds)`: everything that asks for the time is that much later than the test began."""
    began, now = time.time(), timezone.now()

    def pass_time(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: began + seconds)
        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(seconds=seconds))

    return pass_time


def test_signing_in_changes_the_key_of_the_session(world, client):
    code = ask_for_code(client, "rosa@port.example")
    before = key_of(client)
    client.post(CODE, {"code": code})
    assert key_of(client) != before
    stranger = Client()
    stranger.cookies[django_settings.SESSION_COOKIE_NAME] = before
    assert not is_signed_in(stranger)


def test_a_key_chosen_by_somebody_else_is_never_taken_over(world):
    planted = "a" * 32
    client = Client()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = planted
    sign_in_by_code(client, "rosa@port.example")
    assert is_signed_in(client)
    assert key_of(client) != planted
    assert not Session.objects.filter(pk=planted).exists()


def test_showing_the_second_factor_changes_the_key_each_time(world, client):
    secret = give_app(world.member_a)
    sign_in_by_code(client, "rosa@port.example")
    keys = [key_of(client)]
    client.post(FACTOR, {"code": digits(secret)})
    keys.append(key_of(client))
    client.post("/account/confirm/", {"code": digits(secret, 1), "next": "/account/"})
    keys.append(key_of(client))
    assert len(set(keys)) == 3
    assert is_signed_in(client)
    assert Session.objects.filter(user=world.member_a).count() == 1


def test_a_session_ends_after_a_week_without_a_visit(world, later):
    client, visiting = Client(), Client()
    for each in (client, visiting):
        sign_in_by_code(each, "rosa@port.example")
    later(5 * DAY)
    assert is_signed_in(visiting)
    later(7 * DAY + HOUR)
    assert not is_signed_in(client)
    assert is_signed_in(visiting)


def test_a_session_ends_after_thirty_days_however_often_one_visits(world, client, later):
    sign_in_by_code(client, "rosa@port.example")
    for day in range(1, 30):
        later(day * DAY)
        assert is_signed_in(client)
    later(30 * DAY + 1)
    answer = client.get("/2030/priorities/ballot/")
    assert answer.status_code == 302
    assert not Session.objects.filter(user=world.member_a).exists()


def test_a_session_that_ended_answers_a_fragment_with_the_way_to_sign_in(world, client, later):
    sign_in_by_code(client, "rosa@port.example")
    later(31 * DAY)
    answer = client.get("/account/", HTTP_HX_REQUEST="true")
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith(django_settings.LOGIN_URL)
    answer = client.post("/2030/priorities/ballot/", {"version": 0}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 401


def test_reading_writes_nothing_for_an_hour_and_then_the_visit(world, client, later):
    sign_in_by_code(client, "rosa@port.example")

    def written() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            client.get("/about/")
        return [query["sql"] for query in queries if not re.match("SELECT|SAVEPOINT|RELEASE", query["sql"])]

    assert written() == []
    later(HOUR + 1)
    visits = ['UPDATE "members_user"', 'UPDATE "members_session"']
    assert [sql.split(" SET ")[0] for sql in written()] == visits
    assert written() == []


def test_the_last_visit_is_the_one_before_this_wherever_one_is_signed_in(world, later):
    def before(client: Client) -> datetime | None:
        return last_visit(client.get("/about/").wsgi_request)

    User.objects.update(seen_at=None)
    here, there = Client(), Client()
    sign_in_by_code(here, "rosa@port.example")
    first = User.objects.get(pk=world.member_a.pk).seen_at
    assert before(here) is None
    later(2 * DAY)
    assert before(here) == before(here) == first
    sign_in_by_code(there, "rosa@port.example")
    second = User.objects.get(pk=world.member_a.pk).seen_at
    assert second > first
    assert before(there) == second
    later(2 * DAY + HOUR + 1)
    assert before(there) == second
    assert before(Client()) is None


def test_a_visit_is_no_event_of_the_history(world, client):
    sign_in_by_code(client, "rosa@port.example")
    events = world.member_a.events.count()
    User.objects.filter(pk=world.member_a.pk).update(seen_at=timezone.now())
    assert world.member_a.events.count() == events


def test_a_visitor_gets_no_session_from_reading(world, client):
    for path in ("/", "/about/", LOGIN, "/governments/"):
        client.get(path)
    assert django_settings.SESSION_COOKIE_NAME not in client.cookies
    assert not Session.objects.exists()


def test_one_sees_where_one_is_signed_in_and_nobody_else_does(world):
    here, there, other = Client(HTTP_USER_AGENT=FIREFOX), Client(HTTP_USER_AGENT=IPHONE), Client()
    sign_in_by_code(there, "rosa@port.example")
    sign_in_by_code(here, "rosa@port.example")
    sign_in_by_code(other, "ben@halloran.example")
    answer = here.get(SESSIONS)
    rows = [text(row) for row in page(answer).iter("tr") if row.get("data-testid") == "session"]
    assert [row.split(" ")[0:3] for row in rows] == [["Firefox", "on", "Windows"], ["Safari", "on", "an"]]
    assert "(this one)" in rows[0]
    assert "(this one)" not in rows[1]
    assert check_page(SESSIONS, answer.content.decode()) == []
    assert not any(key_of(client) in answer.content.decode() for client in (here, there, other))
    assert "In 2 browsers" in text(with_testid(page(here.get("/account/")), "sessions"))


def test_signing_out_everywhere_ends_all_of_ones_sessions_and_nobody_elses(world):
    here, there, other = Client(), Client(), Client()
    for client, address in ((here, "rosa@port.example"), (there, "rosa@port.example"), (other, "ben@halloran.example")):
        sign_in_by_code(client, address)
    answer = here.post(SESSIONS)
    assert answer["Location"] == "/"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert [is_signed_in(client) for client in (here, there, other)] == [False, False, True]


def test_the_list_of_sessions_asks_as_much_for_one_as_for_twenty(world, client):
    sign_in_by_code(client, "rosa@port.example")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(SESSIONS).status_code == 200
        counts.append(len(queries))
        for _ in range(19):
            Client().force_login(world.member_a)
    assert world.member_a.sessions.count() > 20
    assert counts[0] == counts[1] <= 6


def test_signing_out_ends_the_session_on_the_server_and_clears_what_the_browser_kept(world, client):
    sign_in_by_code(client, "rosa@port.example")
    key = key_of(client)
    answer = client.post("/account/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(pk=key).exists()
    replay = Client()
    replay.cookies[django_settings.SESSION_COOKIE_NAME] = key
    assert not is_signed_in(replay)


def test_a_link_cannot_sign_anybody_out(world, client):
    sign_in_by_code(client, "rosa@port.example")
    assert client.get("/account/sign-out/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[django_settings.SESSION_COOKIE_NAME] = key_of(client)
    assert strict.post("/account/sign-out/").status_code == 403
    assert is_signed_in(client)


def test_whoever_is_switched_off_is_out_at_once_and_stays_out_when_switched_on_again(world):
    clients = [Client(), Client()]
    for client in clients:
        sign_in_by_code(client, "rosa@port.example")
    User.objects.filter(pk=world.member_a.pk).update(is_active=False)
    assert not is_signed_in(clients[0])
    assert clients[1].post("/2030/priorities/ballot/", {"version": 0, "rank-data": 1}).status_code == 302
    User.objects.filter(pk=world.member_a.pk).update(is_active=True)
    assert [is_signed_in(client) for client in clients] == [False, False]


def test_sessions_that_slept_while_somebody_was_switched_off_do_not_wake_again(world, client):
    sign_in_by_code(client, "rosa@port.example")
    world.member_a.is_active = False
    world.member_a.save()
    world.member_a.is_active = True
    world.member_a.save()
    assert not is_signed_in(client)


def test_ended_sessions_are_swept_away_by_djangos_command(world, client, later):
    sign_in_by_code(client, "rosa@port.example")
    later(8 * DAY)
    call_command("clearsessions")
    assert not Session.objects.exists()


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world, client):
    sign_in_by_code(client, "rosa@port.example")
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert cookie["domain"] == ""
    assert set(client.cookies) <= {django_settings.SESSION_COOKIE_NAME, "csrftoken", "device"}


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on an iPhone"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/156.0 Safari/537.36",
            "Chrome on a Mac",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("curl/8.0", ""),
        ("", ""),
        ("\x00" * 10_000, ""),
    ],
)
def test_a_browser_is_named_in_words(user_agent, words):
    assert device_in_words(user_agent) == words
