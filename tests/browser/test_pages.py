"""Every page for everybody: nothing that axe objects to, no sideways scroll, no error in the console, and labelled."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults_of_each
from tests.browser.trouble_urls import TROUBLE

pytestmark = pytest.mark.django_db

LIST = "{year}/priorities/ {year}/challenges/ {year}/priorities/cybersecurity/ {year}/challenges/shadow-it/"
PUBLIC = ["", "2025/", "2025/summary/", *LIST.format(year=2025).split(), "2018/", "2018/summary/", *LIST.format(year=2018).split(),
    "governments/", "governments/port-merrow-county/", "governments/henderson/", "methods/", "about/", "demo/", "2099/",
]  # fmt: skip
AT_ONCE = 3  # pages


def faults_of(page: Page, *paths: str) -> dict[str, list[str]]:
    """By address; those without any are left out."""
    pages = [page, *(page.context.new_page() for _ in range(min(len(paths), AT_ONCE) - 1))]
    found = {}
    for first in range(0, len(paths), AT_ONCE):
        batch = dict(zip(paths[first:], pages, strict=False))
        for path, tab in batch.items():
            tab.goto(f"/{path}")
            expect(tab.get_by_text("Demonstration:", exact=True)).to_be_visible()
        found |= dict(zip(batch, faults_of_each(list(batch.values())), strict=True))
    return {path: here for path, here in found.items() if here}


def test_a_visitors_pages_have_no_fault(demonstration, enter):
    assert faults_of(enter(), *PUBLIC) == {}


def test_a_members_pages_have_no_fault(demonstration, enter):
    page = enter(demonstration["member-a"])
    open_year = ["2026/", "2026/summary/", *LIST.format(year=2026).split(), "2026/challenges/ballot/"]
    counted = ["2025/", "2025/summary/", "2025/priorities/", "2025/challenges/"]
    others = ["", "2027/", "2027/priorities/", "2027/priorities/ballot/", "governments/port-merrow-county/", "demo/"]
    assert faults_of(page, *open_year, *counted, *others) == {}


@pytest.mark.parametrize("persona", ["leader-a", "former-member", "curator"])
def test_the_pages_of_others_have_no_fault(demonstration, enter, persona):
    paths = ["", "2026/", "2026/priorities/"] if persona != "former-member" else [""]
    assert faults_of(enter(demonstration[persona]), *paths) == {}


def test_pages_that_say_no_have_no_fault(demonstration, enter, settings):
    settings.ROOT_URLCONF = "tests.browser.trouble_urls"
    assert faults_of(enter(), *(f"trouble/{status}/" for status in (*TROUBLE, "csrf"))) == {}
