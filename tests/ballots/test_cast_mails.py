"""Mails to a government's other voters when its ballot is cast or withdrawn."""

from __future__ import annotations

import pytest
from django.db import transaction

from mixportal.ballots.models import Ballot
from mixportal.editions.models import Kind
from mixportal.editions.versions import StaleError
from mixportal.mail.models import Mail
from tests.worlds import CHALLENGES, PRIORITIES, rank


def mails() -> list[tuple[str, str]]:
    return list(Mail.objects.order_by("pk").values_list("to", "subject"))


def test_the_delegate_hears_of_the_members_cast_and_the_member_of_the_delegates(world):
    rank(world.edition, world.member_a, *PRIORITIES)
    rank(world.edition, world.delegate_a, *CHALLENGES, kind=Kind.CHALLENGES)
    assert mails() == [
        ("ines@port.example", "Rosa Delgado has cast your ballot of priorities of 2030"),
        ("rosa@port.example", "Ines Marchetti has cast your ballot of challenges of 2030"),
    ]
    mail = Mail.objects.first()
    assert "(version 1)" in mail.text
    assert "/2030/priorities/ballot/" in mail.text
    assert "Rosa Delgado" in mail.html


def test_a_withdrawal_is_told_and_a_save_is_not(world):
    rank(world.edition, world.member_a, *PRIORITIES)
    rank(world.edition, world.member_a, *PRIORITIES[:3], action="save")
    rank(world.edition, world.member_a, *PRIORITIES[:3], action="uncast")
    assert [subject for _, subject in mails()] == [
        "Rosa Delgado has cast your ballot of priorities of 2030",
        "Rosa Delgado has withdrawn your ballot of priorities of 2030",
    ]


def test_a_repeat_of_what_is_cast_tells_nobody_again(world):
    for _ in range(2):
        rank(world.edition, world.member_a, *PRIORITIES)
    assert len(mails()) == 1


def test_where_one_alone_speaks_for_a_government_nobody_is_told(world):
    rank(world.edition, world.member_b, *PRIORITIES)
    assert mails() == []


def test_a_cast_that_is_refused_or_rolled_back_tells_nobody(world):
    rank(world.edition, world.member_a, *PRIORITIES, action="save")
    with pytest.raises(StaleError):
        Ballot.record(
            annual_list=world.edition.list_of(Kind.PRIORITIES),
            government=world.port,
            user=world.delegate_a,
            places={"data": 1},
            version=0,
            action="cast",
        )
    with transaction.atomic():
        rank(world.edition, world.member_a, *PRIORITIES)
        transaction.set_rollback(True)
    assert mails() == []
