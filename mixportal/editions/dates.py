from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from mixportal.editions.models import Edition
from mixportal.mail.calendar import Event, ics


def edition_ics(edition: Edition, made_at: datetime) -> str:
    """Return a calendar file. The close has the window's length as its sequence number."""
    host = urlsplit(settings.PORTAL_URL).hostname
    url = f"{settings.PORTAL_URL}{edition.get_absolute_url()}"
    events = []
    if edition.opens_at is not None and edition.closes_at is not None:
        length = int((edition.closes_at - edition.opens_at).total_seconds())
        for name, at, summary in (
            ("opening", edition.opens_at, f"MIX {edition.year}: ballots open"),
            ("close", edition.closes_at, f"MIX {edition.year}: ballots close"),
        ):
            events.append(
                Event(
                    uid=f"{edition.year}-{name}@{host}",
                    starts=at,
                    summary=summary,
                    description=f"Rank this year’s lists at {url}",
                    url=url,
                    sequence=length if name == "close" else 0,
                )
            )
    if edition.conference_from is not None:
        events.append(
            Event(
                uid=f"{edition.year}-conference@{host}",
                starts=edition.conference_from,
                last_day=edition.conference_to,
                summary=f"MIX conference {edition.year}",
                location=edition.conference_place,
                url=url,
            )
        )
    return ics(events, made_at=made_at)
