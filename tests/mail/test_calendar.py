"""The .ics file holds to RFC 5545: calendars are strict readers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from mixportal.mail.calendar import Event, escaped, ics

MADE = datetime(2027, 6, 1, 12, tzinfo=UTC)


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
        [
            Event("2027-close@mix.example", close, "Ballots close", sequence=7),
            Event("c@mix.example", date(2027, 9, 12), "Conference", last_day=date(2027, 9, 15), location="Lindenport"),
        ],
        made_at=MADE,
    )
    lines = unfolded(text)
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//MIX//Portal//EN"]
    assert "METHOD:PUBLISH" in lines
    assert "DTSTART:20270701T000000Z" in lines
    assert "DTSTAMP:20270601T120000Z" in lines
    assert "SEQUENCE:7" in lines
    assert "DTSTART;VALUE=DATE:20270912" in lines
    assert "DTEND;VALUE=DATE:20270916" in lines  # the first day that is free again
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert lines[-1] == "END:VCALENDAR"
    assert text.endswith("\r\n")


def test_a_conference_of_one_day_ends_on_the_next():
    assert "DTEND;VALUE=DATE:20270101" in ics([Event("c", date(2026, 12, 31), "One day")], made_at=MADE)


def test_commas_semicolons_backslashes_and_line_ends_are_escaped():
    assert escaped("a,b;c\\d\r\ne\x07") == "a\\,b\\;c\\\\d\\ne"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\t"), max_size=120))
def test_any_text_survives_folded_at_75_octets_without_a_torn_character(summary):
    text = ics([Event("x@mix.example", MADE, summary)], made_at=MADE)
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    kept = "".join(each for each in summary if each == "\n" or (ord(each) > 31 and ord(each) != 127))
    assert unescaped(value(text, "SUMMARY")) == kept
    assert text.count("BEGIN:VEVENT\r\n") == 1


def test_nobody_can_write_a_line_of_ones_own():
    text = ics([Event("x", MADE, "Hello\r\nATTENDEE:mailto:evil@evil.example\nURL:x")], made_at=MADE)
    assert not any(line.startswith(("ATTENDEE", "URL")) for line in unfolded(text))
