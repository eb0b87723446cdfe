"""Who may open what: every address, for everybody, by every method, as a page and as a fragment.

The table below is DESIGN sections 4 and 5 in short. An address that the resolver knows and the table does not fails.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from members.access import Audience
from members.routes import routes
from tests.conftest import CHALLENGES, PRIORITIES

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
PAGE, FRAGMENT = {}, {"HTTP_HX_REQUEST": "true"}
# A fragment is asked for by GET and POST alone.
WAYS = [*((method, PAGE) for method in METHODS), ("GET", FRAGMENT), ("POST", FRAGMENT)]

VISITORS = {"visitor", "gone_curator"}  # who is switched off is signed out
FORMER = {"former"}
LEADERS = {"leader_a"}
VOTERS = {"member_a", "delegate_a", "member_b"}
CURATORS = {"curator", "bare_staff"}
INSIDERS = VOTERS | CURATORS
EVERYONE = VISITORS | FORMER | LEADERS | INSIDERS

# Who sees an edition in each phase, and whose eyes its results are for (rules 1 and 2).
SEES = {
    "unranked": EVERYONE,
    "published": EVERYONE,
    "closed": INSIDERS | LEADERS,
    "open": INSIDERS | LEADERS,
    "drafting": INSIDERS,
}
SEES_RESULTS = {
    "unranked": set(),
    "published": EVERYONE,
    "closed": INSIDERS | LEADERS,
    "open": set(),
    "drafting": set(),
}
SEES_BALLOTS = {phase: INSIDERS if phase in ("closed", "published") else set() for phase in SEES}
HAS_A_BALLOT = {phase: VOTERS if phase != "unranked" else set() for phase in SEES}
GIVES_REASONS = {phase: VOTERS if phase in ("open", "closed", "published") else set() for phase in SEES}

# Addresses within an edition: for whom they are at all, and who finds something in each phase.
OF_AN_EDITION = {
    "edition": (EVERYONE, SEES),
    "summary": (EVERYONE, SEES),
    "{kind}:list": (EVERYONE, SEES),
    "{kind}:entry": (EVERYONE, SEES),
    "{kind}:results-csv": (EVERYONE, SEES_RESULTS),
    "{kind}:results-json": (EVERYONE, SEES_RESULTS),
    "{kind}:ballots-csv": (INSIDERS, SEES_BALLOTS),
    "{kind}:ballot": (VOTERS, HAS_A_BALLOT),
    "{kind}:reasons": (VOTERS, GIVES_REASONS),
    "{kind}:notes": (VOTERS, dict.fromkeys(SEES, VOTERS)),
    "{kind}:note": (INSIDERS, {phase: set() for phase in SEES}),  # asked for by a number that no note has
    "{kind}:watch": (INSIDERS, dict.fromkeys(SEES, INSIDERS)),
}
FOR_EVERYONE = {
    "home",
    "governments",
    "government",
    "methods",
    "about",
    "dialogue",
    "speed",
    "healthz",
    "readyz",
    "demo:personas",
    "security-txt",
}
POSTED = {"{kind}:ballot": VOTERS, "sign-out": EVERYONE, "demo:sign-in": EVERYONE}
POSTED |= {"{kind}:notes": VOTERS, "{kind}:note": INSIDERS, "{kind}:watch": INSIDERS, "notes-seen": INSIDERS}
ONLY_POSTED = {"sign-out", "demo:sign-in", "notes-seen", "{kind}:watch"}
FOR_INSIDERS = {"governments-csv"}

# Sign-in and the account, for people without a second factor. Entrances lead on whoever is signed in; what follows is
# for everybody signed in: the answers to GET and POST (None: not posted to). A refused form is allauth's, with a 200.
SIGN_IN = {
    "account_login": 200,
    "account_request_login_code": 200,
    "account_confirm_login_code": 302,  # nobody has asked for a code
    "mfa_login_webauthn": 302,
    "mfa_authenticate": 302,
}
ACCOUNT = {
    "account": (200, None),
    "mfa_index": (200, None),
    "mfa_list_webauthn": (200, None),
    "sessions": (200, 302),
    "mfa_reauthenticate": (403, 403),
    "mfa_reauthenticate_webauthn": (403, 403),
    "mfa_activate_totp": (200, 200),
    "mfa_deactivate_totp": (404, 404),
    "mfa_view_recovery_codes": (404, None),
    "mfa_generate_recovery_codes": (200, 200),
    "mfa_download_recovery_codes": (404, None),
    "mfa_add_webauthn": (200, 200),
    "mfa_edit_webauthn": (404, 404),
    "mfa_remove_webauthn": (404, 404),
}


def known_names() -> set[str]:
    names = FOR_EVERYONE | FOR_INSIDERS | ONLY_POSTED | set(SIGN_IN) | set(ACCOUNT)
    for name in OF_AN_EDITION:
        names -= {name}
        names |= {name.format(kind=kind) for kind in ("priorities", "challenges")}
    return names


def address(name: str, year: int) -> str:
    if name in ("edition", "summary"):
        return reverse(name, args=[year])
    if name == "government":
        return reverse(name, args=["port-merrow-county"])
    if name.endswith((":entry", ":notes", ":note", ":watch")):
        entry = [year, "cybersecurity" if name.startswith("priorities") else "shadow-it"]
        return reverse(name, args=[*entry, 0] if name.endswith(":note") else entry)
    if name.startswith(("priorities:", "challenges:")):
        return reverse(name, args=[year])
    if name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        return reverse(name, args=[1])
    return reverse(name)


def client_of(world, actor: str) -> Client:
    """Signed in while that was possible: `gone_curator` has been switched off since."""
    client = Client(raise_request_exception=False)
    if actor != "visitor":
        client.force_login(getattr(world, actor))
    return client


def gates(name: str, phase: str) -> tuple[set[str], set[str]]:
    """Whom the address is for at all, and who finds something there in that phase."""
    pattern = name.replace("priorities:", "{kind}:").replace("challenges:", "{kind}:")
    if pattern in OF_AN_EDITION:
        audience, found = OF_AN_EDITION[pattern]
        return audience, found[phase]
    return (INSIDERS, INSIDERS) if name in FOR_INSIDERS else (EVERYONE, EVERYONE)


def expected_of_account(name: str, actor: str, method: str, *, fragment: bool) -> int:
    if name in SIGN_IN:
        if method not in ("GET", "HEAD", "POST"):
            return 405
        return SIGN_IN[name] if actor in VISITORS else 302
    got, posted = ACCOUNT[name]
    if method not in ("GET", "HEAD", "POST") or (method == "POST" and posted is None):
        return 405
    if actor in VISITORS:
        return 302 if not fragment else 401 if method == "POST" else 204
    return posted if method == "POST" and posted else got


def expected(name: str, phase: str, actor: str, method: str, *, fragment: bool) -> int:
    if name in SIGN_IN or name in ACCOUNT:
        return expected_of_account(name, actor, method, fragment=fragment)
    pattern = name.replace("priorities:", "{kind}:").replace("challenges:", "{kind}:")
    audience, found = gates(name, phase)
    if method == "POST":
        if pattern not in POSTED:
            return 405
        audience = found = POSTED[pattern]
    elif method not in ("GET", "HEAD") or pattern in ONLY_POSTED:
        return 405
    if actor not in audience:
        if actor not in VISITORS:
            return 404
        return 302 if not fragment else 401 if method == "POST" else 204
    if actor not in found:
        return 404
    if method == "POST":
        return {
            "{kind}:ballot": 200 if fragment else 302,
            "{kind}:notes": 422,
            "{kind}:note": 404,
            "{kind}:watch": 200 if fragment else 303,
            "notes-seen": 302,
            "sign-out": 302,
            "demo:sign-in": 422,
        }[pattern]
    return 200


SECRETS = [*PRIORITIES, *CHALLENGES, "in plain words", "to a CIO", "Port Merrow", "Halloran", "Delgado", "Nakamura"]


def test_every_view_of_ours_says_whom_it_is_for():
    audiences = {route.name: route.audience for route in routes()}
    assert {name for name, audience in audiences.items() if audience is None} == set()
    assert audiences["priorities:ballot"] is Audience.VOTERS


def test_no_address_is_missing_from_the_table_of_who_may_open_it():
    assert {route.name for route in routes()} == known_names()
    assert "" not in {route.name for route in routes()}


@pytest.mark.parametrize("actor", sorted(EVERYONE))
def test_each_address_answers_each_method_as_the_table_says(phases, actor):
    client = client_of(phases, actor)
    wrong, told = [], []
    for name in sorted(known_names()):
        url = address(name, 2030)
        for method, headers in WAYS:
            answer = client.generic(
                method, url, "version=1", content_type="application/x-www-form-urlencoded", **headers
            )
            want = expected(name, "open", actor, method, fragment=bool(headers))
            cell = (method, url, "fragment" if headers else "page", answer.status_code, want)
            if answer.status_code != want:
                wrong.append(cell)
            if answer.status_code in (302, 401, 404, 405) and any(
                secret in answer.content.decode() for secret in SECRETS
            ):
                told.append(cell)
            if name in ("sign-out", "sessions") and method == "POST":
                client = client_of(phases, actor)
    assert wrong == []
    assert told == []


@pytest.mark.parametrize("actor", sorted(EVERYONE))
def test_each_phase_of_an_edition_shows_what_the_table_says(phases, actor):
    client = client_of(phases, actor)
    wrong, told = [], []
    for phase in SEES:
        year = getattr(phases, phase).year
        for pattern in OF_AN_EDITION:
            name = pattern.format(kind="priorities")
            answer = client.get(address(name, year))
            cell = (name, phase, answer.status_code, expected(name, phase, actor, "GET", fragment=False))
            if answer.status_code != cell[-1]:
                wrong.append(cell)
            if answer.status_code != 200 and any(secret in answer.content.decode() for secret in SECRETS):
                told.append(cell)
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
