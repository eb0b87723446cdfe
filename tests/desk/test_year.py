"""A year from last year's: what is proposed, and who is told."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from mixportal.editions.models import Edition, database_now
from mixportal.mail.models import Mail
from tests.curating import do, filled
from tests.desk.test_edition_desk import desk, local
from tests.reading import said
from tests.worlds import closed, make_edition, write_window


@pytest.mark.parametrize(("verb", "kind", "fields"), [("close", "closed", {}), ("publish", "results", {})])
def test_a_close_and_a_publication_tell_people_at_once_as_the_page_said(phases, curator, verb, kind, fields):
    edition = phases.open if verb == "close" else phases.closed
    asked = curator.get(desk(edition, f"do/{verb}/"))
    people = int(re.search(r"goes out at once to ([0-9]+) people", said(asked, "announcement"))[1])
    mails = Mail.objects.filter(cause=f"{kind}:{edition.year}")
    assert not mails.exists()
    curator.post(desk(edition, f"do/{verb}/"), fields)
    assert mails.count() == people > 0
    assert mails.first().subject in said(asked, "announcement")
    call_command("remind")
    assert mails.count() == people


def test_each_move_of_the_close_tells_people_at_once_as_the_page_said(curator, world):
    for move in (1, 2):
        asked = said(curator.get(desk(world.edition, "do/move/")), "announcement")
        assert "goes out at once to 3 people" in asked
        later = local(world.edition.closes_at + timedelta(days=move))
        do(curator, world.edition, "move", closes_at=later, reason="A storm.")
        assert Mail.objects.filter(kind="moved_close").count() == 3 * move
        Mail.objects.update(sent_at=Now())


def test_an_opening_by_hand_tells_people_at_once(curator, world):
    edition = make_edition(2031)
    closed(world.edition)
    assert "goes out at once to 3 people" in said(curator.get(desk(edition, "do/open/")), "announcement")
    do(curator, edition, "open", closes_at=local(database_now() + timedelta(days=9)))
    assert Mail.objects.filter(kind="edition_opens").count() == 3


def test_a_new_year_proposes_last_years_texts_and_days_a_year_later(curator, world):
    edition = world.edition
    Edition.objects.filter(pk=edition.pk).update(title="The list of 2030", introduction="What mattered in 2030.")
    opens_at, closes_at = (
        at.replace(hour=15, minute=0, second=0, microsecond=0) - timedelta(days=1)
        for at in (edition.opens_at, edition.closes_at)
    )
    write_window(edition, opens_at, closes_at)
    edition.refresh_from_db()
    do(curator, edition, "next")
    new = Edition.objects.get(year=2031)
    assert (new.title, new.introduction) == ("The list of 2031", "What mattered in 2031.")
    new.mark_mail_read()
    proposed, year = filled(curator.get(desk(new, "do/window/")), "desk_form"), timedelta(weeks=52)
    zone = ZoneInfo("America/New_York")
    days = {name: local(getattr(edition, name).astimezone(zone) + year) for name in ("opens_at", "closes_at")}
    assert {name: proposed[name] for name in days} == days
    new.mark_mail_read()
    do(curator, new, "window", **days)
    new.refresh_from_db()
    assert new.opens_at is not None


def test_proposed_times_keep_their_hour_across_daylight_saving_and_no_odd_minute_of_a_button(db):
    earlier, new, zone = make_edition(2031), make_edition(2032), ZoneInfo("America/New_York")
    opens_at = datetime(2031, 11, 4, 18, tzinfo=zone)  # a year later, November 2 is still in daylight saving time
    write_window(earlier, opens_at, datetime(2031, 11, 18, 18, 12, 31, tzinfo=zone))
    assert {name: local(at) for name, at in new.proposed_window().items()} == {
        "opens_at": "2032-11-02T18:00",
        "closes_at": "2032-11-16T18:00",
    }
    write_window(earlier, opens_at, datetime(2031, 11, 18, 23, 59, tzinfo=zone))
    assert local(new.proposed_window()["closes_at"]) == "2032-11-16T23:59"


@pytest.mark.parametrize(
    ("opens_at", "proposed"),
    [
        (datetime(2031, 11, 9, 1, 30), "2032-11-07T02:30"),  # on that Sunday 1:30 comes twice
        (datetime(2031, 3, 16, 2, 30), "2032-03-14T03:30"),  # on that Sunday 2:30 does not come
    ],
)
def test_a_proposed_time_is_never_in_the_hour_in_which_the_clocks_change(curator, opens_at, proposed):
    earlier, new = make_edition(2031), make_edition(2032)
    at = opens_at.replace(tzinfo=ZoneInfo("America/New_York"))
    write_window(earlier, at, at + timedelta(days=14))
    new.mark_mail_read()
    days = filled(curator.get(desk(new, "do/window/")), "desk_form")
    assert days["opens_at"] == proposed
    do(curator, new, "window", opens_at=days["opens_at"], closes_at=days["closes_at"])
    new.refresh_from_db()
    assert local(new.opens_at) == proposed


def test_the_first_year_proposes_no_days(curator, db):
    edition = make_edition(2018)
    assert not filled(curator.get(desk(edition, "do/window/")), "desk_form")["opens_at"]
