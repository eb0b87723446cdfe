"""Since when people vote, and whom the database refuses a vote while ballots are open."""

from __future__ import annotations

from datetime import timedelta

import pghistory
import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import IntegrityError, transaction

from members.invitations import UnusableInvitationError
from members.models import Invitation, User
from mixportal.demo.people import set_voter_since
from tests.members.inviting import invite
from tests.worlds import LONG_AGO, closed

pytestmark = pytest.mark.django_db


def since(person: User) -> bool:
    """Whether the person counts as a voter from before this test."""
    return User.objects.get(pk=person.pk).voter_since > LONG_AGO


def accepted(link: str) -> User:
    return User.objects.get(pk=Invitation.objects.accept(link.split("/")[-2], name="New").pk)


def test_a_form_or_a_save_cannot_set_since_when_someone_votes(world):
    world.member_a.voter_since = world.member_a.sees_since = LONG_AGO - timedelta(days=9)
    world.member_a.name = "Rosa D."
    world.member_a.save()
    assert User.objects.get(pk=world.member_a.pk).voter_since == LONG_AGO
    new = User.objects.create_user("new@port.example", name="New", voter_since=LONG_AGO, sees_since=LONG_AGO)
    assert since(new)


@pytest.mark.parametrize(
    ("who", "change"),
    [
        ("leader_a", {"role": "delegate"}),
        ("former", {"role": "delegate", "government": "halloran"}),
        ("delegate_a", {"government": "halloran"}),
        ("delegate_a", {"role": "leader"}),
        ("delegate_a", {"email": "else@port.example"}),
        ("gone_curator", {"is_active": True}),
    ],
)
def test_a_new_role_government_or_address_and_reactivation_begin_a_new_vote(world, who, change):
    person = getattr(world, who)
    for field, value in change.items():
        setattr(person, field, getattr(world, value) if field == "government" else value)
    closed(world.edition)
    person.save()
    assert since(person)


def test_a_delegate_who_becomes_the_member_keeps_voting_since_then(world):
    world.port.hand_over("ines@port.example", by=world.curator, reason="retired")
    assert not since(world.delegate_a)
    assert since(world.member_a)


def test_a_name_or_a_visit_does_not_begin_a_new_vote(world):
    world.delegate_a.name = "Ines M."
    world.delegate_a.email = "INES@port.example"
    world.delegate_a.save()
    assert not since(world.delegate_a)


@pytest.mark.parametrize("curating", [{"is_staff": True}, {"is_superuser": True}])
def test_a_curator_gains_no_vote_while_ballots_are_open(world, curating):
    curator = User.objects.create_user("second@mix.example", name="Second", **curating)
    for change in ({"role": "delegate", "government": world.port}, {"role": "leader", "government": world.port}):
        with pytest.raises(IntegrityError, match="a curator cannot join a government"), transaction.atomic():
            User.objects.filter(pk=curator.pk).update(**change)
    with pytest.raises(IntegrityError, match="a curator cannot gain a vote"), transaction.atomic():
        User.objects.create_user("third@mix.example", name="T", role="delegate", government=world.port, **curating)
    closed(world.edition)
    User.objects.filter(pk=curator.pk).update(role="delegate", government=world.port)


def test_a_leader_who_curates_is_not_promoted_while_ballots_are_open(world):
    User.objects.filter(pk=world.leader_a.pk).update(is_staff=True)
    with pytest.raises(IntegrityError, match="a curator cannot gain a vote"), transaction.atomic():
        User.objects.filter(pk=world.leader_a.pk).update(role="delegate")


def test_a_voter_who_joined_during_the_voting_does_not_become_a_curator(world):
    new = User.objects.create_user("new@port.example", name="New", role="delegate", government=world.port)
    with pytest.raises(IntegrityError, match="nor a new voter become a curator"), transaction.atomic():
        User.objects.filter(pk=new.pk).update(is_staff=True)


def test_a_deactivated_curator_who_votes_is_not_reactivated_while_ballots_are_open(world):
    User.objects.filter(pk=world.delegate_a.pk).update(is_staff=True)
    User.objects.filter(pk=world.delegate_a.pk).update(is_active=False)
    with pytest.raises(IntegrityError, match="a curator cannot gain a vote"), transaction.atomic():
        User.objects.filter(pk=world.delegate_a.pk).update(is_active=True)


def test_a_president_who_voted_before_may_curate_and_step_down_at_any_time(world):
    User.objects.filter(pk=world.member_a.pk).update(is_staff=True)
    assert not since(world.member_a)
    User.objects.get(pk=world.member_a.pk).leave(reason="retired")
    assert User.objects.get(pk=world.member_a.pk).role == "none"


def test_an_invited_curator_is_refused_while_ballots_are_open_and_the_invitation_stays(world):
    token = invite(world, "second@mix.example").split("/")[-2]
    User.objects.create_user("second@mix.example", name="Second", is_staff=True)
    with pytest.raises(UnusableInvitationError):
        Invitation.objects.accept(token)
    assert Invitation.objects.get(email="second@mix.example").accepted_at is None


def test_a_second_factor_that_another_person_removes_begins_a_new_vote(world):
    with pghistory.context(user=world.member_a.pk):
        own = Authenticator.objects.create(user=world.member_a, type="totp", data={})
    assert not since(world.member_a), "their own"
    with pghistory.context(user=world.curator.pk):
        own.delete()
    assert since(world.member_a)


def test_restore_access_begins_a_new_vote_of_a_voter(world, capsys):
    with pghistory.context(user=world.member_a.pk):
        Authenticator.objects.create(user=world.member_a, type="totp", data={})
    call_command("restore_access", "rosa@port.example")
    assert User.objects.get(pk=world.member_a.pk).is_staff
    assert since(world.member_a)


def test_a_delegate_whom_the_member_invited_sees_what_the_member_sees(world):
    new = accepted(invite(world, "new@port.example"))
    assert new.let_in_by == world.member_a
    assert new.sees_since == LONG_AGO


def test_a_delegate_whom_a_curator_invited_is_not_let_in(world):
    new = accepted(invite(world, "new@port.example", by=world.curator))
    assert new.let_in_by is None
    assert new.sees_since == new.voter_since > LONG_AGO


def test_a_new_address_takes_back_that_someone_was_let_in(world):
    world.delegate_a.email = "else@port.example"
    world.delegate_a.save()
    world.delegate_a.let_in(world.member_a, seeing_from=LONG_AGO)
    assert User.objects.get(pk=world.delegate_a.pk).sees_since == LONG_AGO
    world.delegate_a.bind_to("third@port.example", by=world.curator, checked="by phone")
    bound = User.objects.get(pk=world.delegate_a.pk)
    assert bound.let_in_by is None
    assert bound.sees_since == bound.voter_since > LONG_AGO


def test_letting_in_is_undone_by_one_call_and_nobody_lets_themselves_in(world):
    set_voter_since(User.objects.filter(pk=world.delegate_a.pk), LONG_AGO + timedelta(days=1))
    world.delegate_a.let_in(world.member_a, seeing_from=LONG_AGO)
    world.delegate_a.undo_let_in()
    assert User.objects.get(pk=world.delegate_a.pk).sees_since == LONG_AGO + timedelta(days=1)
    with pytest.raises(IntegrityError, match="user_sees_earlier_only_if_let_in"), transaction.atomic():
        world.delegate_a.let_in(world.delegate_a, seeing_from=LONG_AGO)
