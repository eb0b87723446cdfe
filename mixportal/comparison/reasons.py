"""Why those side by side gave the places they did, in their own words, as far as the viewer may read them."""

from __future__ import annotations

from typing import Any

from members.models import Viewer
from mixportal.comparison.side_by_side import SideBySide
from mixportal.notes.models import Note

SHOWN = 5  # entries


def reasons_for(page: SideBySide, viewer: Viewer) -> list[tuple[Any, list[tuple[Any, str]]]]:
    """By entry, those furthest apart first: each reason with the place it explains. One query at most."""
    network = page.network
    if not page.others:
        return []
    shown = [page.subject, *page.others]
    reasons = Note.objects.visible_to(viewer).active().with_mentioned().filter(kind="reason", government__in=shown)
    by_entry: dict[int, list[Any]] = {}
    for reason in (
        reasons.filter(entry__annual_list=network.annual_list).select_related("government").order_by("created_at")
    ):
        by_entry.setdefault(reason.entry_id, []).append(reason)
    column_of = {entry.pk: column for column, entry in enumerate(network.entries)}
    found = []
    for row in sorted(page.rows, key=lambda row: -row.far):
        if given := by_entry.get(row.entry.pk):
            column = column_of[row.entry.pk]
            places = [network.place_words(network.rows[reason.government_id], column) for reason in given]
            found.append((row.entry, list(zip(given, places, strict=True))))
    return found[:SHOWN]
