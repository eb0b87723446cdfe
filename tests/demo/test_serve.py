"""`make demo`: its choice of a port, and two demonstrations on one data folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from mixportal import database
from mixportal.demo import serve

SHARE = "from mixportal import database\nwith database.embedded_server(): print('up', flush=True); input()"
STARTS = "The portal is at"


def test_a_busy_port_gives_the_next_free_one():
    begin = 20_000 + os.getpid() % 200 * 50  # another run may look for ports just now
    first = serve.free_port(begin)
    assert first >= begin
    with socket.create_server((serve.HOST, first)):
        assert serve.free_port(first) > first
    assert serve.free_port(first) == first


def test_no_free_port_says_so(monkeypatch):
    monkeypatch.setattr(serve, "MAX_PORTS_TRIED", 1)
    with socket.create_server((serve.HOST, 0)) as server, pytest.raises(SystemExit, match="all in use; name another"):
        serve.free_port(server.getsockname()[1])


@pytest.mark.parametrize(("value", "port"), [(None, 8000), ("", 8000), ("8123", 8123)])
def test_port_is_read_from_the_environment(monkeypatch, value, port):
    monkeypatch.delenv("PORT", raising=False)
    if value is not None:
        monkeypatch.setenv("PORT", value)
    assert serve.wanted_port() == port


@pytest.mark.parametrize("value", ["0", "-1", "70000", "http", "8000.0", "²"])
def test_what_is_no_port_is_refused(monkeypatch, value):
    monkeypatch.setenv("PORT", value)
    with pytest.raises(SystemExit, match="PORT is"):
        serve.wanted_port()


@pytest.fixture
def data(monkeypatch):
    """A short data folder of its own, which the system user of Postgres can reach, and no DATABASE_URL."""
    home = Path("/tmp") / f"mix-two-{os.getpid()}"
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATA_DIR", str(home))
    home.mkdir()
    yield home
    database.stop(database.folder())
    shutil.rmtree(home, ignore_errors=True)


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONWARNINGS": "ignore", **environment}
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=env,
        cwd=database.ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.communicate(timeout=60)  # until the last process that it started has left


def test_the_first_of_two_to_leave_the_embedded_server_does_not_stop_it(data):
    first = start("-c", SHARE)
    assert first.stdout.readline() == "up\n"
    second = start("-c", SHARE)
    assert second.stdout.readline() == "up\n"
    first.communicate("leave\n")
    assert database.is_running(database.folder())
    stop(second)  # as with kill
    assert not database.is_running(database.folder())


def test_a_demonstration_waits_while_another_prepares_itself_in_the_same_folder(tmp_path):
    events = []

    def prepare() -> None:
        with serve.alone_in(tmp_path):
            events.append("second")

    waiting = threading.Thread(target=prepare)
    with serve.alone_in(tmp_path):
        waiting.start()
        waiting.join(timeout=0.2)
        events.append("first")
    waiting.join()
    assert events == ["first", "second"]


@pytest.mark.slow
def test_two_demonstrations_started_at_once_on_one_folder_both_serve_until_each_is_stopped(data):
    two = [start("-m", "mixportal.demo.serve", PORT="21500") for _ in range(2)]
    ports = []
    for each in two:
        ready = next(line for line in each.stdout if line.startswith(STARTS))
        ports.append(int(ready.split("localhost:")[1].split("/")[0]))
    assert len(set(ports)) == 2
    stop(two[0])
    assert answers(ports[1]) == 200
    stop(two[1])
    assert not database.is_running(database.folder())


@pytest.mark.slow
def test_a_demonstration_that_is_stopped_while_it_starts_leaves_no_process_behind(data):
    port = serve.free_port(22_000)
    demonstration = start("-m", "mixportal.demo.serve", PORT=str(port))
    while not is_listening(port):
        assert demonstration.poll() is None
        time.sleep(0.005)
    stop(demonstration)
    assert not is_listening(port)
    assert not database.is_running(database.folder())


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((serve.HOST, port)) == 0


def answers(port: int) -> int:
    connection = HTTPConnection(serve.HOST, port, timeout=60)
    connection.request("GET", "/")
    status = connection.getresponse().status
    connection.close()
    return status
