"""Invitations: for one address, once, for 14 days; accepting one is the first sign-in, and a stranger learns nothing."""

from __future__ import annotations

import hashlib
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.invitations import NOT_TO_BE_INVITED, Invitation, UnusableInvitationError
from members.models import Government, User
from mixportal.mail.models import Mail
from tests.members.inviting import invite, newest_link
from tests.members.signing import FACTOR, digits, give_app, is_signed_in
from tests.reading import said
from tests.test_templates import check_page
from tests.worlds import make_government

NORA = "nora@new.example"


def expire(**which) -> None:
    """As if those invitations had been sent fifteen days ago."""
    ago = timezone.now() - timedelta(days=15)
    Invitation.objects.filter(**which).update(sent_at=ago, expires_at=ago + timedelta(days=14))


def test_an_invitation_leads_from_the_mail_to_being_signed_in_with_the_role(world, client):
    link = invite(world, name="Nora New")
    page = client.get(link)
    assert page.status_code == 200
    told = " ".join(page.content.decode().split())
    assert "You are invited, as delegate of Port Merrow County" in told
    assert "Rosa Delgado invites nora@new.example" in told
    assert check_page(link, page.content.decode()) == []
    answer = client.post(link, {"name": "Nora Newcomer"})
    assert answer["Location"] == "/"
    assert is_signed_in(client)
    nora = User.objects.get(email=NORA)
    assert (nora.name, nora.role, nora.government, nora.is_active) == ("Nora Newcomer", "delegate", world.port, True)
    assert not nora.is_staff
    assert client.get("/2030/priorities/ballot/").status_code == 200


