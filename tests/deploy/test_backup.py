"""Backups: what is refused; and a drill, in which all exports of the demonstration are the same after a restore."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from contextlib import closing

import psycopg2
import pytest
from django.core.management import CommandError, call_command

from mixportal import backups, database
from tests.deploy import sample
from tests.deploy.conftest import NAMES, empty_portal_database, url_of
from tests.serving import url_of_database

EXPORTS = """
import hashlib, io, json, zipfile
import django
django.setup()
from django.test import Client
from members.models import User
from mixportal.editions.models import Edition
found = {}
for who in (None, User.Role.MEMBER):
    client = Client(HTTP_HOST="localhost")
    if who:
        client.force_login(User.objects.filter(role=who, is_active=True).earliest("pk"))
    lists = [f"/{edition.year}/{kind}" for edition in Edition.objects.published() for kind in ("priorities", "challenges")]
    files = ("list.csv", "list.json", "results.csv", "results.json", "ballots.csv")
    years = [f"/{edition.year}/archive.zip" for edition in Edition.objects.published()]
    for path in ["/governments/export.csv", *years, *(f"{each}/{file}" for each in lists for file in files)]:
        answer = client.get(path)
        parts = {path: answer.getvalue()}
        if path.endswith(".zip") and answer.status_code == 200:
            archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
            parts = {f"{path} {name}": archive.read(name) for name in archive.namelist() if name != "README.txt"}
        for name, body in parts.items():
            found[f"{who} {name} {answer.status_code}"] = hashlib.sha256(body).hexdigest()
print(json.dumps(found))
"""
READY = "import django; django.setup(); from django.test import Client; print(Client(HTTP_HOST='localhost').get('/readyz').text)"
AFTER = {
    "share links that work": "SELECT count(*) FROM summaries_sharelink WHERE revoked_at IS NULL",
    "invitations that work": "SELECT count(*) FROM members_invitation WHERE accepted_at IS NULL AND revoked_at IS NULL",
    "mails that wait": "SELECT count(*) FROM mail_mail WHERE sent_at IS NULL AND given_up_at IS NULL",
    "sessions": "SELECT count(*) FROM members_session",
}


def python(url: str, *arguments: str, **more: str) -> str:
    environment = {**os.environ, "PORTAL_MODE": "demo", "DJANGO_SETTINGS_MODULE": "mixportal.settings", **more}
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment | {"DATABASE_URL": url}, cwd=database.ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def ask(url: str, question: str) -> int:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def strangers() -> int:
    """Count the roles that may connect, besides superusers and the portal's two."""
    question = (
        "SELECT count(*) FROM pg_roles WHERE has_database_privilege(rolname, current_database(), 'CONNECT')"
        f" AND NOT rolsuper AND rolname NOT IN ('{NAMES['mix_owner']}', '{NAMES['mix_web']}')"
    )
    return ask(url_of("mix_owner"), question)


def test_a_backup_never_takes_the_place_of_a_file(tmp_path):
    (tmp_path / "earlier.tar").write_text("precious")
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", tmp_path / "earlier.tar")
    assert (tmp_path / "earlier.tar").read_text() == "precious"


def test_a_path_that_cannot_be_used_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="File name too long"):
        call_command("backup", tmp_path / ("x" * 300))


def test_after_the_nightly_backup_those_of_over_35_days_are_deleted(tmp_path):
    unit = (sample.DEPLOY / "systemd" / "mix-portal-daily.service").read_text()
    command = re.search(r"^ExecStartPost=(.*)$", unit, re.M)[1].replace("/var/backups/mix-portal", str(tmp_path))
    ages = {"mix-portal-1.tar": 34, "mix-portal-2.tar": 37, "mix-portal-3.tar.age": 37, "before-the-year.tar": 400}
    for name, days in ages.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - days * 86_400,) * 2)
    subprocess.run(shlex.split(command), check=True)
    assert {path.name for path in tmp_path.iterdir()} == {"mix-portal-1.tar", "before-the-year.tar"}


