"""The directory of governments, and their export."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from members.access import Audience, open_to
from members.directory import Directory
from members.exports import csv_response
from members.government_csv import COLUMNS, row_of
from members.models import MAX_SEATS, Government


@open_to(Audience.EVERYONE, stored=True)
def directory(request: HttpRequest) -> HttpResponse:
    """Every government that fits the filters, by name: those seated, then those in MIX's history alone."""
    insider = request.user.is_authenticated and request.user.is_insider
    shown = Directory(request.GET, with_members=insider)
    context = {"directory": shown, "seats": MAX_SEATS, "is_fragment": request.htmx}
    if not request.htmx:
        return render(request, "members/directory.html", context)
    response = render(request, "members/_directory.html", context)
    response["HX-Push-Url"] = shown.address
    return response


@open_to(Audience.EVERYONE)
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead from what was once a form to the government's page, which says how to ask it something."""
    return redirect("government", slug, permanent=True)


@open_to(Audience.INSIDERS)
def governments_csv(request: HttpRequest) -> HttpResponse:
    """Every government's facts, as `import_governments` reads them."""
    rows = (row_of(government) for government in Government.objects.by_name())
    return csv_response("mix-governments.csv", COLUMNS, rows)
