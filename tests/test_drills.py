"""Drills: eight governments save while the server or the database is killed, or the disk fills. What was told “saved” is stored."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg2
import pytest

from mixportal import database
from mixportal.demo.serve import HOST
from tests.savers import HEADERS, MAKE_MEMBERS, TOKEN, URL, Savers
from tests.serving import children_of, portal

pytestmark = pytest.mark.slow

STRIKES = 8
GOVERNMENTS = 8


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

    def sql(self, *statements: str) -> None:
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            for statement in statements:
                cursor.execute(statement)

    def ask(self, government: str, method: str, form: str | None) -> tuple[int, str]:
        headers = {**HEADERS, "Cookie": f"sessionid={self.sessions[government]}; csrftoken={TOKEN}"}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection(HOST, self.port, timeout=60)
        try:
            connection.request(method, URL, form, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, HTTPException):
            return 0, ""
        finally:
            connection.close()


@pytest.fixture(scope="module")
def drill(collected, tmp_path_factory, worker_id) -> Iterator[Drill]:
    found = Drill(database.data_dir() / f"drill-{worker_id}")
    if found.data_dir.exists():
        found.database("stop")
        shutil.rmtree(found.data_dir)
    found.url = found.start_database()
    try:
        found.run("manage.py", "migrate", "--verbosity", "0")
        found.sessions = json.loads(found.run("-c", MAKE_MEMBERS, str(GOVERNMENTS)))
        found.sql("INSERT INTO demo_marker (id, seed, migrations) VALUES (1, 1, '')")
        with portal(found.url, collected, tmp_path_factory.mktemp("drill") / "server.log") as (port, process):
            found.port, found.server = port, process
            yield found
    finally:
        found.database("stop")
        shutil.rmtree(found.data_dir)


def drilled(drill: Drill, strike: Callable[[Savers], None], count: Callable[..., None], name: str) -> Counter[int]:
    """Strike again and again while everybody saves, each time once some saves have come through; what was answered."""
    savers = Savers(drill.url, drill.ask, list(drill.sessions))
    with savers.at_work():
        for _ in range(STRIKES):
            savers.await_more(200, len(savers.all))
            strike(savers)
        savers.await_more(200, len(savers.all))
    answers, lost = savers.answered(), savers.lost()
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
