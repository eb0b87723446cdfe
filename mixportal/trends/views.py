from django.db.models import F, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from members.access import Audience, PortalRequest, open_to
from mixportal.editions.models import Kind
from mixportal.tables.writer import csv_response
from mixportal.trends.lines import TrendLine
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from mixportal.trends.trends import TrendQuery, Trends
from mixportal.trends.years import ListHistory

CSV_COLUMNS = "year slug title line status place joint places ballots elsewhere".split()


@open_to(Audience.EVERYONE)
def trends_without_kind(request: PortalRequest) -> HttpResponse:
    return redirect("trends", Kind.PRIORITIES)


@open_to(Audience.EVERYONE, stored=True)
def trends(request: PortalRequest, kind: Kind) -> HttpResponse:
    page = _trends(request, kind)
    newest = page.history.ranked or page.history.shown
    context = {
        "kind": page.kind,
        "page": page,
        "query": page.query,
        "edition": newest[-1] if newest else None,
        "is_fragment": request.htmx,
    }
    return render(request, "trends/_trends.html" if request.htmx else "trends/trends.html", context)


@open_to(Audience.EVERYONE, stored=True)
def trends_csv(request: PortalRequest, kind: Kind) -> HttpResponse:
    page = _trends(request, kind)
    rows = []
    for column, year in enumerate(page.years):
        for line in page.lines:
            if column not in line.stops:
                continue
            place, entry = line.places[column], line.stops[column]
            joint = "" if place.place is None else "yes" if place.joint else "no"
            elsewhere = [item.in_one_line for item in line.outside if _year_of(item, line, page) == year.edition.year]
            rows.append(
                [
                    year.edition.year, entry.slug, entry.title, str(line), place.why or "placed", place.place, joint,
                    year.m, year.ballots or None, "; ".join(elsewhere),
                ]
            )  # fmt: skip
    return csv_response(f"mix-{kind.value}-over-the-years.csv", CSV_COLUMNS, rows)


@open_to(Audience.EVERYONE, stored=True)
def outside(request: PortalRequest) -> HttpResponse:
    lists = OutsideList.objects.visible_to(request.user).with_item_counts()
    series = OutsideSeries.objects.visible_to(request.user).prefetch_related(Prefetch("lists", lists))
    return render(request, "trends/outside.html", {"all_series": series})


@open_to(Audience.EVERYONE, stored=True)
def outside_series(request: PortalRequest, series: str) -> HttpResponse:
    found = get_object_or_404(OutsideSeries.objects.visible_to(request.user), slug=series)
    lists = OutsideList.objects.visible_to(request.user).filter(series=found).with_items(request.user)
    return render(request, "trends/outside_series.html", {"series": found, "lists": lists})


def _trends(request: PortalRequest, kind: Kind) -> Trends:
    editions = ListHistory(kind, request.user)
    lines = {entry.line_id for entries in editions.entries.values() for entry in entries}
    items = OutsideItem.objects.visible_to(request.user).with_list().filter(line__in=lines)
    in_order = items.order_by(
        "-outside_list__year", "outside_list__series__body", F("place").asc(nulls_last=True), "position"
    )
    return Trends(editions, TrendQuery.parse(request.GET, editions), list(in_order))


def _year_of(item: OutsideItem, line: TrendLine, page: Trends) -> int:
    years = [page.years[column].edition.year for column in sorted(line.stops)]
    return max((year for year in years if year <= item.outside_list.year), default=years[0])
