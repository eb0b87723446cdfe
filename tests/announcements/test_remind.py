"""`manage.py remind`: what the calendar makes due, to whom it concerns, once, and never a sealed figure."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pgtrigger
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import User
from members.preferences import OFF, MailPreference
from mixportal.announcements.mails import announce_moved_close, announce_opening, coming_reminders, preview_opening
from mixportal.ballots.models import Ballot
from mixportal.editions.models import Edition, Entry, Kind, database_now
from mixportal.mail.kinds import MAIL_KINDS
from mixportal.mail.models import DigestItem, Mail
from mixportal.management.commands import worker
from mixportal.results.publishing import publish
from tests.mail.test_sending import run_worker
from tests.reading import page, text, with_testid
from tests.worlds import CHALLENGES, PRIORITIES, closed, make_edition, open_edition, published, rank, seat_governments

VOTERS = {"rosa@port.example", "ines@port.example", "ben@halloran.example"}


def remind() -> str:
    told = StringIO()
    call_command("remind", stdout=told)
    return told.getvalue()


def addressed(kind: str) -> set[str]:
    return set(Mail.objects.filter(kind=kind).values_list("to", flat=True))


def moved(edition: Edition, *, opened: timedelta, closes_in: timedelta) -> Edition:
    """The edition as if it had opened that long ago, to close that far from now."""
    now = database_now()
    with pgtrigger.ignore("editions.Edition:never_reopens"):
        Edition.objects.filter(pk=edition.pk).update(opens_at=now - opened, closes_at=now + closes_in)
    return Edition.objects.get(pk=edition.pk)


def test_the_worker_announces_an_opening_and_a_close_when_they_come(world, monkeypatch, settings):
    monkeypatch.setattr(worker, "MORNING", 24)
    settings.EMAIL_BACKEND = "tests.mail.backends.AsksToStop"
    run_worker()
    assert (addressed("edition_opens"), addressed("closed")) == (VOTERS, set())
    Mail.objects.update(sent_at=Now())
    moved(world.edition, opened=timedelta(days=16), closes_in=timedelta(minutes=-1))
    run_worker()
    assert (addressed("edition_opens"), addressed("closed")) == (VOTERS, VOTERS)


def test_the_desk_says_on_which_mornings_reminders_are_still_to_go(world, sign_in):
    curator, day = sign_in(world.curator), timedelta(days=1)
    zone = timezone.get_current_timezone()

    def told(edition: Edition) -> list[str]:
        shown = with_testid(page(curator.get(f"/admin/editions/edition/{edition.pk}/desk/")), "reminders")
        return [each.get("datetime") for each in shown.iter("time")]

    edition = moved(world.edition, opened=4.5 * day, closes_in=4.5 * day)
    *_, second, last = coming_reminders(edition)
    shown = text(with_testid(page(curator.get(f"/admin/editions/edition/{edition.pk}/desk/")), "reminders"))
    assert shown.startswith("The portal mails them a reminder on the mornings of ")
    assert told(edition)[-2:] == [second.date().isoformat(), last.date().isoformat()]
    for left, morning in ((3, second), (1, last)):
        assert (morning.astimezone(zone).hour, morning - (edition.closes_at - left * day) < day) == (7, True)
    announce_opening(edition)
    Mail.objects.update(created_at=Now() - 2 * day)
    edition = moved(edition, opened=20 * day, closes_in=3 * day)
    remind()
    assert len(told(edition)) == 1, "the second one went just now"
    assert told(moved(edition, opened=day, closes_in=day / 2)) == []


@pytest.fixture
def told(world):
    """The opening has been announced; every mail that follows is of the test."""
    remind()
    Mail.objects.update(created_at=Now() - timedelta(days=2), sent_at=Now())
    return world


def half_way(edition: Edition) -> Edition:
    return moved(edition, opened=timedelta(days=16), closes_in=timedelta(days=14))


def test_members_and_delegates_of_seated_governments_hear_that_ballots_are_open_with_the_dates(world):
    unseated = world.edition and User.objects.create_user("x@x.example", name="No Seat", is_active=False)
    assert "3 mails posted that the ballots of 2030 are open." in remind()
    assert addressed("edition_opens") == VOTERS
    assert unseated.email not in addressed("edition_opens")
    mail = Mail.objects.get(to="rosa@port.example")
    assert "/2030/priorities/ballot/" in mail.text
    assert "/2030/challenges/ballot/" in mail.html
    assert "BEGIN:VCALENDAR" in mail.calendar
    assert mail.not_after == world.edition.closes_at


def test_the_opening_mail_names_who_votes_for_its_readers_government(world):
    remind()
    for to, named, not_named in (
        ("rosa@port.example", ("Rosa Delgado, member", "Ines Marchetti, delegate"), "Ben Nakamura"),
        ("ben@halloran.example", ("Ben Nakamura, member",), "Rosa Delgado"),
    ):
        mail = Mail.objects.get(kind="edition_opens", to=to)
        for body in (mail.text, mail.html):
            assert all(name in body for name in named)
            assert not_named not in body
            assert "Lee Park" not in body


def test_a_curator_can_read_the_mail_before_there_is_a_window(world):
    words = preview_opening(make_edition(2031), world.curator)
    assert words.subject == "The ballots of 2031 are open"
    assert "Cora Curator" in words.text
    assert "your government can rank them now" in " ".join(words.html.split())
    assert "None" not in words.text + words.html
    assert not Mail.objects.exists()


def test_each_mail_carries_the_address_that_ends_its_kind(world, monkeypatch):
    monkeypatch.setattr(User, "unsubscribe_address", lambda self, kind: f"https://p.example/{self.pk}/{kind}/")
    remind()
    mail = Mail.objects.get(to="rosa@port.example")
    assert mail.unsubscribe == f"https://p.example/{world.member_a.pk}/edition_opens/"
    assert mail.unsubscribe in mail.text


def test_nobody_is_told_twice_however_often_it_runs(world):
    remind()
    count = Mail.objects.count()
    assert remind() == "Nothing is due.\n"
    assert Mail.objects.count() == count


def test_a_government_without_a_seat_hears_nothing(world):
    world.halloran.seat = None
    world.halloran.save()
    remind()
    assert "ben@halloran.example" not in addressed("edition_opens")


def test_only_governments_that_have_not_cast_both_lists_are_reminded_and_of_what_is_missing(told):
    rank(told.edition, told.member_a, *PRIORITIES)
    rank(told.edition, told.member_a, *CHALLENGES, kind=Kind.CHALLENGES)
    rank(told.edition, told.member_b, *PRIORITIES)
    rank(told.edition, told.member_b, *CHALLENGES, kind=Kind.CHALLENGES, action="save")
    half_way(told.edition)
    assert "1 mail posted as a reminder of the ballots of 2030." in remind()
    mail = Mail.objects.get(kind="reminder")
    assert mail.to == "ben@halloran.example"
    assert "Halloran County has not cast its challenges of 2030 yet" in mail.subject
    assert "Challenges (saved, not yet cast)" in mail.text
    assert "/2030/priorities/ballot/" not in mail.text + mail.html


def test_there_are_two_reminders_and_one_on_the_last_day(told):
    for opened, left in ((14, 16), (16, 14), (17, 13), (27.5, 2.5), (28, 2), (29.5, 0.5), (29.6, 0.4)):
        moved(told.edition, opened=timedelta(days=opened), closes_in=timedelta(days=left))
        Mail.objects.filter(cause__contains="tomorrow").update(
            cause="reminder:same close"
        )  # its time is not quite equal
        remind()
    kinds = [mail.kind for mail in Mail.objects.filter(to="ben@halloran.example").order_by("pk")]
    assert kinds[:3] == ["edition_opens", "reminder", "reminder"]
    assert set(kinds[3:]) == {"closing_tomorrow"}


def test_who_joins_late_hears_of_the_opening_first_and_holds_up_nobody_elses_reminder(told):
    half_way(told.edition)
    late = seat_governments(1)[0]
    remind()
    assert addressed("edition_opens") == {*VOTERS, late.email}
    assert addressed("reminder") == VOTERS
    Mail.objects.update(created_at=Now() - timedelta(days=1))
    remind()
    assert addressed("reminder") == {*VOTERS, late.email}


def test_after_the_close_those_who_vote_learn_of_it_once_and_get_no_reminder(told):
    half_way(told.edition)
    closed(told.edition)
    remind()
    assert addressed("closed") == VOTERS
    assert addressed("reminder") == set()
    assert remind() == "Nothing is due.\n"


def test_while_an_edition_is_drafted_nothing_is_posted(db):
    make_edition(2031)
    assert remind() == "Nothing is due.\n"


def test_who_has_switched_a_kind_off_is_skipped(told):
    ines = User.objects.get(email="ines@port.example")
    MailPreference.objects.set(ines, MAIL_KINDS["reminder"], OFF)
    half_way(told.edition)
    remind()
    assert addressed("reminder") == {"rosa@port.example", "ben@halloran.example"}


def test_results_go_to_members_delegates_and_leaders_once_published_and_not_before(told):
    for member in seat_governments(10):
        rank(told.edition, member, *PRIORITIES)
    closed(told.edition)
    remind()
    assert addressed("results") == set()
    publish(Edition.objects.get(pk=told.edition.pk))
    remind()
    assert {*VOTERS, "mayor@port.example"} <= addressed("results")
    assert "old@port.example" not in addressed("results")
    mail = Mail.objects.get(kind="results", to="mayor@port.example")
    assert "- 1st Cybersecurity" in mail.text
    assert remind() == "Nothing is due.\n"


def test_results_name_joint_places_as_joint_and_all_of_them(world):
    for member in seat_governments(2):
        rank(world.edition, member, "Data", ("Workforce", "Governance", "Cybersecurity"))
    published(world.edition)
    remind()
    mail = Mail.objects.get(kind="results", to="rosa@port.example")
    named = [line for line in mail.text.splitlines() if line.startswith("- ")]
    assert named[0] == "- 1st Data"
    assert sorted(named[1:4]) == [f"- joint 2nd {title}" for title in ("Cybersecurity", "Governance", "Workforce")]


def test_a_list_that_nobody_ranked_is_announced_without_an_order(world):
    publish(make_edition(2027))
    remind()
    mail = Mail.objects.get(kind="results", to="rosa@port.example")
    assert "The lists of 2027 are published" in mail.subject
    assert "1st" not in mail.text


def test_old_results_are_no_news(world):
    edition = make_edition(2027)
    publish(edition)
    with pgtrigger.ignore("editions.Edition:never_reopens"):
        Edition.objects.filter(pk=edition.pk).update(published_at=database_now() - timedelta(days=20))
    remind()
    assert addressed("results") == set()


def test_a_moved_close_is_told_with_its_reason_and_replaces_the_date_in_calendars(told):
    def sequence(mail: Mail) -> int:
        close = mail.calendar.partition("-close@")[2]
        return int(close.partition("SEQUENCE:")[2].partition("\r")[0])

    before = Mail.objects.get(to="ben@halloran.example")
    edition = moved(told.edition, opened=timedelta(days=1), closes_in=timedelta(days=20))
    assert announce_moved_close(edition, "The storm\nkeeps <many> away.") == 3
    assert announce_moved_close(edition, "Again") == 0
    mail = Mail.objects.get(kind="moved_close", to="ben@halloran.example")
    assert "The storm\nkeeps <many> away." in mail.text
    assert "The storm<br>keeps &lt;many&gt; away." in mail.html
    assert sequence(mail) > sequence(before)


def test_remind_sends_the_digests_too(world):
    DigestItem.objects.collect("a@b.example", kind="reply", cause="n:1", line="A reply", url="https://p.example/")
    assert "1 mail posted as a digest." in remind()


def test_it_asks_as_often_with_ten_times_the_governments_once_all_are_told(told):
    def asked() -> int:
        remind()
        Mail.objects.update(created_at=Now() - timedelta(days=2))
        remind()
        with CaptureQueriesContext(connection) as queries:
            remind()
        return len(queries)

    half_way(told.edition)
    before = asked()
    seat_governments(20)
    assert asked() == before
    assert Mail.objects.filter(kind="reminder").count() == 23


def test_the_opening_takes_as_many_queries_for_twenty_governments_as_for_three(world):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert announce_opening(world.edition) > 0
        return len(queries)

    few = asked()
    seat_governments(20)
    assert asked() == few
    assert Mail.objects.filter(kind="edition_opens").count() == 23


CANARY = "Zanzibar Turbines"


def test_no_mail_of_an_open_edition_tells_a_place_a_title_or_a_figure(told):
    """Every kind of mail that an open edition posts, with a canary for an entry that everybody ranks."""
    for annual_list in told.edition.lists.all():
        entry = annual_list.entries.in_order()[0]
        with pgtrigger.ignore("editions.Entry:stands_once_open"):
            Entry.objects.filter(pk=entry.pk).update(title=CANARY)
    rank(told.edition, told.member_a, "Cybersecurity", "Data")
    rank(told.edition, told.delegate_a, "Data", "Cybersecurity")
    rank(told.edition, told.delegate_a, "Data", "Cybersecurity", action="uncast")
    Ballot.enter(
        annual_list=told.edition.list_of(Kind.PRIORITIES),
        government=told.halloran,
        curator=told.curator,
        places={"cybersecurity": 1},
        reason="paper",
    )
    half_way(told.edition)
    remind()
    Mail.objects.update(sent_at=Now())
    edition = moved(told.edition, opened=timedelta(days=29.5), closes_in=timedelta(hours=12))
    announce_moved_close(edition, "a storm")
    remind()
    posted = set(Mail.objects.values_list("kind", flat=True))
    assert posted == {
        "edition_opens", "reminder", "closing_tomorrow", "moved_close", "ballot_cast_by_other", "ballot_entered",
    }  # fmt: skip
    for mail in Mail.objects.all():
        told_all = mail.subject + mail.text + mail.html + mail.calendar
        for secret in (CANARY, "cybersecurity", "Data", "1st", "first place", "of 2 governments"):
            assert secret not in told_all, (mail.kind, secret)


def test_published_results_would_show_the_canary(told):
    """No vacuous pass: the words that no mail of an open edition has stand in the results."""
    for member in seat_governments(10):
        rank(told.edition, member, *PRIORITIES)
    published(told.edition)
    remind()
    assert "Cybersecurity" in Mail.objects.filter(kind="results").first().text
    assert open_edition(make_edition(2033)).is_open
