"""A year from last year's: what is proposed, and who is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import call_command

from mixportal.editions.models import Edition, database_now
from mixportal.mail.models import Mail
from tests.curating import do, filled
from tests.desk.test_edition_desk import desk, local
from tests.reading import said
from tests.worlds import closed, make_edition


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


def test_an_opening_by_hand_tells_people_at_once(curator, world):
    edition = make_edition(2031)
    closed(world.edition)
    assert "goes out at once to 3 people" in said(curator.get(desk(edition, "do/open/")), "announcement")
    do(curator, edition, "open", closes_at=local(database_now() + timedelta(days=9)))
    assert Mail.objects.filter(kind="edition_opens").count() == 3


def test_a_new_year_proposes_last_years_texts_and_days_a_year_later(curator, world):
    edition = world.edition
    Edition.objects.filter(pk=edition.pk).update(title="The list of 2030", introduction="What mattered in 2030.")
    edition.refresh_from_db()
    do(curator, edition, "next")
    new = Edition.objects.get(year=2031)
    assert (new.title, new.introduction) == ("The list of 2031", "What mattered in 2031.")
    proposed, year = filled(curator.get(desk(new, "do/window/")), "desk_form"), timedelta(weeks=52)
    days = {name: local(getattr(edition, name) + year) for name in ("opens_at", "closes_at")}
    assert {name: proposed[name] for name in days} == days
    new.mark_mail_read()
    do(curator, new, "window", **days)
    new.refresh_from_db()
    assert new.opens_at is not None


def test_the_first_year_proposes_no_days(curator, db):
    edition = make_edition(2018)
    assert not filled(curator.get(desk(edition, "do/window/")), "desk_form")["opens_at"]
