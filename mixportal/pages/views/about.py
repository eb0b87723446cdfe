import csv
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.access import Audience, open_to
from members.models import NOTICE_VERSION, Government, Office
from mixportal.consensus import METHOD_VERSION
from mixportal.editions.models import Edition
from mixportal.tables.values import grouped

CRITERIA = Path(__file__).parents[1] / "data" / "wcag.csv"
SUPPORT = ("supported", "partly supported", "not supported", "not applicable")


@open_to(Audience.EVERYONE, stored=True)
def methods(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/methods.html", {"method_version": METHOD_VERSION})


@open_to(Audience.EVERYONE, stored=True)
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "presidents": Office.objects.presidents(),
        "conferences": Edition.objects.published().exclude(conference_place="").latest_first(),
        "seats_held": Government.objects.seated().count(),
    }
    return render(request, "pages/about.html", context)


@open_to(Audience.EVERYONE, stored=True)
def speed(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/speed.html")


@open_to(Audience.EVERYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "notice_version": NOTICE_VERSION,
        "responsible_body": settings.RESPONSIBLE_BODY,
        "contact": settings.CONTACT,
    }
    return render(request, "pages/privacy.html", context)


@open_to(Audience.EVERYONE)
def accessibility(request: HttpRequest) -> HttpResponse:
    with CRITERIA.open(encoding="utf-8", newline="") as file:
        criteria = list(csv.DictReader(file))
    principles = grouped((row["principle"], row) for row in criteria)
    context = {
        "principles": [(name, rows, _support_counts(rows)) for name, rows in principles.items()],
        "counts": _support_counts(criteria),
        "responsible_body": settings.RESPONSIBLE_BODY,
        "contact": settings.CONTACT,
    }
    return render(request, "pages/accessibility.html", context)


def _support_counts(criteria: list[dict[str, str]]) -> list[tuple[str, int]]:
    counts = Counter(row["support"] for row in criteria)
    return [(support, counts[support]) for support in SUPPORT]


@open_to(Audience.EVERYONE)
def security(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/security.html", {"security_contact": settings.SECURITY_CONTACT})


@open_to(Audience.EVERYONE)
def operating(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/operating.html", {"variables": settings.VARIABLES})


@open_to(Audience.EVERYONE, stored=True)
def data(request: HttpRequest) -> HttpResponse:
    context = {
        "editions": Edition.objects.published().latest_first(),
        "license_name": settings.DATA_LICENSE_NAME,
        "license_url": settings.DATA_LICENSE_URL,
    }
    return render(request, "pages/data.html", context)
