"""Run the core of the suite with other versions of Python and Postgres, another collation and another time zone.

What this machine does not have is named and left out. `make test` itself is the run with the Python of .venv and the
Postgres of the wheel.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from mixportal import database
from mixportal.demo.serve import HOST, free_port

CORE = ("--ignore=tests/browser", "-p", "no:cacheprovider")
FOLDER = database.data_dir() / "wide"
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Run:
    python: str
    postgres: int  # of Debian; 0 is the one of the wheel
    initdb: tuple[str, ...] = ()
    time_zone: str = "UTC"

    def __str__(self) -> str:
        where = f"Debian's Postgres {self.postgres}" if self.postgres else "the wheel's Postgres"
        return " ".join([f"Python {self.python}, {where}, {self.time_zone}", *self.initdb])

    def missing(self) -> str:
        if not find_python(self.python):
            return f"there is no Python {self.python}"
        if self.postgres and not (DEBIAN / str(self.postgres) / "bin" / "initdb").exists():
            return f"there is no Postgres {self.postgres} (apt-get install postgresql-{self.postgres})"
        return ""


RUNS = (
    Run("3.11", 15, ("--locale-provider=icu", "--icu-locale=de-DE"), "Pacific/Auckland"),
    Run("3.12", 15),
    Run("3.13", 0),
)


def find_python(version: str) -> str:
    """Return the program, or nothing: a shim of pyenv may be there and lead nowhere."""
    for found in filter(
        None, [shutil.which(f"python{version}"), *map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))]
    ):
        if subprocess.run([found, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0:
            return found
    return ""


def environment_of(version: str) -> Path:
    """Make the virtual environment of this Python, or find it; bring it to the pinned requirements."""
    folder = FOLDER / f"venv{version}"
    if not (folder / "bin" / "python").exists():
        subprocess.run([find_python(version), "-m", "venv", folder], check=True)
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
    subprocess.run([folder / "bin" / "python", *install, "-r", "requirements-dev.txt"], cwd=database.ROOT, check=True)
    return folder / "bin" / "python"


@contextmanager
def server(run: Run) -> Iterator[str]:
    """Start a Postgres of Debian in a new folder; as root, as its system user."""
    programs, folder = DEBIAN / str(run.postgres) / "bin", Path(tempfile.mkdtemp(prefix="mix-wide-", dir="/tmp"))
    as_user = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    port, data = free_port(26_000), folder / "data"
    options = database.QUIET_LOG | database.TEST_OPTIONS | {"port": str(port), "listen_addresses": HOST, "unix_socket_directories": str(folder),
                                       "timezone": run.time_zone}  # fmt: skip
    steer = (*as_user, programs / "pg_ctl", f"--pgdata={data}", "--silent", "--wait", f"--log={folder}/log")
    try:
        subprocess.run(
            [*as_user, programs / "initdb", f"--pgdata={data}", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", *run.initdb],
            cwd="/", check=True, capture_output=True,
        )  # fmt: skip
        subprocess.run(
            [*steer, "--options", " ".join(f"-c {name}={value}" for name, value in options.items()), "start"],
            cwd="/",
            check=True,
        )
        try:
            yield f"postgres://postgres@{HOST}:{port}/postgres"
        finally:
            subprocess.run([*steer, "--mode=fast", "stop"], cwd="/", check=True)
    finally:
        shutil.rmtree(folder)


def tested(run: Run, options: list[str]) -> tuple[bool, str]:
    print(f"== {run}", flush=True)
    started, python = time.monotonic(), environment_of(run.python)
    own = {"DATA_DIR": str(FOLDER / f"data{run.python}"), "TZ": run.time_zone, "PGTZ": run.time_zone}
    with server(run) if run.postgres else nullcontext("") as url:
        command = [python, "-m", "pytest", "-q", *CORE, *options]
        environment = os.environ | own | ({"DATABASE_URL": url} if url else {})
        done = subprocess.Popen(command, cwd=database.ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        last = ""
        for line in done.stdout or ():
            print(line, end="", flush=True)
            last = line.strip() if re.search(r"\d+ (passed|failed|error)", line) else last
    if not run.postgres:
        subprocess.run(
            [python, "-m", "mixportal.database", "stop"], cwd=database.ROOT, env=os.environ | own, check=True
        )
    return done.wait() == 0, f"{last or 'no tests'} (with preparations {time.monotonic() - started:.0f} s)"


def main(options: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = {run: run.missing() for run in RUNS}
    results = {run: tested(run, options) for run in RUNS if not missing[run]}
    print("\n== The core of the suite")
    for run in RUNS:
        print(f"{run}: {'NOT RUN, ' + missing[run] if missing[run] else results[run][1]}")
    return 0 if all(passed for passed, _ in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
