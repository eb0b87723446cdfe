"""The pages that say no: in the portal's look, without a query of their own, and telling nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.reading import page, text


def refused(world) -> dict[int, tuple]:
    """One answer of each status that says no, to a visitor."""
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client = Client(raise_request_exception=False)
    member = Client(raise_request_exception=False)
    member.force_login(world.member_a)
    return {
        400: client.get("/about/", HTTP_HOST="evil.example"),
        403: strict.post("/demo/sign-in/", {"persona": "curator"}),
        404: client.get("/nowhere/"),
        413: member.post(
            "/2030/priorities/ballot/", "x=" + "1" * 3_000_000, content_type="application/x-www-form-urlencoded"
        ),
    }


def test_each_page_that_says_no_is_in_the_look_and_leads_back(world):
    for status, answer in refused(world).items():
        assert answer.status_code == status
        told = text(page(answer))
        assert f" {status} " in told
        assert "Metropolitan Information Exchange" in told
        assert any(link.get("href") == "/" for link in page(answer).iter("a"))
        assert "Traceback" not in told
        assert "Exception" not in told


def test_no_page_that_says_no_is_kept_by_any_cache(world, sign_in):
    for answer in [*refused(world).values(), sign_in(world.member_b).get("/nowhere/")]:
        assert "no-store" in answer["Cache-Control"]
        assert "public" not in answer["Cache-Control"]


def test_a_page_that_is_not_there_asks_the_database_nothing_for_a_visitor(db):
    with CaptureQueriesContext(connection) as queries:
        assert Client().get("/nowhere/").status_code == 404
    assert len(queries) == 0


def test_only_visitors_are_told_that_signing_in_may_help(world, sign_in):
    assert "Signing in" in text(page(Client().get("/nowhere/")))
    assert "Signing in" not in text(page(sign_in(world.member_a).get("/nowhere/")))


@pytest.mark.parametrize(
    "path",
    [
        "/2030/nowhere/", "/2030/priorities/nowhere/", "/governments/nowhere/", "/2030/priorities/..%2f..%2fetc/",
        "/.git/config", "/static/../mixportal/settings.py", "/%00", "/2030/priorities/%00/", "/%ff%fe/", "/2030/priorities/data",
        "/2030/priorities/\u202edata/", "/" + "a" * 5000 + "/", "/index.php?x=%27%20OR%201=1", "/2030//priorities/",
    ],
)  # fmt: skip
def test_odd_addresses_are_not_found_and_never_break(world, sign_in, path):
    for client in (Client(), sign_in(world.curator)):
        answer = client.get(path)
        assert answer.status_code in (301, 404)


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00",
        "?chosen=%ff",
        "?g=" + "x" * 5000,
        "?" + "&".join(f"a{n}=1" for n in range(2000)),
        "?next=//evil.example",
    ],
)
def test_odd_questions_are_ignored_and_never_break(phases, sign_in, query):
    for client in (Client(), sign_in(phases.member_a)):
        for url in ("/", "/2028/", "/2028/priorities/", "/2028/priorities/results.csv", "/governments/", "/demo/"):
            assert client.get(url + query).status_code in (200, 400)


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "\x00"},
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[::1"},
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_TRIGGER": "%00", "HTTP_HX_TARGET": "\xff"},
        {"HTTP_ACCEPT_LANGUAGE": "x" * 5000},
        {"HTTP_COOKIE": 'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000"; csrftoken="\\377"; messages=broken'},
        {"HTTP_IF_MODIFIED_SINCE": "yesterday", "HTTP_IF_NONE_MATCH": "*", "HTTP_RANGE": "bytes=9-1"},
        {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "gopher"},
    ],
)
def test_odd_headers_never_break(phases, headers):
    client = Client(raise_request_exception=False)
    for url in ("/", "/2028/priorities/", "/2030/priorities/ballot/", "/2030/priorities/ballots.csv"):
        answer = client.get(url, **headers)
        assert answer.status_code in (200, 204, 302, 304, 404)
        assert "evil.example" not in str(answer.headers) + answer.content.decode()


@pytest.mark.parametrize("charset", ["idna", "rot13", "undefined", "hex", "utf-16", "nonsense"])
def test_a_form_that_names_another_charset_is_read_as_utf_8(world, sign_in, charset):
    client = sign_in(world.member_a, raise_request_exception=False)
    url = "/2030/priorities/ballot/"
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain"):
        kind = f"{kind}; charset={charset}"
        assert client.generic("GET", f"{url}?chosen=é", content_type=kind).status_code == 200
        assert client.generic("POST", url, "version=0&rank-data=é", content_type=kind).status_code == 422


def test_a_form_that_is_out_of_date_is_refused_and_shows_what_was_sent(world):
    answer = Client(enforce_csrf_checks=True).post("/demo/sign-in/", {"persona": "member-a"})
    assert answer.status_code == 403
    assert "This page is out of date" in text(page(answer))
    assert "Persona member-a" in text(page(answer))
