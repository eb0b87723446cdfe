from django.http import Http404, HttpResponse
from django.shortcuts import render
from django_htmx.http import push_url

from members.access import Audience, PortalRequest, UserRequest, open_to
from mixportal.comparison.cohorts import cohorts_for, result_of
from mixportal.comparison.groups import like_minded_groups
from mixportal.comparison.likeness_map import LikenessMap
from mixportal.comparison.network import Network, network_for
from mixportal.comparison.query import MAX_GOVERNMENTS, CompareQuery
from mixportal.comparison.side_by_side import GovernmentComparison, SideBySide
from mixportal.consensus.groups import MIN_SIZE
from mixportal.editions.models import AnnualList, Kind
from mixportal.editions.shortcuts import list_or_404
from mixportal.results.results import results_for
from mixportal.results.splits import SPLITS
from mixportal.tables.writer import csv_response


@open_to(Audience.INSIDERS)
def compare(request: UserRequest, year: int, kind: Kind) -> HttpResponse:
    annual_list = list_or_404(request, year, kind)
    edition = annual_list.edition
    network = network_or_wait(request, annual_list)
    if isinstance(network, HttpResponse):
        return network
    query = CompareQuery.parse(request.GET, network)
    page = SideBySide(network, query)
    chosen = {*query.governments, network.own}
    context = {
        "edition": edition,
        "kind": kind,
        "network": network,
        "query": query,
        "cohorts": [
            (split, [(part, network.cohorts["parts"][part.key]["size"]) for part in parts])
            for split, parts in network.parts
        ],
        "page": page,
        "heads": [(column, query.url_sorted_by(column.key)) for column in page.columns],
        "by_entry": query.url_sorted_by("entry"),
        "own_comparison": GovernmentComparison(network) if page.is_mine and not page.others else None,
        "like_minded": like_minded_groups(network),
        "min_group": MIN_SIZE,
        "shows_groups": not page.others and network.is_long_enough and network.used >= 2 * MIN_SIZE,
        "cohort_result": result_of(network, query.part) if query.part else None,
        "reasons": page.reasons_for(request.user),
        "choices": [each for each in network.compared if each not in chosen],
        "max_governments": MAX_GOVERNMENTS,
        "is_fragment": request.htmx,
    }
    if not request.htmx:
        return render(request, "comparison/compare.html", context)
    return push_url(render(request, "comparison/_compare.html", context), request.path + query.url)


@open_to(Audience.INSIDERS)
def compare_csv(request: UserRequest, year: int, kind: Kind) -> HttpResponse:
    network = network_or_404(request, list_or_404(request, year, kind))
    if not network.used:
        raise Http404
    page = SideBySide(network, CompareQuery.parse(request.GET, network))
    index_of = {entry.slug: index for index, entry in enumerate(network.entries)}
    rows = []
    for row in page.rows:
        index, cells = index_of[row.entry.slug], zip(page.columns, row.cells, strict=True)
        shown = [column.places[index] if column.is_average else cell[0] for column, cell in cells]
        rows.append([row.entry.slug, row.entry.title, *shown])
    header = ["slug", "title", *(column.title for column in page.columns)]
    return csv_response(f"mix-{year}-{kind.value}-compared.csv", header, rows)


def network_or_404(request: UserRequest, annual_list: AnnualList) -> Network:
    network = network_for(annual_list, request.user)
    if network is None:
        raise Http404
    return network


def network_or_wait(request: UserRequest, annual_list: AnnualList) -> Network | HttpResponse:
    edition = annual_list.edition
    if edition.has_results:
        network = network_or_404(request, annual_list)
        if network.used:
            return network
    if edition.is_published and not edition.was_ranked:
        raise Http404
    return render(request, "comparison/wait.html", {"edition": edition, "kind": annual_list.words})


@open_to(Audience.INSIDERS)
def likeness_map(request: UserRequest, year: int, kind: Kind) -> HttpResponse:
    annual_list = list_or_404(request, year, kind)
    edition = annual_list.edition
    network = network_or_wait(request, annual_list)
    if isinstance(network, HttpResponse):
        return network
    query = CompareQuery.parse(request.GET, network)
    by = next((split for split in SPLITS if split.key == request.GET.get("by")), None)
    page = LikenessMap(network, query.governments, by)
    context = {"edition": edition, "kind": kind, "network": network, "query": query, "page": page}
    return render(request, "comparison/_map.html" if request.htmx else "comparison/map.html", context)


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
