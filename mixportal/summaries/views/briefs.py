"""What leaders read beside the summary: slides, the brief of a government, and both as PDF."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members.access import Audience, open_to
from members.models import Government
from mixportal.editions.models import Edition
from mixportal.summaries.brief import brief_for
from mixportal.summaries.pdf import no_pdf, pdf_of
from mixportal.summaries.share_links import ShareLink


@open_to(Audience.SIGNED_IN)
def brief(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """For the government's leaders, member and delegates, from the close on; while ballots are open it says when."""
    government, edition = _own(request, slug, year)
    if edition.is_open:
        return render(request, "summaries/brief_wait.html", {"government": government, "edition": edition})
    context = _context(request, government, edition)
    return render(request, "summaries/brief.html", context | {"may_share": request.user.is_voter})


@open_to(Audience.SIGNED_IN)
def brief_pdf(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    government, edition = _own(request, slug, year)
    if edition.is_open:
        raise Http404
    return _pdf(request, government, edition)


@open_to(Audience.EVERYONE)
def shared_brief(request: HttpRequest, token: str) -> HttpResponse:
    """A brief by its link. What opens nothing answers alike, whatever the reason."""
    link, refusal = _opened(request, token)
    if link is None:
        return refusal
    context = _context(request, link.government, link.edition_read) | {"link": link, "token": token}
    return _unseen(render(request, "summaries/brief.html", context))


@open_to(Audience.EVERYONE)
def shared_brief_pdf(request: HttpRequest, token: str) -> HttpResponse:
    link, refusal = _opened(request, token)
    return refusal if link is None else _unseen(_pdf(request, link.government, link.edition_read))


def _own(request: HttpRequest, slug: str, year: int) -> tuple[Government, Edition]:
    """The user's own government and an edition that it was or is asked to rank; 404 for any other."""
    government = get_object_or_404(Government.objects.filter(pk=request.user.government_id), slug=slug)
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
        "no_pdf": no_pdf(),
    }


def _pdf(request: HttpRequest, government: Government, edition: Edition) -> HttpResponse:
    """Without the sentence about a link: the file is one for all its readers."""
    name = f"mix-{edition.year}-{government.slug}"
    context = _context(request, government, edition)
    return pdf_of(f"brief:{government.slug}:{edition.year}", "summaries/brief.html", context, name=name)


def _opened(request: HttpRequest, token: str) -> tuple[Any, HttpResponse]:
    if refusal := ratelimit.consume_or_429(request, action="share_link", limit_get=True):
        return None, _unseen(refusal)
    link = ShareLink.objects.opened_by(token)
    if link is None:
        return None, _unseen(render(request, "errors/404.html", status=404))
    link.edition_read = Edition.objects.get(pk=link.edition_id)
    return link, HttpResponse()


def _unseen(response: HttpResponse) -> HttpResponse:
    """Kept by no cache, told to no other site, listed by no search engine."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
