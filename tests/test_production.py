"""What production refuses to start without, and the headers and cookies that it answers with."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.test import Client

from tests.members.signing import sign_in_by_code
from tests.serving import url_of_database

PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "portal.example.org,.mix.example.org",
    "EMAIL_HOST": "mail.example.org",
    "DEFAULT_FROM_EMAIL": "MIX portal <portal@example.org>",
}
ASK = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(raise_request_exception=False, HTTP_HOST="portal.example.org")
asked = {
    "page": client.get("/.well-known/security.txt", secure=True),
    "health": client.get("/healthz", HTTP_HOST="10.0.0.7:8000"),
    "missing": client.get("/nowhere", secure=True),
    "method": client.generic("TRACE", "/about/", secure=True),
    "strange host": client.get("/about/", secure=True, HTTP_HOST="evil.example"),
    "forged host": client.get("/nowhere", secure=True, HTTP_X_FORWARDED_HOST="evil.example"),
    "broken": client.get("/account/login/", secure=True),
    "static": client.get("/static/img/favicon.svg", secure=True),
    "plain": client.get("/about/"),
}
print(json.dumps({
    "answers": {name: [answer.status_code, dict(answer.headers), b"evil" in answer.getvalue()] for name, answer in asked.items()},
    "settings": {name: getattr(settings, name) for name in sys.argv[1:]},
    "text": asked["page"].content.decode(),
}))
"""
COOKIES = [
    f"{cookie}_COOKIE_{what}"
    for cookie in ("SESSION", "CSRF")
    for what in ("NAME", "SECURE", "DOMAIN", "PATH", "SAMESITE")
]


def run(*arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **PRODUCTION, "DJANGO_SETTINGS_MODULE": "mixportal.settings", **environment}
    kept = {name: value for name, value in env.items() if value is not None}
    return subprocess.run(
        [sys.executable, *arguments], env=kept, capture_output=True, text=True, cwd=django_settings.BASE_DIR
    )


@pytest.fixture(scope="module")
def production(collected):
    """Answers and settings of a portal in production mode whose database has no tables yet."""
    done = run("-c", ASK, *COOKIES, "DEBUG", "PORTAL_URL", STATIC_ROOT=str(collected))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


GUNICORN = ("-m", "gunicorn", "mixportal.wsgi", "--config", "deploy/gunicorn.conf.py", "--check-config")
STARTS = [GUNICORN, ("manage.py", "collectstatic"), ("manage.py", "migrate")]


@pytest.mark.parametrize("command", [GUNICORN, ("-c", "import mixportal.wsgi")], ids=" ".join)
def test_production_starts_with_all_of_them(collected, command):
    assert run(*command, STATIC_ROOT=str(collected)).returncode == 0


@pytest.mark.parametrize("command", STARTS, ids=" ".join)
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "tiny-word", "SECRET_KEY is too short. It takes at least 50 random characters."),
        ("TIME_ZONE", "Mars/Base", "TIME_ZONE is 'Mars/Base', which is no time zone."),
        ("EMAIL_HOST", None, "Production does not start without EMAIL_HOST."),
    ],
)
def test_what_is_wrong_is_one_sentence_without_a_traceback(command, name, value, sentence):
    done = run(*command, **{name: value})
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{sentence}\n")


