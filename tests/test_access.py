"""Who may open what: every address, for everybody, by every method, as a page and as a fragment.

The table is tests/access_table.py. An address that the resolver knows and the table does not fails.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.test import Client

from members.access import Audience
from members.routes import routes
from mixportal.editions.models import Kind
from tests.access_table import (
    CHALLENGE,
    EVERYONE,
    GOVERNMENT,
    INSIDERS,
    PRIORITY,
    SEES,
    SIGN_IN,
    STANDS_FOR,
    TABLE,
    VISITORS,
    Line,
)  # fmt: skip
from tests.worlds import CHALLENGES, PRIORITIES

REFUSED = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")  # by each page, to everybody
PAGE, FRAGMENT = {}, {"HTTP_HX_REQUEST": "true"}
# A fragment is asked for by GET and POST alone.
WAYS = [("GET", PAGE), ("HEAD", PAGE), ("POST", PAGE), ("GET", FRAGMENT), ("POST", FRAGMENT)]


def known_names() -> set[str]:
    return {name.format(kind=kind) for name in [*TABLE, *SIGN_IN] for kind in ("priorities", "challenges")}


def name_in_resolver(name: str) -> str:
    """The addresses of both lists have one name there: `priorities:ballot` and `challenges:ballot` are `ballot`."""
    kind, _, own = name.rpartition(":")
    return own if kind in Kind.values else name


def address(name: str, year: int) -> str:
    """The address of that name as the resolver has it, with somebody's and something's names put in."""
    route = next(route.address for route in routes() if route.name == name_in_resolver(name))
    kind = "challenges" if name.startswith("challenges:") else "priorities"
    slug = GOVERNMENT if route.startswith("/governments/") else PRIORITY if kind == "priorities" else CHALLENGE
    stands_for = STANDS_FOR | {"year": str(year), "kind": kind, "slug": slug}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: stands_for[match[1]], route)


def client_of(world, actor: str) -> Client:
    """Signed in while that was possible: `gone_curator` has been switched off since."""
    client = Client(raise_request_exception=False)
    if actor != "visitor":
        client.force_login(getattr(world, actor))
    return client


def line_of(name: str) -> Line:
    """Most of a kind's addresses both kinds have, on one line."""
    return TABLE[name if name in TABLE else name.replace("priorities:", "{kind}:").replace("challenges:", "{kind}:")]


def expected(name: str, phase: str, actor: str, method: str, *, fragment: bool) -> int:
    if name in SIGN_IN:
        if method not in ("GET", "HEAD", "POST"):
            return 405
        return SIGN_IN[name] if actor in VISITORS else 302
    line = line_of(name)
    if method not in ("GET", "HEAD", "POST") or (line.posted if method == "POST" else line.got) is None:
        return 405
    audience = line.audience if method != "POST" or line.posters is None else line.posters
    if actor not in audience:
        if actor not in VISITORS:
            return 404
        return 302 if not fragment else 401 if method == "POST" else 204
    if method == "POST":
        return line.answer_to_post(actor, phase, fragment=fragment)
    return line.got if actor in line.found_by(phase) else 404


OF_AN_EDITION = [name.format(kind="priorities") for name, line in TABLE.items() if isinstance(line.finds, dict)]
SECRETS = [*PRIORITIES, *CHALLENGES, "in plain words", "to a CIO", "Port Merrow", "Halloran", "Delgado", "Nakamura"]


def test_every_view_of_ours_says_whom_it_is_for():
    audiences = {route.name: route.audience for route in routes()}
    assert {name for name, audience in audiences.items() if audience is None} == set()
    assert audiences["ballot"] is Audience.VOTERS


def test_no_address_is_missing_from_the_table_of_who_may_open_it():
    assert {route.name for route in routes()} == {name_in_resolver(name) for name in known_names()}
    assert "" not in {route.name for route in routes()}


@pytest.mark.parametrize("refused", [1, pytest.param(len(REFUSED), marks=pytest.mark.slow)])
@pytest.mark.parametrize("actor", sorted(EVERYONE))
def test_each_address_answers_each_method_as_the_table_says(phases, actor, refused, count):
    """Of the methods that no page has, each address is asked by all, and each actor asks by all, if not by all at each."""
    client = client_of(phases, actor)
    cells, wrong, told = 0, [], []
    for number, name in enumerate(sorted(known_names()), start=sorted(EVERYONE).index(actor)):
        url = address(name, 2030)
        others = [(REFUSED[(number + more) % len(REFUSED)], PAGE) for more in range(refused)]
        for method, headers in WAYS + others:
            answer = client.generic(
                method, url, "version=1", content_type="application/x-www-form-urlencoded", **headers
            )
            want = expected(name, "open", actor, method, fragment=bool(headers))
            cell = (method, url, "fragment" if headers else "page", answer.status_code, want)
            cells += 1
            if answer.status_code != want:
                wrong.append(cell)
            if answer.status_code in (302, 401, 404, 405) and any(
                secret in answer.content.decode() for secret in SECRETS
            ):
                told.append(cell)
            if name in ("sign-out", "sessions") and method == "POST":
                client = client_of(phases, actor)
    count("role matrix", cells=cells, wrong=len(wrong), telling_too_much=len(told))
    assert wrong == []
    assert told == []


