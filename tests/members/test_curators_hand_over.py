"""A curator hands the curatorship over to another curator, and the portal is never without one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from members.curators import hand_over_curating
from members.models import User
from mixportal.mail.models import Mail
from tests.curating import problems
from tests.members.inviting import newest_link
from tests.members.signing import give_app, is_signed_in
from tests.reading import links, page, text
from tests.worlds import LONG_AGO, closed

VERB = "hand-over-curating"


def address(person) -> str:
    return f"/admin/members/user/{person.pk}/{VERB}/"


@pytest.fixture
def second(world, client) -> User:
    """A curator whom the first one has invited, and who has accepted."""
    world.bare_staff.is_staff = False
    world.bare_staff.save()
    Mail.objects.all().delete()
    return User.objects.create_user("second@mix.example", name="Second Curator", is_staff=True)


def rights(person: User) -> tuple[bool, bool, set[str], set[str]]:
    found = User.objects.get(pk=person.pk)
    groups = set(found.groups.values_list("name", flat=True))
    return found.is_staff, found.is_superuser, groups, set(found.user_permissions.values_list("codename", flat=True))


def make_voting_curator(world) -> User:
    """The member of Port Merrow, who curated before the ballots opened."""
    User.objects.filter(pk=world.member_a.pk).update(is_staff=True, is_superuser=True)
    world.member_a.refresh_from_db()
    world.member_a.join_curators()
    world.member_a.user_permissions.set(Permission.objects.filter(codename="view_mail"))
    return world.member_a


def test_the_desk_leads_from_an_invitation_to_the_hand_over(world, sign_in, client):
    first = sign_in(world.curator)
    shown = links(page(first.get("/admin/")))
    assert {"/admin/members/invitation/add/", address(world.curator)} <= set(shown)
    first.post("/admin/members/invitation/add/", {"email": "second@mix.example", "name": "Second Curator"})
    client.post(newest_link("second@mix.example"), {"name": "Second Curator"})
    second = User.objects.get(email="second@mix.example")
    answer = first.post(address(world.curator), {"successor": second.pk, "reason": "I retire."})
    assert "Second Curator curates from now on" in text(page(first.get(answer["Location"])))
    assert rights(world.curator) == (False, False, set(), set())
    assert rights(second) == (True, True, {"Curators"}, set())
    assert is_signed_in(first)
    assert first.get("/admin/").status_code in (302, 404)


def test_a_curator_who_votes_keeps_the_vote_while_ballots_are_open(world, second):
    curator = make_voting_curator(world)
    hand_over_curating(curator, second, reason="I retire.")
    assert rights(curator) == (False, False, set(), set())
    assert rights(second) == (True, True, {"Curators"}, {"view_mail"})
    curator = User.objects.get(pk=curator.pk)
    assert (curator.role, curator.government, curator.voter_since) == ("member", world.port, LONG_AGO)
    second.refresh_from_db()
    assert (second.role, second.government) == ("none", None)


def test_rights_that_the_leaving_curator_lacks_are_not_given(world, second):
    clerk = User.objects.create_user("clerk@mix.example", name="Clerk", is_staff=True)
    hand_over_curating(clerk, second, reason="I retire.")
    assert rights(second) == (True, False, set(), set())


def test_all_curators_and_the_one_who_leaves_are_told_by_mail(world, second):
    hand_over_curating(world.curator, second, reason="I retire.")
    mails = Mail.objects.filter(kind="curators_changed")
    assert {mail.to for mail in mails} == {"curator@mix.example", "second@mix.example"}
    mail = mails[0]
    for part in (mail.text, mail.html):
        assert "I retire." in part
        assert "Second Curator, second@mix.example" in part
        assert "Cora Curator, " not in part
    assert Mail.objects.count() == 2


def test_the_history_keeps_the_reason(world, second, sign_in):
    hand_over_curating(world.curator, second, reason="Because of the tigers.")
    User.objects.filter(pk=second.pk).update(is_superuser=True)
    shown = text(page(sign_in(second).get("/admin/record/?what=members.user")))
    assert "Because of the tigers." in shown


@pytest.mark.parametrize("who", ["member_a", "gone_curator", "curator", "former"])
def test_only_another_active_curator_follows(world, second, sign_in, who):
    successor = getattr(world, who)
    before = [rights(each) for each in User.objects.order_by("pk")]
    answer = sign_in(world.curator).post(address(world.curator), {"successor": successor.pk, "reason": "r"})
    assert answer.status_code == 422
    assert problems(answer)
    with pytest.raises(ValidationError):
        hand_over_curating(world.curator, successor, reason="r")
    assert [rights(each) for each in User.objects.order_by("pk")] == before


@pytest.mark.parametrize("given", [{"reason": "r"}, {"successor": "x", "reason": "r"}, {"reason": " "}, {}])
def test_a_form_without_a_curator_or_a_reason_changes_nothing(world, second, sign_in, given):
    posted = {"successor": second.pk} | given if given.get("reason") == " " else given
    answer = sign_in(world.curator).post(address(world.curator), posted)
    assert answer.status_code == 422
    assert rights(world.curator)[:2] == (True, True)


def test_a_curator_without_a_second_factor_does_not_follow(world, second, settings):
    settings.CURATORS_NEED_SECOND_FACTOR = True
    with pytest.raises(ValidationError, match="no passkey or authenticator app"):
        hand_over_curating(world.curator, second, reason="r")
    give_app(second)
    hand_over_curating(world.curator, second, reason="r")
    assert rights(second)[:2] == (True, True)


def test_nobody_hands_over_in_the_place_of_another(world, second, sign_in):
    for who in ("curator", "member_a", "leader_a"):
        client = sign_in(getattr(world, who))
        assert client.get(address(second)).status_code in (302, 403, 404)
        posted = {"successor": world.curator.pk, "reason": "r"}
        assert client.post(address(second), posted).status_code in (302, 403, 404)
    assert rights(second)[0]


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_only_curator_is_told_to_invite_another_who_needs_a_second_factor_unless_in_the_demo(
    world, second, sign_in, settings, is_demo
):
    settings.DEMO = is_demo
    second.is_staff = False
    second.save()
    shown = page(sign_in(world.curator).get(address(world.curator)))
    assert "You are the only curator" in text(shown)
    assert "verb_form" not in {form.get("id") for form in shown.iter("form")}
    assert "/admin/members/invitation/add/" in links(shown)
    assert ("passkey" in text(shown)) == (not is_demo)


def test_the_database_refuses_to_be_without_a_curator(world, second):
    second.is_staff = False
    second.save()
    for change in ({"is_staff": False}, {"is_active": False}):
        with pytest.raises(IntegrityError, match="always has a curator"), transaction.atomic():
            User.objects.filter(pk=world.curator.pk).update(**change)
    world.member_a.is_staff = True
    world.member_a.save()
    with pytest.raises(IntegrityError, match="always has a curator"), transaction.atomic():
        User.objects.filter(is_staff=True).update(is_staff=False)


def test_while_ballots_are_open_who_handed_over_and_gains_a_vote_does_not_curate_again(world, second):
    hand_over_curating(world.curator, second, reason="r")
    curator = User.objects.get(pk=world.curator.pk)
    curator.role, curator.government = "delegate", world.port
    curator.save()
    curator.is_staff = True
    with pytest.raises(IntegrityError, match="nor a new voter become a curator"), transaction.atomic():
        curator.save()
    closed(world.edition)
    curator.save()


@pytest.mark.django_db(transaction=True)
def test_two_curators_who_hand_over_to_each_other_at_once_leave_one(world, second):
    User.objects.filter(pk=second.pk).update(is_superuser=True)

    def leave(pair: tuple[User, User]) -> str:
        try:
            hand_over_curating(*pair, reason="r")
        except (ValidationError, IntegrityError):
            return "refused"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as threads:
        said = list(threads.map(leave, [(world.curator, second), (second, world.curator)]))
    assert sorted(said) == ["done", "refused"]
    assert User.objects.curators().count() == 1


def test_the_page_asks_as_often_with_many_curators(world, second, sign_in):
    client = sign_in(world.curator)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(world.curator)).status_code == 200
        counts.append(len(queries))
        for each in range(20):
            User.objects.create_user(f"c{number}{each}@mix.example", name="Curator", is_staff=True)
    assert counts[0] == counts[1] <= 12
