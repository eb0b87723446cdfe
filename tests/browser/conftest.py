"""A real Chromium at a real server. The pages come as in production: static files collected, hashed, compressed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from members.models import User
from mixportal.demo.world import build_world
from tests.browser.watch import Watched
from tests.setup_browser import find_chromium

HERE = Path(__file__).parent
CHROMIUM = find_chromium()
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --process-per-site "
    # each page would load the address bar's menus, two pages of their own; the last of these lists is the one that counts
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,HttpsUpgrades,PaintHolding"
).split()
PATIENCE = 30_000  # ms that a page may take to show what a test expects


def pytest_collection_modifyitems(items):
    if CHROMIUM is None and any(HERE in item.path.parents for item in items):
        pytest.exit("The browser tests need Chromium: python -m tests.setup_browser brings one", returncode=1)


@pytest.fixture(autouse=True)
def _served_as_in_production(_plain_static_files, settings, collected):
    settings.STATIC_ROOT = collected
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "mixportal.stylesheet.FlatStylesheetStorage"}}


class Busy:
    """Which threads of the server are answering: an emptied database is safe to ask for only when there is none.

    A thread whose browser hung up may end without having answered.
    """

    def __init__(self):
        self.threads = set()
        self.changed = threading.Condition()
        request_started.connect(self.begun)
        request_finished.connect(self.answered)

    def begun(self, **_):
        with self.changed:
            self.threads.add(threading.current_thread())

    def answered(self, **_):
        with self.changed:
            self.threads.discard(threading.current_thread())
            self.changed.notify_all()

    def wait(self):
        waited = 0.0
        with self.changed:
            while any(thread.is_alive() for thread in self.threads - {threading.current_thread()}):
                assert waited < PATIENCE / 1000, "A request is still being answered"
                self.changed.wait(0.1)
                waited += 0.1
            self.threads.clear()


@pytest.fixture(scope="package")
def busy():
    return Busy()


@pytest.fixture(scope="package")
def portal(collected, busy):
    """The address of the portal, served from a thread of this process."""
    with override_settings(STATIC_ROOT=collected):
        server = LiveServerThread("127.0.0.1", lambda media: WSGIHandler())  # whitenoise has the static files
        server.daemon = True
        server.start()
        server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:  # each holds a connection to the database until it ends
            thread.join(PATIENCE / 1000)


@pytest.fixture(scope="package")
def browser(portal):
    """Closed before the portal is, whose threads wait for it."""
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright keeps an event loop running in this thread: Django would refuse to ask the database, and does so over
        # a connection of its own, which nobody else closes
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        expect.set_options(timeout=PATIENCE)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()
        connections.close_all()


def session_of(user: User) -> str:
    """The key of a new session in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


@pytest.fixture(name="session_of")
def _session_of():
    return session_of


@pytest.fixture(scope="package")
def idle() -> dict[str, list[Watched]]:
    """Browsers left by earlier tests, by their options: emptied of cookies, but fonts and scripts are still cached."""
    return {}


@pytest.fixture
def enter(browser: Browser, portal: str, idle, busy: Busy):
    """`enter(session)`: a page in a browser of its own, signed in (None is a visitor), at no address yet.

    Whatever goes wrong on any of these pages (an error in the console, a breach of the policy) fails the test.
    """
    entered: list[tuple[str, Watched]] = []

    def new(session: str | None = None, *, width: int = 1280, height: int = 1000, script: bool = True, **looks) -> Page:
        options = {"viewport": {"width": width, "height": height}, "java_script_enabled": script}
        options |= {"base_url": portal, "reduced_motion": "reduce"} | looks
        waiting = idle.setdefault(repr(options), [])
        watched = waiting.pop() if waiting else Watched(browser.new_context(**options))
        entered.append((repr(options), watched))
        watched.context.set_default_timeout(PATIENCE)
        if session:
            cookie = {"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": portal}
            watched.context.add_cookies([cookie])
        return watched.context.new_page()

    yield new
    problems = []
    for options, watched in entered:
        problems += watched.leave()
        idle[options].append(watched)
    busy.wait()
    assert problems == []


@pytest.fixture(scope="module")
def demonstration(demonstration_database, django_db_blocker):
    """The whole demonstration, for a module whose tests only read: each persona's session, by its key."""
    with django_db_blocker.unblock():
        people = {persona.key: persona.person for persona in build_world().personas}
        return {
            key: session_of(User.objects.get(email=person.email)) if person else None for key, person in people.items()
        }
