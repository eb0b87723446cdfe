"""Which addresses are asked for: each route, filled in with years in each phase, both kinds, own and other government.

Numbers and tokens that the database chose are found by links on pages. The names of the admin's tables stand in ADMIN.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import urljoin

from django.test import Client
from django.urls import reverse

from tests.golden import actors

OPEN, CLOSED = "open", "closed"  # what the list of 2026 is in the demonstration, and after a curator has closed it
UNRANKED_YEAR, PUBLISHED_YEAR, OPEN_YEAR, DRAFTING_YEAR, NO_YEAR = 2018, 2025, 2026, 2027, 2099
YEARS = (UNRANKED_YEAR, PUBLISHED_YEAR, OPEN_YEAR, DRAFTING_YEAR, NO_YEAR)
KINDS = ("priorities", "challenges")
ENTRIES = {
    ("priorities", UNRANKED_YEAR): "social-media",
    ("priorities", PUBLISHED_YEAR): "cybersecurity",
    ("priorities", OPEN_YEAR): "cybersecurity",
    ("priorities", DRAFTING_YEAR): "it-system-modernization",
    ("challenges", UNRANKED_YEAR): "it-governance",
    ("challenges", PUBLISHED_YEAR): "expanding-portfolios",
    ("challenges", OPEN_YEAR): "it-governance",
    ("challenges", DRAFTING_YEAR): "expanding-portfolios",
}
OWN, OTHER, SEATLESS = "port-merrow-county", "halloran-county", "scottsdale"  # as member_a sees them


@dataclass(frozen=True)
class Link:
    """The first link on a page, as an actor sees it, whose address and text fit; `then` is relative to it."""

    actor: str
    page: str | Link
    pattern: str
    then: str = ""
    text: str = ""

    def find(self, clients: Mapping[str, Client]) -> str | None:
        page = self.page if isinstance(self.page, str) else self.page.find(clients)
        if page is None:
            return None
        html = clients[self.actor].get(page).content.decode()
        for href, text in re.findall(r'<a\b[^>]*\bhref="([^"]+)"[^>]*>([^<]*)', html):
            if re.search(self.pattern, href) and self.text in text:
                return urljoin(unescape(href), self.then)
        return None


@dataclass(frozen=True)
class Address:
    label: str
    where: str | Link
    is_pdf: bool = False


OF_A_YEAR = (
    "/{year}/", "/{year}/summary/", "/{year}/slides/", "/{year}/embed/", "/{year}/archive.zip",
    "/{year}/room/", "/{year}/proposals/", "/{year}/hindrances/", "/{year}/hindrances/ours/",
    "/{year}/priorities/investments.csv", "/governments/port-merrow-county/{year}/", "/governments/halloran-county/{year}/",
)  # fmt: skip
OF_A_KIND = (
    "/{year}/{kind}/", "/{year}/{kind}/list.csv", "/{year}/{kind}/list.json", "/{year}/{kind}/results/", "/{year}/{kind}/results.csv", "/{year}/{kind}/results.json", "/{year}/{kind}/ballots.csv",
    "/{year}/{kind}/ballot/", "/{year}/{kind}/ballot/reasons/", "/{year}/{kind}/ballot/receipt/", "/{year}/{kind}/compare/", "/{year}/{kind}/compare.csv",
    "/{year}/{kind}/compare/cohorts/", "/{year}/{kind}/map/",
)  # fmt: skip
OF_AN_ENTRY = ("/{year}/{kind}/{slug}/", "/{year}/{kind}/{slug}/notes/", "/{year}/{kind}/{slug}/notes/999999/")
PDFS = ("/{year}/summary.pdf", "/governments/port-merrow-county/{year}/brief.pdf")
OF_A_GOVERNMENT = (
    "/governments/{slug}/", "/governments/{slug}/history/", "/governments/{slug}/history.csv",
    "/governments/{slug}/people/", "/governments/{slug}/shares/", "/governments/{slug}/seal/", "/governments/{slug}/seal.png",
)  # fmt: skip
WITH_A_QUERY = (
    "/2025/priorities/compare/?g=halloran-county&g=kestrel-ridge&sort=-halloran-county",
    "/2025/priorities/compare/?cohort=kind-county&differences=1", "/2025/priorities/compare/?q=county&g=nowhere",
    "/2025/challenges/compare/?g=alder-falls", "/2025/priorities/compare.csv?g=halloran-county&cohort=kind-city",
    "/2025/priorities/compare/cohorts/?split=kind", "/2025/priorities/compare/cohorts/?split=band",
    "/2025/priorities/map/?by=kind&g=halloran-county", "/2025/priorities/results.json?tally=1",
    "/2025/priorities/results.csv?tally=9", "/2026/priorities/ballot/?chosen=cybersecurity",
    "/2025/priorities/cybersecurity/?all=1", "/2024/priorities/", "/2024/summary/", "/2024/priorities/compare/",
    "/2025/priorities/data/", "/2026/priorities/technology-infrastructure/", "/2025/priorities/no-such-entry/",
    "/2025/priorities/cybersecurity/investment/", "/2026/priorities/cybersecurity/investment/",
    "/trends/priorities/?g=halloran-county", "/trends/priorities/?cohort=kind-county&entry=cybersecurity",
    "/trends/challenges/?g=port-merrow-county", "/trends/priorities/places.csv?g=halloran-county",
    "/governments/?kind=county&state=CA", "/governments/?q=ridge&band=medium", "/governments/?state=XX",
    "/search/?q=payroll", "/search/?type=question", "/search/?kind=priorities&year=2025&government=halloran-county",
    "/search/?page=2", "/search/?show=new", "/search/?q=zzzz", "/governments/port-merrow-county/history/?page=2",
    "/2027/proposals/?title=Quantum&kind=priorities", "/demo/?next=/2025/",
    f"/demo/mail/?to={actors.EMAILS['member_a']}",
)  # fmt: skip
# In the closed world too.
PLAIN = (
    "/", "/governments/", "/governments/export.csv", "/profile/", "/trends/", "/trends/priorities/", "/trends/challenges/",
    "/trends/priorities/places.csv", "/trends/challenges/places.csv", "/outside/", "/notes/", "/search/", "/feed/", "/data/", "/sitemap.xml",
)  # fmt: skip
# In the open world only.
FIXED = (
    "/methods/", "/about/", "/about/speed/", "/about/privacy/", "/about/operating/", "/about/accessibility/",
    "/about/security/", "/robots.txt", "/healthz", "/readyz", "/metrics",
    "/.well-known/security.txt", "/demo/", "/demo/mail/", "/demo/mail/no-such-mail/", "/demo/mail/no-such-mail/html/",
    "/account/", "/account/sessions/", "/account/login/", "/account/login/code/", "/account/login/passkey/",
    "/account/login/second-factor/", "/account/confirm/", "/account/confirm/passkey/", "/account/app/",
    "/account/app/remove/", "/account/recovery-codes/", "/account/recovery-codes/new/",
    "/account/recovery-codes/download/", "/account/passkeys/add/", "/account/passkeys/1/rename/",
    "/account/passkeys/1/remove/", "/mail/stop/a-token-that-nobody-signed/",
    "/account/invitation/a-token-that-nobody-made/", "/share/a-token-that-nobody-made/",
    "/share/a-token-that-nobody-made/brief.pdf", "/trends/nothing/", "/outside/invented-association-of-state-cios-demonstration/",
    "/outside/nowhere/", "/governments/nowhere/", "/no/such/page/",
)  # fmt: skip

# The admin's tables by what they hold; their URL names change when a model moves.
ADMIN = {
    "editions": "editions_edition",
    "priorities": "priorities_priority",
    "challenges": "challenges_challenge",
    "proposals": "proposals_proposal",
    "outside series": "trends_outsideseries",
    "outside lists": "trends_outsidelist",
    "outside items": "trends_outsideitem",
    "mails": "mail_mail",
    "invitations": "members_invitation",
    "users": "members_user",
    "governments": "members_government",
    "offices": "members_office",
}
DESK = (
    "", "mail/", "list/", "priorities/order/", "challenges/order/", "priorities/lineage/",
    "challenges/lineage/", "priorities/merge/",
)  # fmt: skip
VERBS = ("window", "unset", "open", "move", "close", "publish", "erratum", "again", "next")


def of_world(world: str) -> list[Address]:
    """Every address of that world, each label once."""
    listed = list(_open_world() if world == OPEN else _closed_world())
    assert len({address.label for address in listed}) == len(listed)
    return listed


def _open_world() -> Iterator[Address]:
    yield from _fixed([*PLAIN, *FIXED, *WITH_A_QUERY])
    for year in YEARS:
        yield from _of_year(year)
    for slug in (OWN, OTHER, SEATLESS):
        yield from _fixed(template.format(slug=slug) for template in OF_A_GOVERNMENT)
    yield from _found_by_links()
    yield from _of_the_admin()


def _closed_world() -> Iterator[Address]:
    yield from _fixed(PLAIN)
    yield from _of_year(OPEN_YEAR)
    yield from _fixed(["/governments/port-merrow-county/", "/governments/halloran-county/"])
    yield Address("note", _a_note(OPEN_YEAR, "priorities"))
    yield Address("admin index", reverse("admin:index"))
    yield from _desk(OPEN_YEAR)


def _fixed(addresses: Iterable[str]) -> Iterator[Address]:
    for address in addresses:
        yield Address(address, address)


def _of_year(year: int) -> Iterator[Address]:
    yield from _fixed(template.format(year=year) for template in OF_A_YEAR)
    for kind in KINDS:
        yield from _fixed(template.format(year=year, kind=kind) for template in OF_A_KIND)
        if slug := ENTRIES.get((kind, year)):
            yield from _fixed(template.format(year=year, kind=kind, slug=slug) for template in OF_AN_ENTRY)
    if year in ENTRIES_WITH_INVESTMENTS:
        yield from _fixed([f"/{year}/priorities/{ENTRIES['priorities', year]}/investment/"])
    yield from (Address(template.format(year=year), template.format(year=year), is_pdf=True) for template in PDFS)


ENTRIES_WITH_INVESTMENTS = (UNRANKED_YEAR, DRAFTING_YEAR)  # those of the other years are listed above


def _a_note(year: int, kind: str) -> Link:
    return Link("curator", f"/{year}/{kind}/{ENTRIES[kind, year]}/", r"/notes/\d+/$")


def _found_by_links() -> Iterator[Address]:
    for kind in KINDS:
        yield Address(f"a note on {kind}", _a_note(PUBLISHED_YEAR, kind))
    yield Address("an own note", replace(_a_note(PUBLISHED_YEAR, "priorities"), actor="member_a"))
    own = Link("member_a", f"/{DRAFTING_YEAR}/proposals/", r"/proposals/\w+/\d+/$")
    yield Address("an own proposal", own)
    for actor in ("member_a", "member_b"):
        mail = Link("visitor", f"/demo/mail/?to={actors.EMAILS[actor]}", r"/demo/mail/[0-9][^/]+/$")
        yield Address(f"a mail to {actor}", mail)
        yield Address(f"a mail to {actor} as HTML", replace(mail, then="html/"))


def changelist(label: str) -> str:
    return reverse(f"admin:{ADMIN[label]}_changelist")


def first_row(label: str, query: str = "", then: str = "") -> Link:
    """The page of the first row of one of the admin's lists."""
    return Link("curator", changelist(label) + query, r"/\d+/change/", then)


