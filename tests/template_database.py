"""Copies of template databases: migrating an empty database takes half a minute, copying a migrated one a tenth of a second.

A template is named by the digest of what it was made from, so it is made once and then found, by later runs too.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper

from mixportal import database
from mixportal.demo import loading
from tests import kept_rows

BUILDING = "template_building"
TEMPLATES_KEPT = 3  # of each sort, for work that goes to and fro between branches
LOCK = 64_026  # any number, the same in every process


def migrated() -> str:
    """Return the name of the template of the migrated, empty database; make it where it is missing."""
    return _template("migrated", _digest_of_migrations(), None, _migrate)


def demonstration() -> str:
    """Return the name of the template of the loaded demonstration, made of today's code on today's date."""
    empty, today = migrated(), str(datetime.now(UTC).date())  # it is loaded as of now: a list closes nine days later
    return _template("demonstration", _digest([], _digest_of_code(), empty, today), empty, loading.load)


def use_copy_of(template: str) -> None:
    """Make this process's database anew from `template`. Whoever was connected to it is disconnected."""
    name = f"test_{os.getpid()}"
    with _alone() as cursor:
        _drop(cursor, name)
        _create(cursor, name, template)
    _use(name)
    kept_rows.forget()


def drop_copy() -> None:
    with _alone() as cursor:
        _drop(cursor, f"test_{os.getpid()}")


def _template(sort: str, digest: str, made_from: str | None, fill: Callable[[], None]) -> str:
    name = f"template_{sort}_{digest}"
    with _alone() as cursor:
        earlier = _databases(cursor, f"template_{sort}_")
        if name not in earlier:
            for old in earlier[: -TEMPLATES_KEPT + 1]:
                _drop(cursor, old)
            _drop_what_dead_processes_left(cursor)
            _drop(cursor, BUILDING)
            _create(cursor, BUILDING, made_from)
            _use(BUILDING)
            fill()
            connections.close_all()
            cursor.execute(f'ALTER DATABASE "{BUILDING}" ALLOW_CONNECTIONS false')
            cursor.execute(f'ALTER DATABASE "{BUILDING}" RENAME TO "{name}"')
    return name


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def _packages() -> set[Path]:
    paths = {Path(app.path) for app in apps.get_app_configs()}
    return {path for path in paths if path.is_relative_to(database.ROOT) and ".venv" not in path.parts}


@cache
def _digest_of_migrations() -> str:
    files = [path for package in _packages() for path in package.glob("migrations/*.py")]
    return _digest([*files, database.ROOT / "requirements.txt"])


@cache
def _digest_of_code() -> str:
    code = [path for package in _packages() for path in package.rglob("*") if path.suffix in {".py", ".csv", ".json"}]
    texts = [path for path in (database.ROOT / "templates").rglob("*") if path.is_file()]
    return _digest([*code, *texts])


def _digest(files: Iterable[Path], *words: str) -> str:
    found = hashlib.sha256("".join(words).encode())
    for path in sorted(files):
        found.update(str(path.relative_to(database.ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def _alone() -> Iterator[CursorWrapper]:
    """Give a cursor that is connected to none of these databases, while no other process makes or copies one."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield cursor


def _databases(cursor: CursorWrapper, prefix: str) -> list[str]:
    """Return the databases whose names begin so, the oldest first."""
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [prefix])
    return [name for (name,) in cursor.fetchall()]


def _drop_what_dead_processes_left(cursor: CursorWrapper) -> None:
    for name in _databases(cursor, "test_"):
        number = name.removeprefix("test_")
        if number.isdigit() and not Path(f"/proc/{number}").exists():
            _drop(cursor, name)


def _drop(cursor: CursorWrapper, name: str) -> None:
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _create(cursor: CursorWrapper, name: str, template: str | None) -> None:
    copying = f'TEMPLATE "{template}" STRATEGY file_copy' if template else ""
    cursor.execute(f'CREATE DATABASE "{name}" {copying}')


def _use(name: str) -> None:
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
