"""Bad input is refused or ignored, and never an error of ours: thousands of requests that no form sends, drawn by a seed."""

from __future__ import annotations

import os
import traceback
from collections import Counter
from pathlib import Path

import pytest
from django.contrib import admin
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from members.models import Office
from mixportal.database import ROOT
from tests.fuzz.drawing import BadRequest, Draw
from tests.fuzz.pages import Address, Reader, admin_addresses, fill, portal_addresses
from tests.kept_rows import made_once

SEED = int(os.environ.get("FUZZ_SEED", "20260101"))  # another one tries others
READERS = ("visitor", "member_a", "delegate_a", "leader_a", "curator")
ENOUGH = 4_000


@pytest.fixture
def everything(phases, write):
    """The network in all phases, with something at each address."""
    vars(phases).update(vars(made_once("everything", lambda: fill(phases, write))))
    return phases


class Attack:
    """Sends each request as an actor, notes what breaks, and takes back what it changed."""

    def __init__(self, world) -> None:
        self.world = world
        self.clients: dict[str, Client] = {}
        self.sessions: dict[str, str] = {}
        self.statuses: Counter[int] = Counter()
        self.broken: dict[str, list[str]] = {}

    def client_of(self, actor: str) -> Client:
        if actor not in self.clients:
            client = self.clients[actor] = Client(raise_request_exception=False)
            if actor != "visitor":
                client.force_login(getattr(self.world, actor))
                self.sessions[actor] = client.cookies["sessionid"].value
        client = self.clients[actor]
        client.cookies.clear()
        if actor in self.sessions:
            client.cookies["sessionid"] = self.sessions[actor]
        return client

    def send(self, actor: str, bad: BadRequest) -> None:
        client = self.client_of(actor)
        try:
            with transaction.atomic():
                answer = client.generic(bad.method, bad.url, bad.body, bad.content_type, **bad.headers)
                self._note(answer, f"{actor}: {bad}")
                if answer.status_code < 500:
                    connection.check_constraints()  # what the commit would refuse
                transaction.set_rollback(True)
        except DatabaseError as refusal:
            self.broken.setdefault(f"at the commit: {refusal}", []).append(f"{actor}: {bad}")

    def _note(self, answer: HttpResponse, sent: str) -> None:
        self.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            self.broken.setdefault(self._kind(answer), []).append(sent)

    @staticmethod
    def _kind(answer: HttpResponse) -> str:
        """Errors of one kind are raised in one place."""
        status, cause = answer.status_code, answer.exc_info[1] if answer.exc_info else None
        if cause is None:
            return f"{status} without an exception"
        frames = traceback.extract_tb(cause.__traceback__)
        ours = [f for f in frames if Path(f.filename).is_relative_to(ROOT) and ".venv" not in f.filename]
        last = [ours[-1], frames[-1]] if ours else [frames[-1]]
        where = " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in last)
        return f"{status} {type(cause).__name__}: {str(cause)[:120]} at {where}"

    def visit(self, actor: str, address: Address, draw: Draw, times: int) -> None:
        """Read the page as a browser does, then ask and post what it does not."""
        url = address.url()
        answer = self.client_of(actor).get(url)
        self._note(answer, f"{actor}: GET {url}")
        reader = Reader(url)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            reader.feed(answer.content.decode())
        for bad in [*draw.sweep(address, reader), *(draw.request(address, reader) for _ in range(times))]:
            self.send(actor, bad)


def attack(world, count, *, pages: int | None, times: int) -> Attack:
    draw = Draw(SEED)
    visits = [(actor, address) for address in portal_addresses(world) for actor in READERS]
    visits += [("curator", address) for address in admin_addresses(world)] * 3
    draw.random.shuffle(visits)
    if pages is not None:  # drawing a PDF file takes as long as all else
        visits = [(actor, address) for actor, address in visits if not address.route.endswith(".pdf")][:pages]
    attack = Attack(world)
    for actor, address in visits:
        attack.visit(actor, address, draw, times)
    errors = sum(map(len, attack.broken.values()))
    count("bad input", requests=attack.statuses.total(), errors_of_ours=errors)
    if errors:
        pytest.fail("\n".join(f"{kind}\n    {sent[0]}" for kind, sent in attack.broken.items()), pytrace=False)
    return attack


def test_three_hundred_bad_requests_are_never_an_error_of_ours(everything, count):
    attack(everything, count, pages=40, times=5)


@pytest.mark.slow
def test_thousands_of_bad_requests_to_every_address_are_never_an_error_of_ours(everything, count):
    done = attack(everything, count, pages=None, times=1)
    assert done.statuses.total() >= ENOUGH
    assert done.statuses[200] > 1000  # most get past the first check


@pytest.mark.parametrize("value", ["x", "9" * 30, "-1", "%00", "%ff", "1&{0}=x"])
def test_what_an_address_proposes_for_a_new_row_may_be_anything(everything, sign_in, value):
    client = sign_in(everything.curator, raise_request_exception=False)
    for model in admin.site._registry:
        names = [each.name for each in model._meta.get_fields()] + ["item", "_popup", "_to_field"]
        query = "&".join(f"{name}={value.format(name)}" for name in names)
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        assert client.get(f"{url}?{query}").status_code in (200, 302, 400, 403), (url, query)


def test_an_address_that_names_an_empty_column_leads_to_the_row(everything, sign_in):
    client = sign_in(everything.curator, raise_request_exception=False)
    url = f"/admin/members/office/{Office.objects.get().pk}"
    for page in ("change", "delete"):
        assert client.get(f"{url}/{page}/?_to_field=").status_code == 200
