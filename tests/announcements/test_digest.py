"""The digest: a line waits until a mail has taken it, and none is ever dropped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.template import TemplateDoesNotExist

from mixportal.announcements import digest
from mixportal.announcements.digest import send_digests
from mixportal.mail.models import DigestItem, Mail

ROSA, BEN = "rosa@port.example", "ben@halloran.example"


def collect(to: str, number: int):
    return DigestItem.objects.collect(
        to, kind="reply", cause=f"note:{number}", line=f"Line {number}", url=f"https://portal.example/{number}/"
    )


def a_day_later() -> None:
    Mail.objects.update(created_at=Now() - timedelta(hours=23))


def test_all_lines_of_an_address_come_in_one_mail_the_newest_first(db):
    for number in range(1, 30):
        collect(ROSA, number)
    collect(BEN, 1)
    assert send_digests() == 2
    mail = Mail.objects.get(to=ROSA)
    assert mail.subject == "MIX: 29 things in your digest"
    lines = [line for line in mail.text.splitlines() if line.startswith("- Line")]
    assert lines == [f"- Line {number}" for number in range(29, 0, -1)]
    assert "https://portal.example/7/" in mail.html
    assert not DigestItem.objects.waiting().exists()
    assert Mail.objects.get(to=BEN).subject == "MIX: 1 thing in your digest"


def test_one_cause_is_one_line_also_after_it_was_sent(db):
    assert collect(ROSA, 1) is not None
    assert collect("ROSA@port.example", 1) is None
    send_digests()
    assert collect(ROSA, 1) is None


def test_an_address_gets_one_digest_a_day_and_what_came_meanwhile_waits(db):
    collect(ROSA, 1)
    send_digests()
    collect(ROSA, 2)
    assert send_digests() == 0
    assert DigestItem.objects.waiting().count() == 1
    a_day_later()
    assert send_digests() == 1
    assert "Line 2" in Mail.objects.latest("pk").text
    assert "Line 1" not in Mail.objects.latest("pk").text


def test_spellings_of_one_address_share_a_digest(db):
    collect(ROSA, 1)
    collect("Rosa@PORT.example", 2)
    assert send_digests() == 1
    assert DigestItem.objects.waiting().count() == 0


def test_a_digest_that_cannot_be_made_drops_nothing(db, monkeypatch):
    collect(ROSA, 1)
    monkeypatch.setattr(digest, "KIND", "no_such_template")
    with pytest.raises(TemplateDoesNotExist):
        send_digests()
    assert Mail.objects.count() == 0
    assert DigestItem.objects.waiting().count() == 1
    monkeypatch.undo()
    assert send_digests() == 1


def test_trouble_with_one_address_does_not_hold_up_the_others(db):
    collect(BEN, 1)
    collect(ROSA, 1)

    def unsubscribe_for(address: str) -> str:
        if address == BEN:
            raise LookupError(address)
        return "https://portal.example/stop/"

    with pytest.raises(LookupError):
        send_digests(unsubscribe_for)
    assert [mail.to for mail in Mail.objects.all()] == [ROSA]
    assert [item.to for item in DigestItem.objects.waiting()] == [BEN]


def test_a_process_that_dies_before_the_commit_leaves_every_line_waiting(db, monkeypatch):
    collect(ROSA, 1)
    enqueue = Mail.objects.all().__class__.enqueue

    def dies(self, *args, **kwargs):
        enqueue(self, *args, **kwargs)
        raise SystemExit("killed")

    monkeypatch.setattr(Mail.objects.all().__class__, "enqueue", dies)
    with pytest.raises(SystemExit):
        send_digests()
    monkeypatch.undo()
    assert Mail.objects.count() == 0
    assert send_digests() == 1
