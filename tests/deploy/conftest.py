"""The portal as deploy/ has it run: the roles of roles.sql, gunicorn in production mode, nginx from nginx.conf."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from mixportal import database
from tests.deploy import sample
from tests.deploy.proxy import Proxy, proxy
from tests.serving import portal, url_of_database
from tests.test_production import PRODUCTION

BEHIND_PROXY = PRODUCTION | {"ALLOWED_HOSTS": sample.NAME, "TRUSTED_PROXY_COUNT": "1"}
NAMES = {name: f"{name}_{os.getpid()}" for name in ("mix_owner", "mix_web", "mixportal")}
NAMES["mixportal_scratch"] = f"{NAMES['mixportal']}_scratch"
PASSWORD = secrets.token_urlsafe()
# in a process of its own, whose settings name this database
MAKE_WORLD = """
import json, django
from datetime import timedelta
django.setup()
from django.conf import settings
from django.core import signing
from django.test import Client
from members.invitations import create_one_time_link
from members.preferences import SALT
from mixportal.summaries.models import ShareLink
from tests.worlds import make_phases, make_world
world = make_world()
year = make_phases(world)["published"]
cookies = {}
for name in ("member_a", "member_b", "leader_a"):
    client = Client()
    client.force_login(getattr(world, name))
    cookies[getattr(world, name).name] = client.cookies[settings.SESSION_COOKIE_NAME].OutputString().partition(";")[0]
links = {
    "share": ShareLink.objects.make(world.port, year, by=world.member_a, label="Council", days=30)[1],
    "mail/stop": signing.dumps([world.member_a.pk, "reply"], salt=SALT),
    "account/invitation": create_one_time_link(world.curator, timedelta(hours=1))[0].rstrip("/").rpartition("/")[2],
}
print(json.dumps({"cookies": cookies, "links": links}))
"""


@dataclass
class Site:
    url: str
    cookies: dict[str, str]  # of a session, by the name of its person
    links: dict[str, str]  # tokens, by the page that they open
    port: int = 0
    server_log: Path = Path()

    @contextmanager
    def outage(self) -> Iterator[None]:
        """The database turns the web role away."""
        web = NAMES["mix_web"]
        as_superuser(
            f'ALTER ROLE "{web}" NOLOGIN',
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '{web}'",
        )
        try:
            yield
        finally:
            as_superuser(f'ALTER ROLE "{web}" LOGIN')


def as_superuser(*statements: str) -> None:
    with closing(psycopg2.connect(url_of_database("postgres"))) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        for statement in statements:
            cursor.execute(statement)


def run(url: str, *arguments: str) -> str:
    environment = os.environ | BEHIND_PROXY | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "mixportal.settings"}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environment, cwd=database.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def url_of(role: str) -> str:
    parts = urlsplit(url_of_database(NAMES["mixportal"]))
    _, at, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{NAMES[role]}:{PASSWORD}{at or '@'}{host}").geturl()


@pytest.fixture(scope="session")
def roles() -> Iterator[None]:
    """roles.sql has made the database and both roles, under names of this process."""
    text = (sample.DEPLOY / "roles.sql").read_text()
    for name, own in NAMES.items():
        text = text.replace(f'"{name}"', f'"{own}"')
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    try:
        as_superuser(*(each for each in "\n".join(lines).split(";") if each.strip()))
        as_superuser(*(f"ALTER ROLE \"{NAMES[role]}\" PASSWORD '{PASSWORD}'" for role in ("mix_owner", "mix_web")))
        yield
    finally:
        for name in ("mixportal", "mixportal_scratch"):
            as_superuser(f'DROP DATABASE IF EXISTS "{NAMES[name]}" WITH (FORCE)')
        as_superuser(*(f'DROP ROLE IF EXISTS "{NAMES[role]}"' for role in ("mix_owner", "mix_web")))


def empty_portal_database() -> None:
    name = NAMES["mixportal"]
    as_superuser(f'DROP DATABASE "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" OWNER "{NAMES["mix_owner"]}"')


@pytest.fixture
def portal_database(roles) -> Iterator[None]:
    """The database of roles.sql, empty before and after."""
    empty_portal_database()
    yield
    empty_portal_database()
    as_superuser(
        f'REVOKE ALL ON DATABASE "{NAMES["mixportal"]}" FROM PUBLIC',
        f'GRANT CONNECT ON DATABASE "{NAMES["mixportal"]}" TO "{NAMES["mix_web"]}"',
    )


@pytest.fixture(scope="session")
def site(roles, collected, tmp_path_factory) -> Iterator[Site]:
    """A portal with people, ballots and a published year."""
    assert "superuser" not in run(url_of("mix_owner"), "manage.py", "upgrade", "--web-role", NAMES["mix_web"])
    world = json.loads(run(url_of_database(NAMES["mixportal"]), "-c", MAKE_WORLD))
    site = Site(url=url_of("mix_web"), **world)
    site.server_log = tmp_path_factory.mktemp("site") / "server.log"
    options = ("--access-logfile", "-", "--log-level", "debug")
    with portal(site.url, collected, site.server_log, *options, **BEHIND_PROXY) as (site.port, _):
        yield site


@pytest.fixture
def nginx(site) -> Iterator[Proxy]:
    """A new proxy, whose cache and logs are empty."""
    with proxy(site.port) as running:
        yield running