@pytest.mark.usefixtures("stored_pdfs")
@pytest.mark.parametrize("actor", sorted(EVERYONE))
def test_each_phase_of_an_edition_shows_what_the_table_says(phases, actor, count):
    client = client_of(phases, actor)
    wrong, told = [], []
    for phase in SEES:
        year = getattr(phases, phase).year
        for name in OF_AN_EDITION:
            answer = client.get(address(name, year))
            cell = (name, phase, answer.status_code, expected(name, phase, actor, "GET", fragment=False))
            if answer.status_code != cell[-1]:
                wrong.append(cell)
            if answer.status_code != 200 and any(secret in answer.content.decode() for secret in SECRETS):
                told.append(cell)
    count("role matrix", cells=len(SEES) * len(OF_AN_EDITION), wrong=len(wrong), telling_too_much=len(told))
    assert wrong == []
    assert told == []


@pytest.mark.parametrize("actor", sorted(EVERYONE - INSIDERS))
def test_an_edition_that_is_hidden_answers_like_one_that_does_not_exist(phases, actor):
    client = client_of(phases, actor)
    for name in ("edition", "summary", "priorities:list", "priorities:entry", "priorities:results-csv"):
        hidden, missing = client.get(address(name, 2031)), client.get(address(name, 2099))
        assert hidden.status_code == missing.status_code == 404
        assert hidden.content == missing.content
        assert sorted(hidden.headers.items()) == sorted(missing.headers.items())


def test_a_wrong_method_is_refused_before_anything_else_is_asked(world):
    client = Client(enforce_csrf_checks=True)
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        answer = client.generic(method, "/methods/")
        assert (method, answer.status_code) == (method, 405)
        assert answer["Allow"] == "GET, HEAD"


def test_a_visitor_is_led_to_sign_in_whatever_the_year(world):
    for year in (2030, 2099, 1999):
        answer = Client().get(f"/{year}/priorities/ballot/?chosen=data")
        assert answer.status_code == 302
        assert answer["Location"] == f"/demo/?next={quote(f'/{year}/priorities/ballot/?chosen=data')}"


def test_a_visitors_fragment_leads_to_sign_in_and_back_to_the_page_it_was_on(world):
    here = "http://testserver/2030/priorities/ballot/?chosen=data"
    answer = Client().get("/2030/priorities/ballot/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=here)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/demo/?next=/2030/priorities/ballot/%3Fchosen%3Ddata"
    assert answer.content == b""


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/x",
        "//evil.example",
        "javascript:alert(1)",
        "http://testserver@evil.example/",
        "http://[::1",
    ],
)
def test_a_fragment_from_elsewhere_does_not_lead_elsewhere(world, elsewhere):
    answer = Client().get("/2030/priorities/ballot/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=elsewhere)
    assert answer.status_code == 204
    assert "evil" not in answer["HX-Redirect"]
    assert "javascript" not in answer["HX-Redirect"]


def test_a_form_posted_after_the_session_lapsed_is_told_so_without_losing_the_page(world):
    answer = Client().post("/2030/priorities/ballot/", {"version": 0}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 401
    assert 'data-testid="signed-out"' in answer.content.decode()
    assert 'target="_blank"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_who_is_switched_off_is_out_at_the_next_request(world, sign_in):
    client = sign_in(world.member_a)
    assert client.get("/2030/priorities/ballot/").status_code == 200
    world.member_a.is_active = False
    world.member_a.save()
    assert client.get("/2030/priorities/ballot/").status_code == 302
    assert client.post("/2030/priorities/ballot/", {"version": 0, "rank-data": 1}).status_code == 302


def test_who_loses_the_role_is_refused_at_the_next_request(world, sign_in):
    client = sign_in(world.delegate_a)
    assert client.get("/2030/priorities/ballot/").status_code == 200
    world.delegate_a.role, world.delegate_a.government = "none", None
    world.delegate_a.save()
    assert client.get("/2030/priorities/ballot/").status_code == 404
    assert client.post("/2030/priorities/ballot/", {"version": 0, "rank-data": 1}).status_code == 404


@pytest.mark.parametrize("path", ["/1/", "/202/", "/20300/", "/3030/", "/２０３０/", "/-2030/", "/2030.0/"])
def test_what_is_no_year_is_no_page(db, path):
    assert Client().get(path).status_code == 404
