"""When reminders are due, by the window alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mixportal.announcements.mails import due_reminder, reminder_times

OPENS = datetime(2030, 6, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def days(window: float) -> list[tuple[str, float]]:
    """Each reminder of a window of so many days, in days after the opening."""
    return [(name, (at - OPENS) / DAY) for name, at in reminder_times(OPENS, OPENS + window * DAY)]


def test_half_way_three_days_before_the_close_and_one_day_before_it():
    assert days(30) == [("first", 15), ("second", 27), ("tomorrow", 29)]
    assert days(9) == [("first", 4.5), ("second", 6), ("tomorrow", 8)]


def test_a_short_window_has_fewer_and_none_within_a_day_of_another_or_of_the_opening():
    assert days(6) == [("second", 3), ("tomorrow", 5)]
    assert days(3) == [("tomorrow", 2)]
    assert days(2) == [("tomorrow", 1)]
    assert days(1.5) == []
    assert days(0.1) == []


def test_the_latest_that_is_due_and_nothing_before_the_first_or_after_the_close():
    closes = OPENS + 30 * DAY
    seen = [due_reminder(OPENS, closes, OPENS + day * DAY) for day in (0, 14.9, 15, 26.9, 27, 28.9, 29, 29.99, 30, 31)]
    assert seen == [None, None, "first", "first", "second", "second", "tomorrow", "tomorrow", None, None]
