"""A government's own history: for its member and delegates, and for curators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members import record
from members.access import Audience, open_to
from members.exports import csv_response
from members.models import Government
from members.reading import Reading

COLUMNS = ("when", "who", "did", "what", "which", "field", "before", "after", "reason")


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
    return csv_response(f"{slug}-history.csv", COLUMNS, _rows_of(deeds))


def _rows_of(deeds: Iterable[record.Deed]) -> Iterator[tuple[str, ...]]:
    """One row for each field that a deed changed; one for a deed that changed none that is told."""
    for deed in deeds:
        start = (deed.at.isoformat(timespec="seconds"), deed.who, deed.did, deed.what, deed.subject)
        for line in deed.lines:
            yield (*start, line.field, line.before or "", line.after or "", deed.reason)
        if not deed.lines:
            yield (*start, "", "", "", deed.reason)
