from __future__ import annotations

from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members.access import Audience, open_to
from mixportal.editions.models import Edition
from mixportal.summaries.summary import summary_for

VISITOR = AnonymousUser()


@open_to(Audience.EVERYONE, stored=True)
def embed(request: HttpRequest, year: int) -> HttpResponse:
    """Show the same page to everybody, signed in or not."""
    edition = get_object_or_404(Edition.objects.published(), year=year)
    context = {"edition": edition, "summary": summary_for(edition, VISITOR)}
    response = HttpResponse(render(request, "summaries/embed.html", context).content)
    response["Cache-Control"] = "public, max-age=60"
    response["Content-Security-Policy"] = build_policy(replace={"frame-ancestors": settings.MAY_EMBED or ["'none'"]})
    # The policy names the sites, because X-Frame-Options cannot name several.
    response.xframe_options_exempt = True
    return response