def test_the_web_process_does_not_start_without_collected_files(tmp_path):
    done = run(*GUNICORN, STATIC_ROOT=str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"STATIC_ROOT is '{tmp_path}/none', where no files are. Run collectstatic first.\n"


def test_the_demonstration_does_not_start_on_a_database_of_production(collected):
    name = f"not_demo_{os.getpid()}"
    demo = {"PORTAL_MODE": "demo", "STATIC_ROOT": str(collected), "DATABASE_URL": url_of_database(name)}
    make_person = "from members.models import User; User.objects.create_user('rosa@port.example', name='Rosa')"
    with closing(psycopg2.connect(url_of_database("postgres"))) as server, server.cursor() as cursor:
        server.autocommit = True
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            assert run(*GUNICORN, **demo).returncode == 0
            for mode in ("production", "demo"):
                assert run("manage.py", "migrate", **demo | {"PORTAL_MODE": mode}).returncode == 0
                run("manage.py", "shell", "-c", make_person, **demo)
                done = run(*GUNICORN, **demo)
                assert (done.returncode, done.stdout) == (1, "")
                assert done.stderr == "PORTAL_MODE is 'demo', and the database is not that of a demonstration.\n"
            run(
                "manage.py",
                "shell",
                "-c",
                "from mixportal.demo.models import Marker; Marker.objects.create(seed=1)",
                **demo,
            )
            assert run(*GUNICORN, **demo).returncode == 0
        finally:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_the_deploy_check_has_nothing_to_say():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", HSTS="preload")
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_every_answer_carries_the_headers_whatever_it_says(production):
    statuses = {name: status for name, (status, _, _) in production["answers"].items()}
    assert statuses == {
        "page": 200, "health": 200, "missing": 404, "method": 405, "strange host": 400, "forged host": 404,
        "broken": 500, "static": 200, "plain": 301,
    }  # fmt: skip
    for name, (_, headers, _) in production["answers"].items():
        policy = headers["Content-Security-Policy"].split("; ")
        assert "default-src 'none'" in policy, name
        assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self'"} <= set(policy)
        assert not any(word in headers["Content-Security-Policy"] for word in ("unsafe", "data:", "http", "*", "nonce"))
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["Referrer-Policy"] == "same-origin", name
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        if name not in ("static", "plain"):  # it concerns pages
            assert "camera=()" in headers["Permissions-Policy"], name
            assert "publickey-credentials-get=(self)" in headers["Permissions-Policy"], name


def test_browsers_are_told_to_come_by_https_for_a_year(production):
    for name, (_, headers, _) in production["answers"].items():
        if name not in ("health", "plain"):
            assert headers["Strict-Transport-Security"] == "max-age=31536000", name
    assert production["answers"]["plain"][1]["Location"] == "https://portal.example.org/about/"


def test_no_host_but_the_configured_ones_gets_into_an_answer(production):
    assert not any(evil for _, _, evil in production["answers"].values())
    assert production["settings"]["PORTAL_URL"] == "https://portal.example.org"


def test_cookies_are_bound_to_the_host_and_to_https(production):
    found = production["settings"]
    assert not found["DEBUG"]
    for cookie in ("SESSION", "CSRF"):
        assert found[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert found[f"{cookie}_COOKIE_SECURE"] is True
        assert found[f"{cookie}_COOKIE_DOMAIN"] is None
        assert found[f"{cookie}_COOKIE_PATH"] == "/"
        assert found[f"{cookie}_COOKIE_SAMESITE"] == "Lax"


def test_security_txt_names_a_contact_and_lapses_within_a_year(production):
    lines = dict(line.split(": ", 1) for line in production["text"].splitlines())
    assert lines["Contact"] == "mailto:portal@example.org"
    assert lines["Canonical"] == "https://portal.example.org/.well-known/security.txt"
    lapses = datetime.fromisoformat(lines["Expires"])
    assert timedelta(days=364) < lapses - datetime.now(UTC) <= timedelta(days=365)
    assert production["answers"]["page"][1]["Content-Type"].startswith("text/plain")


def test_the_contact_can_be_set(client, db, settings):
    settings.SECURITY_CONTACT = "https://example.org/report"
    assert "Contact: https://example.org/report\n" in client.get("/.well-known/security.txt").content.decode()


def test_pages_for_one_person_are_kept_by_nobody(world, client):
    sign_in_by_code(client, "rosa@port.example")
    for path in ("/", "/about/", "/account/", "/account/sessions/", "/account/app/", "/account/passkeys/add/"):
        answer = client.get(path)
        assert "no-store" in answer["Cache-Control"], path
        assert "private" in answer["Cache-Control"], path


def test_static_files_and_pages_name_no_other_host(db):
    for path in ("/account/login/", "/about/"):
        body = Client().get(path).content.decode()
        assert 'src="http' not in body
        assert 'href="http' not in body
