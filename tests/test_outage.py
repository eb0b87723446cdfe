"""When the database is away, locked or read-only: 503, when to come back, and the user's input still there."""

from __future__ import annotations

import logging
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from mixportal import outage
from mixportal.ballots.models import Ballot
from mixportal.logs import RefusalsInOneLine, WithoutTokens
from mixportal.outage import RETRY_AFTER
from tests.reading import fields, page, text
from tests.worlds import rank

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/2030/priorities/ballot/"
FORM = {"version": "1", "rank-data": "2", "rank-workforce": "1", "action": "cast", "chosen": "data"}
FRAGMENT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def rosa(world):
    """Signed in, with a ballot of version 1."""
    rank(world.edition, world.member_a, "Data")
    client = Client(raise_request_exception=False)
    client.force_login(world.member_a)
    return client


@contextmanager
def another_connection():
    other = connection.copy()
    try:
        yield other
    finally:
        other.close()


@contextmanager
def killed(client):
    """The server drops our connection, and we find out by using it; after the block a new one is made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with another_connection() as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 60000)", [pid])
    try:
        yield
    finally:
        connection.close()


@contextmanager
def locked_too_long(client, timeout: str = "lock_timeout"):
    """Somebody holds the ballot's row for longer than we wait."""
    with another_connection() as other:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM ballots_ballot FOR UPDATE")
        with connection.cursor() as cursor:
            cursor.execute(f"SET {timeout} = '80ms'")
        try:
            yield
        finally:
            other.rollback()
            connection.close()


@contextmanager
def stuck(client):
    with locked_too_long(client, "statement_timeout"):
        yield


@contextmanager
def read_only(client):
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    try:
        yield
    finally:
        connection.close()


TROUBLES = [killed, locked_too_long, stuck, read_only]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_save_in_trouble_answers_503_and_hands_back_what_was_typed(rosa, trouble, count):
    with trouble(rosa):
        answer = rosa.post(URL, FORM)
    count("outages", saves=1, told_not_saved=int(answer.status_code == 503))
    assert answer.status_code == 503
    assert answer["Retry-After"] == str(RETRY_AFTER)
    assert "no-store" in answer["Cache-Control"]
    assert "Not saved yet" in text(page(answer))
    form = next(form for form in page(answer).iter("form") if form.get("action") == URL)
    kept = fields(form)
    assert kept.pop("csrfmiddlewaretoken")
    assert kept == FORM
    assert Ballot.objects.get().working == {"data": 1}

    assert rosa.post(URL, kept).status_code == 302  # the page's own button, once the trouble is over
    assert Ballot.objects.get().counted == {"workforce": 1, "data": 2}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_fragment_in_trouble_answers_503_and_leaves_the_page_as_it_is(rosa, trouble, count):
    with trouble(rosa):
        answer = rosa.post(URL, FORM, **FRAGMENT)
    count("outages", saves=1, told_not_saved=int(answer.status_code == 503))
    assert answer.status_code == 503
    assert answer["Retry-After"] == str(RETRY_AFTER)
    body = answer.content.decode()
    assert "Not saved yet" in body
    assert "<html" not in body
    assert rosa.post(URL, FORM, **FRAGMENT).status_code == 200


def test_reading_without_a_database_says_to_come_back(rosa):
    for url in ("/", "/2030/", URL, "/governments/", "/about/", "/readyz"):
        with killed(rosa):
            answer = rosa.get(url)
        assert (url, answer.status_code) == (url, 503)
        assert answer["Retry-After"] == str(RETRY_AFTER)
        assert "Back in a moment" in text(page(answer))
        assert b"Not saved" not in answer.content
        assert "What you sent" not in text(page(answer))
    assert rosa.get("/").status_code == 200


def test_healthz_answers_without_a_database_and_readyz_does_not(rosa):
    visitor = Client(raise_request_exception=False)
    with killed(visitor):
        assert visitor.get("/healthz").status_code == 200
        assert visitor.get("/readyz").status_code == 503
    assert visitor.get("/readyz").status_code == 200
    for url in ("/healthz", "/readyz"):
        assert visitor.get(url)["Cache-Control"] == "no-store"


def test_pages_can_be_read_while_the_database_takes_no_writes(rosa):
    with read_only(rosa):
        for url in ("/", "/2030/", URL, "/governments/"):
            assert rosa.get(url).status_code == 200
        assert rosa.post("/demo/sign-in/", {"persona": "visitor"}).status_code in (302, 503)


def test_what_was_typed_is_handed_back_as_text_and_never_the_token(rosa):
    evil = '"><script>alert(1)</script>'
    with killed(rosa):
        answer = rosa.post(URL, FORM | {"rank-data": evil, "csrfmiddlewaretoken": "old-token"})
    body = answer.content.decode()
    assert "<script>alert" not in body
    assert "old-token" not in body
    form = next(form for form in page(answer).iter("form") if form.get("action") == URL)
    assert fields(form)["rank-data"] == evil


def test_an_outage_is_logged_once_a_minute_by_its_kind_without_what_was_typed(rosa, caplog, monkeypatch):
    monkeypatch.setattr(outage.Logged, "at", None)
    monkeypatch.setattr(outage.Logged, "left_out", 0)
    for _ in range(3):
        with locked_too_long(rosa):
            rosa.post(URL, FORM)
    monkeypatch.setattr(outage.Logged, "at", outage.Logged.at - outage.LOG_INTERVAL)
    with locked_too_long(rosa):
        rosa.post(URL, FORM)
    quiet = RefusalsInOneLine()
    lines = [record.getMessage() for record in caplog.records if quiet.filter(record)]
    where = "storage trouble at /2030/priorities/ballot/: OperationalError"
    assert lines == [f"{where} (0 more requests since the last line)", f"{where} (2 more requests since the last line)"]
    assert not [record for record in caplog.records if record.exc_info]


def test_a_refused_request_is_logged_without_a_traceback(rosa, caplog):
    quiet = RefusalsInOneLine()
    rosa.post(URL, FORM, headers={"Host": "elsewhere.example"})
    rosa.get("/nowhere/")
    rosa.post(URL, data=b"x" * 3_000_000, content_type="application/x-www-form-urlencoded")
    logged = [record for record in caplog.records if quiet.filter(record)]
    assert {record.status_code for record in logged} >= {400, 404}
    assert not [record for record in logged if record.exc_info]


@pytest.mark.parametrize("path", ["/share/{}/", "/mail/stop/{}/", "/account/invitation/{}/", "/?next=%2Fshare%2F{}"])
def test_a_link_that_is_a_key_is_cut_in_the_log(path):
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Not Found: %s", (path.format("s3cret"),), None
    )
    assert WithoutTokens().filter(record)
    assert record.getMessage() == f"Not Found: {path.format('...')}"


def test_a_fault_of_ours_is_not_passed_off_as_the_databases(rosa):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_office RENAME TO members_office_gone")
    try:
        answer = rosa.get("/about/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE members_office_gone RENAME TO members_office")
    assert answer.status_code == 500
    told = text(page(answer))
    assert "That went wrong on our side" in told
    assert "members_office" not in told
