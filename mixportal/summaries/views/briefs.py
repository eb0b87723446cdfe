from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members.access import Audience, open_to
from members.models import Government
from members.requests import UserRequest
from mixportal.editions.models import Edition
from mixportal.summaries.brief import brief_for
from mixportal.summaries.pdf import no_pdf_reason, pdf_response
from mixportal.summaries.share_links import ShareLink


@open_to(Audience.SIGNED_IN)
def brief(request: UserRequest, slug: str, year: int) -> HttpResponse:
    government, edition = _own(request, slug, year)
    if edition.is_open:
        return render(request, "summaries/brief_wait.html", {"government": government, "edition": edition})
    context = _context(request, government, edition)
    return render(request, "summaries/brief.html", context | {"may_share": request.user.is_voter})


@open_to(Audience.SIGNED_IN)
def brief_pdf(request: UserRequest, slug: str, year: int) -> HttpResponse:
    government, edition = _own(request, slug, year)
    if edition.is_open:
        raise Http404
    return _pdf(request, government, edition)


@open_to(Audience.EVERYONE)
def shared_brief(request: HttpRequest, token: str) -> HttpResponse:
    link = _link_or_refusal(request, token)
    if isinstance(link, HttpResponse):
        return link
    context = _context(request, link.government, _edition(link)) | {"link": link, "token": token}
    return _private(render(request, "summaries/brief.html", context))


@open_to(Audience.EVERYONE)
def shared_brief_pdf(request: HttpRequest, token: str) -> HttpResponse:
    link = _link_or_refusal(request, token)
    if isinstance(link, HttpResponse):
        return link
    return _private(_pdf(request, link.government, _edition(link)))


def _own(request: UserRequest, slug: str, year: int) -> tuple[Government, Edition]:
    government = request.user.government
    if government is None or government.slug != slug:
        raise Http404
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    if not edition.was_ranked or edition.is_drafting:
        raise Http404
    return government, edition


def _context(request: HttpRequest, government: Government, edition: Edition) -> dict[str, Any]:
    may_see_edition = edition.is_published or request.user.is_authenticated
    return {
        "government": government,
        "edition": edition,
        "nav_edition": edition if may_see_edition else None,
        "brief": brief_for(government, edition),
        "no_pdf": no_pdf_reason(),
    }


def _pdf(request: HttpRequest, government: Government, edition: Edition) -> HttpResponse:
    name = f"mix-{edition.year}-{government.slug}"
    context = _context(request, government, edition)
    return pdf_response(f"brief:{government.slug}:{edition.year}", "summaries/brief.html", context, name=name)


def _link_or_refusal(request: HttpRequest, token: str) -> ShareLink | HttpResponse:
    """Give all tokens that do not work the same answer."""
    too_many: HttpResponse | None = ratelimit.consume_or_429(request, action="share_link", limit_get=True)
    if too_many:
        return _private(too_many)
    link = ShareLink.objects.use_token(token)
    return link or _private(render(request, "errors/404.html", status=404))


def _edition(link: ShareLink) -> Edition:
    return Edition.objects.get(pk=link.edition_id)  # with `read_at`


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the response out of caches, search engines and the Referer header."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
