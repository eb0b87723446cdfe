"""A government's seat: given, released, handed over to a new CIO. People come and go; the government's record stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from members.invitations import Invitation
from members.models import Government, User
from mixportal.ballots.models import Ballot
from mixportal.mail.models import Mail
from tests.curating import act, filled, notices, problems
from tests.members.inviting import invite, newest_link
from tests.members.signing import is_signed_in
from tests.reading import links, page, text
from tests.worlds import PRIORITIES, make_government, rank, seat_governments

NORA = "nora@new.example"


def address(government: Government, verb: str) -> str:
    return f"/admin/members/government/{government.pk}/{verb}/"


@pytest.fixture
def curator(world, sign_in):
    return sign_in(world.curator)


def test_a_new_cio_inherits_the_governments_seat_and_ballots(world, curator, sign_in):
    rank(world.edition, world.member_a, *PRIORITIES)
    old = sign_in(world.member_a)
    invite(world, email="waiting@new.example")
    posted = {"name": "Nora New", "email": NORA, "reason": "Rosa retired in May"}
    answer = curator.post(address(world.port, "hand-over"), posted, follow=True)
    assert "Rosa Delgado is a former member, and signed out. nora@new.example is invited" in notices(answer)
    assert not is_signed_in(old)
    world.member_a.refresh_from_db()
    assert (world.member_a.role, world.member_a.government, world.member_a.is_active) == ("none", None, True)
    new = Client()
    new.post(newest_link(NORA), {"name": "Nora New"})
    ballot = new.get("/2030/priorities/ballot/")
    assert ballot.status_code == 200
    assert "Rosa Delgado cast this ballot on" in text(page(ballot))
    world.port.refresh_from_db()
    assert (world.port.seat, world.port.current_member.email) == (1, NORA)
    assert Ballot.objects.get(government=world.port).cast_by == world.member_a
    assert User.objects.get(pk=world.delegate_a.pk).role == "delegate"


@pytest.mark.django_db(transaction=True)
def test_the_history_keeps_who_handed_over_and_why(world, curator):
    curator.post(address(world.port, "hand-over"), {"name": "Nora", "email": NORA, "reason": "Rosa retired in May"})
    event = world.member_a.events.latest("pgh_id")
    assert (event.role, event.pgh_context["reason"], event.pgh_context["user"]) == (
        "none", "Rosa retired in May", world.curator.pk,
    )  # fmt: skip


def test_a_delegate_of_the_government_becomes_the_member_at_once(world, curator):
    answer = curator.post(
        address(world.port, "hand-over"),
        {"name": "Ines", "email": "INES@port.example", "reason": "promoted"},
        follow=True,
    )
    assert "Ines Marchetti is the member now" in notices(answer)
    assert world.port.current_member == world.delegate_a
    assert not Mail.objects.filter(kind="invitation").exists()


@pytest.mark.parametrize(
    ("email", "said"),
    [
        (
            "ben@halloran.example",
            "Ben Nakamura already speaks for Halloran County, and can speak for only one government.",
        ),
        ("gone@mix.example", "Gone Curator was a curator and is deactivated"),
        ("Rosa@port.example", "Rosa Delgado is already its member."),
        ("nowhere", "Enter a valid email address."),
        ("a\x00@b.example", "Null characters are not allowed."),
        ("", "This field is required."),
    ],
)
def test_a_hand_over_that_cannot_be_changes_nothing_and_says_why(world, curator, email, said):
    answer = curator.post(address(world.port, "hand-over"), {"name": "X", "email": email, "reason": "because"})
    assert answer.status_code == 422
    assert said in problems(answer)
    assert filled(answer, "verb_form")["reason"] == "because"
    assert world.port.current_member == world.member_a


def test_no_verb_goes_without_a_reason(world, curator):
    for verb in ("hand-over", "release-seat"):
        answer = curator.post(address(world.port, verb), {"name": "Nora", "email": NORA, "reason": " "})
        assert problems(answer) == "This field is required."
    world.port.refresh_from_db()
    assert world.port.seat == 1


def test_the_page_of_a_government_offers_what_fits_it(world, curator):
    def offered(government):
        answer = curator.get(f"/admin/members/government/{government.pk}/change/")
        own = [link.split("/")[-2] for link in links(page(answer)) if f"/government/{government.pk}/" in link]
        return set(own) - {"history", "delete"}

    assert offered(world.port) == {"invite", "release-seat", "hand-over"}
    assert offered(make_government("Scottsdale", None)) == {"give-seat"}
    world.member_a.leave(reason="left")
    assert offered(world.port) == {"invite", "release-seat"}


def test_releasing_a_seat_ends_the_part_of_its_people_and_its_invitations(world, curator, sign_in):
    clients = [sign_in(person) for person in (world.member_a, world.delegate_a, world.leader_a)]
    link = invite(world)
    answer = curator.post(address(world.port, "release-seat"), {"reason": "left MIX"}, follow=True)
    assert "Seat 1 is free" in notices(answer)
    world.port.refresh_from_db()
    assert world.port.seat is None
    assert [is_signed_in(client) for client in clients] == [False] * 3
    assert User.objects.filter(government=world.port).count() == 0
    assert Client().get(link).status_code == 404
    with pytest.raises(ValidationError, match="holds no seat"):
        world.port.release_seat(reason="again")


def test_a_seat_is_given_by_number_or_the_lowest_free_one(world, curator):
    first, second = make_government("Scottsdale", None), make_government("Tempe", None)
    answer = curator.post(address(first, "give-seat"), {"number": "", "reason": "joined"}, follow=True)
    assert "Scottsdale holds seat 3. Now invite its member." in notices(answer)
    for number, said in (
        ("3", "Scottsdale holds seat 3."),
        ("65", "less than or equal to 64"),
        ("x", "whole number"),
    ):
        assert said in problems(curator.post(address(second, "give-seat"), {"number": number, "reason": "joined"}))
    curator.post(address(second, "give-seat"), {"number": "40", "reason": "joined"})
    second.refresh_from_db()
    assert second.seat == 40
    with pytest.raises(ValidationError, match="already holds seat 40"):
        second.give_seat(reason="again")


def test_when_all_64_are_held_the_page_says_so(world, curator):
    seat_governments(62)
    late = make_government("Late", None)
    answer = curator.post(address(late, "give-seat"), {"reason": "joined"})
    assert problems(answer) == "All 64 seats are taken. Release one first."


@pytest.mark.django_db(transaction=True)
def test_of_forty_that_want_the_last_two_seats_two_get_them_and_the_others_are_told(world):
    seat_governments(60)
    wanting = Government.objects.bulk_create(
        Government(name=f"Late {number}", slug=f"late-{number}", kind="city", state="AZ") for number in range(40)
    )

    def want(government: Government) -> str:
        try:
            return f"seat {government.give_seat(reason='joined')}"
        except ValidationError as refusal:
            return refusal.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        told = list(threads.map(want, wanting))
    assert sorted(each for each in told if each.startswith("seat")) == ["seat 63", "seat 64"]
    assert set(told) - {"seat 63", "seat 64"} == {"All 64 seats are taken. Release one first."}
    assert Government.objects.seated().count() == 64


def test_a_curator_invites_a_member_to_a_seat_on_the_governments_page(world, curator):
    world.member_a.leave(reason="left")
    posted = {"role": "member", "name": "Nora New", "email": NORA}
    answer = curator.post(address(world.port, "invite"), posted, follow=True)
    assert notices(answer) == "An invitation is on its way to nora@new.example."
    Client().post(newest_link(NORA), {"name": "Nora New"})
    assert world.port.current_member.email == NORA
    for wrong in ({"role": "curator"}, {"role": "member", "email": "two@new.example"}, {"email": "ines@port.example"}):
        assert curator.post(address(world.port, "invite"), posted | wrong).status_code == 422


def test_invitations_are_read_sent_again_and_withdrawn_in_the_admin_and_never_edited(world, curator):
    link = invite(world)
    listed = "/admin/members/invitation/"
    pk = Invitation.objects.get().pk
    for state, shown in (
        ("waiting", True),
        ("lapsed", False),
        ("accepted", False),
        ("withdrawn", False),
        ("\x00", False),
    ):
        assert (NORA in curator.get(f"{listed}?state={state}", follow=True).content.decode()) is (
            shown or state == "\x00"
        )
    detail = curator.get(f"{listed}{pk}/change/")
    assert detail.status_code == 200
    assert Invitation.objects.get().token_sha256 not in detail.content.decode()
    assert curator.post(f"{listed}{pk}/change/", {"email": "x@x.example"}).status_code == 403
    assert curator.post(f"{listed}{pk}/delete/", {"post": "yes"}).status_code == 403
    invitation = Invitation.objects.get()
    act(curator, "send_again", invitation)
    assert Client().get(link).status_code == 404
    again = newest_link(NORA)
    assert Client().get(again).status_code == 200
    act(curator, "withdraw", invitation)
    assert Client().get(again).status_code == 404
    assert "1 invitation cannot be sent or withdrawn, because each was" in notices(
        act(curator, "send_again", invitation)
    )


@pytest.mark.parametrize(
    "who", ["visitor", "leader_a", "member_a", "delegate_a", "member_b", "former", "gone_curator", "bare_staff"]
)
def test_nobody_but_curators_gets_at_the_verbs(world, sign_in, who):
    client = sign_in(None if who == "visitor" else getattr(world, who))
    invite(world)
    before = list(User.objects.order_by("pk").values()), list(Government.objects.order_by("pk").values())
    pages = [address(world.port, verb) for verb in ("invite", "give-seat", "release-seat", "hand-over")]
    pages += [f"/admin/members/user/{world.member_a.pk}/{verb}/" for verb in ("bind", "leave", "deactivate")]
    posted = {"name": "X", "email": "x@x.example", "role": "leader", "reason": "r", "checked": "c", "number": "9"}
    for where in pages:
        for answer in (client.get(where), client.post(where, posted)):
            assert answer.status_code == (403 if who == "bare_staff" else 302), where
            assert "Port Merrow" not in answer.content.decode()
    assert (list(User.objects.order_by("pk").values()), list(Government.objects.order_by("pk").values())) == before
    assert Invitation.objects.get().times_sent == 1
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("key", ["abc", "%00", "0", "9" * 30])
def test_a_verb_on_what_is_not_there_leads_back_to_the_index(world, curator, key):
    answer = curator.get(f"/admin/members/government/{key}/hand-over/", follow=True)
    assert "doesn’t exist" in notices(answer)
