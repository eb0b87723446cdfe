from __future__ import annotations

from members.models import Viewer
from mixportal.comparison.side_by_side import SideBySide
from mixportal.editions.models import Entry
from mixportal.notes.models import Note

MAX_ENTRIES = 5


def reasons_for(page: SideBySide, viewer: Viewer) -> list[tuple[Entry, list[tuple[Note, str]]]]:
    """Return, for the entries furthest apart, each reason with the place it explains."""
    network = page.network
    if not page.others:
        return []
    governments = [page.subject, *page.others]
    notes = Note.objects.visible_to(viewer).active().with_mentioned().select_related("government")
    reasons = notes.filter(kind="reason", government__in=governments, entry__annual_list=network.annual_list)
    by_entry: dict[int | None, list[Note]] = {}
    for reason in reasons.order_by("created_at"):
        by_entry.setdefault(reason.entry_id, []).append(reason)
    column_of = {entry.pk: column for column, entry in enumerate(network.entries)}
    found = []
    for row in sorted(page.rows, key=lambda row: -row.far):
        if given := by_entry.get(row.entry.pk):
            column = column_of[row.entry.pk]
            placed = [
                (reason, network.place_words(network.rows[reason.government_id], column))
                for reason in given
                if reason.government_id
            ]
            found.append((row.entry, placed))
    return found[:MAX_ENTRIES]