def government_verb(slug: str, verb: str) -> Link:
    return first_row("governments", f"?q={slug.replace('-', '+')}", f"../{verb}/")


def _of_the_admin() -> Iterator[Address]:
    yield Address("admin index", reverse("admin:index"))
    yield Address("admin record", reverse("admin:record"))
    yield Address("admin record, second page", f"{reverse('admin:record')}?page=2")
    for year in (PUBLISHED_YEAR, OPEN_YEAR):
        yield Address(f"admin enter a ballot of {year}", reverse("admin:enter-ballot", args=[year]))
    chosen = f"?kind=priorities&government={OTHER}"
    yield Address("admin enter a chosen ballot", reverse("admin:enter-ballot", args=[OPEN_YEAR]) + chosen)
    for label in ADMIN:
        yield Address(f"admin {label}", changelist(label))
        yield Address(f"admin {label}: add", f"{changelist(label)}add/")
        if label == "editions":
            continue  # a row leads to its desk
        yield Address(f"admin {label}: first", first_row(label))
        yield Address(f"admin {label}: first, history", first_row(label, then="../history/"))
    for slug in (OWN, SEATLESS):
        for verb in ("change", "invite", "give-seat", "release-seat", "hand-over"):
            yield Address(f"admin governments: {slug}, {verb}", government_verb(slug, verb))
    for verb in ("change", "bind"):
        yield Address(f"admin users: member_a, {verb}", first_row("users", "?q=delgado", f"../{verb}/"))
    entries = {"split": first_row("priorities"), "correct": first_row("priorities", "?q=IT+Transformation")}
    for verb, entry in entries.items():
        yield Address(f"admin priorities: {verb}", Link("curator", entry, f"/{verb}/$"))
    for year in (UNRANKED_YEAR, PUBLISHED_YEAR, OPEN_YEAR, DRAFTING_YEAR):
        yield from _desk(year)


def desk(year: int, page: str) -> Link:
    """A page of the desk of that year's edition."""
    return Link("curator", changelist("editions"), r"/\d+/desk/$", then=page, text=str(year))


def _desk(year: int) -> Iterator[Address]:
    for page in ("../change/", "../history/", *DESK, *(f"do/{verb}/" for verb in VERBS)):
        yield Address(f"admin desk of {year}: {page}", desk(year, page))
