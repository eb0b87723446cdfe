"""Mails to a government's other voters when its ballot is cast or withdrawn."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.utils.html import strip_tags

from mixportal.ballots.models import Ballot
from mixportal.editions.models import Kind
from mixportal.editions.saving import StaleError
from mixportal.editions.templatetags.moments import short_moment
from mixportal.mail.models import Mail
from tests.worlds import CHALLENGES, PRIORITIES, rank


def mails() -> list[tuple[str, str]]:
    return list(Mail.objects.order_by("pk").values_list("to", "subject"))


def test_member_and_delegate_each_get_a_mail_when_the_other_casts(world):
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


def test_a_withdrawal_sends_a_mail_and_a_save_does_not(world):
    rank(world.edition, world.member_a, *PRIORITIES)
    rank(world.edition, world.member_a, *PRIORITIES[:3], action="save")
    rank(world.edition, world.member_a, *PRIORITIES[:3], action="uncast")
    assert [subject for _, subject in mails()] == [
        "Rosa Delgado has cast your ballot of priorities of 2030",
        "Rosa Delgado has withdrawn your ballot of priorities of 2030",
    ]


@pytest.mark.parametrize("action", ["cast", "uncast", "start-over"])
def test_a_mail_that_waits_names_no_close_which_may_move_or_pass_before_it_is_sent(world, action):
    close = short_moment(world.edition.closes_at, world.edition)
    rank(world.edition, world.member_b, *PRIORITIES)
    rank(world.edition, world.member_a, *PRIORITIES)
    if action != "cast":
        rank(world.edition, world.member_a, action=action)
    mail = Mail.objects.last()
    for words in (mail.text, mail.html):
        assert strip_tags(close).split(" at ")[0] not in words
        assert not re.search(r"sealed|as it\s+stands", words)


def test_a_repeated_cast_sends_no_second_mail(world):
    for _ in range(2):
        rank(world.edition, world.member_a, *PRIORITIES)
    assert len(mails()) == 1


def test_a_governments_only_voter_gets_no_mail(world):
    rank(world.edition, world.member_b, *PRIORITIES)
    assert mails() == []


def test_a_cast_that_is_refused_or_rolled_back_sends_no_mail(world):
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
