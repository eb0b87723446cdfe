"""Lost access: a curator binds a person to a new address, and the operator lets a curator in when none gets in."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth import get_user
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from members.invitations import Invitation
from members.models import User
from mixportal.mail.models import Mail
from tests.curating import change, editable, filled, problems
from tests.members.signing import CODE, LOGIN, ask_for_code, digits, give_app, is_signed_in, sign_in_by_code
from tests.worlds import make_government

NEW = {"email": "rosa@new.example", "checked": "Called her back at the county’s switchboard"}


def bind(world, who: str = "member_a") -> str:
    return f"/admin/members/user/{getattr(world, who).pk}/bind/"


@pytest.fixture
def curator(world, sign_in):
    return sign_in(world.curator)


def test_a_person_bound_to_a_new_address_signs_in_there_and_nowhere_else(world, curator, sign_in):
    give_app(world.member_a)
    old = sign_in(world.member_a)
    assert curator.post(bind(world), NEW).status_code == 302
    assert not is_signed_in(old)
    assert not Authenticator.objects.exists()
    Client().post(LOGIN, {"email": "rosa@port.example"})
    assert mail.outbox == []
    client = Client()
    sign_in_by_code(client, "rosa@new.example")
    assert is_signed_in(client)
    assert client.get("/2030/priorities/ballot/").status_code == 200


def test_both_addresses_are_told_and_the_old_one_whom_to_turn_to(world, curator, settings):
    settings.SECURITY_CONTACT = "mailto:security@mix.example"
    curator.post(bind(world), NEW)
    told = {each.to: each for each in Mail.objects.filter(kind__startswith="address_")}
    assert set(told) == {"rosa@port.example", "rosa@new.example"}
    assert "tell us at once: security@mix.example" in " ".join(told["rosa@port.example"].text.split())
    assert "rosa@new.example" not in told["rosa@port.example"].text + told["rosa@port.example"].html
    assert "/account/login/" in told["rosa@new.example"].text


@pytest.mark.django_db(transaction=True)
def test_the_history_keeps_who_bound_whom_and_what_was_checked(world, curator):
    curator.post(bind(world), NEW)
    event = world.member_a.events.latest("pgh_id")
    assert event.email == "rosa@new.example"
    assert event.pgh_context["user"] == world.curator.pk
    assert event.pgh_context["reason"] == f"bound to a new address; checked: {NEW['checked']}"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"checked": ""}, "This field is required."),
        ({"checked": "  "}, "This field is required."),
        ({"email": "ROSA@port.example"}, "The account already has this address."),
        ({"email": "Ben@Halloran.example"}, "Ben Nakamura already has this email address."),
        ({"email": "nowhere"}, "Enter a valid email address."),
        ({"checked": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_a_binding_that_cannot_be_changes_nothing(world, curator, sign_in, wrong, said):
    signed_in = sign_in(world.member_a)
    answer = curator.post(bind(world), NEW | wrong)
    assert answer.status_code == 422
    assert problems(answer) == said
    world.member_a.refresh_from_db()
    assert world.member_a.email == "rosa@port.example"
    assert is_signed_in(signed_in)
    assert not Mail.objects.exists()


def test_an_address_changes_by_that_page_alone(world, curator):
    assert "email" not in editable(curator.get(f"/admin/members/user/{world.member_a.pk}/change/"), "user_form")


def test_a_code_on_its_way_to_the_old_address_opens_nothing_any_more(world, curator):
    client = Client()
    code = ask_for_code(client, "rosa@port.example")
    curator.post(bind(world), NEW)
    answer = client.post(CODE, {"code": code}, follow=True)
    assert "that this account no longer has" in answer.content.decode()
    assert not is_signed_in(client)


def test_a_second_factor_that_was_about_to_be_shown_opens_nothing_any_more(world, curator):
    secret, client = give_app(world.member_a), Client()
    sign_in_by_code(client, "rosa@port.example")
    curator.post(bind(world), NEW)
    client.post("/account/login/second-factor/", {"code": digits(secret)})
    assert not is_signed_in(client)


def test_another_curators_address_is_changed_by_superusers_alone(world, sign_in):
    world.bare_staff.join_curators()
    clerk = sign_in(world.bare_staff)
    assert clerk.post(bind(world, "curator"), NEW).status_code == 403
    assert clerk.post(bind(world), NEW).status_code == 302


# The command


def restore(*arguments: str) -> tuple[str, str]:
    """What it printed, and the path of the link in it."""
    out = StringIO()
    call_command("restore_access", *arguments, stdout=out)
    return out.getvalue(), re.search(r"https?://[^/]+(/account/invitation/\S+)", out.getvalue()).group(1)


def test_a_curator_who_lost_everything_gets_in_once_by_the_link_and_sets_a_factor_up(world, settings):
    settings.CURATORS_NEED_SECOND_FACTOR = True
    give_app(world.curator)
    User.objects.filter(pk=world.curator.pk).update(last_login=timezone.now())
    said, link = restore("Curator@mix.example")
    assert "Cora Curator is a curator" in said
    assert "second factors are gone" in said
    until = Invitation.objects.live().get().expires_at
    here = timezone.localtime(until)
    assert f"before {until:%H:%M} UTC ({here:%H:%M} in {settings.TIME_ZONE})" in said
    client = Client()
    assert "Your way back in" in client.get(link).content.decode()
    assert client.post(link)["Location"] == "/"
    assert is_signed_in(client)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/account/"
    again = Client()
    assert again.get(link).status_code == again.post(link).status_code == 404
    assert not is_signed_in(again)
    assert mail.outbox == []


def test_the_link_is_dead_after_fifteen_minutes_or_once_there_is_a_newer_one(world):
    _, first = restore("curator@mix.example")
    _, second = restore("curator@mix.example")
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
    stored = Invitation.objects.live().get()
    assert stored.expires_at - stored.sent_at == timedelta(minutes=15)
    ago = timezone.now() - timedelta(minutes=16)
    Invitation.objects.live().update(sent_at=ago, expires_at=ago + timedelta(minutes=15))
    assert Client().get(second).status_code == 404


def test_a_curator_who_was_switched_off_is_switched_on_and_speaks_for_nobody(world):
    User.objects.filter(pk=world.gone_curator.pk).update(role="member", government=world.port, is_superuser=False)
    restore("gone@mix.example")
    gone = User.objects.get(pk=world.gone_curator.pk)
    assert (gone.is_active, gone.is_staff, gone.is_superuser, gone.role) == (True, True, True, "none")


def test_the_account_can_be_bound_to_another_address_by_the_same_command(world):
    _, link = restore("curator@mix.example", "--new-email", "cora@new.example")
    client = Client()
    client.post(link)
    assert get_user(client).email == "cora@new.example"
    assert Mail.objects.filter(to="curator@mix.example", kind="address_left").exists()


@pytest.mark.django_db(transaction=True)
def test_without_an_account_one_is_made_if_the_operator_asks_for_it_and_says_why():
    said, link = restore("new@mix.example", "--name", "New Curator", "--create", "--reason", "the first curator")
    assert "are gone" not in said
    assert User.objects.get().events.get().pgh_context["reason"] == "the first curator"
    new = User.objects.get(email="new@mix.example")
    assert (new.name, new.is_superuser, new.has_usable_password()) == ("New Curator", True, False)
    client = Client()
    client.post(link)
    assert is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_the_history_says_that_it_was_the_command(world):
    User.objects.filter(pk=world.curator.pk).update(is_superuser=False)
    restore("curator@mix.example", "--new-email", "cora@new.example")
    events = world.curator.events.order_by("-pgh_id")[:2]
    assert [event.pgh_context["command"] for event in events] == ["restore_access"] * 2
    assert "by the operator, with restore_access" in events[0].pgh_context["reason"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "Enter a valid email address."),
        (["curator@mix.example", "--new-email", "x"], "Enter a valid email address."),
        (
            ["curator@mix.example", "--new-email", "ben@halloran.example"],
            "Ben Nakamura already has this email address.",
        ),
        (["nobody@mix.example", "--new-email", "x@mix.example"], "Nobody has the address nobody@mix.example"),
        (["nobody@mix.example"], "add --create and --reason"),
        (["nobody@mix.example", "--create"], "Say with --reason"),
        (["nobody@mix.example", "--create", "--reason", " "], "Say with --reason"),
    ],
)
def test_what_cannot_be_restored_is_said_and_changes_nothing(world, arguments, said):
    give_app(world.curator)
    with pytest.raises(CommandError, match=said):
        restore(*arguments)
    assert Authenticator.objects.filter(user=world.curator).exists()
    assert not Invitation.objects.exists()


def test_a_new_voter_is_not_made_a_curator_while_ballots_are_open(world):
    User.objects.create_user("new@port.example", name="New", role="delegate", government=world.port)
    with pytest.raises(CommandError, match="nor a new voter become a curator"):
        restore("new@port.example")
    assert not User.objects.get(email="new@port.example").is_staff


# Curators


def test_whoever_is_made_a_curator_can_do_what_curators_do(world, curator, sign_in):

    change(curator, world.former, is_staff="on")
    new = sign_in(User.objects.get(pk=world.former.pk))
    index = new.get("/admin/").content.decode()
    for listed in ("members/user", "members/government", "members/office", "members/invitation", "editions/edition",
                   "priorities/priority", "challenges/challenge"):  # fmt: skip
        assert f"/admin/{listed}/" in index
        assert new.get(f"/admin/{listed}/").status_code == 200
    government = make_government("Tempe", None)
    assert new.post(f"/admin/members/government/{government.pk}/give-seat/", {"reason": "joined"}).status_code == 302
    assert new.post("/admin/editions/edition/add/", {}).status_code == 200
    assert new.get("/admin/auth/group/").status_code == 404
    assert new.post(f"/admin/members/user/{world.member_a.pk}/delete/", {"post": "yes"}).status_code == 403
    assert new.post(f"/admin/members/government/{world.port.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_curators_permissions_are_those_of_the_admins_pages_and_end_with_the_account(world):
    world.bare_staff.join_curators()
    granted = User.objects.get(pk=world.bare_staff.pk).get_all_permissions()
    assert {"members.change_user", "priorities.add_priority", "editions.change_edition"} <= granted
    of_pages = {f"{model._meta.app_label}.{model._meta.model_name}" for model in admin.site._registry} - {"auth.group"}
    assert {re.sub(r"\.(add|change|delete|view)_", ".", each) for each in granted} == of_pages
    world.bare_staff.is_active = False
    assert world.bare_staff.get_all_permissions() == set()


def test_whoever_stops_being_a_curator_leaves_the_group(world, curator, sign_in):

    world.bare_staff.join_curators()
    clerk = sign_in(world.bare_staff)
    assert clerk.get("/admin/members/user/").status_code == 200
    where = f"/admin/members/user/{world.bare_staff.pk}/change/"
    posted = filled(curator.get(where), "user_form")
    del posted["is_staff"]
    curator.post(where, posted)
    assert not User.objects.get(pk=world.bare_staff.pk).groups.exists()
    assert clerk.get("/admin/members/user/").status_code == 302
