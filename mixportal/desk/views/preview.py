from __future__ import annotations

import re

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, Resolver404, ResolverMatch, resolve, reverse
from django_htmx.middleware import HtmxDetails

from members.access import PortalRequest
from members.models import Government, User, Viewer
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


def publication_of(edition: Edition, turnout: Turnout | None) -> dict[str, object]:
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
def choose_leader(admin: EditionAdmin, request: HttpRequest, edition: Edition) -> HttpResponse:
    summary, slug = reverse("summary", args=[edition.year]), request.GET.get("government", "")
    try:
        return redirect(desk_url(edition, "preview_leader", government=slug, address=summary))
    except NoReverseMatch:  # that is no slug
        raise Http404 from None


@desk_page(changes=False)
def preview(
    admin: EditionAdmin, request: HttpRequest, edition: Edition, address: str, government: str = ""
) -> HttpResponse:
    if not edition.is_closed:
        raise Http404
    led = get_object_or_404(Government, slug=government) if government else None
    answer = answer_for(leader_of(led) if led else VISITOR, request, address, edition)
    if not isinstance(answer, HttpResponse) or answer.status_code != 200:
        raise Http404
    banner = render_to_string(
        "desk/_preview.html", {"edition": edition, "government": led, "desk_url": desk_url(edition)}
    )
    html = within_preview(answer.content.decode(), request.path.removesuffix(address))
    return HttpResponse(with_banner(html, banner))
