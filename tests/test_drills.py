"""Drills: eight governments save while the server or the database is killed, or the disk fills. What was told “saved” is stored."""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import psycopg2
import pytest

from mixportal import database
from mixportal.demo.serve import HOST
from mixportal.editions.models import slug_for
from tests.serving import children_of, portal
from tests.worlds import PRIORITIES

pytestmark = pytest.mark.slow

STRIKES = 8
URL = "/2030/priorities/ballot/"
SLUGS = [slug_for(title) for title in PRIORITIES]
TOKEN = "t" * 32
VERSION = re.compile(r'name="version" value="(\d+)"')
# in a process of its own, whose settings name the database of the drills
MAKE_WORLD = """
import json, django
django.setup()
from django.test import Client
from tests.worlds import make_world, seat_governments
world = make_world()
sessions = {}
for member in [world.member_a, world.member_b, *seat_governments(6)]:
    client = Client()
    client.force_login(member)
    sessions[member.government.slug] = client.cookies["sessionid"].value
print(json.dumps(sessions))
"""


@dataclass
class Drill:
    """A database as durable as in production, and the portal at it."""

    data_dir: Path
    url: str = ""
    sessions: dict[str, str] = field(default_factory=dict)
    port: int = 0
    server: int = 0

    def run(self, *arguments: str, **environment: str) -> str:
        environment = {**os.environ, "DATABASE_URL": self.url, "PORTAL_MODE": "demo"} | environment
        environment["DJANGO_SETTINGS_MODULE"] = "mixportal.settings"
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env=environment, cwd=database.ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def database(self, verb: str) -> str:
        return self.run("-m", "mixportal.database", verb, DATABASE_URL="", DATA_DIR=str(self.data_dir))

    def start_database(self) -> str:
        return self.database("start").split("running: ")[1].strip()

    def sql(self, *statements: str) -> list[tuple[str, str]]:
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def stored(self) -> dict[str, tuple[str, ...]]:
        """The order of each government's ballot, read past the portal."""
        rows = self.sql(
            "SELECT g.slug, e.slug FROM ballots_placement p JOIN ballots_ballot b ON b.id = p.ballot_id"
            " JOIN members_government g ON g.id = b.government_id JOIN editions_entry e ON e.id = p.entry_id"
            " ORDER BY g.slug, p.place"
        )
        return {slug: tuple(entry for _, entry in own) for slug, own in itertools.groupby(rows, key=lambda row: row[0])}


@pytest.fixture(scope="module")
def drill(collected, tmp_path_factory) -> Iterator[Drill]:
    found = Drill(database.data_dir() / "drill")
    if found.data_dir.exists():
        found.database("stop")
        shutil.rmtree(found.data_dir)
    found.url = found.start_database()
    try:
        found.run("manage.py", "migrate", "--verbosity", "0")
        found.sessions = json.loads(found.run("-c", MAKE_WORLD))
        with portal(found.url, collected, tmp_path_factory.mktemp("drill") / "server.log") as (port, process):
            found.port, found.server = port, process
            yield found
    finally:
        found.database("stop")
        shutil.rmtree(found.data_dir)


class Saver:
    """A member who saves one order after another, and notes what was answered."""

    def __init__(self, drill: Drill, government: str, seed: int) -> None:
        self.drill, self.government, self.draw = drill, government, random.Random(seed)
        self.answers: Counter[int] = Counter()  # 0: none
        self.may_be_stored: set[tuple[str, ...]] = {drill.stored().get(government, ())}
        self.version = self.lost = 0

    def save_until(self, over: threading.Event) -> None:
        while not over.is_set():
            status, page = self._ask("GET")
            found = VERSION.search(page)
            if status != 200 or found is None:
                over.wait(0.1)
                continue
            self.lost += int(found[1]) < self.version  # of what was told “saved”
            order = tuple(self.draw.sample(SLUGS, len(SLUGS)))
            status, page = self._ask("POST", version=found[1], **{f"rank-{slug}": n for n, slug in enumerate(order, 1)})
            self.answers[status] += 1
            if status == 200:
                self.may_be_stored = {order}
                self.version = int(VERSION.search(page)[1])
            else:  # it may have been stored, although the answer did not arrive
                self.may_be_stored.add(order)

    def _ask(self, method: str, **form: object) -> tuple[int, str]:
        cookies = f"sessionid={self.drill.sessions[self.government]}; csrftoken={TOKEN}"
        headers = {"Cookie": cookies, "HX-Request": "true", "X-CSRFToken": TOKEN}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection(HOST, self.drill.port, timeout=60)
        try:
            connection.request(method, URL, urlencode(form) or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, HTTPException):
            return 0, ""
        finally:
            connection.close()


