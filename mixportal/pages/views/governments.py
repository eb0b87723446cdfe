from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members.access import Audience, PortalRequest, open_to
from members.government_import import COLUMN_NAMES, row_of
from members.models import MAX_SEATS, Government, User
from mixportal.editions.models import Edition
from mixportal.pages.governments import Directory, with_part_of, years_of
from mixportal.tables.writer import csv_response
from priorities.investments import portfolio_of


@open_to(Audience.EVERYONE, stored=True)
def directory(request: PortalRequest) -> HttpResponse:
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
    rows = (row_of(government) for government in Government.objects.by_name())
    return csv_response("mix-governments.csv", COLUMN_NAMES, rows)


@open_to(Audience.EVERYONE, stored=True)
def government(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Government, slug=slug)
    user = request.user
    insider = user if user.is_authenticated and user.is_insider else None
    is_own = insider is not None and insider.government_id == shown.pk
    editions = list(with_part_of(Edition.objects.visible_to(user), shown).latest_first())
    context = {
        "government": shown,
        "offices": shown.offices.latest_first(),
        "people": User.objects.speaking_for(shown) if insider else [],
        "may_read_history": insider is not None and (insider.is_curator or is_own),
        "editions": editions,
        "years": years_of(shown, editions, user),
        "may_rank": insider is not None and insider.is_voter and is_own,
        "portfolio": portfolio_of(shown, user),
    }
    return render(request, "pages/government.html", context)
