from __future__ import annotations

import re

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, ResolverMatch, resolve
from django_htmx.middleware import HtmxDetails

from members.requests import PortalRequest
from members.sessions import SessionStore
from mixportal.desk.pages import EditionAdmin, desk_page, desk_url
from mixportal.editions.models import Edition
from mixportal.notes.models import Note
from mixportal.results.publishing import as_if_published
from mixportal.results.turnout import Turnout
from priorities.models import Investment

VISITOR = AnonymousUser()
# Files are left out, and so is what needs a session.
PAGES = frozenset(
    "home edition summary slides list entry results cohorts hindrances trends government governments search "
    "methods about accessibility security data speed privacy operating".split()
)
TAG = re.compile(r"<(?:a|button|form)\b[^>]*>")
ADDRESS = re.compile(r'(?<=\s)(?P<name>href|action|data-hx-get)="(?P<path>/[^"?#]*)(?P<rest>[^"]*)"')
SWITCHED_OFF = {"href": 'role="link" aria-disabled="true"', "action": "inert", "data-hx-get": ""}
BODY_TO_LANDMARK = re.compile(r"<body\b.*?(?=<(?:aside|header|main)\b)", re.DOTALL)


def page_of(address: str) -> ResolverMatch | None:
    try:
        match = resolve(address)
    except Resolver404:
        return None
    return match if match.url_name in PAGES and not match.namespaces else None


def visitor_request(request: HttpRequest, address: str) -> PortalRequest:
    asked = PortalRequest()
    asked.method, asked.path, asked.path_info = "GET", address, address
    asked.GET = request.GET
    asked.META = {key: value for key, value in request.META.items() if "COOKIE" not in key}
    asked.user, asked.session = VISITOR, SessionStore()
    asked.htmx = HtmxDetails(asked)
    return asked


def within_preview(html: str, base: str) -> str:
    """Let links to previewed pages lead to `base`, and switch off others in the portal."""

    def within(address: re.Match[str]) -> str:
        if page_of(address["path"]) is None:
            return SWITCHED_OFF[address["name"]]
        return f'{address["name"]}="{base}{address["path"]}{address["rest"]}"'

    return TAG.sub(lambda tag: ADDRESS.sub(within, tag[0]), html)


def publication_of(edition: Edition, turnout: Turnout | None) -> dict[str, object] | None:
    """Return what becomes visible to everyone, or None if the edition cannot be published."""
    if edition.why_not_published():
        return None
    ballots = dict(turnout.totals) if turnout else {}
    lists = [
        (each.words, each.total, ballots.get(each.words, 0))
        for each in edition.lists.in_order().with_entry_counts()
        if each.total
    ]
    with as_if_published(edition):
        notes = Note.objects.visible_to(VISITOR).active().filter(entry__annual_list__edition=edition)
        investments = Investment.objects.visible_to(VISITOR).for_edition(edition)
        return {"lists": lists, "notes": notes.count(), "investments": investments.count()}


@desk_page(changes=False)
def preview(admin: EditionAdmin, request: HttpRequest, edition: Edition, address: str) -> HttpResponse:
    """Show a page as a visitor would see it if the edition were published now."""
    page = page_of(address)
    if page is None or not edition.is_closed:
        raise Http404
    with as_if_published(edition):
        answer = page.func(visitor_request(request, address), *page.args, **page.kwargs)
    if not isinstance(answer, HttpResponse) or answer.status_code != 200:
        raise Http404
    banner = render_to_string("desk/_preview.html", {"edition": edition, "desk_url": desk_url(edition)})
    html = within_preview(answer.content.decode(), request.path.removesuffix(address))
    return HttpResponse(BODY_TO_LANDMARK.sub(lambda body: body[0] + banner, html, count=1))
