"""A government's own history and records: for its member and delegates, and for curators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members import record, records
from members.access import Audience, open_to
from members.exports import csv_response, zip_response
from members.models import Government
from members.reading import Reading


@open_to(Audience.INSIDERS)
def history(request: HttpRequest, slug: str) -> HttpResponse:
    government = get_object_or_404(Government.objects.recorded_for(request.user), slug=slug)
    reading = Reading(request.GET, request.user, record.registered(), government=government)
    return render(request, "members/history.html", {"government": government, "reading": reading})


@open_to(Audience.INSIDERS)
def history_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """All of it; times in UTC."""
    government = get_object_or_404(Government.objects.recorded_for(request.user), slug=slug)
    deeds = record.Record(request.user, record.registered(), government=government).all()
    return csv_response(f"{slug}-history.csv", records.HISTORY_COLUMNS, records.history_rows(deeds))


@open_to(Audience.INSIDERS)
def records_zip(request: HttpRequest, slug: str) -> HttpResponse:
    government = get_object_or_404(Government.objects.recorded_for(request.user), slug=slug)
    return zip_response(f"{slug}-records.zip", records.files_of(government, request.user))
