"""Which database the portal uses, and the embedded server's start, stop and refusals."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psycopg2
import pytest

from mixportal import database


@pytest.fixture
def data_dir(monkeypatch, tmp_path):
    """`data_dir(path)`: that is DATA_DIR, and there is no DATABASE_URL."""
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def use(path: Path | str) -> None:
        monkeypatch.setenv("DATA_DIR", str(path))

    use(tmp_path)
    return use


@pytest.mark.parametrize("name", ["my data", "my\tdata", "my\u00a0data"])
def test_a_path_with_a_space_is_refused_and_says_what_to_do(data_dir, tmp_path, name):
    data_dir(tmp_path / name)
    with pytest.raises(database.UnusableDatabaseError, match="has a space in its path") as refused:
        database.folder()
    assert "DATA_DIR=" in str(refused.value)
    with pytest.raises(database.UnusableDatabaseError):
        database.configuration()


def test_a_path_too_long_for_a_socket_is_refused(data_dir):
    data_dir("/tmp/" + "x" * 72)
    assert len(str(database.folder())) == 80
    data_dir("/tmp/" + "x" * 73)
    with pytest.raises(database.UnusableDatabaseError, match="longer than 80 bytes"):
        database.folder()
    data_dir("/tmp/" + "é" * 37)  # bytes count, not letters
    with pytest.raises(database.UnusableDatabaseError, match="longer than 80 bytes"):
        database.folder()


def test_the_data_folder_is_in_the_checkout_by_default(monkeypatch):
    monkeypatch.delenv("DATA_DIR", raising=False)
    assert database.data_dir() == database.ROOT / ".data"
    monkeypatch.setenv("DATA_DIR", "")
    assert database.data_dir() == database.ROOT / ".data"
    monkeypatch.setenv("DATA_DIR", "~/portal")
    assert database.data_dir() == Path.home() / "portal"


def test_database_url_is_used_and_its_connections_have_time_limits(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://me:secret@db.example:6543/mix?sslmode=require")
    found = database.configuration()
    assert (found["HOST"], found["PORT"], found["NAME"], found["USER"]) == ("db.example", 6543, "mix", "me")
    assert found["OPTIONS"]["sslmode"] == "require"
    for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        assert f"-c {limit}=" in found["OPTIONS"]["options"]
    assert found["CONN_HEALTH_CHECKS"]


def test_with_a_database_url_no_server_is_started(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", "postgres://me@127.0.0.1:1/mix")
    with database.embedded_server():
        assert not database.data_dir().joinpath("pg").exists()
    assert database.main(["start"]) == 1
    assert "no embedded server to steer" in capsys.readouterr().out


def test_without_one_the_configuration_names_the_embedded_server_and_opens_nothing(data_dir, tmp_path):
    found = database.configuration()
    assert (found["HOST"], found["NAME"]) == (str(tmp_path / "pg"), "mixportal")
    assert not (tmp_path / "pg").exists()


def test_the_running_servers_socket_is_read_from_its_own_file(data_dir, tmp_path):
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "postmaster.pid").write_text(f"{os.getpid()}\n/data\n1\n5432\n/somewhere/else\n\n")
    assert database.configuration()["HOST"] == "/somewhere/else"


@pytest.mark.parametrize("content", ["", "not a number\n", "999999999\n", "\x00"])
def test_a_stale_pid_file_is_not_a_running_server(tmp_path, content):
    (tmp_path / "postmaster.pid").write_text(content)
    assert not database.is_running(tmp_path)


def test_nothing_runs_at_first(data_dir, capsys):
    assert database.main(["status"]) == 3
    assert capsys.readouterr().out == "not running\n"
    assert database.main(["stop"]) == 0
    assert capsys.readouterr().out == "not running\n"


@pytest.mark.parametrize("arguments", [[], ["restart"], ["start", "now"]])
def test_an_unknown_command_prints_the_usage(data_dir, capsys, arguments):
    assert database.main(arguments) == 2
    assert "start | stop | status" in capsys.readouterr().out


def test_a_refusal_is_one_sentence_on_the_command_line(data_dir, tmp_path, capsys):
    data_dir(tmp_path / "my data")
    assert database.main(["start"]) == 1
    said = capsys.readouterr()
    assert "The database cannot be used" in said.err
    assert "Traceback" not in said.err


def test_a_server_is_made_started_joined_stopped_and_started_again(data_dir, capsys):
    """In a short folder of its own, which its system user can reach."""
    home = Path("/tmp") / f"mix-{os.getpid()}"
    data_dir(home)
    home.mkdir()
    try:
        url = database.start(database.folder(), options=database.TEST_OPTIONS)
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT current_database(), current_setting('max_connections')")
            assert cursor.fetchone() == ("mixportal", "300")
            cursor.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')")
        connection.close()
        assert database.main(["status"]) == 0
        assert database.start(database.folder()) == url
        assert database.main(["stop"]) == 0
        assert not database.is_running(database.folder())
        assert database.main(["status"]) == 3
        with psycopg2.connect(database.start(database.folder())) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT word FROM kept")
            assert cursor.fetchone() == ("still here",)
        connection.close()
    finally:
        database.stop(database.folder())
        shutil.rmtree(home, ignore_errors=True)


def test_root_opens_exactly_the_folders_that_it_names_and_other_users_open_none(data_dir, capsys):
    top = Path("/tmp") / f"mix-{os.getpid()}"
    data = top / "open" / "closed" / "data"
    data_dir(data)
    data.mkdir(parents=True)
    top.chmod(0o700)
    data.parent.chmod(0o711)
    try:
        is_root = os.geteuid() == 0
        database.start(database.folder(), options=database.TEST_OPTIONS)
        said = f"become readable for every user of this machine: {data.parent}, {top}\n"
        assert (said in capsys.readouterr().err) is is_root
        opened = [folder.stat().st_mode & 0o777 for folder in (top, data.parent)]
        assert opened == ([0o755, 0o755] if is_root else [0o700, 0o711])
        assert database.folder().stat().st_mode & 0o777 == 0o700

        top.chmod(0o700)  # a later start opens it again, and says so again
        database.start(database.folder())
        assert capsys.readouterr().err.endswith(f"every user of this machine: {top}\n") is is_root
    finally:
        database.stop(database.folder())
        shutil.rmtree(top, ignore_errors=True)


def test_a_failed_first_start_is_tried_once_more_and_then_reported(data_dir, tmp_path, monkeypatch):
    """A folder that cannot hold a server fails twice, and the words name it."""
    tries = []
    real = database._server

    def counting(path, options):
        tries.append(path)
        return real(path, options)

    monkeypatch.setattr(database, "_server", counting)
    monkeypatch.setattr(database.time, "sleep", lambda seconds: None)
    broken = tmp_path / "pg"
    broken.mkdir()
    (broken / "PG_VERSION").write_text("1.0\n")
    with pytest.raises(database.UnusableDatabaseError, match="does not start"):
        database.start(broken)
    assert len(tries) == 2
