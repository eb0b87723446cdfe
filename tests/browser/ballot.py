"""The ballot page in a browser: what it shows, and what the portal has stored meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from playwright.sync_api import Locator, Page, expect

from mixportal.ballots import models
from mixportal.ballots.order import tiers

URL = "/2030/priorities/ballot/"
RECEIPT = "/2030/priorities/ballot/receipt/"
SAVED, CAST, EDITED = "Saved, not yet cast", "Cast, counts as it stands", "Saved, not yet cast again"


class Ballot:
    """Somebody at the ballot of 2030's priorities. Orders are slugs from the top, those tied joined by =."""

    def __init__(self, page: Page, view: str = "order", *, is_hurried: bool = True) -> None:
        self.page, self.is_hurried = page, is_hurried
        self.page.goto(f"{URL}?view={view}")

    def row(self, slug: str) -> Locator:
        return self.page.locator(f"#row-{slug}")

    def tap(self, slug: str) -> Locator:
        """The row as a button."""
        return self.row(slug).locator(".rank-tap")

    def number(self, slug: str) -> Locator:
        return self.page.locator(f"#no-{slug}")

    def button(self, action: str) -> Locator:
        """Return the button, such as up:data on its row, or cast below the ballot."""
        places = (".is-ranked .mv", ".rank:not(.is-ranked) .rank-tap", ".dock", ".notice", ".ask-first")
        return self.page.locator(
            ", ".join(f'{place}[value="{action}"], {place} [value="{action}"]' for place in places)
        )

    def press(self, *actions: str) -> None:
        for action in actions:
            if action == "uncast":
                self.page.get_by_text("Withdraw this ballot").click()
            self.button(action).click()

    def press_at_once(self, *moves: str) -> None:
        """Press buttons of rows so quickly that one save has all these moves."""
        self.page.evaluate(
            "moves => moves.forEach(move => document.querySelector(`.mv[value='${move}']`).click())", moves
        )

    def cast(self) -> None:
        """Press Cast and wait for the receipt. (The ballot says that it is cast just before the receipt comes.)"""
        self.press("cast")
        self.page.wait_for_url(RECEIPT)
        expect(self.state).to_have_text(CAST)

    def follow(self, link: Locator) -> None:
        """Follow a link and wait until the scripts of its page run."""
        with self.page.expect_navigation():
            link.click()

    def change_order(self) -> None:
        """From the receipt back to the ballot."""
        self.follow(self.page.get_by_role("link", name="Change the order"))

    def type(self, **numbers: object) -> None:
        """Numbers by slug (social_media), and out of the last field again."""
        for slug, number in numbers.items():
            field = self.number(slug.replace("_", "-"))
            field.fill(str(number))
        field.blur()

    @property
    def state(self) -> Locator:
        """What the page says of the ballot as a whole."""
        return self.page.locator("[data-save-word]")

    @property
    def said(self) -> Locator:
        return self.page.locator("#ballot-live")

    @property
    def trouble(self) -> Locator:
        return self.page.locator(".ballot-problem")

    @property
    def conflict(self) -> Locator:
        return self.page.get_by_test_id("conflict")

    @property
    def order(self) -> list[str]:
        """By the rows as they stand, joined where their numbers are equal."""
        rows = self.page.eval_on_selector_all(
            ".rank.is-ranked", "rows => rows.map(row => [row.id.slice(4), row.querySelector('.rank-no').value])"
        )
        groups: dict[str, list[str]] = {}
        for slug, number in rows:
            groups.setdefault(number, []).append(slug)
        return ["=".join(group) for group in groups.values()]

    @property
    def chosen(self) -> str | None:
        return self.page.evaluate("document.querySelector('.rank--chosen')?.dataset.slug")

    @property
    def focused(self) -> str:
        """The id of the element that has the focus, or what it would do."""
        return self.page.evaluate("document.activeElement.id || document.activeElement.value")

    def shows(self, *order: str) -> None:
        eventually(self.page, lambda: self.order, list(order))

    def saves(self, *order: str) -> None:
        """Wait until the portal has that order, and the page knows that it has."""
        if self.is_hurried:
            self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # it saves without a pause
        eventually(self.page, lambda: stored()[0], list(order))
        eventually(self.page, lambda: self.state.inner_text() in (SAVED, CAST, EDITED), True)


class PlainBallot(Ballot):
    """The ballot in a browser without script, where each button leads to another page."""

    def press(self, *actions: str) -> None:
        for action in actions:
            with self.page.expect_navigation():
                super().press(action)


class Slow:
    """Holds back what the page sends to the portal, until it is let through."""

    def __init__(self, ballot: Ballot) -> None:
        self.page, self.held, self.is_over = ballot.page, [], False
        self.page.route("**/ballot/", self._take)

    def _take(self, route) -> None:
        if route.request.method == "POST" and not self.is_over:
            self.held.append(route)
        else:
            route.continue_()

    def let_through(self) -> None:
        """The oldest request that waits, or the next one to come."""
        eventually(self.page, lambda: bool(self.held), True)
        with self.page.expect_response("**/ballot/"):
            self.held.pop(0).continue_()

    def let_all_through(self) -> None:
        self.is_over = True
        for route in self.held:
            route.continue_()


def eventually(page: Page, read: Callable[[], Any], wanted: Any, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while (found := read()) != wanted and time.monotonic() < deadline:
        page.wait_for_timeout(20)
    assert found == wanted


def stored(government: str = "port-merrow-county") -> tuple[list[str], list[str]]:
    """The working and the cast order that the database has; empty ones without a ballot."""
    ballot = models.Ballot.objects.filter(government__slug=government).with_placements().first()
    if ballot is None:
        return [], []
    return tuple(["=".join(sorted(group)) for group in tiers(places)] for places in (ballot.working, ballot.counted))


@contextmanager
def database_away() -> Iterator[None]:
    """Nobody reaches the tests' database, as if its server were restarting."""
    name = connection.settings_dict["NAME"]
    quoted = connection.ops.quote_name(name)
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {quoted} ALLOW_CONNECTIONS false")
        try:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {quoted} ALLOW_CONNECTIONS true")


def sign_in_beside(ballot: Ballot, key: str) -> None:
    """Sign in another user in the same browser, as a second tab would."""
    address = urlsplit(ballot.page.url)
    cookie = {"name": "sessionid", "value": key, "url": f"{address.scheme}://{address.netloc}"}
    ballot.page.context.add_cookies([cookie])
