"""The small named world that the tests share: two governments with their people, a curator, and a year to rank."""

from __future__ import annotations

import fcntl
import gc
import itertools
import random
import time
from datetime import datetime

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth import login
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest
from django.template import Template
from django.test import Client, TestCase, TransactionTestCase
from django.test.utils import override_settings
from django.utils import timezone

import mixportal.urls  # noqa: F401  read here, before a test changes settings.DEMO: the addresses depend on it
from members.models import Government, User
from members.sessions import SessionStore
from mixportal import database
from mixportal.demo.serve import collect_static
from mixportal.mail.models import Mail
from mixportal.notes.models import Note
from mixportal.pages.models import RAISES_PAGE_VERSION, PageChange
from mixportal.summaries.models import Paper, StoredPdf
from mixportal.summaries.pdf import brief_html, summary_html
from tests import template_database
from tests.kept_rows import made_once
from tests.reading import fields, page
from tests.worlds import (
    entry_of,
    make_network,
    make_phases,
    make_world,
)

# each run tries the same few examples; a nightly run tries many others (pytest --hypothesis-profile=nightly)
hypothesis.settings.register_profile(
    "daily",
    max_examples=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "nightly", hypothesis.settings.get_profile("daily"), max_examples=500, derandomize=False
)
hypothesis.settings.load_profile("daily")
TESTS, TESTS_BETWEEN_VACUUMS = itertools.count(1), 400  # what tests took back stays in the tables until then
RENDER_AS_IN_PRODUCTION = Template._render
AS_IN_PRODUCTION = {"staticfiles": {"BACKEND": "mixportal.stylesheet.FlatStylesheetStorage"}}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--shuffle", metavar="SEED", help="run the files, and the tests of each, in an order drawn by this"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files stay whole, so that what is made for one of them is made once."""
    if seed := config.getoption("--shuffle"):
        draw = random.Random(seed)
        files = sorted({item.path for item in items})
        drawn = {path: draw.random() for path in files}
        items.sort(key=lambda item: (drawn[item.path], draw.random()))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection(session: pytest.Session):
    """Let the garbage collector pass over what is imported, and look at the rest less often: that saves a seventh."""
    gc.disable()
    collected = yield
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()
    return collected


@pytest.fixture(autouse=True, scope="session")
def _templates_are_rendered_as_in_production(django_test_environment):
    """Django copies the context of each template for `response.context`, which no test reads; that takes a tenth."""
    Template._render = RENDER_AS_IN_PRODUCTION


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """In place of pytest-django's: each process tests in a copy of the migrated template, which it drops at the end."""
    with django_db_blocker.unblock():
        template_database.use_copy_of(template_database.migrated())
    yield
    with django_db_blocker.unblock():
        template_database.drop_copy()


@pytest.fixture(scope="module")
def demonstration_database(django_db_setup, django_db_blocker):
    """The loaded demonstration is in the database while a module's tests run."""
    with django_db_blocker.unblock():
        template_database.use_copy_of(template_database.demonstration())
        yield
        template_database.use_copy_of(template_database.migrated())


@pytest.fixture(scope="session")
def empty_static_root(tmp_path_factory):
    return tmp_path_factory.mktemp("static")


@pytest.fixture(scope="session")
def collected():
    """The folder of collected static files, made anew only when one of them has changed."""
    root = database.data_dir() / "test-static"
    with open(root.with_suffix(".lock"), "w") as lock, override_settings(STATIC_ROOT=root, STORAGES=AS_IN_PRODUCTION):
        fcntl.flock(lock, fcntl.LOCK_EX)  # the tests run in several processes
        collect_static(root)
    return root


KEPT = {"django_migrations", "django_content_type", "auth_permission"}  # as the migrations leave them


def empty_the_database() -> None:
    """Deletes every row that a test left, in the tables that have any.

    Django's flush truncates all the tables, most of them empty, and makes permissions anew, which takes far longer; and
    it waits for locks. Triggers, which keep history and close lists, have no say here.
    """
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT)
        cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in tables))
        filled = [table for (table,) in cursor.fetchall()]
        if filled:
            deletions = "; ".join(f'DELETE FROM "{table}"' for table in filled)
            cursor.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {deletions}; COMMIT")


