"""Whether groups of governments differ: in full for members, for others without telling of single governments."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members.access import Audience, open_to
from mixportal.ballots.results import results_for
from mixportal.comparison.cohorts import cohorts_for
from mixportal.editions.kinds import Kind
from mixportal.editions.models import Edition


@open_to(Audience.EVERYONE)
def cohorts(request: HttpRequest, year: int, kind: Kind) -> HttpResponse:
    """One split at a time; `split` names it."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user), year=year)
    results = results_for(kind, edition, request.user)
    if results is None:
        raise Http404
    page = cohorts_for(results)
    context = {
        "edition": edition,
        "kind": kind,
        "results": results,
        "page": page,
        "parted": page.shown(request.GET.get("split", "")),
    }
    return render(request, "comparison/_cohorts.html" if request.htmx else "comparison/cohorts.html", context)
