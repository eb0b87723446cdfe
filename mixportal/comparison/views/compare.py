"""Governments side by side: the page, its fragments, and the same as CSV."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from members.access import Audience, open_to
from mixportal.comparison.cohorts import findings_of
from mixportal.comparison.network import Network, network_for
from mixportal.comparison.own_government import GovernmentComparison
from mixportal.comparison.query import Asked, found_by_name
from mixportal.comparison.reasons import reasons_for
from mixportal.comparison.side_by_side import SideBySide
from mixportal.editions.kinds import Kind
from mixportal.editions.models import AnnualList
from mixportal.editions.shortcuts import list_or_404
from mixportal.tables.writer import csv_response

SUGGESTED = 12


@open_to(Audience.INSIDERS)
def compare(request: HttpRequest, year: int, kind: Kind) -> HttpResponse:
    """What is asked for, side by side; before the close a page that says when."""
    annual_list = list_or_404(request, year, kind)
    edition = annual_list.edition
    if not edition.has_results:
        return wait(request, annual_list)
    network = network_or_404(request, annual_list)
    if not network.used:
        return wait(request, annual_list)
    asked = Asked.read(request.GET, network)
    context: dict[str, Any] = {
        "edition": edition,
        "kind": kind,
        "network": network,
        "asked": asked,
        "cohorts": [(split, [(part, network.size_of(part)) for part in parts]) for split, parts in network.parts()],
    }
    if asked.q is not None:
        found = found_by_name(network, asked)
        context |= {
            "found": [(government, asked.adding(government)) for government in found[:SUGGESTED]],
            "more": max(0, len(found) - SUGGESTED),
        }
    if request.htmx and request.htmx.target == "found":
        return render(request, "comparison/_found.html", context)
    page = SideBySide(network, asked)
    context |= {
        "page": page,
        "heads": [(column, asked.sorted_by(column.key)) for column in page.columns],
        "by_entry": asked.sorted_by("entry"),
        "ours": GovernmentComparison(network, request.user) if page.is_mine and not page.others else None,
        "cohort_findings": findings_of(network, asked.part) if asked.part else [],
        "reasons": reasons_for(page, request.user),
        "removing": [(government, asked.removing(government)) for government in asked.governments],
        "is_fragment": request.htmx,
        # who pressed Add or Remove goes on in the search box
        "goes_on_searching": bool(request.htmx and (request.htmx.trigger or "").startswith(("add-", "remove-"))),
    }
    return render(request, "comparison/_compare.html" if request.htmx else "comparison/compare.html", context)


@open_to(Audience.INSIDERS)
def compare_csv(request: HttpRequest, year: int, kind: Kind) -> HttpResponse:
    """The table that the same address shows as a page: places as on the ballot, averages in full."""
    network = network_or_404(request, list_or_404(request, year, kind))
    if not network.used:
        raise Http404
    page = SideBySide(network, Asked.read(request.GET, network))
    index_of = {entry.slug: index for index, entry in enumerate(network.entries)}
    rows = []
    for row in page.rows:
        cells: list[object] = []
        for column, cell in zip(page.columns, row.cells, strict=True):
            cells.append(column.places[index_of[row.entry.slug]] if column.is_average else cell.text)
        rows.append([row.entry.slug, row.entry.title, *cells])
    header = ["slug", "title", *(column.title for column in page.columns)]
    return csv_response(f"mix-{year}-{kind.value}-compared.csv", header, rows)


def network_or_404(request: HttpRequest, annual_list: AnnualList) -> Network:
    network = network_for(annual_list, request.user)
    if network is None:
        raise Http404
    return network


def wait(request: HttpRequest, annual_list: AnnualList) -> HttpResponse:
    """Instead of a comparison: why there is none yet. An edition that is never ranked will never have one."""
    edition = annual_list.edition
    if edition.is_published and not edition.was_ranked:
        raise Http404
    return render(request, "comparison/wait.html", {"edition": edition, "kind": annual_list.words})
