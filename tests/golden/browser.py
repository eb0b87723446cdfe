"""The text of thirty pages as Chromium lays them out: what templates and styles say together."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, sync_playwright

from tests.golden import actors, clock, words
from tests.golden.answers import Answer
from tests.golden.recording import Recording
from tests.setup_browser import find_chromium

SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --process-per-site"
).split()
WIDTH, HEIGHT = 1280, 1000
PAGES = (
    ("visitor", "/"),
    ("visitor", "/2025/"),
    ("visitor", "/2025/summary/"),
    ("visitor", "/2025/slides/"),
    ("visitor", "/2025/embed/"),
    ("visitor", "/2025/priorities/"),
    ("visitor", "/2025/challenges/"),
    ("visitor", "/2025/priorities/cybersecurity/"),
    ("visitor", "/2025/priorities/compare/cohorts/"),
    ("visitor", "/2018/priorities/"),
    ("visitor", "/trends/priorities/"),
    ("visitor", "/governments/"),
    ("visitor", "/governments/halloran-county/"),
    ("visitor", "/methods/"),
    ("visitor", "/demo/"),
    ("member_a", "/"),
    ("member_a", "/2026/priorities/ballot/"),
    ("member_a", "/2026/priorities/ballot/reasons/"),
    ("member_a", "/2026/hindrances/ours/"),
    ("member_a", "/2025/priorities/compare/?g=halloran-county"),
    ("member_a", "/2025/priorities/cybersecurity/"),
    ("member_a", "/2026/priorities/cybersecurity/investment/"),
    ("member_a", "/2027/proposals/"),
    ("member_a", "/search/"),
    ("member_a", "/governments/port-merrow-county/people/"),
    ("member_a", "/profile/"),
    ("member_b", "/2026/priorities/ballot/"),
    ("leader_a", "/governments/port-merrow-county/2025/"),
    ("curator", "/2026/room/"),
    ("curator", "/admin/"),
)


def record(recording: Recording, only: re.Pattern[str]) -> None:
    clients = actors.Clients()
    wanted = [each for each in PAGES if only.search(f"browser {each[1]}")]
    with _served() as address, _chromium() as chromium:
        for actor, path in wanted:
            context = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce")
            clients[actor].get("/healthz")  # signs in
            context.add_cookies(
                [
                    {"name": name, "value": cookie.value, "url": address}
                    for name, cookie in clients[actor].cookies.items()
                ]
            )
            page = context.new_page()
            page.clock.set_fixed_time(clock.NOW)
            response = page.goto(address + path)
            page.evaluate("document.fonts.ready.then(() => null)")
            text = words.of_plain_text(page.inner_text("body"))
            answer = Answer(response.status if response else 0, {"text": text.replace(address, "http://localhost")})
            recording.add(f"browser {path}", "page", actor, answer)
            context.close()


@contextmanager
def _served() -> Iterator[str]:
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@contextmanager
def _chromium() -> Iterator[Browser]:
    found = find_chromium()
    if found is None:
        sys.exit("The pages of --browser need Chromium: python -m tests.setup_browser brings one")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield chromium
        chromium.close()
