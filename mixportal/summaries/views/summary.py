from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members.access import Audience, open_to
from mixportal.editions.models import Edition
from mixportal.summaries.pdf import no_pdf_reason, pdf_response
from mixportal.summaries.summary import MAX_UNFOLDED, summary_for


@open_to(Audience.EVERYONE, stored=True)
def summary(request: HttpRequest, year: int) -> HttpResponse:
    return render_summary(request, get_object_or_404(Edition.objects.visible_to(request.user), year=year))


def render_summary(request: HttpRequest, shown: Edition) -> HttpResponse:
    user = request.user
    own = user.government if user.is_authenticated and user.government_id and shown.has_results else None
    context = {
        "edition": shown,
        "summary": summary_for(shown, user, moves=True),
        "unfolded": MAX_UNFOLDED,
        "no_pdf": no_pdf_reason(),
        "own": own,
    }
    return render(request, "summaries/summary.html", context)


VISITOR = AnonymousUser()


@open_to(Audience.EVERYONE, stored=True)
def slides(request: HttpRequest, year: int) -> HttpResponse:
    """Show the same slides to everybody, signed in or not."""
    edition = get_object_or_404(Edition.objects.published(), year=year)
    context = {"edition": edition, "summary": summary_for(edition, VISITOR, moves=True)}
    return render(request, "summaries/slides.html", context)


@open_to(Audience.EVERYONE)
def summary_pdf(request: HttpRequest, year: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.published(), year=year)
    summary = summary_for(edition, VISITOR, moves=True)
    context = {"edition": edition, "summary": summary, "unfolded": MAX_UNFOLDED}
    return pdf_response(f"summary:{year}", "summaries/summary.html", context, name=f"mix-{year}-summary")
