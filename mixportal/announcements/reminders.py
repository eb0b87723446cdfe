from __future__ import annotations

from datetime import datetime, timedelta

DAY = timedelta(days=1)

FIRST, SECOND, TOMORROW = "first", "second", "tomorrow"


def reminder_times(opens_at: datetime, closes_at: datetime) -> list[tuple[str, datetime]]:
    """Return the times in order. None is within a day of the opening or of the next."""
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
    """Return the latest reminder that is due. Missed reminders are not sent later."""
    due = [name for name, at in reminder_times(opens_at, closes_at) if at <= now < closes_at]
    return due[-1] if due else None
