from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from members.access import Audience, open_to
from members.requests import PortalRequest
from mixportal.comparison.cohorts import cohorts_for
from mixportal.editions.kinds import Kind
from mixportal.editions.shortcuts import list_or_404
from mixportal.results.results import results_for


@open_to(Audience.EVERYONE)
def cohorts(request: PortalRequest, year: int, kind: Kind) -> HttpResponse:
    annual_list = list_or_404(request, year, kind)
    results = results_for(annual_list, request.user)
    if results is None:
        raise Http404
    page = cohorts_for(results)
    context = {
        "edition": annual_list.edition,
        "kind": kind,
        "results": results,
        "page": page,
        "split_result": page.selected(request.GET.get("split", "")),
    }
    return render(request, "comparison/_cohorts.html" if request.htmx else "comparison/cohorts.html", context)
