"""The .ics file holds to RFC 5545: calendars are strict readers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from mixportal.editions.dates import edition_ics, escaped
from mixportal.editions.models import Edition

MADE = datetime(2027, 6, 1, 12, tzinfo=UTC)


def ics(**fields: object) -> str:
    return edition_ics(Edition(year=2027, **fields), MADE)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def value(text: str, name: str) -> str:
    return next(line.partition(":")[2] for line in unfolded(text) if line.partition(":")[0].partition(";")[0] == name)


def unescaped(text: str) -> str:
    return (
        text.replace("\\\\", "\x00").replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\x00", "\\")
    )


def test_a_moment_is_given_in_utc_and_a_conference_in_whole_days():
    close = datetime(2027, 6, 30, 17, tzinfo=ZoneInfo("America/Phoenix"))
    text = ics(
        opens_at=close - timedelta(seconds=7),
        closes_at=close,
        conference_from=date(2027, 9, 12),
        conference_to=date(2027, 9, 15),
        conference_place="Lindenport",
    )
    lines = unfolded(text)
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//MIX//Portal//EN"]
    assert "METHOD:PUBLISH" in lines
    assert "DTSTART:20270701T000000Z" in lines
    assert "DTSTAMP:20270601T120000Z" in lines
    assert "SEQUENCE:7" in lines
    assert "DTSTART;VALUE=DATE:20270912" in lines
    assert "DTEND;VALUE=DATE:20270916" in lines  # the first day that is free again
    assert "LOCATION:Lindenport" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 3
    assert "" not in lines
    assert lines[-1] == "END:VCALENDAR"
    assert text.endswith("\r\n")


def test_a_conference_of_one_day_ends_on_the_next():
    assert "DTEND;VALUE=DATE:20270101" in ics(conference_from=date(2026, 12, 31))


def test_commas_semicolons_backslashes_and_line_ends_are_escaped():
    assert escaped("a,b;c\\d\r\ne\x07") == "a\\,b\\;c\\\\d\\ne"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\t"), min_size=1, max_size=120))
def test_any_text_survives_folded_at_75_octets_without_a_torn_character(place):
    kept = "".join(each for each in place if each == "\n" or (ord(each) > 31 and ord(each) != 127))
    text = ics(conference_from=date(2027, 9, 12), conference_place=place)
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert unescaped(value(text, "LOCATION") if kept else "") == kept
    assert text.count("BEGIN:VEVENT\r\n") == 1


def test_nobody_can_write_a_line_of_ones_own():
    text = ics(conference_from=date(2027, 9, 12), conference_place="Hello\r\nATTENDEE:mailto:evil@evil.example\nURL:x")
    assert not any(line.startswith("ATTENDEE") for line in unfolded(text))
    assert [line for line in unfolded(text) if line.startswith("URL")] == ["URL:http://localhost:8000/2027/"]
