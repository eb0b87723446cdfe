"""Who may open what, as a table: one line an address (tests/test_access.py walks it).

A new view gets a line here; the resolver is asked for what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

VISITORS = {"visitor", "gone_curator"}  # who is switched off is signed out
FORMER = {"former"}
LEADERS = {"leader_a"}
VOTERS = {"member_a", "delegate_a", "member_b"}
CURATORS = {"curator", "bare_staff"}
INSIDERS = VOTERS | CURATORS
EVERYONE = VISITORS | FORMER | LEADERS | INSIDERS
SIGNED_IN = EVERYONE - VISITORS
OF_A = {"member_a", "delegate_a"}
NOBODY: set[str] = set()

# Who sees an edition in each phase, and whose eyes its results are for.
SEES = {
    "unranked": EVERYONE,
    "published": EVERYONE,
    "closed": INSIDERS | LEADERS,
    "open": INSIDERS | LEADERS,
    "drafting": INSIDERS,
}
SEES_RESULTS = {
    "unranked": NOBODY,
    "published": EVERYONE,
    "closed": INSIDERS | LEADERS,
    "open": NOBODY,
    "drafting": NOBODY,
}
SEES_PUBLISHED = {phase: EVERYONE if phase in ("unranked", "published") else NOBODY for phase in SEES}
SEES_BALLOTS = {phase: INSIDERS if phase in ("closed", "published") else NOBODY for phase in SEES}
GIVES_REASONS = {phase: VOTERS if phase in ("open", "closed", "published") else NOBODY for phase in SEES}
MAY_WAIT = {phase: INSIDERS if phase != "unranked" else NOBODY for phase in SEES}  # before the close it says when
SEES_PREVIEW = {phase: {"curator"} if phase == "closed" else NOBODY for phase in SEES}  # tests/desk/test_preview.py
HAS_A_BALLOT = {phase: VOTERS if phase != "unranked" else NOBODY for phase in SEES}


@dataclass(frozen=True)
class Line:
    """An address: for whom it is at all (others are led to sign-in or get 404), and who of them finds something there.

    `got` answers their GET; None where it is only posted to. `posted` answers a POST by `posters` (None: 405): a status,
    a pair (page, fragment), or what gives one of these for (actor, phase).
    """

    audience: set[str]
    finds: dict[str, set[str]] | set[str] | None = None
    got: int | None = 200
    posted: int | tuple[int, int] | Callable[[str, str], int] | None = None
    posters: set[str] | None = None

    def found_by(self, phase: str) -> set[str]:
        if self.finds is None:
            return self.audience
        return self.finds[phase] if isinstance(self.finds, dict) else self.finds

    def answer_to_post(self, actor: str, phase: str, *, fragment: bool) -> int:
        if isinstance(self.posted, tuple):
            return self.posted[fragment]
        return self.posted(actor, phase) if callable(self.posted) else self.posted or 405


def proposing(actor: str, phase: str) -> int:
    if actor in CURATORS:
        return 403
    return 422 if phase == "drafting" else 409


def letting_in(_actor: str, phase: str) -> int:
    return 404 if phase == "open" else 302  # no person is named


BRIEFS = {
    phase: OF_A | LEADERS if phase in ("published", "closed", "open") else NOBODY for phase in SEES
}  # while the ballots are open it says when
BRIEF_FILES = BRIEFS | {"open": NOBODY, "closed": NOBODY}

# "{kind}" stands for both kinds.
TABLE = {
    # an edition
    "edition": Line(EVERYONE, SEES),
    "archive": Line(INSIDERS),
    "summary": Line(EVERYONE, SEES),
    "embed": Line(EVERYONE, SEES_PUBLISHED),
    "summary-pdf": Line(EVERYONE, SEES_PUBLISHED),
    "slides": Line(EVERYONE, SEES_PUBLISHED),
    "brief": Line(SIGNED_IN, BRIEFS),
    "brief-pdf": Line(SIGNED_IN, BRIEF_FILES),
    "seal": Line(VOTERS, {"member_a"}, posted=lambda actor, _: 422 if actor == "member_a" else 404),
    "seal-file": Line(EVERYONE, NOBODY),  # none is stored here
    "shares": Line(VOTERS, OF_A, posted=lambda actor, _: 422 if actor in OF_A else 404),
    "shared-brief": Line(EVERYONE, NOBODY),  # nobody here has a link that opens something
    "shared-brief-pdf": Line(EVERYONE, NOBODY),
    "{kind}:list": Line(EVERYONE, SEES),
    "{kind}:entry": Line(EVERYONE, SEES),
    "{kind}:list-csv": Line(EVERYONE, SEES),
    "{kind}:list-json": Line(EVERYONE, SEES),
    "{kind}:results": Line(EVERYONE, SEES_RESULTS),
    "{kind}:results-csv": Line(EVERYONE, SEES_RESULTS),
    "{kind}:results-json": Line(EVERYONE, SEES_RESULTS),
    "{kind}:ballots-csv": Line(INSIDERS, SEES_BALLOTS),
    "{kind}:ballot": Line(VOTERS, HAS_A_BALLOT, posted=(302, 200)),
    "{kind}:receipt": Line(VOTERS, GIVES_REASONS),
    "let-in": Line(VOTERS, NOBODY, got=None, posted=letting_in),
    "{kind}:reasons": Line(VOTERS, GIVES_REASONS),
    "{kind}:notes": Line(
        INSIDERS, VOTERS, posted=422, posters=VOTERS
    ),  # a curator answers what was written to the curators
    "{kind}:note": Line(INSIDERS, NOBODY, posted=404),  # asked for by a number that no note has
    "{kind}:compare": Line(INSIDERS, MAY_WAIT),
    "{kind}:map": Line(INSIDERS, MAY_WAIT),
    "{kind}:compare-csv": Line(INSIDERS, SEES_BALLOTS),
    "{kind}:cohorts": Line(EVERYONE, SEES_RESULTS),
    "proposals": Line(INSIDERS, posted=proposing),
    "proposal": Line(VOTERS, NOBODY, posted=404),  # there is none
    "proposal-support": Line(VOTERS, NOBODY, got=None, posted=404),
    "room": Line(INSIDERS),
    "priorities:investment": Line(VOTERS, posted=422),
    "priorities:investments-csv": Line(INSIDERS),
    "hindrances": Line(EVERYONE, SEES),
    "own-hindrances": Line(VOTERS, HAS_A_BALLOT, posted=409),
    "trends-without-kind": Line(EVERYONE, got=302),
    "trends": Line(EVERYONE),
    "trends-csv": Line(EVERYONE),
    "outside": Line(EVERYONE),
    "outside-series": Line(EVERYONE, NOBODY),  # none is on record here
    # governments
    "governments": Line(EVERYONE),
    "government": Line(EVERYONE),
    "governments-csv": Line(INSIDERS),
    "people": Line(VOTERS, OF_A, posted=lambda actor, _: {"member_a": 422, "delegate_a": 403}.get(actor, 404)),
    "government-history": Line(INSIDERS, OF_A | CURATORS),
    "government-history-csv": Line(INSIDERS, OF_A | CURATORS),
    "search": Line(EVERYONE),
    "all-notes": Line(EVERYONE, got=302),
    # what explains, and what programs read
    "home": Line(EVERYONE),
    "methods": Line(EVERYONE),
    "about": Line(EVERYONE),
    "accessibility": Line(EVERYONE),
    "security": Line(EVERYONE),
    "speed": Line(EVERYONE),
    "privacy": Line(EVERYONE),
    "operating": Line(EVERYONE),
    "healthz": Line(EVERYONE),
    "readyz": Line(EVERYONE),
    "metrics": Line(EVERYONE, NOBODY),  # no token is set
    "security-txt": Line(EVERYONE),
    "feed": Line(EVERYONE),
    "data": Line(EVERYONE),
    "sitemap": Line(EVERYONE),
    "robots": Line(EVERYONE),
    "demo:personas": Line(EVERYONE),
    "demo:sign-in": Line(EVERYONE, got=None, posted=422),
    "demo:mails": Line(EVERYONE),
    "demo:mail": Line(EVERYONE, NOBODY),  # the tests send no mail to a file
    "demo:mail-html": Line(EVERYONE, NOBODY),
    "sign-out": Line(EVERYONE, got=None, posted=302),
    "mail-stop": Line(EVERYONE, NOBODY, posted=404),  # a token that nobody signed
    "invitation": Line(EVERYONE, NOBODY, posted=404),  # nobody here has a link that opens something
    # one's account
    "profile": Line(SIGNED_IN, posted=422),
    "account": Line(SIGNED_IN),
    "mfa_index": Line(SIGNED_IN),
    "mfa_list_webauthn": Line(SIGNED_IN),
    "sessions": Line(SIGNED_IN, posted=302),
    # for people without a second factor; a refused form is allauth's, with a 200
    "mfa_reauthenticate": Line(SIGNED_IN, got=403, posted=403),
    "mfa_reauthenticate_webauthn": Line(SIGNED_IN, got=403, posted=403),
    "mfa_activate_totp": Line(SIGNED_IN, posted=200),
    "mfa_deactivate_totp": Line(SIGNED_IN, got=404, posted=404),
    "mfa_view_recovery_codes": Line(SIGNED_IN, got=404),
    "mfa_generate_recovery_codes": Line(SIGNED_IN, posted=200),
    "mfa_download_recovery_codes": Line(SIGNED_IN, got=404),
    "mfa_add_webauthn": Line(SIGNED_IN, posted=200),
    "mfa_edit_webauthn": Line(SIGNED_IN, got=404, posted=404),
    "mfa_remove_webauthn": Line(SIGNED_IN, got=404, posted=404),
}

# Entrances lead on whoever is signed in; the answers to the others.
SIGN_IN = {
    "account_login": 200,
    "account_request_login_code": 200,
    "account_confirm_login_code": 302,  # nobody has asked for a code
    "mfa_login_webauthn": 302,
    "mfa_authenticate": 302,
}

ACCOUNT = {name for name in TABLE if name.startswith("mfa_") or name in ("account", "sessions")}
ONLY_POSTED = {name for name, line in TABLE.items() if line.got is None}

# What stands in an address for a government, an entry, a proposal, ...
GOVERNMENT, PRIORITY, CHALLENGE = "port-merrow-county", "cybersecurity", "shadow-it"
STANDS_FOR = {
    "year": "2030",
    "number": "1",
    "pk": "1",
    "token": "a-token-that-nobody-signed",
    "name": "nothing",
    "series": "state-cios",
}
