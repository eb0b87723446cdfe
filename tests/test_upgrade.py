"""`upgrade` lets the first curator in, and says who has every right."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now
from django.test import Client

from members.models import User

ROLE = "mix_web_of_upgrade"


@pytest.fixture
def upgrade(db, settings):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN")

    def run(first_curator: str) -> str:
        settings.FIRST_CURATOR = first_curator
        said = io.StringIO()
        call_command("upgrade", "--web-role", ROLE, stdout=said)
        return said.getvalue()

    return run


def path_in(said: str) -> str:
    return re.search(r"/account/invitation/\S+", said)[0]


def test_a_mistyped_first_curator_is_replaced_before_anyone_has_signed_in(upgrade):
    mistyped, corrected = upgrade("rosa@port.exmaple"), upgrade("rosa@port.example")
    assert "rosa@port.exmaple never signed in, and is deactivated." in corrected
    assert "Curators with every right: rosa@port.example.\n" in corrected
    assert not User.objects.get(email="rosa@port.exmaple").is_active
    assert Client().get(path_in(mistyped)).status_code == 404
    client = Client()
    client.post(path_in(mistyped))
    assert "_auth_user_id" not in client.session
    client.post(path_in(corrected))
    assert User.objects.get(pk=client.session["_auth_user_id"]).email == "rosa@port.example"


def test_the_address_changes_nothing_once_a_curator_has_signed_in(upgrade):
    upgrade("rosa@port.example")
    User.objects.update(last_login=Now())
    assert "Curators with every right: rosa@port.example.\n" in upgrade("ben@port.example")
    assert User.objects.count() == 1


def test_without_a_first_curator_it_says_what_is_missing(upgrade):
    said = upgrade("")
    assert "Set FIRST_CURATOR" in said
    assert "Curators with every right: none." in said


@pytest.mark.parametrize(("recipient", "warns"), [("", True), ("age1", False)])
def test_it_warns_of_backups_that_are_not_encrypted(upgrade, settings, recipient, warns):
    settings.BACKUP_RECIPIENT = recipient
    assert ("backups are not encrypted" in upgrade("rosa@port.example")) == warns