def _empty_after_a_transactional_test(case: TransactionTestCase) -> None:
    empty_the_database()


TransactionTestCase._fixture_teardown = _empty_after_a_transactional_test


_begin = TestCase._fixture_setup.__func__


def _begin_and_let_changes_show(cls: type[TestCase]) -> None:
    """Most tests never commit: there a change of a public page raises the version at once."""
    _begin(cls)
    trigger = RAISES_PAGE_VERSION.get_pgid(PageChange)
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {trigger} IMMEDIATE")


TestCase._fixture_setup = classmethod(_begin_and_let_changes_show)


_login = Client._login


def _login_of_a_new_browser(client: Client, user: User, backend: str | None = None) -> None:
    """Django's would store an empty session first, and replace it: fifteen queries, not eight, for each that a test signs in."""
    if settings.SESSION_COOKIE_NAME in client.cookies:
        return _login(client, user, backend)
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, backend)
    request.session.save()
    client._set_login_cookies(request)


Client._login = _login_of_a_new_browser


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that took the database away may have left a dead connection behind; the next one begins with a new one."""
    if connection.connection is None or connection.in_atomic_block:
        return
    if not connection.is_usable():
        connection.close()
    elif next(TESTS) % TESTS_BETWEEN_VACUUMS == 0:
        with connection.connection.cursor() as cursor:
            cursor.execute("VACUUM")


@pytest.fixture(autouse=True)
def _plain_static_files(settings, empty_static_root):
    """Hashed names need collectstatic; one test of the stylesheet runs that by itself."""
    settings.STATIC_ROOT = empty_static_root  # whitenoise warns where there is none
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _no_cached_pages():
    caches["pages"].clear()


@pytest.fixture
def world(db):
    """Port Merrow (member, delegate, leader), Halloran (member), a curator, a former member; 2030 is open."""
    return made_once("world", make_world)


@pytest.fixture
def phases(world):
    """The world with an edition in each phase: `unranked` (2027), `published`, `closed`, `open` and `drafting` (2031).

    Both governments have cast both ballots wherever ballots were or are open, in opposite orders.
    """
    vars(world).update(made_once("phases", lambda: make_phases(world)))
    return world


@pytest.fixture
def stored_pdfs(phases):
    """For each page of a published edition that has a PDF file, its HTML instead of the file."""
    ranked = phases.published
    pages = [
        StoredPdf(edition=edition, paper=paper, body=summary_html(edition).encode())
        for edition in (phases.unranked, ranked)
        for paper in Paper
    ]
    for government in Government.objects.all():
        pages.append(StoredPdf(edition=ranked, government=government, body=brief_html(government, ranked).encode()))
    for pdf in pages:
        pdf.page_version = 0
    StoredPdf.objects.bulk_create(pages)


@pytest.fixture
def stopped_clock(monkeypatch):
    """Stop Python's clock, where a test compares two answers and a minute or a second could end between them."""
    moment = timezone.now()

    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz) if tz else moment.astimezone().replace(tzinfo=None)

    monkeypatch.setattr(timezone, "datetime", Stopped)
    monkeypatch.setattr(time, "time", moment.timestamp)


