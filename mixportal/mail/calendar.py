import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MAX_LINE_OCTETS = 75
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Event:
    uid: str
    starts: datetime | date
    summary: str
    last_day: date | None = None
    description: str = ""
    location: str = ""
    url: str = ""
    sequence: int = 0


def ics(events: Iterable[Event], *, made_at: datetime) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//MIX//Portal//EN",
        "METHOD:PUBLISH",
        "CALSCALE:GREGORIAN",
    ]
    for event in events:
        lines += _event(event, made_at)
    return "".join(f"{line}\r\n" for each in [*lines, "END:VCALENDAR"] for line in _folded(each))


def _event(event: Event, made_at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{_moment(made_at)}"
    if isinstance(event.starts, datetime):
        yield f"DTSTART:{_moment(event.starts)}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{(event.last_day or event.starts) + timedelta(days=1):%Y%m%d}"  # exclusive
    yield f"SEQUENCE:{event.sequence}"
    yield f"SUMMARY:{escaped(event.summary)}"
    for name, value in (("DESCRIPTION", event.description), ("LOCATION", event.location)):
        if value:
            yield f"{name}:{escaped(value)}"
    if event.url:
        yield f"URL:{_CONTROLS.sub('', event.url)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    text = re.sub(r"\r\n?", "\n", text)
    text = _CONTROLS.sub("", text).replace("\t", " ")
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


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
