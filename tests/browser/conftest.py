"""A real Chromium at a real server. The pages come as in production: static files collected, hashed, compressed."""

from __future__ import annotations

import socket
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.signals import request_finished
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
    "--font-render-hinting=none "  # the shell without windows would draw wider letters than other browsers
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


class Server(ThreadedWSGIServer):
    """Knows which of its threads are answering, and turns requests away between tests.

    A closed page may still send its last save. It must not meet the next test's database.
    """

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.sockets = {}
        self.answering = set()
        self.changed = threading.Condition()
        self.is_open = True
        request_finished.connect(self.answered)

    def process_request_thread(self, request, client_address):
        self.sockets[threading.current_thread()] = request
        try:
            super().process_request_thread(request, client_address)
        finally:  # where the browser hung up there may have been no answer
            self.answered()
            del self.sockets[threading.current_thread()]

    def set_app(self, application):
        def answer(environ, start_response):
            with self.changed:
                if not self.is_open:
                    start_response("503 Service Unavailable", [("Content-Length", "0")])
                    return []
                self.answering.add(threading.current_thread())
            return application(environ, start_response)

        super().set_app(answer)

    def answered(self, **_):
        with self.changed:
            self.answering.discard(threading.current_thread())
            self.changed.notify_all()

    def open(self):
        with self.changed:
            self.is_open = True

    def close_when_idle(self):
        """Take no more requests, and wait until every one is answered. Call this after closing every page."""
        with self.changed:
            self.is_open = False
            if self.changed.wait_for(lambda: not self.answering, PATIENCE / 1000):
                return
            for thread in self.answering:  # each waits for a browser that sends or reads nothing
                with suppress(OSError):
                    self.sockets[thread].shutdown(socket.SHUT_RDWR)
            if self.changed.wait_for(lambda: not self.answering, 4 * PATIENCE / 1000):
                return
            frames = sys._current_frames()
            stacks = ["".join(traceback.format_stack(frames[thread.ident])) for thread in self.answering]
        pytest.fail("A request is still being answered:\n" + "\n".join(stacks))


class ServerThread(LiveServerThread):
    server_class = Server


@pytest.fixture(scope="package")
def server(collected):
    """The portal, served from a thread of this process."""
    with override_settings(STATIC_ROOT=collected):
        thread = ServerThread("127.0.0.1", lambda media: WSGIHandler())  # whitenoise has the static files
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield thread.httpd
    thread.terminate()
    for each in threading.enumerate():
        if "process_request_thread" in each.name:  # each holds a connection to the database until it ends
            each.join(PATIENCE / 1000)


@pytest.fixture(scope="package")
def portal(server):
    """The address of the portal."""
    return f"http://127.0.0.1:{server.server_port}"


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
def open_server(server: Server):
    """The portal answers while a test runs that closes its pages before it ends."""
    server.open()
    yield
    server.close_when_idle()


@pytest.fixture
def enter(browser: Browser, portal: str, idle, open_server):
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
    assert problems == []


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.slow)], ids=["brief", "whole"])
def brief(request: pytest.FixtureRequest) -> bool:
    """Whether axe reads the first rows of each list alone, where a test walks over many pages."""
    return request.param


@pytest.fixture(scope="module")
def demonstration(demonstration_database, django_db_blocker):
    """The whole demonstration, for a module whose tests only read: each persona's session, by its key."""
    with django_db_blocker.unblock():
        people = {persona.key: persona.person for persona in build_world().personas}
        return {
            key: session_of(User.objects.get(email=person.email)) if person else None for key, person in people.items()
        }
