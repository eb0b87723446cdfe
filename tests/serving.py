"""The portal as production serves it, by gunicorn and its workers, at a database that a test names."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from mixportal.demo import serve


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def url_of_database(name: str) -> str:
    """The address of another database at the server of the tests."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def portal(
    database_url: str, static_root: Path, log: Path, *options: str, **environment: str
) -> Iterator[tuple[int, int]]:
    """The port, and the process whose children are the workers."""
    port = serve.free_port(10_000 + os.getpid() % 200 * 50)
    environment = {"PORTAL_MODE": "demo", "STATIC_ROOT": str(static_root), **environment, "DATABASE_URL": database_url}
    with log.open("wb") as written:
        command = [*serve.gunicorn(port), *options]
        process = subprocess.Popen(command, env=os.environ | environment, stdout=written, stderr=written)
    try:
        serve.wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=60)
