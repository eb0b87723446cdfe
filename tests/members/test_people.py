"""People and their roles: the database's rules, and what a role lets one do."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.access import Audience
from members.models import Office, User


@pytest.mark.parametrize("email", ["rosa@port.example", "ROSA@port.example", "Rosa@Port.Example"])
def test_an_address_belongs_to_one_person_in_any_spelling(world, email):
    with pytest.raises(IntegrityError, match="email"), transaction.atomic():
        User.objects.create_user(email, name="Somebody Else")


def test_a_person_is_found_by_the_address_in_any_spelling(world):
    assert User.objects.get_by_natural_key("ROSA@port.example") == world.member_a
    for nobody in (None, "", "nobody@port.example"):
        with pytest.raises(User.DoesNotExist):
            User.objects.get_by_natural_key(nobody)


def test_a_new_person_has_no_password_and_no_part(db):
    user = User.objects.create_user("  new@mix.example ", name="New")
    assert user.email == "new@mix.example"
    assert not user.has_usable_password()
    assert (user.role, user.government, user.is_staff, user.is_superuser, user.is_active) == (
        "none", None, False, False, True,
    )  # fmt: skip


def test_a_government_has_one_active_member_and_any_number_of_delegates(world):
    with pytest.raises(IntegrityError, match="one_active_member"), transaction.atomic():
        User.objects.create_user("two@port.example", name="Two", role="member", government=world.port)
    for number in range(3):
        User.objects.create_user(f"d{number}@port.example", name="D", role="delegate", government=world.port)
    User.objects.filter(pk=world.member_a.pk).update(is_active=False)
    User.objects.create_user("two@port.example", name="Two", role="member", government=world.port)
    with pytest.raises(IntegrityError, match="one_active_member"), transaction.atomic():
        User.objects.filter(pk=world.member_a.pk).update(is_active=True)


@pytest.mark.parametrize(
    ("role", "with_government"),
    [("member", False), ("delegate", False), ("leader", False), ("none", True), ("king", True)],
)
def test_a_role_and_a_government_go_together(world, role, with_government):
    with pytest.raises(IntegrityError, match="role"), transaction.atomic():
        User.objects.create_user(
            "x@x.example", name="X", role=role, government=world.halloran if with_government else None
        )


def test_the_words_of_a_refusal_are_for_people(world):
    with pytest.raises(ValidationError, match="Only a member, delegate or leader has a government"):
        User(email="x@x.example", name="X", role="leader").full_clean(exclude=["password"])
    with pytest.raises(ValidationError, match="already has an active member"):
        User(email="x@x.example", name="X", role="member", government=world.port).full_clean(exclude=["password"])


# who: (voter, leader, insider, curator)
PARTS = {
    "member_a": (True, False, True, False),
    "delegate_a": (True, False, True, False),
    "leader_a": (False, True, False, False),
    "former": (False, False, False, False),
    "curator": (False, False, True, True),
    "bare_staff": (False, False, True, True),
    "gone_curator": (False, False, False, False),
}


@pytest.mark.parametrize("who", PARTS)
def test_each_role_has_its_part(world, who):
    user = getattr(world, who)
    assert (user.is_voter, user.is_leader, user.is_insider, user.is_curator) == PARTS[who]
    assert Audience.EVERYONE.admits(user)
    assert Audience.SIGNED_IN.admits(user)
    assert Audience.INSIDERS.admits(user) is user.is_insider
    assert Audience.VOTERS.admits(user) is user.is_voter


@pytest.mark.parametrize("who", ["member_a", "delegate_a", "leader_a", "curator"])
def test_whoever_is_switched_off_has_no_part_at_all(world, who):
    user = getattr(world, who)
    user.is_active = False
    assert [user.is_voter, user.is_leader, user.is_insider, user.is_curator] == [False] * 4


def test_presidents_stand_latest_first_and_those_without_years_after_them(world):
    for name, year in (("Old", 1990), ("Unknown B", None), ("New", 2020), ("unknown a", None)):
        Office.objects.create(person_name=name, government=world.port, from_year=year)
    Office.objects.create(person_name="Treasurer", government=world.port, office="treasurer", from_year=2025)
    assert [office.person_name for office in Office.objects.presidents()] == ["New", "Old", "unknown a", "Unknown B"]


def test_an_office_is_held_once_and_ends_after_it_began(world):
    Office.objects.create(person_name="Ada", government=world.port)
    with pytest.raises(IntegrityError, match="once_per_person"), transaction.atomic():
        Office.objects.create(person_name="Ada", government=world.halloran)
    with pytest.raises(IntegrityError, match="years_in_order"), transaction.atomic():
        Office.objects.create(person_name="Bob", government=world.port, from_year=2003, to_year=2001)
    Office.objects.create(person_name="Bob", government=world.port, from_year=2003, to_year=2003)
