"""Whoever begins to vote for a government, and however, its people hear of it at once, and no other government's do."""

from __future__ import annotations

from collections import Counter

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from members.models import Invitation, User
from mixportal.mail.models import Mail
from tests.members.inviting import invite
from tests.worlds import closed

KIND = "voters_changed"


@pytest.fixture
def world(world):
    User.objects.create_user("deputy@halloran.example", name="Deputy", role="leader", government=world.halloran)
    User.objects.create_user("away@port.example", name="Away", role="leader", government=world.port, is_active=False)
    return world


def accept(world, email, **how):
    Invitation.objects.accept(invite(world, email, **how).split("/")[-2], name="Nora New")


def reactivate(world):
    world.delegate_a.deactivate(reason="on leave")
    Mail.objects.filter(subject__contains="no longer votes").delete()
    world.delegate_a.reactivate(by=world.curator, reason="back")


def restore(world, *arguments):
    call_command("restore_access", "ines@port.example", *arguments)


def hand_over_and_accept(world):
    world.port.hand_over("nora@new.example", by=world.curator, reason="retired", name="Nora New")
    Mail.objects.filter(kind=KIND).delete()
    Invitation.objects.accept(Invitation.objects.get().renew(world.curator), name="Nora New")


# how someone comes to vote, who that is, and who of Port Merrow votes or reads then
WAYS = {
    "invited by the member": (lambda world: accept(world, "nora@new.example"), "nora@new.example", {"rosa", "ines"}),
    "invited by a curator": (
        lambda world: accept(world, "nora@new.example", by=world.curator), "nora@new.example", {"rosa", "ines"},
    ),
    "invited, with an account": (lambda world: accept(world, "old@port.example"), "old@port.example", {"rosa", "ines"}),
    "handed over to a delegate": (
        lambda world: world.port.hand_over("ines@port.example", by=world.curator, reason="r"),
        "ines@port.example", {"rosa"},
    ),
    "handed over to a leader": (
        lambda world: world.port.hand_over("second@port.example", by=world.curator, reason="r"),
        "second@port.example", {"rosa", "ines"},
    ),
    "handed over to a stranger": (
        lambda world: world.port.hand_over("nora@new.example", by=world.curator, reason="r", name="Nora New"),
        "nora@new.example", {"rosa", "ines"},
    ),
    "handed over to a stranger who accepts": (hand_over_and_accept, "nora@new.example", {"ines"}),
    "reactivated": (reactivate, "ines@port.example", {"rosa"}),
    "bound to an address": (
        lambda world: world.delegate_a.bind_to("ines@new.example", by=world.curator, checked="c"),
        "ines@new.example", {"rosa"},
    ),
    "let in by the operator": (restore, "ines@port.example", {"rosa"}),
    "let in by the operator at an address": (
        lambda world: restore(world, "--new-email", "ines@new.example"), "ines@new.example", {"rosa"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_everyone_of_the_government_hears_once_of_each_way_to_vote_and_nobody_else_does(world, way):
    User.objects.create_user("second@port.example", name="Second Leader", role="leader", government=world.port)
    begin, voter, others = WAYS[way]
    begin(world)
    told = Counter(Mail.objects.filter(kind=KIND).values_list("to", flat=True))
    expected = {f"{name}@port.example" for name in others} | {"mayor@port.example", "second@port.example"}
    assert told == dict.fromkeys(expected - {voter}, 1)


def test_the_mail_says_who_votes_now_how_by_whom_when_and_whom_to_call(world, settings):
    settings.SECURITY_CONTACT = "mailto:security@mix.example"
    accept(world, "nora@new.example", by=world.curator)
    mail = Mail.objects.get(kind=KIND, to="rosa@port.example")
    assert mail.unsubscribe == ""
    for body in (mail.text, mail.html):
        body = " ".join(body.split())
        assert "Nora New accepted an invitation by Cora Curator, a curator of MIX," in body
        for part in ("Rosa Delgado, member", "Ines Marchetti, delegate", "Nora New, delegate", "security@mix.example"):
            assert part in body
        assert "sees the ballots" not in body, "a curator's invitation does not let in"


def test_the_mail_says_whose_ballots_somebody_sees_who_was_let_in(world):
    accept(world, "nora@new.example")
    mail = Mail.objects.filter(kind=KIND).first()
    assert "Nora New sees the ballots of Port Merrow County that Rosa Delgado sees." in " ".join(mail.text.split())


@pytest.mark.parametrize("email", ["ines@port.example", "nora@new.example"])
def test_a_hand_over_says_who_no_longer_votes(world, email):
    world.port.hand_over(email, by=world.curator, reason="retired", name="Nora New")
    for mail in Mail.objects.filter(kind=KIND):
        assert "Rosa Delgado no longer votes for Port Merrow County." in " ".join(mail.text.split())
        assert "Rosa Delgado, member" not in mail.text


def test_leaders_who_come_back_or_move_are_nobodys_news(world):
    accept(world, "nora@new.example", role="leader")
    User.objects.get(email="away@port.example").reactivate(by=world.curator, reason="back")
    world.leader_a.bind_to("mayor@new.example", by=world.curator, checked="c")
    assert not Mail.objects.filter(kind=KIND).exists()


def test_the_same_thing_twice_is_told_twice(world):
    reactivate(world)
    reactivate(world)
    closed(world.edition)
    Authenticator.objects.all().delete()
    restore(world)
    restore(world)
    assert Mail.objects.filter(kind=KIND, to="rosa@port.example").count() == 4


@pytest.mark.parametrize("how", ["leave", "deactivate"])
def test_everyone_hears_that_a_person_no_longer_votes_that_person_too(world, how):
    getattr(world.delegate_a, how)(reason="retired")
    told = Mail.objects.filter(kind=KIND)
    assert set(told.values_list("to", flat=True)) == {"rosa@port.example", "ines@port.example", "mayor@port.example"}
    assert all("Ines Marchetti no longer votes for Port Merrow County. Reason: retired" in flat(mail) for mail in told)


def test_the_people_of_a_released_seat_hear_of_it(world):
    world.port.release_seat(reason="left MIX")
    told = set(Mail.objects.filter(kind=KIND).values_list("to", flat=True))
    assert {"rosa@port.example", "ines@port.example"} <= told


def test_a_leader_who_leaves_changes_no_voter(world):
    world.leader_a.leave(reason="election")
    assert not Mail.objects.filter(kind=KIND).exists()


def flat(mail: Mail) -> str:
    return " ".join(mail.text.split())
