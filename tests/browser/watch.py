"""What a browser complains of while a test goes on."""

from __future__ import annotations

import time

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

NOT_LOADED = "Failed to load resource"  # what the console says of every answer from 400 on, and of one that never came


class Watched:
    """A browser that notes console errors and warnings, breaches of the content security policy, and exceptions of scripts.

    An answer that says no (404, 409, 422, 503) is no error of the page; a static file that is missing is.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.problems: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"exception: {error.error}"))

    def leave(self) -> list[str]:
        """Closes every page, forgets who was signed in, and hands over what was noted."""
        for page in self.context.pages:
            page.close()
        self.context.clear_cookies()
        self.context.set_offline(False)
        problems, self.problems = self.problems, []
        return problems

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if message.text.startswith(NOT_LOADED) and "/static/" not in message.location["url"]:
            return
        self.problems.append(f"{message.type}: {message.text} ({message.location['url']})")


class Traffic:
    """What a page has cost so far over the wire, heads and bodies as they were sent."""

    def __init__(self, page: Page) -> None:
        self.requests = self.answered = self.bytes = 0
        self.page = page
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def after(self, requests: int) -> int:
        """The bytes so far, once more than so many requests were made and all answered: events come after the page."""
        until = time.monotonic() + 30
        while not requests < self.requests == self.answered:
            assert time.monotonic() < until, f"{self.requests} requests, {self.answered} answered"
            self.page.wait_for_timeout(20)
        return self.bytes

    def _sent(self, event: dict) -> None:
        self.requests += 1

    def _finished(self, event: dict) -> None:
        self.answered += 1
        self.bytes += event["encodedDataLength"]
