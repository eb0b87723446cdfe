"""The phase of an edition by the database's clock, and who sees the edition in each phase."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from mixportal.editions.models import Edition, Entry, Phase, database_now, slug_for
from mixportal.editions.templatetags import moments
from tests.worlds import make_edition

YEARS = {"unranked": 2027, "published": 2028, "closed": 2029, "open": 2030, "drafting": 2031}
EVERYONE_SEES = {2027, 2028}
SEES = {
    None: EVERYONE_SEES,
    "former": EVERYONE_SEES,
    "gone_curator": EVERYONE_SEES,
    "leader_a": EVERYONE_SEES | {2029, 2030},
    "member_a": EVERYONE_SEES | {2029, 2030, 2031},
    "delegate_a": EVERYONE_SEES | {2029, 2030, 2031},
    "curator": EVERYONE_SEES | {2029, 2030, 2031},
    "bare_staff": EVERYONE_SEES | {2029, 2030, 2031},
}


@pytest.mark.parametrize("who", SEES)
def test_who_sees_which_editions_and_entries(phases, who):
    user = getattr(phases, who) if who else AnonymousUser()
    assert {edition.year for edition in Edition.objects.visible_to(user)} == SEES[who]
    assert {entry.edition.year for entry in Entry.objects.visible_to(user).with_list()} == SEES[who]


@pytest.mark.parametrize("who", SEES)
def test_who_may_see_results_when(phases, who):
    user = getattr(phases, who) if who else AnonymousUser()
    may = {year for year in YEARS.values() if Edition.objects.get(year=year).results_visible_to(user)}
    assert may == ({2028, 2029} if who not in (None, "former", "gone_curator") else {2028})


def test_each_phase_has_a_property_and_a_query(phases):
    queries = {
        Phase.DRAFTING: Edition.objects.drafting(),
        Phase.OPEN: Edition.objects.open(),
        Phase.CLOSED: Edition.objects.closed(),
        Phase.PUBLISHED: Edition.objects.published(),
    }
    for name, year in YEARS.items():
        edition = Edition.objects.get(year=year)
        phase = Phase.PUBLISHED if name == "unranked" else Phase(name)
        assert edition.phase is phase
        asked = edition.is_drafting, edition.is_open, edition.is_closed, edition.is_published
        assert asked == tuple(each is phase for each in Phase)
        assert [each for each, found in queries.items() if found.filter(year=year).exists()] == [phase]


def test_the_phase_changes_exactly_when_the_window_opens_and_closes(db):
    opens = database_now() + timedelta(days=1)
    edition = make_edition(2031, opens_at=opens, closes_at=opens + timedelta(days=2))
    tick = timedelta(microseconds=1)
    for moment, phase in (
        (opens - tick, Phase.DRAFTING),
        (opens, Phase.OPEN),
        (edition.closes_at - tick, Phase.OPEN),
        (edition.closes_at, Phase.CLOSED),
    ):
        assert edition.phase_at(moment) is phase


def test_the_phase_follows_the_databases_clock(stop_database_clock):
    opens = database_now() + timedelta(days=1)
    make_edition(2031, opens_at=opens, closes_at=opens + timedelta(days=1))
    stop_database_clock(opens - timedelta(microseconds=1))
    assert Edition.objects.get(year=2031).is_drafting
    stop_database_clock(opens)
    read = Edition.objects.get(year=2031)
    assert read.is_open
    assert read.read_at == opens


def test_a_loaded_edition_keeps_the_phase_in_which_it_was_read(world):
    edition = Edition.objects.get(year=2030)
    Edition.objects.get(year=2030).close_now()
    assert edition.is_open
    assert Edition.objects.get(year=2030).is_closed


def test_a_time_zone_is_one_that_exists(db):
    with pytest.raises(ValidationError, match="is not a time zone"):
        Edition(year=2040, time_zone="Mars/Olympus").full_clean()
    Edition(year=2040, time_zone="America/Phoenix").full_clean()


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Cybersecurity", "cybersecurity"),
        ("IT  Governance & “Risk”", "it-governance-risk"),
        ("Élan vital", "elan-vital"),
        ("Map", "map-entry"),
        ("Ballot", "ballot-entry"),
        ("日本", "entry"),
        ("...", "entry"),
        ("x" * 300, "x" * 120),
    ],
)
def test_a_slug_is_never_the_address_of_a_page(title, slug):
    assert slug_for(title) == slug
    assert len(slug_for(title)) <= 130


def test_an_entry_has_plain_words_and_one_line():
    entry = Entry(description="For CIOs. At length.", in_plain_words="")
    assert (entry.plain, entry.one_line) == ("For CIOs. At length.", "For CIOs")
    entry.in_plain_words = "For anyone."
    assert (entry.plain, entry.one_line) == ("For anyone.", "For anyone")
    entry.short = "In short"
    assert entry.one_line == "In short"
    entry.for_leaders = "Staff\n\n  \nMachines"
    assert entry.for_leaders_lines == ["Staff", "Machines"]


# Times as pages say them


def at(edition: Edition, text: str):
    from datetime import datetime

    return datetime.fromisoformat(text).astimezone(edition.zone)


def test_times_are_shown_in_the_editions_zone_with_its_name():
    edition = Edition(year=2025, time_zone="America/Phoenix")
    moment = at(edition, "2025-07-01T00:30:00+00:00")
    assert ">Monday, June 30, 2025, at 5:30 p.m. MST</time>" in moments.moment(moment, edition)
    assert 'datetime="2025-06-30T17:30:00-07:00"' in moments.moment(moment, edition)
    assert ">June 30, 2025 at 5:30 p.m. MST</time>" in moments.short_moment(moment, edition)
    assert "June 30, 2025 at" in moments.short_moment(moment, Edition(year=2031, time_zone=edition.time_zone))
    assert ">June 30, 2025</time>" in moments.day(moment, edition)
    eastern = Edition(year=2025, time_zone="America/New_York")
    assert "at 12:05 a.m. EST" in moments.moment(at(eastern, "2025-01-15T05:05:00+00:00"), eastern)
    assert "at 12:05 p.m. EDT" in moments.moment(at(eastern, "2025-07-15T16:05:00+00:00"), eastern)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ({"days": 9, "hours": 23}, "9 days"), ({"days": 2, "hours": 12}, "2 days"), ({"days": 2}, "2 days"),
        ({"days": 1, "hours": 23, "minutes": 59}, "47 hours"), ({"hours": 23, "minutes": 50}, "23 hours"), ({"hours": 2}, "2 hours"), ({"hours": 1, "minutes": 59}, "119 minutes"),
        ({"minutes": 12, "seconds": 50}, "12 minutes"), ({"minutes": 1}, "1 minute"),
        ({"seconds": 59}, "less than a minute"), ({}, "less than a minute"),
    ],
)  # fmt: skip
def test_the_time_left_is_shown_in_one_unit_and_never_as_one_day_or_one_hour(left, said):
    edition = Edition(year=2030)
    edition.read_at = database_moment = at(edition, "2030-01-01T00:00:00+00:00")
    assert moments.until(database_moment + timedelta(**left), edition) == said


@given(seconds=st.integers(min_value=60, max_value=60 * 24 * 3600))
def test_the_time_left_is_never_shown_as_more_than_is_left(seconds):
    edition = Edition(year=2030)
    edition.read_at = at(edition, "2030-01-01T00:00:00+00:00")
    left = timedelta(seconds=seconds)
    number, unit = moments.until(edition.read_at + left, edition).split()
    one = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}[unit.rstrip("s")]
    assert int(number) * one <= left < (int(number) + 1) * one
    assert (unit.startswith("day"), unit.endswith("s")) == (left >= timedelta(hours=48), number != "1")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2018-09-23", "2018-09-27", "September 23 to 27, 2018"),
        ("2018-09-30", "2018-10-02", "September 30 to October 2, 2018"),
        ("2018-09-23", "2018-09-23", "September 23, 2018"),
        ("2018-09-23", None, "September 23, 2018"),
        ("2018-12-31", "2019-01-02", "December 31, 2018 to January 2, 2019"),
    ],
)
def test_a_range_of_dates_repeats_no_month_or_year(first, last, said):
    from datetime import date

    found = moments.days_between(date.fromisoformat(first), date.fromisoformat(last) if last else None)
    assert found == said


def test_the_windows_of_two_editions_never_overlap(world):
    opens_at, closes_at = world.edition.opens_at, world.edition.closes_at
    day, next_year = timedelta(days=1), make_edition(2033)
    for window in (
        (closes_at - day, closes_at + day),
        (closes_at - 2 * day, closes_at - day),
        (closes_at - timedelta(microseconds=1), closes_at + day),
    ):
        with pytest.raises(ValidationError, match="Another edition’s ballots are open during that time"):
            next_year.set_window(opens_at=window[0], closes_at=window[1])
    with pytest.raises(ValidationError, match="Another edition’s ballots are open during that time"):
        next_year.open_now(closes_at=closes_at + day)
    for window in ((opens_at - day, opens_at + day), (opens_at - day, closes_at + day), (opens_at, closes_at)):
        with pytest.raises(IntegrityError, match="edition_windows_never_overlap"), transaction.atomic():
            Edition.objects.filter(pk=next_year.pk).update(opens_at=window[0], closes_at=window[1])
    next_year.set_window(opens_at=closes_at, closes_at=closes_at + day)  # one ends as the other begins
    with pytest.raises(ValidationError, match="Another edition’s ballots are open during that time"):
        world.edition.move_close(closes_at + timedelta(hours=1), reason="A storm.")
