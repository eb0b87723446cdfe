"""Places over the years: the page, its fragment, and the same as CSV."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.access import Audience, open_to
from mixportal.editions.models import Kind
from mixportal.tables.writer import csv_response
from mixportal.trends.lines import Line
from mixportal.trends.models import OutsideItem
from mixportal.trends.query import TrendQuery
from mixportal.trends.trends import Trends
from mixportal.trends.years import Editions

CSV_COLUMNS = "year slug title line status place joint places ballots elsewhere".split()


@open_to(Audience.EVERYONE, stored=True)
def trends(request: HttpRequest, kind: Kind) -> HttpResponse:
    """`g` names a government, `cohort` a cohort, `entry` the one that stands out."""
    page = _page(request, kind)
    newest = page.editions.ranked or page.editions.shown
    context = {
        "kind": page.kind,
        "page": page,
        "asked": page.asked,
        "edition": newest[-1] if newest else None,
        "is_fragment": request.htmx,
    }
    return render(request, "trends/_trends.html" if request.htmx else "trends/trends.html", context)


@open_to(Audience.EVERYONE, stored=True)
def trends_csv(request: HttpRequest, kind: Kind) -> HttpResponse:
    """A row for each entry of each year; `line` is the newest name of what it continues or goes on as."""
    page = _page(request, kind)
    rows = []
    for column, year in enumerate(page.years):
        for line in page.lines:
            place, entry = line.places[column], line.entries[column]
            if place is None or entry is None:
                continue
            status = place.why or "placed"
            joint = "" if place.place is None else "yes" if place.joint else "no"
            elsewhere = [item.in_one_line for item in line.outside if _year_of(item, line, page) == year.edition.year]
            of_entry = [year.edition.year, entry.slug, entry.title, line.title, status, place.place, joint, year.m]
            rows.append([*of_entry, year.ballots or None, "; ".join(elsewhere)])
    return csv_response(f"mix-{kind.value}-over-the-years.csv", CSV_COLUMNS, rows)


def _page(request: HttpRequest, kind: Kind) -> Trends:
    editions = Editions(kind, request.user)
    lines = {entry.line_id for entries in editions.entries.values() for entry in entries}
    items = OutsideItem.objects.visible_to(request.user).with_list().filter(line__in=lines)
    return Trends(editions, TrendQuery.read(request.GET, editions), list(items))


def _year_of(item: OutsideItem, line: Line, page: Trends) -> int:
    """Return the year of the line in whose row an outside item is told: its own, or the nearest one before."""
    years = [year.edition.year for year, entry in zip(page.years, line.entries, strict=True) if entry is not None]
    return max((year for year in years if year <= item.outside_list.year), default=years[0])
