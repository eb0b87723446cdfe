"""Which governments think alike."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.access import Audience, open_to
from mixportal.comparison.likeness_map import LikenessMap
from mixportal.comparison.query import Asked
from mixportal.comparison.views.compare import network_or_404, wait
from mixportal.editions.kinds import Kind
from mixportal.editions.shortcuts import list_or_404
from mixportal.results.splits import SPLITS


@open_to(Audience.INSIDERS)
def likeness_map(request: HttpRequest, year: int, kind: Kind) -> HttpResponse:
    """`by` names the split that gives each government its shape, `g` those that are marked."""
    annual_list = list_or_404(request, year, kind)
    edition = annual_list.edition
    if not edition.has_results:
        return wait(request, annual_list)
    network = network_or_404(request, annual_list)
    if not network.used:
        return wait(request, annual_list)
    asked = Asked.read(request.GET, network)
    by = next((split for split in SPLITS if split.key == request.GET.get("by")), None)
    page = LikenessMap(network, asked.governments, by)
    context = {"edition": edition, "kind": kind, "network": network, "asked": asked, "page": page}
    return render(request, "comparison/_map.html" if request.htmx else "comparison/map.html", context)
