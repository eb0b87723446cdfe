"""`make demo`'s choice of a port."""

import socket

import pytest

from mixportal.demo import serve


def test_a_busy_port_gives_the_next_free_one():
    first = serve.free_port(20_000)
    assert first >= 20_000
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
