"""A person who has left is forgotten everywhere, and what the government decided stays."""

from __future__ import annotations

import io
from datetime import timedelta

import pghistory
import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from members.codes import SignInCode
from members.models import Invitation, Office, Session, User
from mixportal.ballots.models import Ballot
from mixportal.mail.models import DigestItem, Mail
from mixportal.notes.models import Note
from mixportal.pages.models import PageVersion
from tests.test_web_role import role  # noqa: F401  a fixture
from tests.worlds import rank

NAME, OLD_ADDRESS, ADDRESS, PHONE = (
    "Zsófia O’Quigley-Ω (Jr.)", "zsofia@port.example", "zsofia.o+1@port.example", "303 555 0199 x7",
)  # fmt: skip


def where_it_says(*texts: str) -> list[str]:
    """Return the tables with a row that holds one of the texts in any column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            condition = " OR ".join(["strpos(lower(whole::text), lower(%s)) > 0"] * len(texts))
            cursor.execute(f"SELECT count(*) FROM {table} AS whole WHERE {condition}", texts)
            found += [table] * bool(cursor.fetchone()[0])
    return found


@pytest.fixture
def leaver(world, write):
    """A delegate who left traces in every table that keeps people, and whose account is off."""
    invitation = Invitation.objects.invite(world.port, "delegate", OLD_ADDRESS, by=world.curator, name=NAME)
    user = User.objects.create_user(OLD_ADDRESS, name=NAME, role="delegate", government=world.port, phone=PHONE)
    user.bind_to(ADDRESS, by=world.curator, checked=f"called {NAME} at {PHONE}, the number on file")
    rank(world.edition, user, "Data")
    write(user, body="We merged two data centers.")
    Office.objects.create(person_name=NAME, government=world.port, office="board", from_year=2019)
    Office.objects.create(person_name="Ada Else", government=world.halloran, office="board", from_year=2019)
    LogEntry.objects.create(
        user=world.curator, object_repr=NAME, action_flag=2, change_message=f'[{{"changed": "{ADDRESS}"}}]'
    )
    context = {"person": user, "voter": user, "government": world.port, "how": "promoted"}
    for to in (ADDRESS, OLD_ADDRESS, "rosa@port.example"):
        Mail.objects.enqueue("voters_changed", to, cause="both", context=context)
        DigestItem.objects.collect(to, kind="note", cause="said", line=f"{NAME} answered", url="https://mix.example/")
    Mail.objects.filter(to=OLD_ADDRESS).first().mark_sent()
    Mail.objects.filter(to="rosa@port.example").update(subject=f"{NAME} votes for Port Merrow", reply_to=ADDRESS)
    assert invitation.events.exists()
    user.deactivate(reason=f"{NAME} retired")
    return user


def test_no_table_names_a_person_who_was_anonymized(world, leaver):
    assert set(where_it_says(NAME, ADDRESS, OLD_ADDRESS, PHONE)) >= {
        "django_admin_log", "mail_digestitem", "mail_mail", "members_invitation", "members_invitationevent",
        "members_office", "members_officeevent", "members_user", "members_userevent",
    }  # fmt: skip
    leaver.anonymize(reason="asked by letter")
    assert where_it_says(NAME, ADDRESS, OLD_ADDRESS, PHONE) == []
    leaver.refresh_from_db()
    assert leaver.name == f"former member of {world.port}"
    assert Office.objects.filter(person_name="Ada Else").exists()
    assert User.objects.get(pk=world.member_a.pk).name == world.member_a.name


def test_pages_that_were_kept_with_the_name_are_made_again(leaver):
    Office.objects.all().delete()  # changes of these have the pages made again, too
    connection.check_constraints()
    before = PageVersion.current()
    leaver.anonymize(reason="asked by letter")
    connection.check_constraints()
    assert PageVersion.current() == before + 1


def test_votes_and_notes_stay_and_are_said_to_be_a_former_members(world, leaver, sign_in):
    leaver.anonymize(reason="asked by letter")
    assert Ballot.objects.get(government=world.port).cast_by == leaver
    assert Note.objects.get().author == leaver
    page = sign_in(world.member_a).get("/governments/port-merrow-county/history/").content.decode()
    assert f"former member of {world.port}" in page


def test_mails_to_the_person_are_not_sent_and_those_of_others_wait_on(world, leaver):
    leaver.anonymize(reason="asked by letter")
    assert not Mail.objects.waiting().filter(to__startswith="removed-").exists()
    waiting = Mail.objects.waiting().get(to="rosa@port.example", cause="both")
    assert f"former member of {world.port}" in waiting.text
    assert all(NAME not in part and "Quigley" not in part for part in (waiting.text, waiting.html))
    assert not DigestItem.objects.filter(to__startswith="removed-", mail=None).exists()


def test_the_history_says_that_and_why_it_was_done_and_is_closed_again(world, leaver):
    leaver.anonymize(reason="asked by letter")
    event = leaver.events.order_by("pgh_id").last()
    assert event.pgh_context["reason"] == "asked by letter"
    assert event.anonymized_at
    with pytest.raises(Exception, match="append"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE members_userevent SET name = 'x'")


def test_a_curator_anonymizes_under_the_role_of_the_web_process(role, leaver, sign_in):  # noqa: F811
    curator = sign_in(role.curator)
    address = f"/admin/members/user/{leaver.pk}/anonymize/"
    assert curator.post(address, {"reason": ""}).status_code == 422
    assert curator.post(address, {"reason": "asked by letter"}).status_code == 302
    assert where_it_says(NAME, ADDRESS, OLD_ADDRESS) == []
    page = curator.get(f"/admin/members/user/{leaver.pk}/change/").content.decode()
    assert "/anonymize/" not in page
    assert "/reactivate/" not in page


def test_a_member_is_refused_the_curators_verb(world, leaver, sign_in):
    answer = sign_in(world.member_a).post(f"/admin/members/user/{leaver.pk}/anonymize/", {"reason": "no"})
    assert answer.status_code in (302, 403)
    assert User.objects.get(pk=leaver.pk).name == NAME


def test_who_still_takes_part_is_not_anonymized(world):
    for person in (world.member_a, world.leader_a, world.curator):
        with pytest.raises(ValidationError, match="is still active"):
            person.anonymize(reason="too early")
    with pytest.raises(IntegrityError, match="anonymized_has_left"), transaction.atomic():
        User.objects.filter(pk=world.member_a.pk).update(anonymized_at=timezone.now())


def test_nobody_is_anonymized_twice(world, leaver):
    leaver.anonymize(reason="asked by letter")
    with pytest.raises(ValidationError, match="already"):
        leaver.anonymize(reason="again")


def test_a_government_of_odd_name_breaks_no_history(world, leaver):
    world.port.name = r'Port "\1" & Merrow'
    world.port.save()
    with pghistory.context(note=f"about {NAME}"):
        leaver.title = "Retired"
        leaver.save()
    leaver.anonymize(reason="asked by letter")
    noted = [event.pgh_context.get("note") for event in leaver.events.all() if event.pgh_context]
    assert r'about former member of Port "\1" & Merrow' in noted


def test_the_command_anonymizes_by_address_and_refuses_with_a_reason(world, leaver):
    with pytest.raises(CommandError, match="No account has the address"):
        call_command("anonymise", "unknown@port.example", reason="x")
    with pytest.raises(CommandError, match="is still active"):
        call_command("anonymise", world.member_a.email, reason="x")
    said = io.StringIO()
    call_command("anonymise", ADDRESS.upper(), reason="asked by letter", stdout=said)
    assert "former member of Port Merrow" in said.getvalue()
    assert where_it_says(NAME, ADDRESS) == []


def test_prune_deletes_what_is_older_than_thirteen_months_and_keeps_the_rest(world):
    for cause, days in (("old", 400), ("young", 390), ("waiting", 400)):
        Mail.objects.enqueue("address_left", "rosa@port.example", cause=cause, context={"person": world.member_a})
        Mail.objects.filter(cause=cause).update(
            created_at=timezone.now() - timedelta(days=days), sent_at=None if cause == "waiting" else timezone.now()
        )
    DigestItem.objects.collect("rosa@port.example", kind="note", cause="said", line="x", url="https://mix.example/")
    DigestItem.objects.update(mail=Mail.objects.get(cause="old"))
    now = timezone.now()
    Session.objects.create(session_key="over", expire_date=now - timedelta(hours=1), session_data="")
    Session.objects.create(session_key="on", expire_date=now + timedelta(hours=1), session_data="")
    SignInCode.objects.create(address="a@b.example", for_known_device=False, period=1, code="X")
    said = io.StringIO()
    call_command("prune", stdout=said)
    assert set(Mail.objects.filter(cause__in=["old", "young", "waiting"]).values_list("cause", flat=True)) == {
        "young", "waiting",
    }  # fmt: skip
    assert not DigestItem.objects.exists()
    assert list(Session.objects.filter(session_key__in=["over", "on"]).values_list("session_key", flat=True)) == ["on"]
    assert not SignInCode.objects.exists()
    assert said.getvalue().startswith("Deleted: 1 mails, 1 sessions, 1 sign-in codes")
