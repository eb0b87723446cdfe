from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from members.access import Audience, open_to
from mixportal.editions.kinds import Kind
from mixportal.editions.shortcuts import list_or_404
from mixportal.results.results import results_for
from mixportal.results.views import requested_tally_number


@open_to(Audience.EVERYONE, stored=True)
def entries(request: HttpRequest, year: int, kind: Kind) -> HttpResponse:
    annual_list = list_or_404(request, year, kind)
    edition = annual_list.edition
    number = requested_tally_number(request)
    results = results_for(annual_list, request.user, number)
    if number is not None and results is None:
        raise Http404
    context = {
        "edition": edition,
        "kind": kind,
        "results": results,
        "entries": results.entries if results else annual_list.entries.in_order(),
        "may_rank": request.user.is_authenticated and request.user.is_voter and edition.is_open,
    }
    return render(request, "pages/list.html", context)