class Savers:
    """All governments at once."""

    def __init__(self, drill: Drill) -> None:
        self.all = [Saver(drill, government, seed) for seed, government in enumerate(drill.sessions)]

    def answered(self) -> Counter[int]:
        return sum((Counter(dict(saver.answers)) for saver in self.all), Counter())

    def await_more(self, status: int, more: int) -> None:
        enough, deadline = self.answered()[status] + more, time.monotonic() + 90
        while self.answered()[status] < enough:
            assert time.monotonic() < deadline, f"no more answers {status}: {self.answered()}"
            time.sleep(0.02)


def drilled(drill: Drill, strike: Callable[[Savers], None], count: Callable[..., None], name: str) -> Counter[int]:
    """Strike again and again while everybody saves, each time once some saves have come through; what was answered."""
    savers = Savers(drill)
    over = threading.Event()
    with ThreadPoolExecutor(len(savers.all)) as threads:
        saving = [threads.submit(saver.save_until, over) for saver in savers.all]
        try:
            for _ in range(STRIKES):
                savers.await_more(200, len(savers.all))
                strike(savers)
            savers.await_more(200, len(savers.all))
        finally:
            over.set()
        for each in saving:
            each.result(timeout=120)
    answers = savers.answered()
    stored = drill.stored()
    lost = sum(saver.lost + (stored.get(saver.government, ()) not in saver.may_be_stored) for saver in savers.all)
    count(
        f"drill: {name}",
        strikes=STRIKES,
        told_saved=answers[200],
        told_not_saved=answers[503],
        without_an_answer=answers[0],
        lost=lost,
    )
    assert lost == 0
    assert set(answers) <= {0, 200, 409, 503}
    return answers


def test_no_save_is_lost_that_was_answered_when_workers_of_the_server_are_killed(drill, count):
    def strike(savers: Savers) -> None:
        for worker in children_of(drill.server)[:1]:
            os.kill(worker, signal.SIGKILL)

    drilled(drill, strike, count, "a worker is killed")


def test_no_save_is_lost_that_was_answered_when_the_database_is_killed(drill, count):
    def strike(savers: Savers) -> None:
        postmaster = int((drill.data_dir / "pg" / "postmaster.pid").read_text().split("\n", 1)[0])
        for process in [postmaster, *children_of(postmaster)]:
            os.kill(process, signal.SIGKILL)
        while Path(f"/proc/{postmaster}").exists():  # until its parent knows of its end, a start takes it for alive
            time.sleep(0.1)
        assert drill.start_database() == drill.url

    drilled(drill, strike, count, "the database is killed")


@pytest.fixture
def small_disk(drill):
    """A disk of 32 MB, which holds the ballots and their history."""
    folder = drill.data_dir / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "none", folder], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"this user may not mount a small disk: {mounted.stderr.strip()}")
    try:
        owner = (drill.data_dir / "pg").stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        tables = ("ballot", "placement", "ballotevent", "placementevent")
        drill.sql(f"CREATE TABLESPACE small LOCATION '{folder}'")
        drill.sql(*(f"ALTER TABLE ballots_{table} SET TABLESPACE small" for table in tables))
        yield folder
        drill.sql(*(f"ALTER TABLE ballots_{table} SET TABLESPACE pg_default" for table in tables))
        drill.sql("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def test_no_save_is_lost_that_was_answered_when_the_disk_is_full(drill, small_disk, count):
    def strike(savers: Savers) -> None:
        filler = small_disk / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as written:
            while True:
                written.write(b"x" * 4096)
        savers.await_more(503, 1)
        filler.unlink(missing_ok=True)

    answers = drilled(drill, strike, count, "the disk is full")
    assert answers[503]
