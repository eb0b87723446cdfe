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
from members.routes import routes
from mixportal.logs import JsonFormatter
from mixportal.summaries.models import ShareLink
from tests.members.signing import CODE, FACTOR, ask_for_code, digits, recovery_codes, sign_in_by_code
from tests.reading import said


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


def test_a_wrong_code_of_an_app_is_an_event_and_so_is_a_change_of_factors(
    client, world, sign_in, lines, django_capture_on_commit_callbacks
):
    own, account = sign_in(world.member_a), world.member_a.pk
    secret = said(own.get("/account/app/"), "key")
    with django_capture_on_commit_callbacks(execute=True):
        own.post("/account/app/", {"code": digits(secret)})
    assert {line["account"] for line in lines(event="second factor added")} == {account}
    own.post("/account/confirm/", {"code": "000000"})
    sign_in_by_code(client, "rosa@port.example")
    client.post(FACTOR, {"code": "000000"})
    assert [line["account"] for line in lines(event="second factor refused")] == [account, account]
    assert lines(event="signed in") == []
    client.post(FACTOR, {"code": recovery_codes(world.member_a)[0]})
    assert [line["account"] for line in lines(event="signed in")] == [account]
    own.post("/account/app/remove/")
    assert account in {line["account"] for line in lines(event="second factor removed")}


def test_every_download_is_an_export(phases, sign_in, stored_pdfs, lines):
    share = ShareLink.objects.make(phases.port, phases.published, by=phases.member_a, label="Council", days=30)[1]
    named = {"year": "2028", "kind": "priorities", "slug": "port-merrow-county", "token": share}
    addresses = [route.address for route in routes() if re.search(r"[.](csv|json|zip|pdf)$", route.address)]
    paths = [re.sub(r"<(?:\w+:)?(\w+)>", lambda found: named[found[1]], address) for address in addresses]
    assert len(paths) >= 14
    client = sign_in(phases.member_a)
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    exports = lines(event="export")
    assert [line["message"].split()[1] for line in exports] == [path.replace(share, "...") for path in paths]
    assert {line["user"] for line in exports} == {phases.member_a.pk}


def test_a_traceback_is_part_of_its_line(lines):
    try:
        raise ValueError("/share/S3cretToken/ is broken")
    except ValueError:
        logging.getLogger("mixportal.any").exception("It failed")
    (line,) = lines(message="It failed")
    assert line["trace"].endswith("/share/.../ is broken")
