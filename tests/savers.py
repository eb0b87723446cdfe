"""Governments that save one order after another, all at once, and what is stored of it. Drills trouble them meanwhile."""

from __future__ import annotations

import itertools
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from urllib.parse import urlencode

import psycopg2

from mixportal.editions.models import slug_for
from tests.worlds import PRIORITIES

URL = "/2030/priorities/ballot/"
SLUGS = [slug_for(title) for title in PRIORITIES]
TOKEN = "t" * 32
HEADERS = {"HX-Request": "true", "X-CSRFToken": TOKEN}
VERSION = re.compile(r'name="version" value="(\d+)"')
# in a process of its own, whose settings name the database: a session of the member of each government
MAKE_MEMBERS = """
import json, sys, django
django.setup()
from django.conf import settings
from django.test import Client
from tests.worlds import make_world, seat_governments
world = make_world()
sessions = {}
for member in [world.member_a, world.member_b, *seat_governments(int(sys.argv[1]) - 2)]:
    client = Client()
    client.force_login(member)
    sessions[member.government.slug] = client.cookies[settings.SESSION_COOKIE_NAME].value
print(json.dumps(sessions))
"""

Order = tuple[str, ...]
Ask = Callable[[str, str, str | None], tuple[int, str]]  # (government, method, form) -> (status or 0, page)


def stored_orders(url: str, column: str = "place") -> dict[str, Order]:
    """Return the order of each government's ballot, read past the portal."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT g.slug, e.slug FROM ballots_placement p JOIN ballots_ballot b ON b.id = p.ballot_id"
            " JOIN members_government g ON g.id = b.government_id JOIN editions_entry e ON e.id = p.entry_id"
            f" ORDER BY g.slug, p.{column}"
        )
        rows = cursor.fetchall()
    return {slug: tuple(entry for _, entry in own) for slug, own in itertools.groupby(rows, key=lambda row: row[0])}


class Saver:
    """A member who saves one order after another, and notes what was answered."""

    def __init__(self, ask: Ask, government: str, stored: Order, form: dict[str, str], pause: float) -> None:
        self.ask, self.government, self.form, self.pause = ask, government, form, pause
        self.draw = random.Random(government)
        self.answers: Counter[int] = Counter()  # 0: none
        self.seconds: list[float] = []  # of each save
        self.may_be_stored: set[Order] = {stored}
        self.version = self.lost = self.unread = 0

    def save_until(self, over: threading.Event) -> None:
        over.wait(self.draw.random() * self.pause)
        while not over.is_set():
            status, page = self.ask(self.government, "GET", None)
            found = VERSION.search(page)
            if status != 200 or found is None:
                self.unread += 1
                over.wait(0.1)
                continue
            self.lost += int(found[1]) < self.version  # of what was told “saved”
            order = tuple(self.draw.sample(SLUGS, len(SLUGS)))
            ranks = {f"rank-{slug}": place for place, slug in enumerate(order, 1)}
            started = time.monotonic()
            status, page = self.ask(self.government, "POST", urlencode({"version": found[1], **ranks, **self.form}))
            self.seconds.append(time.monotonic() - started)
            self.answers[status] += 1
            if status == 200:
                self.may_be_stored = {order}
                self.version = int(VERSION.search(page)[1])
            else:  # it may have been stored, although the answer did not arrive
                self.may_be_stored.add(order)
            over.wait(self.draw.uniform(0.5, 1.5) * self.pause)


class Savers:
    """All governments at once. `pause` is about the time between two saves of one, in seconds."""

    def __init__(
        self, url: str, ask: Ask, governments: list[str], *, form: dict[str, str] | None = None, pause: float = 0,
        column: str = "place",
    ) -> None:  # fmt: skip
        self.url, self.column = url, column
        stored = stored_orders(url, column)
        self.all = [Saver(ask, each, stored.get(each, ()), form or {}, pause) for each in governments]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        over = threading.Event()
        with ThreadPoolExecutor(len(self.all)) as threads:
            saving = [threads.submit(saver.save_until, over) for saver in self.all]
            try:
                yield
            finally:
                over.set()
            for each in saving:
                each.result(timeout=120)

    def answered(self) -> Counter[int]:
        return sum((Counter(dict(saver.answers)) for saver in self.all), Counter())

    def await_more(self, status: int, more: int) -> None:
        enough, deadline = self.answered()[status] + more, time.monotonic() + 90
        while self.answered()[status] < enough:
            assert time.monotonic() < deadline, f"no more answers {status}: {self.answered()}"
            time.sleep(0.02)

    def lost(self) -> int:
        """Count what was told “saved” and is not stored."""
        stored = stored_orders(self.url, self.column)
        return sum(saver.lost + (stored.get(saver.government, ()) not in saver.may_be_stored) for saver in self.all)
