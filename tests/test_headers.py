"""What every answer carries: a strict policy, and what caches may keep."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.test_access import address, known_names
from tests.test_errors import refused
from tests.worlds import rank

PUBLIC = ["/", "/2027/", "/2027/summary/", "/2028/", "/2028/summary/", "/2028/priorities/", "/2028/challenges/shadow-it/",
          "/2028/priorities/results.csv", "/2028/priorities/results.json", "/governments/",
          "/governments/port-merrow-county/", "/methods/", "/about/"]  # fmt: skip


def answers(phases) -> list:
    """One of about everything: pages, files, refusals, redirects, fragments, forms that came back."""
    visitor, member = Client(raise_request_exception=False), Client(raise_request_exception=False)
    member.force_login(phases.member_a)
    found = [visitor.get(url) for url in (*PUBLIC, "/governments")]  # the last leads on to /governments/
    found += [member.get(address(name, 2028)) for name in sorted(known_names())]
    found += [visitor.get(address(name, 2030)) for name in sorted(known_names())]
    found += refused(phases).values()
    ballot = "/2030/priorities/ballot/"
    for form in ({"version": "1"}, {"version": "9", "rank-data": "1"}, {"version": "1", "rank-data": "x"}):
        found += [member.post(ballot, form), member.post(ballot, form, HTTP_HX_REQUEST="true")]
    found += [visitor.get(ballot, HTTP_HX_REQUEST="true"), visitor.post(ballot, HTTP_HX_REQUEST="true")]
    return found


def test_every_answer_carries_the_strict_policy_and_the_security_headers(phases):
    seen = set()
    for answer in answers(phases):
        seen.add(answer.status_code)
        where = f"{answer.request['REQUEST_METHOD']} {answer.request['PATH_INFO']} {answer.status_code}"
        policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
        framed = "'self'" if answer.request["PATH_INFO"] == "/2028/embed/" else "'none'"
        assert (policy["default-src"], policy["base-uri"], policy["frame-ancestors"]) == ("'none'", "'none'", framed), (
            where
        )
        assert set(policy.values()) == {"'none'", "'self'"}, where
        assert answer["X-Content-Type-Options"] == "nosniff", where
        strict = {"/account/invitation/": "strict-origin", "/share/": "no-referrer"}  # links that open something
        wanted = next((policy for path, policy in strict.items() if path in where), "same-origin")
        assert answer["Referrer-Policy"] == wanted, where
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", where
        assert answer.get("X-Frame-Options", "DENY") == "DENY", where
        assert "Server" not in answer
    assert seen == {200, 204, 301, 302, 400, 401, 403, 404, 405, 409, 413, 422}


@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_page_may_be_kept_for_a_minute_and_sets_no_cookie(phases, url):
    answer = Client().get(url)
    assert answer.status_code == 200
    assert sorted(answer["Cache-Control"].replace(" ", "").split(",")) == ["max-age=60", "public"]
    assert {"Cookie", "HX-Request"} <= {name.strip() for name in answer["Vary"].split(",")}
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()


@pytest.mark.parametrize("who", ["member_a", "leader_a", "curator", "former"])
def test_what_somebody_signed_in_sees_is_kept_by_nobody(phases, sign_in, who):
    client = sign_in(getattr(phases, who))
    for url in [
        *PUBLIC,
        "/2029/priorities/",
        "/2030/",
        "/2030/priorities/ballot/",
        "/2029/priorities/ballots.csv",
        "/1999/",
    ]:
        answer = client.get(url)
        assert "no-store" in answer["Cache-Control"], url
        assert "private" in answer["Cache-Control"], url


def test_a_visitors_page_is_the_same_for_every_visitor(phases):
    """What a cache keeps for one must fit another: nothing of the request is in it."""
    for url in PUBLIC:
        one = Client().get(url)
        other = Client(HTTP_USER_AGENT="other", HTTP_ACCEPT_LANGUAGE="de", REMOTE_ADDR="10.9.8.7").get(url + "?x=1")
        assert one.content == other.content


def test_leading_to_sign_in_is_not_kept(phases):
    answer = Client().get("/2030/priorities/ballot/")
    assert "no-store" in answer["Cache-Control"]
    assert "public" not in answer["Cache-Control"]


def test_signing_out_ends_the_session_and_clears_what_the_browser_kept(world, sign_in):
    client = sign_in(world.member_a)
    answer = client.post("/account/sign-out/")
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/2030/priorities/ballot/").status_code == 302


def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(world, settings):
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"


def test_after_publication_a_page_a_visitor_kept_grows_old_within_a_minute(world, client):
    rank(world.edition, world.member_a, "Data")
    answer = client.get("/2030/")
    assert answer.status_code == 404
    assert "no-store" in answer["Cache-Control"]
