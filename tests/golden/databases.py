"""The loaded demonstration as a template database; each run and each script works on a copy that is thrown away."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from mixportal import database

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "golden_"
OF_THE_TEMPLATE = {Path("tests/golden", name) for name in ("actors.py", "clock.py", "databases.py", "settings.py")}

_held: list[IO[str]] = []


def start_server() -> None:
    """Set DATABASE_URL to the tests' own Postgres, started if it does not run, unless it names another server.

    Waits while another run of the golden pages has it, until that process ends.
    """
    database.data_dir().mkdir(parents=True, exist_ok=True)
    lock = (database.data_dir() / "golden.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    _held.append(lock)
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = database.start(
            database.folder("test-pg"), options=database.TEST_OPTIONS, database="mixportal_tests"
        )


def loaded_template() -> str:
    """Return the name of the database that holds the demonstration of this code, loading it if there is none yet."""
    name = f"{PREFIX}template_{_digest_of_code()}"
    with _server() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        there = {row[0] for row in cursor.fetchall()}
        if name in there and _kept_mails(name).is_dir():
            return name
        for old in there:
            cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{PREFIX}loading"')
    shutil.rmtree(_kept_mails(name).parent, ignore_errors=True)
    _kept_mails(name).parent.mkdir(parents=True)
    _load(f"{PREFIX}loading")
    with _server() as cursor:
        cursor.execute(f'ALTER DATABASE "{PREFIX}loading" RENAME TO "{name}"')
    _mails().rename(_kept_mails(name))
    return name


@contextlib.contextmanager
def copied(template: str) -> Iterator[None]:
    """Connect Django to a fresh copy of that database, with the mails that its loading sent; drop the copy at the end."""
    name = f"{PREFIX}copy_{os.getpid()}"
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    shutil.rmtree(_mails(), ignore_errors=True)
    shutil.copytree(_kept_mails(template), _mails())
    try:
        with _connected_to(name):
            yield
    finally:
        shutil.rmtree(_mails())
        with _server() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _load(name: str) -> None:
    """As `make demo` does: migrate, load, put the mails that are due into the outbox, and send them to files."""
    from django.core.management import call_command
    from django.db import connection

    from tests.golden import actors, clock

    shutil.rmtree(_mails(), ignore_errors=True)
    _mails().mkdir(parents=True)
    with _connected_to(name):
        with connection.cursor() as cursor:
            cursor.execute(clock.SQL)
        with contextlib.redirect_stdout(io.StringIO()):
            call_command("demo", stdout=io.StringIO())
            actors.create_missing()
            call_command("remind", stdout=io.StringIO())
            call_command("send_mail", stdout=io.StringIO())


@contextlib.contextmanager
def _connected_to(name: str) -> Iterator[None]:
    from django.db import connection

    connection.close()
    before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextlib.contextmanager
def _server() -> Iterator[Any]:
    import psycopg2

    with contextlib.closing(psycopg2.connect(os.environ["DATABASE_URL"])) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            yield cursor


def _mails() -> Path:
    from django.conf import settings

    return Path(settings.EMAIL_FILE_PATH)


def _kept_mails(name: str) -> Path:
    return database.data_dir() / "golden-mails" / name


def _digest_of_code() -> str:
    """Over what the demonstration is made from: Python, data and the templates of mails."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT)
        if inside.parts[0].startswith(".") or (inside.parts[0] == "tests" and inside not in OF_THE_TEMPLATE):
            continue
        if path.suffix in {".py", ".csv", ".json"} or (path.suffix in {".txt", ".html"} and "mail" in str(inside)):
            digest.update(str(inside).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
