from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from members.access import Audience, open_to
from members.requests import UserRequest
from mixportal.comparison.likeness_map import LikenessMap
from mixportal.comparison.query import CompareQuery
from mixportal.comparison.views.compare import network_or_404, render_wait
from mixportal.editions.kinds import Kind
from mixportal.editions.shortcuts import list_or_404
from mixportal.results.splits import SPLITS


@open_to(Audience.INSIDERS)
def likeness_map(request: UserRequest, year: int, kind: Kind) -> HttpResponse:
    annual_list = list_or_404(request, year, kind)
    edition = annual_list.edition
    if not edition.has_results:
        return render_wait(request, annual_list)
    network = network_or_404(request, annual_list)
    if not network.used:
        return render_wait(request, annual_list)
    query = CompareQuery.parse(request.GET, network)
    by = next((split for split in SPLITS if split.key == request.GET.get("by")), None)
    page = LikenessMap(network, query.governments, by)
    context = {"edition": edition, "kind": kind, "network": network, "query": query, "page": page}
    return render(request, "comparison/_map.html" if request.htmx else "comparison/map.html", context)
