from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django_htmx.middleware import HtmxDetails

from members.models import Government, User, Viewer
from members.requests import PortalRequest
from members.sessions import SessionStore
from mixportal.editions.models import Edition, Kind
from mixportal.notes.models import Note
from mixportal.results.publishing import as_if_published
from mixportal.results.turnout import Turnout
from priorities.models import Investment

VISITOR = AnonymousUser()
# Files are left out, and so is what needs a session.
PAGES = frozenset(
    "home edition summary slides list entry results cohorts hindrances trends brief government governments search "
    "methods about accessibility security data speed privacy operating".split()
)
TAG = re.compile(r"<(?:a|button|form)\b[^>]*>")
ADDRESS = re.compile(r'(?<=\s)(?P<name>href|action|data-hx-get)="(?P<path>/[^"?#]*)(?P<rest>[^"]*)"')
SWITCHED_OFF = {"href": 'role="link" aria-disabled="true"', "action": "inert", "data-hx-get": ""}
BODY_TO_LANDMARK = re.compile(r"<body\b.*?(?=<(?:aside|header|main)\b)", re.DOTALL)


def leader_of(government: Government) -> User:
    return User(pk=0, name="A leader", role=User.Role.LEADER, government=government)


def page_of(address: str) -> ResolverMatch | None:
    try:
        match = resolve(address)
    except Resolver404:
        return None
    return match if match.url_name in PAGES and not match.namespaces else None


def answer_for(reader: Viewer, asked: HttpRequest, address: str, edition: Edition) -> HttpResponseBase:
    """Return what the reader would get if the edition were published now. Raises Http404."""
    match = page_of(address)
    if match is None:
        raise Http404
    with as_if_published(edition):
        response: HttpResponseBase = match.func(_request(reader, asked, address), *match.args, **match.kwargs)
    return response


def _request(reader: Viewer, asked: HttpRequest, address: str) -> PortalRequest:
    request = PortalRequest()
    request.method, request.path, request.path_info = "GET", address, address
    request.GET = asked.GET
    request.META = {key: value for key, value in asked.META.items() if "COOKIE" not in key}
    request.user, request.session = reader, SessionStore()
    request.htmx = HtmxDetails(request)
    return request


def within_preview(html: str, base: str) -> str:
    """Let links to previewed pages lead to `base`, and switch off others in the portal."""

    def within(address: re.Match[str]) -> str:
        if page_of(address["path"]) is None:
            return SWITCHED_OFF[address["name"]]
        return f'{address["name"]}="{base}{address["path"]}{address["rest"]}"'

    return TAG.sub(lambda tag: ADDRESS.sub(within, tag[0]), html)


def with_banner(html: str, banner: str) -> str:
    return BODY_TO_LANDMARK.sub(lambda body: body[0] + banner, html, count=1)


@dataclass(frozen=True)
class PublishedList:
    kind: Kind
    entries: int
    ballots: int


@dataclass(frozen=True)
class Publication:
    lists: list[PublishedList]
    notes: int
    investments: int


def publication_of(edition: Edition, turnout: Turnout | None) -> Publication | None:
    if edition.why_not_published():
        return None
    ballots = dict(turnout.totals) if turnout else {}
    lists = [
        PublishedList(each.words, each.total, ballots.get(each.words, 0))
        for each in edition.lists.in_order().with_entry_counts()
        if each.total
    ]
    with as_if_published(edition):
        notes = Note.objects.visible_to(VISITOR).active().filter(entry__annual_list__edition=edition)
        investments = Investment.objects.visible_to(VISITOR).for_edition(edition)
        return Publication(lists, notes.count(), investments.count())
