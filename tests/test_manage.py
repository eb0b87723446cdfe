"""manage.py: what it says of a database without tables, and when the embedded server stops."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from mixportal import database

FOLDER = Path("/tmp") / f"mix-manage-{os.getpid()}"  # short, and where the server's system user can reach it
TESTS_URL = os.environ["DATABASE_URL"]
MANAGE = [sys.executable, str(database.ROOT / "manage.py")]


@pytest.fixture(autouse=True)
def embedded(monkeypatch):
    """An embedded server's own folder, without tables. No test leaves a server behind."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("DATA_DIR", str(FOLDER))
    yield
    database.stop(FOLDER / "pg")


@pytest.fixture(scope="module", autouse=True)
def _remove_folder():
    yield
    shutil.rmtree(FOLDER, ignore_errors=True)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*MANAGE, *arguments], capture_output=True, text=True)


def is_running() -> bool:
    return database.is_running(database.folder())


def test_a_command_on_an_empty_database_says_so_in_one_line_and_stops_the_server_it_started():
    done = run("remind")
    assert done.returncode == 1
    *others, last = done.stderr.splitlines()
    assert last == "The database is empty or older than this code. Run this first: python manage.py migrate"
    assert all("You are root" in line or "become readable" in line for line in others)
    assert not is_running()


def test_a_server_started_by_hand_outlives_the_commands():
    assert database.main(["start"]) == 0
    run("remind")
    assert is_running()
    assert database.main(["stop"]) == 0
    assert run("check").returncode == 0
    assert not is_running()  # that one was not started by hand


def test_the_last_process_to_leave_stops_the_server():
    with database.embedded_server():
        assert run("check").returncode == 0
        assert is_running()
    assert not is_running()


def test_a_terminated_command_stops_the_server():
    waiting = "import time; print('waiting', flush=True); time.sleep(60)"
    with subprocess.Popen([*MANAGE, "shell", "-c", waiting], stdout=subprocess.PIPE, text=True) as command:
        assert any(line == "waiting\n" for line in command.stdout)
        assert is_running()
        command.terminate()
        assert command.wait() == 128 + signal.SIGTERM
    assert not is_running()


@pytest.mark.parametrize(
    "arguments",
    [
        ["routes"],
        ["remind", "--help"],
        *(pytest.param(other, marks=pytest.mark.slow) for other in (["remind", "-h"], ["help"], ["--version"])),
    ],
)
def test_what_needs_no_database_starts_no_server(arguments, monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert run(*arguments).returncode == 0
    assert not (tmp_path / "pg").exists()


@pytest.mark.parametrize("command", ["remind", "routes"])
def test_a_data_folder_that_cannot_be_used_is_refused_in_one_line(command, monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "my data"))
    done = run(command)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "has a space in its path" in done.stderr


@pytest.mark.django_db
def test_a_faulty_query_in_a_database_with_all_tables_is_shown(monkeypatch):
    url = urlsplit(TESTS_URL)._replace(path=f"/{connection.settings_dict['NAME']}")
    monkeypatch.setenv("DATABASE_URL", url.geturl())
    done = run("shell", "-c", "from django.db import connection; connection.cursor().execute('SELECT * FROM nowhere')")
    assert done.returncode == 1
    assert 'relation "nowhere" does not exist' in done.stderr
    assert "manage.py migrate" not in done.stderr
