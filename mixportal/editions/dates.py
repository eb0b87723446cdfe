import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from mixportal.editions.models import Edition
from mixportal.mail.models import render_text

MAX_LINE_OCTETS = 75
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def edition_ics(edition: Edition, made_at: datetime) -> str:
    """Return a calendar file. The close has the window's length as its sequence number."""
    context: dict[str, object] = {
        "edition": edition,
        "host": urlsplit(settings.PORTAL_URL).hostname,
        "url": f"{settings.PORTAL_URL}{edition.get_absolute_url()}",
        "made_at": made_at,
        "place": escaped(edition.conference_place),
    }
    if edition.opens_at is not None and edition.closes_at is not None:
        context["length"] = int((edition.closes_at - edition.opens_at).total_seconds())
    if edition.conference_from is not None:
        context["free_again"] = (edition.conference_to or edition.conference_from) + timedelta(days=1)
    lines = render_text("editions/calendar.ics", context).split("\n")
    return "".join(f"{part}\r\n" for line in lines if line for part in _folded(line))


def escaped(text: str) -> str:
    text = re.sub(r"\r\n?", "\n", text)
    text = _CONTROLS.sub("", text).replace("\t", " ")
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    kept, length = "", 0
    for character in line:
        size = len(character.encode())
        if length + size > MAX_LINE_OCTETS:
            yield kept
            kept, length = " ", 1
        kept += character
        length += size
    yield kept