def test_restore_wants_an_empty_database_and_a_backup(db, tmp_path):
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", tmp_path / "any.tar")


def test_a_tool_of_another_version_than_the_server_is_not_used():
    with pytest.raises(backups.BackupError, match=r"no pg_dump of Postgres 99"):
        backups._tool("pg_dump", 99)


@pytest.mark.slow
def test_a_restored_database_has_the_same_exports_and_revives_nothing(
    portal_database, demonstration_database, collected, tmp_path, count
):
    owner, web_role = url_of("mix_owner"), ["--web-role", NAMES["mix_web"]]
    copy = url_of_database(f"test_{os.getpid()}")
    assert "It is not encrypted" in python(copy, "manage.py", "backup", str(tmp_path / "first.tar"))
    python(owner, "manage.py", "restore", str(tmp_path / "first.tar"), *web_role)
    before = json.loads(python(owner, "-c", EXPORTS, STATIC_ROOT=str(collected)))
    assert len({name for name in before if name.endswith(" 200")}) > 50
    with closing(psycopg2.connect(owner)) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE summaries_sharelink SET revoked_at = NULL")
        cursor.execute("UPDATE mail_mail SET given_up_at = NULL, sent_at = NULL")
        connection.commit()
        assert ask(owner, AFTER["mails that wait"]) > 0

    key = subprocess.run(["age-keygen", "-o", tmp_path / "key"], capture_output=True, text=True).stderr.split()[-1]
    started = time.monotonic()
    said = python(owner, "manage.py", "backup", "--verify", str(tmp_path), BACKUP_RECIPIENT=key)
    backed_up = time.monotonic() - started
    assert "restored and is the same" in said
    assert "not encrypted" not in said
    (encrypted,) = tmp_path.glob("mix-portal-*.tar.age")
    assert encrypted.stat().st_mode & 0o077 == 0
    assert encrypted.read_bytes().startswith(backups.ENCRYPTED)
    scratch = owner.replace(NAMES["mixportal"], NAMES["mixportal_scratch"])
    assert ask(scratch, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0

    empty_portal_database()
    assert strangers() > 0
    started = time.monotonic()
    python(owner, "manage.py", "restore", str(encrypted), "--identity", str(tmp_path / "key"), *web_role)
    restored = time.monotonic() - started
    after = json.loads(python(owner, "-c", EXPORTS, STATIC_ROOT=str(collected)))
    count(
        "drill: backup and restore", seconds_of_backup=round(backed_up), seconds_of_restore=round(restored),
        kilobytes=encrypted.stat().st_size // 1000, exports_compared=len(before), different=len(dict(before.items() - after.items())),
    )  # fmt: skip
    assert after == before
    revived = {what: ask(owner, question) for what, question in AFTER.items()}
    assert revived.pop("sessions") == 1  # of the member who read the exports
    assert set(revived.values()) == {0}
    assert strangers() == 0
    python(owner, "manage.py", "remind")
    assert ask(owner, AFTER["mails that wait"]) == 0
    assert python(url_of("mix_web"), "-c", READY) == "ready\n"


@pytest.mark.slow
def test_a_changed_backup_is_refused(portal_database, tmp_path):
    python(url_of("mix_owner"), "manage.py", "migrate", "--verbosity", "0")
    python(url_of("mix_owner"), "manage.py", "backup", str(tmp_path / "small.tar"))
    subprocess.run(["tar", "-xf", "small.tar"], cwd=tmp_path, check=True)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["digests"]["ballots_ballot"] = "0" * 64
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    subprocess.run(["tar", "-cf", "changed.tar", "manifest.json", "database.dump"], cwd=tmp_path, check=True)
    empty_portal_database()
    with pytest.raises(AssertionError, match="ballots_ballot"):
        python(url_of("mix_owner"), "manage.py", "restore", str(tmp_path / "changed.tar"))
