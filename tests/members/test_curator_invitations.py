"""Superusers invite new curators; and a curator who is invited to vote gains no vote while ballots are open."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from members.invitations import Invitation
from members.models import User
from mixportal.mail.models import Mail
from tests.curating import problems
from tests.members.inviting import invite, newest_link
from tests.members.signing import is_signed_in
from tests.reading import said
from tests.test_templates import check_page
from tests.worlds import closed

ADD_CURATOR = "/admin/members/invitation/add/"
SECOND = {"email": "second@mix.example", "name": "Second Curator"}


def invite_curator(world, sign_in) -> str:
    assert sign_in(world.curator).post(ADD_CURATOR, SECOND).status_code == 302
    return newest_link("second@mix.example")


def test_a_superuser_invites_a_new_curator_by_mail(world, sign_in, client):
    link = invite_curator(world, sign_in)
    mail = Mail.objects.get(kind="invitation")
    assert mail.subject == "You are invited to the MIX portal, as curator"
    assert "None" not in mail.text + mail.html
    page = client.get(link)
    assert check_page(link, page.content.decode()) == []
    assert "You are invited, as curator" in " ".join(page.content.decode().split())
    client.post(link, {"name": "Second Curator"})
    second = User.objects.get(email="second@mix.example")
    assert (second.is_staff, second.is_superuser, second.role, second.government) == (True, False, "none", None)
    assert [group.name for group in second.groups.all()] == ["Curators"]
    assert is_signed_in(client)
    assert client.get(link).status_code == 404


def test_only_superusers_invite_curators_and_send_those_invitations_again(world, sign_in):
    invite_curator(world, sign_in)
    world.bare_staff.join_curators()
    for who in ("bare_staff", "member_a"):
        assert sign_in(getattr(world, who)).post(ADD_CURATOR, SECOND).status_code in (302, 403)
        with pytest.raises(PermissionDenied):
            Invitation(**SECOND).invite_curator(by=getattr(world, who))
        with pytest.raises(PermissionDenied):
            Invitation.objects.get().resend(by=getattr(world, who))
    assert Mail.objects.count() == 1
    Invitation.objects.get().resend(by=world.curator)


@pytest.mark.parametrize("known", ["ROSA@port.example", "staff@mix.example", "gone@mix.example", "old@port.example"])
def test_nobody_with_an_account_is_invited_to_curate(world, sign_in, known):
    answer = sign_in(world.curator).post(ADD_CURATOR, {"email": known, "name": "X"})
    assert "already has an account. A superuser" in problems(answer)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("account", [{}, {"is_staff": True}, {"is_active": False, "is_staff": True}])
def test_an_invitation_to_curate_never_changes_an_account_that_came_since(world, sign_in, account):
    link = invite_curator(world, sign_in)
    User.objects.create_user("second@mix.example", name="Other", **account)
    before = list(User.objects.order_by("pk").values())
    assert Client().post(link, {"name": "X"}).status_code == 404
    assert list(User.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("change", [{"is_superuser": False}, {"is_active": False}])
def test_an_invitation_to_curate_counts_while_its_sender_is_an_active_superuser(world, sign_in, change):
    link = invite_curator(world, sign_in)
    User.objects.filter(pk=world.curator.pk).update(**change)
    assert Client().post(link, {"name": "X"}).status_code == 404
    assert Invitation.objects.with_state().get().state == "lapsed"
    assert not User.objects.filter(email="second@mix.example").exists()


def test_a_second_invitation_to_curate_replaces_the_first(world, sign_in):
    first, second = invite_curator(world, sign_in), invite_curator(world, sign_in)
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]


@pytest.mark.parametrize(
    ("role", "reason"), [("delegate", "a curator cannot gain a vote"), ("leader", "a curator cannot join a government")]
)
def test_a_curator_is_told_to_accept_after_the_close_and_then_can(world, client, role, reason):
    link = invite(world, email="second@mix.example", role=role, by=world.curator)
    User.objects.create_user("second@mix.example", name="Second", is_staff=True)
    answer = client.post(link)
    assert answer.status_code == 409
    assert reason in said(answer, "waits")
    assert check_page(link, answer.content.decode()) == []
    assert not is_signed_in(client)
    closed(world.edition)
    assert client.post(link).status_code == 302
    assert User.objects.get(email="second@mix.example").role == role
