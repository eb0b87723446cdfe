from collections.abc import Iterable, Iterator

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from members.access import Audience, UserRequest, open_to
from members.models import Government
from mixportal.changes.events import FieldChange, HistoryEntry, find_events, read_entries
from mixportal.changes.histories import HISTORIES
from mixportal.changes.pages import HistoryPage
from mixportal.tables.writer import csv_response

COLUMNS = ("when", "who", "did", "what", "which", "field", "before", "after", "reason")


@open_to(Audience.INSIDERS)
def history(request: UserRequest, slug: str) -> HttpResponse:
    government = get_object_or_404(Government.objects.recorded_for(request.user), slug=slug)
    history_page = HistoryPage(request.GET, request.user, HISTORIES, government=government)
    return render(request, "changes/history.html", {"government": government, "history_page": history_page})


@open_to(Audience.INSIDERS)
def history_csv(request: UserRequest, slug: str) -> HttpResponse:
    government = get_object_or_404(Government.objects.recorded_for(request.user), slug=slug)
    events = find_events(request.user, HISTORIES, government=government)
    entries = read_entries(events.values_list("pk", flat=True), request.user)
    return csv_response(f"{slug}-history.csv", COLUMNS, _rows_of(entries.values()))


def _rows_of(entries: Iterable[HistoryEntry]) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        start = (
            entry.at.isoformat(timespec="seconds"),
            entry.who,
            entry.did,
            entry.nouns[0],
            str(entry.row),
        )
        for change in entry.changes or [FieldChange("")]:
            yield (*start, change.field, change.before, change.after, entry.reason)
