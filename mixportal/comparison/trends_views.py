"""Places over the years: the page, its fragment, and the same as CSV."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from members.access import Audience, open_to
from members.exports import csv_response
from mixportal.comparison.trends import Trends
from mixportal.comparison.trends_asked import Asked
from mixportal.comparison.years import Editions
from mixportal.editions import kinds

CSV_COLUMNS = "year slug title line status place joint places ballots elsewhere".split()


@open_to(Audience.EVERYONE, stored=True)
def trends(request: HttpRequest, key: str) -> HttpResponse:
    """`g` names a government, `cohort` a cohort, `entry` the one that stands out."""
    page = _page_or_404(request, key)
    newest = page.editions.ranked or page.editions.shown
    context = {
        "kind": page.kind,
        "page": page,
        "asked": page.asked,
        "edition": newest[-1] if newest else None,
        "is_fragment": request.htmx,
    }
    return render(request, "comparison/_trends.html" if request.htmx else "comparison/trends.html", context)


@open_to(Audience.EVERYONE, stored=True)
def trends_csv(request: HttpRequest, key: str) -> HttpResponse:
    """A row for each entry of each year; `line` is the newest name of what it continues or goes on as."""
    page = _page_or_404(request, key)
    rows = []
    for column, year in enumerate(page.years):
        for line in page.lines:
            place, entry = line.places[column], line.entries[column]
            if place is None:
                continue
            status = place.why or "placed"
            joint = "" if place.place is None else "yes" if place.joint else "no"
            elsewhere = [each.told for each in line.outside if each.entry_id == entry.pk]
            of_entry = [year.edition.year, entry.slug, entry.title, line.title, status, place.place, joint, year.m]
            rows.append([*of_entry, year.ballots or None, "; ".join(elsewhere)])
    return csv_response(f"mix-{key}-over-the-years.csv", CSV_COLUMNS, rows)


def _page_or_404(request: HttpRequest, key: str) -> Trends:
    try:
        kind = kinds.get(key)
    except KeyError:
        raise Http404 from None
    editions = Editions(kind, request.user)
    shown = [edition.pk for edition in editions.shown]
    crosswalks = kind.crosswalk.objects.visible_to(request.user).told().filter(entry__edition__in=shown)
    return Trends(editions, Asked.read(request.GET, editions), list(crosswalks))
