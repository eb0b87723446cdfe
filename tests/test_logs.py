"""Lines of the log in production: requests, security events, and nothing that opens or reveals anything."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import transaction

from members.models import User
from mixportal.logs import JsonFormatter
from tests.members.signing import CODE, ask_for_code, sign_in_by_code


@pytest.fixture
def lines() -> Callable[..., list[dict]]:
    """`lines(event="export")`: what the log says since, as production writes it."""
    said = io.StringIO()
    handler, logger = logging.StreamHandler(said), logging.getLogger("mixportal")
    handler.setFormatter(JsonFormatter())
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)

    def read(**facts: object) -> list[dict]:
        found = [json.loads(line) for line in said.getvalue().splitlines()]
        return [line for line in found if facts.items() <= line.items()]

    yield read
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_each_request_is_one_line_in_utc_with_its_id_user_and_duration(client, world, lines):
    client.force_login(world.member_a)
    client.get("/governments/?q=secret@port.example", headers={"X-Request-ID": "0123456789abcdef"})
    client.get("/nowhere/", headers={"X-Request-ID": "two words\n{}"})
    client.get("/healthz")
    first, second = lines(logger="mixportal.requests")
    assert first["message"] == "GET /governments/ 200"
    assert (first["request"], first["user"]) == ("0123456789abcdef", world.member_a.pk)
    assert 0 <= first["seconds"] < 60
    at = datetime.fromisoformat(first["time"])
    assert at.utcoffset().total_seconds() == 0
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60
    assert re.fullmatch("[0-9a-f]{32}", second["request"])
    assert second["message"] == "GET /nowhere/ 404"


def test_no_line_holds_the_key_of_a_link_an_address_or_a_code(client, world, lines):
    client.get("/share/S3cretToken/")
    client.get("/account/invitation/S3cretToken/")
    sign_in_by_code(client, "rosa@port.example")
    text = json.dumps(lines())
    assert "share/.../" in text
    assert not re.search(r"S3cretToken|rosa@|code=", text)


def test_signing_in_failing_to_and_signing_out_are_events(client, world, lines):
    ask_for_code(client, "rosa@port.example")
    client.post(CODE, {"code": "WRONG-1"})
    assert [line["account"] for line in lines(event="sign-in refused", reason="incorrect_code")] == [world.member_a.pk]
    assert lines(event="signed in") == []
    sign_in_by_code(client, "rosa@port.example")
    assert [line["account"] for line in lines(event="signed in")] == [world.member_a.pk]
    client.post("/account/sign-out/")
    assert len(lines(event="signed out")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_of_rights_is_an_event_with_what_was_before(world, lines):
    user = User.objects.get(pk=world.member_a.pk)
    user.name = "Rosa D."
    user.save()
    assert lines(event="rights changed") == []
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    with transaction.atomic():
        new = User.objects.create(email="new@port.example", name="New", role="leader", government=world.port)
    changed = [(line["account"], line["changes"]) for line in lines(event="rights changed")]
    assert changed[0] == (user.pk, {"is_staff": [False, True]})
    assert changed[1][0] == new.pk
    assert changed[1][1]["role"] == [None, "leader"]


def test_a_download_is_an_export(world, sign_in, lines):
    sign_in(world.member_a).get("/governments/export.csv")
    (line,) = lines(event="export")
    assert (line["message"], line["user"]) == ("GET /governments/export.csv 200", world.member_a.pk)


def test_a_traceback_is_part_of_its_line(lines):
    try:
        raise ValueError("/share/S3cretToken/ is broken")
    except ValueError:
        logging.getLogger("mixportal.any").exception("It failed")
    (line,) = lines(message="It failed")
    assert line["trace"].endswith("/share/.../ is broken")
