"""When an edition's reminders are due. Pure functions of its window."""

from __future__ import annotations

from datetime import datetime, timedelta

DAY = timedelta(days=1)

FIRST, SECOND, TOMORROW = "first", "second", "tomorrow"


def reminders(opens_at: datetime, closes_at: datetime) -> list[tuple[str, datetime]]:
    """Half-way, three days before the close and one day before it, in that order.

    In a short window the later ones go first: none comes within a day of the opening or of the next.
    """
    wanted = [
        (TOMORROW, closes_at - DAY),
        (SECOND, closes_at - 3 * DAY),
        (FIRST, opens_at + (closes_at - opens_at) / 2),
    ]
    kept: list[tuple[str, datetime]] = []
    latest = closes_at
    for name, at in wanted:
        if opens_at + DAY <= at <= latest - DAY:
            kept.append((name, at))
            latest = at
    return kept[::-1]


def due_reminder(opens_at: datetime, closes_at: datetime, now: datetime) -> str | None:
    """The latest that is due; None before the first, and after the close. One that was missed is not made up for."""
    due = [name for name, at in reminders(opens_at, closes_at) if at <= now < closes_at]
    return due[-1] if due else None
