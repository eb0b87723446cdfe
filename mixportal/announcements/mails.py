"""What the portal mails about an edition and its ballots, and to whom. Never an order, a place or a figure of a ballot.

Each function may be called as often as one likes: a cause reaches an address once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models.functions import Lower, Now
from django.utils.html import strip_tags

from members.models import Government
from mixportal.announcements import reminders
from mixportal.editions.dates import edition_ics
from mixportal.editions.models import AnnualList, Edition, Kind, database_now
from mixportal.editions.templatetags.moments import short_moment
from mixportal.mail.models import Mail, Words
from mixportal.tables.text import listed

if TYPE_CHECKING:
    pass
from mixportal.ballots.mails import ballot_url, send_to_each, voters, when

ONE_AT_A_TIME = timedelta(hours=20)  # who has just been told of the opening is not reminded of it

SAVED, NOT_BEGUN = "saved, not yet cast", "not begun"


def about(edition: Edition) -> dict[str, Any]:
    """What every mail about an edition names."""
    return {
        "edition": edition,
        "url": f"{settings.PORTAL_URL}{edition.get_absolute_url()}",
        "closes": when(edition.closes_at, edition),
        "ballots": [(annual_list.words, ballot_url(annual_list)) for annual_list in lists_to_rank(edition)],
    }


def lists_to_rank(edition: Edition) -> list[AnnualList]:
    """Return the edition's lists that have entries."""
    return list(edition.lists.in_order().filter(entries__isnull=False).distinct())


def announce_opening(edition: Edition) -> int:
    """To members and delegates once the ballots are open, with the dates for their calendars."""
    if not edition.is_open:
        return 0
    return send_to_each(
        voters(),
        "edition_opens",
        cause=_opening(edition),
        context=_about_opening(edition),
        calendar=edition_ics(edition, database_now()),
        not_after=edition.closes_at,
    )


def opening_as_sent(edition: Edition, reader: Any) -> Words:
    """The mail that tells of the opening, for a curator to read before there is a window."""
    return Words.of("edition_opens", _about_opening(edition) | {"person": reader})


def _about_opening(edition: Edition) -> dict[str, Any]:
    briefly = strip_tags(short_moment(edition.closes_at, edition)) if edition.closes_at else ""
    return about(edition) | {"closes_briefly": briefly}


def _stamp(at: datetime) -> str:
    """The same for one moment, in whatever zone it is given."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def _opening(edition: Edition) -> str:
    return f"opening:{edition.year}"


def announce_moved_close(edition: Edition, reason: str) -> int:
    """To members and delegates, whether they have cast or not; `edition` has the new close already."""
    return send_to_each(
        voters(),
        "moved_close",
        cause=f"close:{edition.year}:{_stamp(edition.closes_at)}",
        context=about(edition) | {"reason": reason},
        calendar=edition_ics(edition, database_now()),
        not_after=edition.closes_at,
    )


def remind_those_who_have_not_cast(edition: Edition) -> int:
    """The latest reminder that is due, to members and delegates of governments that have not cast both lists."""
    if not edition.is_open:
        return 0
    due = reminders.due_reminder(edition.opens_at, edition.closes_at, database_now())
    if due is None:
        return 0
    is_last = due == reminders.TOMORROW
    # once an edition, but for the last: a close that moves has a tomorrow of its own
    cause = f"reminder:{edition.year}:{due}" + (f":{_stamp(edition.closes_at)}" if is_last else "")
    lately = Mail.objects.filter(cause=_opening(edition), created_at__gt=Now() - ONE_AT_A_TIME)
    told_just_now = set(lately.values_list(Lower("to"), flat=True))
    missing = missing_ballots(edition)
    return send_to_each(
        [each for each in voters() if each.government_id in missing and each.email.lower() not in told_just_now],
        "closing_tomorrow" if is_last else "reminder",
        cause=cause,
        context=about(edition),
        own=lambda person: {
            "missing": missing[person.government_id],
            "lists": listed([words.plural for words, _, _ in missing[person.government_id]]),
        },
        not_after=edition.closes_at,
    )


def missing_ballots(edition: Edition) -> dict[int, list[tuple[Kind, str, str]]]:
    """Return, by seated government, each list that it has not cast: the kind, how far the ballot is, and its address.

    How far the ballot is, only that government may learn.
    """
    seated = list(Government.objects.seated().values_list("pk", flat=True))
    missing: dict[int, list[tuple[Kind, str, str]]] = {}
    for annual_list in lists_to_rank(edition):
        ballots = dict(annual_list.ballots.values_list("government", "cast_at"))
        url = ballot_url(annual_list)
        for government in seated:
            if ballots.get(government) is None:
                state = SAVED if government in ballots else NOT_BEGUN
                missing.setdefault(government, []).append((annual_list.words, state, url))
    return missing