@pytest.fixture
def stop_database_clock(db):
    """`stop_database_clock(moment)`: the database's clock stands there, for this connection and all later ones.

    Functions of the tests hide those of Postgres. A moment set within a transaction holds for others from its commit on.
    """
    functions, name = (
        ("clock_timestamp", "statement_timestamp"),
        connection.ops.quote_name(connection.settings_dict["NAME"]),
    )
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.stopped_clock (moment timestamptz)")
        for function in functions:
            cursor.execute(
                f"CREATE FUNCTION public.{function}() RETURNS timestamptz LANGUAGE sql STABLE AS"
                f" 'SELECT coalesce((SELECT moment FROM public.stopped_clock), pg_catalog.{function}())'"
            )
        cursor.execute(f"ALTER DATABASE {name} SET search_path = public, pg_catalog")
        cursor.execute("SET search_path = public, pg_catalog")

    def stop(moment: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM public.stopped_clock; INSERT INTO public.stopped_clock VALUES (%s)", [moment])

    yield stop
    with connection.cursor() as cursor:
        cursor.execute(f"RESET search_path; ALTER DATABASE {name} RESET search_path")
        cursor.execute("; ".join(f"DROP FUNCTION public.{function}" for function in functions))
        cursor.execute("DROP TABLE public.stopped_clock")


@pytest.fixture
def sign_in():
    """A client signed in as somebody; None is a visitor."""

    def signed_in(user: User | None, **options) -> Client:
        client = Client(**options)
        if user is not None and user.is_active:
            client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def write():
    """`write(user, body, kind=, audience=, reply_to=, entry=)`: a note as the model records it."""

    def written(user, body="Words.", *, kind="note", audience="members", reply_to=None, entry=None):
        entry = entry or (reply_to.entry if reply_to else entry_of())
        return Note.write(entry=entry, user=user, kind=kind, body=body, audience=audience, reply_to=reply_to)

    return written


class Screen:
    """Somebody at the ballot page without script: what is typed stays in the form until a button is pressed."""

    def __init__(self, client: Client, url: str) -> None:
        self.client, self.url = client, url
        self.look()

    def look(self) -> None:
        self._read(self.client.get(self.url))

    def _read(self, answer) -> None:
        self.answer = answer
        forms = [form for form in page(answer).iter("form") if "ballot" in (form.get("class") or "").split()]
        self.form = fields(forms[0]) if forms else {}

    def type(self, **numbers: object) -> Screen:
        self.form |= {f"rank-{slug.replace('_', '-')}": str(number) for slug, number in numbers.items()}
        return self

    def press(self, action: str, *, fragment: bool = False):
        """Posts the form; without script a save leads back to the page, which is read anew."""
        headers = {"HTTP_HX_REQUEST": "true"} if fragment else {}
        answer = self.client.post(self.url, self.form | {"action": action}, **headers)
        self.posted = answer
        self._read(self.client.get(answer["Location"]) if answer.status_code == 302 else answer)
        return answer

    @property
    def version(self) -> int:
        return int(self.form["version"])

    @property
    def order(self) -> list[str]:
        """The slugs with a number, by number as shown, tied ones joined by =."""
        groups: dict[int, list[str]] = {}
        for name, value in self.form.items():
            if name.startswith("rank-") and value:
                groups.setdefault(int(value), []).append(name.removeprefix("rank-"))
        return ["=".join(groups[place]) for place in sorted(groups)]


@pytest.fixture
def at_ballot(world, sign_in):
    """`at_ballot(user)`: that person's screen of the open ballot of priorities."""

    def open_ballot(user, url: str = "/2030/priorities/ballot/") -> Screen:
        return Screen(sign_in(user), url)

    return open_ballot


@pytest.fixture
def network(world):
    """2030 closed: 24 governments, 12 cities that agree and 12 counties that put Emergency Communications first.

    Port Merrow (a county) turns it all around; Halloran ties and leaves out; Town 03 abstains; Lone Key never casts.
    The ballots are counted.
    """
    base = "phases" if hasattr(world, "published") else "world"
    vars(world).update(made_once(f"network on {base}", lambda: make_network(world)))
    return world


@pytest.fixture
def roster():
    """`roster(kind="city", ...)`: a government as a roster has it."""

    def government(number: int, **facts) -> dict:
        plain = {
            "kind": "city",
            "band": "small",
            "form": "council_manager",
            "region": "west",
            "it_structure": "federated",
        }
        return {"id": number, "slug": f"town-{number:02}", "seat": number, "cast": True, **plain, **facts}

    return government


@pytest.fixture
def post(db):
    """Posts a mail from a template that the portal has, to an address and for a cause of one's own."""

    def posted(to: str = "rosa@port.example", cause: str = "test:1", **more):
        items = [{"line": "A line", "url": "https://portal.example/1/"}]
        return Mail.objects.enqueue("digest", to, cause=cause, context={"items": items}, **more)

    return posted
