"""The page of a government's people: its member invites and removes, its delegate reads, nobody else finds it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.invitations import NOT_TO_BE_INVITED, Invitation
from members.models import User
from mixportal.mail.models import Mail
from mixportal.mail.sending import send_next
from tests.members.inviting import invite, newest_link
from tests.members.signing import is_signed_in
from tests.reading import page, said, text
from tests.test_templates import check_page
from tests.worlds import make_government

PEOPLE, THEIRS = "/governments/port-merrow-county/people/", "/governments/halloran-county/people/"
INVITATIONS = "/admin/members/invitation/"
NORA = {"action": "invite", "role": "delegate", "name": "Nora New", "email": "nora@new.example"}


@pytest.fixture
def member(world, sign_in):
    return sign_in(world.member_a)


def rows(answer, kind: str) -> list[str]:
    return [text(row) for row in page(answer).iter("li") if row.get("data-testid") == kind]


def test_the_page_shows_who_is_there_and_who_is_invited_and_until_when(world, member):
    invite(world, name="Nora New")
    answer = member.get(PEOPLE)
    assert [row.split(" ")[0] for row in rows(answer, "person")] == ["Rosa", "Ines", "Lee"]
    [invited] = rows(answer, "invited")
    assert "Nora New Delegate · nora@new.example Invited by Rosa Delgado on" in invited
    assert check_page(PEOPLE, answer.content.decode()) == []


def test_the_profile_and_the_account_lead_there_for_those_who_may_go(world, sign_in):
    for who, there in (("member_a", True), ("delegate_a", True), ("member_b", False), ("curator", False)):
        client = sign_in(getattr(world, who))
        assert (PEOPLE in client.get("/governments/port-merrow-county/").content.decode()) is there, who
        assert (PEOPLE in client.get("/account/").content.decode()) is there, who


def test_inviting_mails_a_link_that_works(world, member):
    answer = member.post(PEOPLE, NORA, follow=True)
    assert answer.redirect_chain == [(PEOPLE, 302)]
    assert said(answer, "message") == "An invitation is on its way to nora@new.example."
    new = Client()
    new.post(newest_link("nora@new.example"), {"name": "Nora New"})
    assert is_signed_in(new)
    assert "Nora New" in rows(member.get(PEOPLE), "person")[2]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "nowhere"}, "Enter a valid email address."),
        ({"email": "a\x00@b.example"}, "Null characters are not allowed."),
        ({"email": "ben@halloran.example"}, NOT_TO_BE_INVITED),
        ({"email": "ines@port.example"}, "Ines Marchetti is already there"),
        ({"name": ""}, "This field is required."),
        ({"role": "member"}, "Choose delegate or leader."),
        ({"role": "curator"}, "Choose delegate or leader."),
        ({"role": ""}, "Choose delegate or leader."),
    ],
)
def test_what_cannot_be_invited_is_answered_with_the_form_and_all_that_was_typed(world, member, wrong, words):
    answer = member.post(PEOPLE, NORA | wrong)
    assert answer.status_code == 422
    assert words in text(page(answer))
    typed = {each.get("name"): each.get("value") for each in page(answer).iter("input")}
    assert typed["name"] == (NORA | wrong)["name"]
    assert not Invitation.objects.exists()


def test_removing_ends_the_part_and_the_sessions_at_once_and_keeps_the_person(world, member, sign_in):
    delegate = sign_in(world.delegate_a)
    form = delegate.get("/2030/priorities/ballot/")
    assert form.status_code == 200
    answer = member.post(PEOPLE, {"action": "remove", "person": world.delegate_a.pk}, follow=True)
    assert "Ines Marchetti no longer speaks" in said(answer, "message")
    assert delegate.post("/2030/priorities/ballot/", {"version": 0, "rank-data": 1}).status_code == 302
    assert not is_signed_in(delegate)
    world.delegate_a.refresh_from_db()
    assert (world.delegate_a.role, world.delegate_a.government, world.delegate_a.is_active) == ("none", None, True)


def test_sending_again_and_withdrawing_are_a_button_each(world, member):
    first = invite(world)
    pk = Invitation.objects.get().pk
    assert "A new link is on its way" in said(
        member.post(PEOPLE, {"action": "resend", "invitation": pk}, follow=True), "message"
    )
    second = newest_link("nora@new.example")
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
    member.post(PEOPLE, {"action": "revoke", "invitation": pk})
    assert Client().get(second).status_code == 404
    assert rows(member.get(PEOPLE), "invited") == []
    assert member.post(PEOPLE, {"action": "revoke", "invitation": pk}).status_code == 404


def test_who_invited_sees_that_the_mail_server_refused_the_address_until_it_is_sent_again(world, member, settings):
    settings.EMAIL_BACKEND = "tests.mail.backends.RefusesTheRecipient"
    member.post(PEOPLE, NORA)
    assert said(member.get(PEOPLE), "undelivered") == ""
    send_next()
    assert "550 5.1.1 No such user" in said(member.get(PEOPLE), "undelivered")
    member.post(PEOPLE, {"action": "resend", "invitation": Invitation.objects.get().pk})
    assert said(member.get(PEOPLE), "undelivered") == ""


def test_a_curator_sees_in_the_admin_that_an_invitation_was_refused(world, sign_in, settings):
    settings.EMAIL_BACKEND = "tests.mail.backends.RefusesTheRecipient"
    invite(world, role="member", by=world.curator, government=make_government("Lone Key", 60))
    send_next()
    curator = sign_in(world.curator)
    assert "waiting, undelivered" in curator.get(INVITATIONS).content.decode()
    change = curator.get(f"{INVITATIONS}{Invitation.objects.get().pk}/change/")
    assert "550 5.1.1 No such user" in change.content.decode()


def test_a_delegate_reads_and_changes_nothing(world, sign_in):
    invite(world)
    delegate = sign_in(world.delegate_a)
    answer = delegate.get(PEOPLE)
    assert [form for form in page(answer).iter("form") if form.get("action") == PEOPLE] == []
    stored = list(Invitation.objects.values()), list(User.objects.order_by("pk").values())
    for posted in (
        NORA,
        {"action": "remove", "person": world.leader_a.pk},
        {"action": "revoke", "invitation": Invitation.objects.get().pk},
        {"action": "resend", "invitation": Invitation.objects.get().pk},
    ):
        assert delegate.post(PEOPLE, posted).status_code == 403
    assert (list(Invitation.objects.values()), list(User.objects.order_by("pk").values())) == stored


def test_another_governments_people_are_out_of_reach_by_address_and_by_number(world, sign_in):
    invite(world)
    theirs, mine = Invitation.objects.get().pk, sign_in(world.member_b)
    assert mine.get(PEOPLE).status_code == mine.post(PEOPLE, NORA).status_code == 404
    stored = list(Invitation.objects.values()), list(User.objects.order_by("pk").values())
    for field, keys in (
        ("person", [world.delegate_a.pk, world.leader_a.pk, world.member_a.pk]),
        ("invitation", [theirs]),
    ):
        for action in ("remove", "resend", "revoke"):
            nothing = mine.post(THEIRS, {"action": action, field: 987_654})
            for key in keys:
                answer = mine.post(THEIRS, {"action": action, field: key})
                assert answer.status_code == nothing.status_code == 404
                assert answer.content == nothing.content
    assert (list(Invitation.objects.values()), list(User.objects.order_by("pk").values())) == stored
    assert Mail.objects.count() == 1


def test_a_member_removes_neither_themselves_nor_a_former_delegate(world, member):
    for person in (world.member_a, world.former, world.curator):
        assert member.post(PEOPLE, {"action": "remove", "person": person.pk}).status_code == 404


def test_an_invitation_as_member_is_the_curators_alone(world, member):
    world.member_a.leave(reason="x")
    invite(world, role="member", by=world.curator)
    world.member_a.role, world.member_a.government = "delegate", world.port
    world.member_a.save()
    User.objects.filter(pk=world.delegate_a.pk).update(role="member")
    client = Client()
    client.force_login(User.objects.get(pk=world.delegate_a.pk))
    for action in ("resend", "revoke"):
        assert client.post(PEOPLE, {"action": action, "invitation": Invitation.objects.get().pk}).status_code == 404


@pytest.mark.parametrize("junk", ["", "abc", "-1", "1e3", "\x00", "9" * 40, "１２"])
def test_a_number_that_is_none_is_nobody(world, member, junk):
    for action, field in (("remove", "person"), ("resend", "invitation"), ("revoke", "invitation")):
        assert member.post(PEOPLE, {"action": action, field: junk}).status_code == 404
    assert member.post(PEOPLE, {"action": junk}).status_code == 422


def test_a_link_cannot_do_any_of_it_nor_a_form_from_elsewhere(world, member):
    before = list(User.objects.order_by("pk").values())
    member.get(PEOPLE, {"action": "remove", "person": world.delegate_a.pk})
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(member.cookies)
    assert strict.post(PEOPLE, {"action": "remove", "person": world.delegate_a.pk}).status_code == 403
    assert list(User.objects.order_by("pk").values()) == before


def test_inviting_is_slowed_down_before_it_floods_mailboxes(world, member, settings):
    settings.ACCOUNT_RATE_LIMITS = {"invite": "2/h/user"}
    assert member.post(PEOPLE, NORA).status_code == 302
    again = {"action": "resend", "invitation": Invitation.objects.get().pk}
    assert member.post(PEOPLE, again).status_code == 302
    assert [member.post(PEOPLE, posted).status_code for posted in (again, NORA, NORA | {"email": ""})] == [429] * 3
    assert member.post(PEOPLE, again | {"action": "revoke"}).status_code == 302


def test_the_page_asks_as_often_for_two_people_as_for_forty(world, member):
    counts = []
    for more in (0, 20):
        for number in range(more):
            invite(world, email=f"n{number}@new.example")
            User.objects.create_user(f"d{number}@p.example", name="D", role="delegate", government=world.port)
        with CaptureQueriesContext(connection) as queries:
            assert member.get(PEOPLE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
