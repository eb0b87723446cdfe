"""The version of the public pages on real connections: no commit is missed, and writers do not wait for each other."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client

from members.models import Government
from mixportal.notes.models import Note
from mixportal.pages.models import PageChange, PageVersion
from tests.ballots.test_concurrency import Later, wait_until_blocked
from tests.worlds import entry_of, make_government, seat_governments

pytestmark = pytest.mark.django_db(transaction=True)

GOVERNMENT = "/governments/port-merrow-county/"


def rename(government: Government, name: str) -> None:
    Government.objects.filter(pk=government.pk).update(name=name)


@contextmanager
def unfinished(change):
    """`change` is made on another connection, which commits at the end of the block."""
    made, finish = threading.Event(), threading.Event()

    def run() -> None:
        with transaction.atomic():
            change()
            made.set()
            assert finish.wait(timeout=60)

    later = Later(run)
    try:
        assert made.wait(timeout=60)
        yield
    finally:
        finish.set()
        later.result()


def test_a_commit_that_finishes_late_changes_the_version(world):
    with unfinished(lambda: rename(world.port, "Port Merrow Bay")):
        rename(world.halloran, "Halloran Bay")
        assert b"Port Merrow Bay" not in Client().get(GOVERNMENT).content
        before = PageVersion.current()
    assert PageVersion.current() == before + 1
    assert b"Port Merrow Bay" in Client().get(GOVERNMENT).content


def test_two_writers_do_not_wait_for_each_other(world):
    with unfinished(lambda: rename(world.port, "Port Merrow Bay")), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
        rename(world.halloran, "Halloran Bay")
        cursor.execute("RESET lock_timeout")
    assert PageVersion.current() > 0


def test_a_new_public_note_shows_at_once(phases):
    page = "/2028/priorities/data/"
    assert b"Words for all." not in Client().get(page).content
    Note.write(entry=entry_of(2028), user=phases.member_a, kind="note", body="Words for all.", audience="public")
    assert b"Words for all." in Client().get(page).content


def test_a_transaction_changes_the_version_once_however_much_it_changes(world):
    before = PageVersion.current()
    with transaction.atomic():
        seat_governments(12)
        rename(world.port, "Port Merrow Bay")
        with transaction.atomic():
            make_government("Lone Key", 60)
    assert PageVersion.current() == before + 1
    assert not PageChange.objects.exists()


def test_what_is_rolled_back_or_changes_nothing_leaves_the_version(world):
    before = PageVersion.current()
    with transaction.atomic():
        rename(world.port, "Port Merrow Bay")
        transaction.set_rollback(True)
    rename(world.port, world.port.name)
    with transaction.atomic():
        world.halloran.people.update(phone="555 0100")
    assert PageVersion.current() == before
    assert not PageChange.objects.exists()


def test_a_change_within_a_savepoint_that_is_rolled_back_does_not_hide_a_later_one(world):
    before = PageVersion.current()
    with transaction.atomic():
        with transaction.atomic():
            rename(world.port, "Port Merrow Bay")
            transaction.set_rollback(True)
        rename(world.halloran, "Halloran Bay")
    assert PageVersion.current() == before + 1


def test_a_commit_whose_checks_wait_for_another_writer_does_not_block_that_writers_commit(phases):
    """The second note's foreign key waits for the locked government; that transaction also changes the version."""

    def write_two() -> None:
        with transaction.atomic():
            for user in (phases.member_a, phases.member_b):
                Note.write(entry=entry_of(2028), user=user, kind="note", body="Words.", audience="public")

    before = PageVersion.current()
    with transaction.atomic():
        Government.objects.select_for_update().get(pk=phases.halloran.pk)
        later = Later(write_two)
        wait_until_blocked()
        rename(phases.port, "Port Merrow Bay")
    later.result()
    assert PageVersion.current() == before + 2