def test_the_mail_says_who_invites_to_what_and_until_when_and_names_the_configured_host(world, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    invite(world, role="leader")
    [mail] = Mail.objects.all()
    assert mail.subject == "You are invited to the MIX portal, as leader of Port Merrow County"
    assert "where Port Merrow County stands in it" in " ".join(mail.text.split())
    for body in (mail.text, mail.html):
        assert "Rosa Delgado invites you" in body
        assert "https://portal.example.org/account/invitation/" in body
        assert "until" in body


def test_the_token_is_long_and_the_table_and_its_history_hold_its_hash_at_most(world):
    token = invite(world).split("/")[-2]
    assert len(token) >= 43  # 256 bits
    stored = Invitation.objects.get()
    assert stored.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(list(Invitation.objects.values())) + str(list(stored.events.values()))
    assert stored.token_sha256 not in str(list(stored.events.values()))


def test_opening_the_link_any_number_of_times_changes_nothing(world, client):
    link = invite(world)
    before = list(Invitation.objects.values()), User.objects.count()
    for _ in range(3):
        assert client.get(link).status_code == client.head(link).status_code == 200
    assert (list(Invitation.objects.values()), User.objects.count()) == before
    assert not is_signed_in(client)


def test_the_page_is_kept_and_found_by_nobody_and_tells_no_site_its_address(world, client):
    link = invite(world)
    for answer in (client.get(link), client.get("/account/invitation/nonsense/"), client.post(link, {"name": "Nora"})):
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Referrer-Policy"] == "strict-origin"


def used(world, link):
    Client().post(link, {"name": "Nora"})


def revoked(world, link):
    Invitation.objects.get().revoke()


def expired(world, link):
    expire()


def sent_again(world, link):
    Invitation.objects.get().resend(by=world.member_a)


def sender_removed(world, link):
    world.member_a.leave(reason="left")


def sender_switched_off(world, link):
    User.objects.filter(pk=world.member_a.pk).update(is_active=False)


def seat_released(world, link):
    world.port.release_seat(reason="left MIX")


def seat_taken_by_an_import(world, link):
    Government.objects.filter(pk=world.port.pk).update(seat=None)


def drawn_elsewhere(world, link):
    User.objects.create_user(NORA, name="Nora", role="leader", government=world.halloran)


def made_a_curator(world, link):
    User.objects.create_user(NORA, name="Nora", is_staff=True)


def switched_off_by_a_curator(world, link):
    User.objects.create_user(NORA, name="Nora", is_active=False)


DEAD = [
    used, revoked, expired, sent_again, sender_removed, sender_switched_off, seat_released, seat_taken_by_an_import, drawn_elsewhere,
    made_a_curator, switched_off_by_a_curator,
]  # fmt: skip


@pytest.mark.parametrize("happened", DEAD)
def test_a_link_that_opens_nothing_answers_as_one_that_never_was(world, happened):
    link = invite(world)
    happened(world, link)
    people = list(User.objects.order_by("pk").values())
    for ask in (Client().get, Client().post):
        dead, never = ask(link), ask("/account/invitation/never-there/")
        assert dead.status_code == never.status_code == 404
        assert dead.content == never.content
        assert sorted(dead.headers.items()) == sorted(never.headers.items())
        assert "cannot be used" in dead.content.decode()
    assert list(User.objects.order_by("pk").values()) == people


@pytest.mark.parametrize("token", ["%00", "a" * 4000, "..%2f..", "é", "x.y"])
def test_a_token_that_is_none_is_no_error_of_ours(world, client, token):
    assert client.get(f"/account/invitation/{token}/").status_code == 404
    assert client.post(f"/account/invitation/{token}/").status_code == 404


def test_the_name_is_asked_of_who_has_no_account_and_kept_on_the_page_when_it_is_too_long(world, client):
    link = invite(world)
    for name in ("", " ", "N" * 121):
        answer = client.post(link, {"name": name})
        assert answer.status_code == 422
        assert said(answer, "errors")
        assert check_page(link, answer.content.decode()) == []
    assert "N" * 121 in client.post(link, {"name": "N" * 121}).content.decode()
    assert client.post(link, {"name": "No\x00ra"}).status_code == 422
    assert not User.objects.filter(email=NORA).exists()


def test_no_log_holds_a_link_that_opens_something(world, capfd):
    link = invite(world)
    strict = Client(enforce_csrf_checks=True)
    console = logging.getLogger().handlers[0]
    console.setStream(sys.stderr)
    Client().post(link, {"name": ""})
    assert strict.post(link, {"name": "Nora"}).status_code == 403
    logged = capfd.readouterr().err
    assert logged.count("/account/invitation/...") == 2
    assert link not in logged


def test_a_form_cannot_add_power_to_an_invitation(world, client):
    extra = {
        "role": "member",
        "government": world.halloran.pk,
        "is_staff": "on",
        "is_superuser": "1",
        "email": "x@x.example",
    }
    client.post(invite(world, role="leader"), {"name": "Nora", **extra})
    nora = User.objects.get(email=NORA)
    assert (nora.role, nora.government, nora.is_staff, nora.is_superuser) == ("leader", world.port, False, False)
    assert not User.objects.filter(email="x@x.example").exists()


def test_a_former_member_comes_back_with_the_same_account(world, client):
    link = invite(world, email="OLD@port.example", role="leader")
    assert "Your name" not in client.get(link).content.decode()
    client.post(link)
    world.former.refresh_from_db()
    assert (world.former.role, world.former.government, world.former.name) == ("leader", world.port, "Old Hand")
    assert is_signed_in(client)


def test_a_curators_invitation_wakes_an_account_that_was_switched_off(world, client):
    User.objects.filter(pk=world.former.pk).update(is_active=False)
    with pytest.raises(ValidationError, match=NOT_TO_BE_INVITED):
        invite(world, email="old@port.example")
    client.post(invite(world, email="old@port.example", by=world.curator))
    world.former.refresh_from_db()
    assert (world.former.is_active, world.former.role) == (True, "delegate")


def test_nobody_but_a_superuser_wakes_somebody_who_was_a_curator(world):
    with pytest.raises(ValidationError, match="A superuser can reactivate the account"):
        invite(world, email="gone@mix.example", by=world.curator)


def test_accepting_asks_for_the_second_factor_of_an_account_that_has_one(world, client):
    secret = give_app(world.former)
    answer = client.post(invite(world, email="old@port.example"))
    assert answer["Location"] == FACTOR
    assert not is_signed_in(client)
    client.post(FACTOR, {"code": digits(secret)})
    assert is_signed_in(client)


def test_whoever_was_signed_in_in_that_browser_is_signed_out_and_the_page_says_so_before(world, sign_in):
    client = sign_in(world.member_b)
    before = client.session.session_key
    link = invite(world)
    assert "Ben Nakamura is signed in" in said(client.get(link), "somebody-else")
    client.post(link, {"name": "Nora"})
    assert get_user(client).email == NORA
    assert client.session.session_key != before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("email", [NORA, "old@port.example"])  # a new account, and one that was switched off
def test_of_twelve_accepting_at_once_one_wins(world, email):
    token = invite(world, email=email).split("/")[-2]

    def accept(number: int) -> bool:
        try:
            Invitation.objects.accept(token, name=f"Nora {number}")
        except UnusableInvitationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(12) as threads:
        assert sum(threads.map(accept, range(12))) == 1
    assert User.objects.filter(email=email).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_history_says_who_invited_whom_and_what_came_of_it(world, sign_in):
    sign_in(world.member_a).post(
        "/governments/port-merrow-county/people/", {"action": "invite", "role": "leader", "email": NORA, "name": "Nora"}
    )
    Client().post(newest_link(NORA), {"name": "Nora"})
    sent, accepted = Invitation.objects.get().events.order_by("pgh_id")
    assert (sent.pgh_context["user"], sent.pgh_context["reason"]) == (world.member_a.pk, "invited as leader")
    assert accepted.pgh_context["reason"] == "accepted the invitation as leader"
    assert accepted.accepted_by == User.objects.get(email=NORA)


# Who may invite whom


@pytest.mark.parametrize(
    ("who", "role"),
    [("member_a", "member"), ("member_b", "delegate"), ("delegate_a", "leader"), ("leader_a", "leader"),
     ("former", "delegate"), ("gone_curator", "member"), ("curator", "curator"), ("member_a", "curator")],
)  # fmt: skip
def test_who_may_not_invite_does_not(world, who, role):
    with pytest.raises(PermissionDenied):
        invite(world, role=role, by=getattr(world, who))
    assert not Invitation.objects.exists()
    assert not Mail.objects.exists()


def test_a_second_member_is_not_invited_but_handed_over_to(world):
    with pytest.raises(ValidationError, match=r"has a member, Rosa Delgado\. For a new CIO, hand over instead"):
        invite(world, role="member", by=world.curator)
    world.member_a.leave(reason="left")
    invite(world, role="member", by=world.curator)
    with pytest.raises(ValidationError, match="Somebody else is invited as the member"):
        invite(world, email="other@new.example", role="member", by=world.curator)
    expire()
    invite(world, email="other@new.example", role="member", by=world.curator)


def test_a_government_without_a_seat_has_nobody_to_invite(world):
    with pytest.raises(ValidationError, match="holds no seat"):
        invite(world, by=world.curator, government=make_government("Scottsdale", None))


def test_a_member_learns_nothing_of_people_elsewhere_and_a_curator_is_told(world):
    for known in ("ben@halloran.example", "curator@mix.example", "gone@mix.example"):
        with pytest.raises(ValidationError) as refusal:
            invite(world, email=known)
        assert refusal.value.messages == [NOT_TO_BE_INVITED]
    with pytest.raises(ValidationError, match="Ben Nakamura already speaks for Halloran County"):
        invite(world, email="BEN@halloran.example", by=world.curator)
    with pytest.raises(ValidationError, match="Ines Marchetti is already there, as delegate"):
        invite(world, email="ines@port.example", role="leader")


def test_an_address_is_invited_once_at_a_time_and_anew_once_the_link_has_expired(world):
    first = invite(world)
    with pytest.raises(ValidationError, match="already has an invitation"):
        invite(world, email="NORA@new.example")
    assert Mail.objects.count() == 1
    expire()
    assert invite(world) != first
    assert [each.state for each in Invitation.objects.with_state().order_by("pk")] == ["withdrawn", "waiting"]
    with pytest.raises(IntegrityError, match="one_live"), transaction.atomic():
        Invitation.objects.update(revoked_at=None)


def test_sending_again_makes_a_new_link_and_starts_the_days_anew(world, client):
    first = invite(world)
    expire()
    assert Invitation.objects.with_state().get().state == "lapsed"
    Invitation.objects.get().resend(by=world.member_a)
    second = newest_link(NORA)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    stored = Invitation.objects.with_state().get()
    assert (stored.times_sent, stored.state) == (2, "waiting")
    assert stored.expires_at - stored.sent_at == timedelta(days=14)


def test_a_mail_that_was_not_sent_yet_goes_when_its_link_dies(world):
    invite(world)
    Invitation.objects.get().revoke()
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"role": "king"}, {"role": "curator"}, {"government": None}, {"accepted_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(days=99)},
    ],
)  # fmt: skip
def test_an_invitation_that_cannot_be_is_refused_by_the_database(world, broken):
    invite(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(**broken)


def test_accepting_too_often_is_slowed_down_and_told(world, settings):
    settings.ACCOUNT_RATE_LIMITS = {"accept_invitation": "3/h/ip"}
    link = invite(world)
    answers = [Client().post(link, {"name": ""}).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 429, 429]


def test_the_page_asks_the_database_a_few_times_whatever_there_is(world, client):
    link = invite(world)
    counts = []
    for more in (0, 10):
        for number in range(more):
            invite(world, email=f"n{number}@new.example")
        with CaptureQueriesContext(connection) as queries:
            client.get(link)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
