"""Mails to many say what the window, the ballots and the collected lines bear out."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models.functions import Now

from mixportal.announcements.digest import send_digests
from mixportal.announcements.mails import (
    announce_close,
    announce_moved_close,
    announce_opening,
    announce_results,
    remind_those_who_have_not_cast,
)
from mixportal.ballots.mails import when
from mixportal.editions.models import Edition, Kind, database_now
from mixportal.mail.models import DigestItem, Mail
from mixportal.results.publishing import publish
from tests.drawing import cast_at_random
from tests.markup import parse
from tests.reading import text
from tests.worlds import TITLES, closed, rank, seat_governments, write_window

pytestmark = pytest.mark.django_db
ZONES = ("America/New_York", "America/Denver", "America/Phoenix", "Pacific/Honolulu")
MOMENT = re.compile(r"([A-Z]\w+day), (\w+ \d+, \d{4}), at (\d+:\d\d [ap]\.m\.) (\w+)")
SHORT_MOMENT = re.compile(r"until (\w+ \d+)(, \d{4})? at (\d+:\d\d [ap]\.m\.) (\w+)")


def words_of(mail: Mail) -> list[str]:
    return [" ".join(mail.text.split()), text(parse(mail.html))]


def window(edition: Edition, zone: str, closes_at: datetime) -> Edition:
    Edition.objects.filter(pk=edition.pk).update(time_zone=zone)
    write_window(edition, database_now() - timedelta(days=9), closes_at)
    return Edition.objects.get(pk=edition.pk)


def assert_says(at: datetime, said: re.Match[str]) -> None:
    weekday, day, clock, label = said.groups()
    assert datetime.strptime(f"{day} {clock.replace('.', '')}", "%B %d, %Y %I:%M %p") == at.replace(
        tzinfo=None, second=0, microsecond=0
    )
    assert (weekday, label) == (f"{at:%A}", f"{at:%Z}")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("days", [0.9, 40, 170, 350])
def test_the_close_is_said_with_its_day_year_and_the_zone_of_its_edition(world, zone, days):
    edition = window(world.edition, zone, database_now() + timedelta(days=days))
    rank(edition, world.member_a, "Data")
    Mail.objects.all().delete()
    at = edition.closes_at.astimezone(ZoneInfo(zone))
    announce_opening(edition)
    announce_moved_close(edition, "The conference is later.")
    Mail.objects.update(created_at=Now() - timedelta(days=2))
    remind_those_who_have_not_cast(edition)
    kinds = {mail.kind for mail in Mail.objects.all()}
    assert kinds == {"edition_opens", "moved_close"} | ({"closing_tomorrow"} if days < 1 else set())
    for mail in Mail.objects.all():
        for words in words_of(mail):
            found = list(MOMENT.finditer(words))
            assert found, mail.kind
            for each in found:
                assert_says(at, each)
        for day, year, clock, label in SHORT_MOMENT.findall(mail.subject):
            year = year or f", {edition.year}"
            told = datetime.strptime(f"{day}{year} {clock.replace('.', '')}", "%B %d, %Y %I:%M %p")
            assert told == at.replace(tzinfo=None, second=0, microsecond=0)
            assert label == f"{at:%Z}"


@pytest.mark.parametrize("seed", range(3))
def test_a_reminder_names_each_ballot_that_is_missing_and_no_other(world, seed):
    chance = random.Random(seed)
    voters = [world.member_a, world.member_b, *seat_governments(6)]
    edition = window(world.edition, "America/Denver", database_now() + timedelta(hours=chance.choice((9, 60))))
    for voter in voters:
        for kind in Kind:
            if did := chance.choice(("", "save", "cast")):
                rank(edition, voter, TITLES[kind][0], kind=kind, action=did)
    Mail.objects.all().delete()
    remind_those_who_have_not_cast(edition)
    for voter in [*voters, world.delegate_a]:
        ballots = {kind: edition.list_of(kind).ballots.filter(government=voter.government).first() for kind in Kind}
        missing = [kind for kind, ballot in ballots.items() if ballot is None or not ballot.is_cast]
        mail = Mail.objects.filter(to=voter.email).first()
        assert bool(mail) is bool(missing)
        if not mail:
            continue
        listed = re.findall(r"- (\w+) \(([^)]+)\): \S+/(\w+)/ballot/", words_of(mail)[0])
        states = {kind: "saved, not yet cast" if ballots[kind] else "not begun" for kind in missing}
        assert listed == [(kind.heading, states[kind], kind.value) for kind in missing]
        assert mail.subject.count(" and ") == len(missing) - 1
        for words in words_of(mail):
            if said := re.search("has not cast (one of the ballots|its ballots)", words):
                assert said[1] == ("one of the ballots" if len(missing) == 1 else "its ballots")


@pytest.mark.parametrize("has_cast", [True, False])
def test_the_mail_about_the_close_promises_results_where_there_are_some(world, has_cast):
    if has_cast:
        cast_at_random(world.edition, [world.member_a], 1)
    announce_close(closed(world.edition))
    mails = Mail.objects.filter(kind="closed")
    assert len(mails) == 3
    for mail in mails:
        for words in words_of(mail):
            assert ("You see the results" in words) is has_cast
            assert ("No government has cast one" in words) is not has_cast


def test_mails_that_wait_while_the_close_moves_name_the_new_close(world):
    announce_opening(world.edition)
    announce_moved_close(Edition.objects.get(pk=world.edition.pk), "Too early")
    world.edition.move_close(database_now() + timedelta(days=40), reason="A storm")
    edition = Edition.objects.get(pk=world.edition.pk)
    announce_moved_close(edition, "A storm")
    assert sorted(Mail.objects.values_list("kind", flat=True)) == ["edition_opens"] * 3 + ["moved_close"] * 3
    for mail in Mail.objects.all():
        assert mail.not_after == edition.closes_at
        assert when(edition.closes_at, edition) in words_of(mail)[0]


def test_mails_that_wait_until_the_ballots_are_closed_or_published_are_not_sent(world):
    announce_opening(world.edition)
    announce_close(closed(world.edition))
    assert {mail.kind for mail in Mail.objects.all()} == {"closed"}
    publish(Edition.objects.get(pk=world.edition.pk))
    announce_results(Edition.objects.get(pk=world.edition.pk))
    assert {mail.kind for mail in Mail.objects.all()} == {"results"}


def test_a_mail_that_is_sent_stays_in_the_outbox_after_the_close(world):
    announce_opening(world.edition)
    Mail.objects.update(sent_at=Now())
    announce_close(closed(world.edition))
    assert Mail.objects.filter(kind="edition_opens").count() == 3


@pytest.mark.parametrize("count", [1, 2, 30])
def test_a_digest_counts_the_lines_that_it_has(db, count):
    for number in range(count):
        cause = f"note:{number}"
        DigestItem.objects.collect(
            "a@mix.example", kind="reply", cause=cause, line=f"L{number}", url="https://x.example/"
        )
    send_digests()
    mail = Mail.objects.get()
    for words in (mail.subject, *words_of(mail)):
        for said, plural in re.findall(r"(\d+) thing(s?) ", words):
            assert (int(said), bool(plural)) == (count, count > 1)
    assert len(re.findall(r"^- L\d+$", mail.text, re.MULTILINE)) == mail.html.count("<li>") == count
