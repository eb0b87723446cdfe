"""The directory of governments, and their export."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members.access import Audience, open_to
from members.government_csv import COLUMNS, row_of
from members.models import MAX_SEATS, Government, User
from mixportal.editions.models import Edition
from mixportal.pages.directory import Directory
from mixportal.pages.profile import with_part_of, years_of
from mixportal.tables.writer import csv_response
from priorities.investments import portfolio_of


@open_to(Audience.EVERYONE, stored=True)
def directory(request: HttpRequest) -> HttpResponse:
    """Every government that fits the filters, by name: those seated, then those in MIX's history alone."""
    insider = request.user.is_authenticated and request.user.is_insider
    shown = Directory(request.GET, with_members=insider)
    context = {"directory": shown, "seats": MAX_SEATS, "is_fragment": request.htmx}
    if not request.htmx:
        return render(request, "pages/directory.html", context)
    response = render(request, "pages/_directory.html", context)
    response["HX-Push-Url"] = shown.address
    return response


@open_to(Audience.INSIDERS)
def governments_csv(request: HttpRequest) -> HttpResponse:
    """Every government's facts, as `import_governments` reads them."""
    rows = (row_of(government) for government in Government.objects.by_name())
    return csv_response("mix-governments.csv", COLUMNS, rows)


@open_to(Audience.EVERYONE, stored=True)
def government(request: HttpRequest, slug: str) -> HttpResponse:
    """A government's public facts and its part in each edition; who speaks for it is for insiders."""
    shown = get_object_or_404(Government, slug=slug)
    user = request.user
    insider = user.is_authenticated and user.is_insider
    editions = list(with_part_of(Edition.objects.visible_to(user), shown).latest_first())
    context = {
        "government": shown,
        "recorded_at": shown.recorded_at,
        "offices": shown.offices.latest_first(),
        "people": User.objects.speaking_for(shown) if insider else [],
        "may_read_history": insider and (user.is_curator or user.government_id == shown.pk),
        "editions": editions,
        "years": years_of(shown, editions, user),
        "may_rank": insider and user.is_voter and user.government_id == shown.pk,
        "portfolio": portfolio_of(shown, user),
    }
    return render(request, "pages/government.html", context)
