"""Every page for everybody: nothing that axe objects to, no sideways scroll, no error in the console, and labelled."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import AXE, LOOKS, faults_of_each, faults_on_paper

pytestmark = pytest.mark.django_db

SAYS_NO = {"2099/": 404} | {f"trouble/{status}/": status for status in (400, 403, 500, 503)}
AT_ONCE = 3  # pages

PUBLIC = ["", "2025/", "2025/priorities/", "2025/challenges/", "2025/priorities/data/", "2025/challenges/shadow-it/",
    "2025/hindrances/", "2025/priorities/results/", "2024/challenges/results/",
    "2018/", "2018/summary/", "2018/priorities/", "2018/priorities/data/", "governments/",
    "2025/priorities/compare/cohorts/?split=region", "2025/priorities/?order=kind-city&sort=title", "governments/port-merrow-county/", "governments/henderson/", "methods/", "about/", "about/accessibility/", "about/security/", "demo/", "notes/?q=register", "outside/invented-association-of-state-cios-demonstration/", "2025/slides/", "2025/embed/",
]  # fmt: skip
MEMBERS = ["", "2026/", "2026/priorities/", "2026/priorities/data/", "2026/challenges/ballot/",
    "2026/priorities/cybersecurity/", "2025/", "2025/summary/", "2025/priorities/", "2025/challenges/", "2024/priorities/results/",
    "2027/", "2027/priorities/", "2027/priorities/ballot/", "governments/port-merrow-county/",
    "governments/port-merrow-county/2025/", "governments/port-merrow-county/seal/", "governments/port-merrow-county/shares/",
    "2025/priorities/compare/?g=kestrel-ridge&g=halloran-county&cohort=kind-county&q=county",
    "2025/priorities/map/?g=halloran-county", "2025/priorities/compare/cohorts/", "2026/priorities/compare/", "2025/priorities/?order=mine&sort=x",
    "2025/priorities/cybersecurity/", "2026/priorities/ballot/reasons/", "2026/priorities/data/notes/", "notes/?show=new",
]  # fmt: skip


def faults_of(page: Page, *paths: str, brief: bool = False) -> dict[str, list[str]]:
    """By address; those without any are left out. Each page narrow and wide, light and dark, its neighbors the other way."""
    pages = [page, *(page.context.new_page() for _ in range(min(len(paths), AT_ONCE) - 1))]
    for tab in pages:
        tab.add_init_script(AXE)
    found = {}
    for number, first in enumerate(range(0, len(paths), AT_ONCE)):
        batch = dict(zip(paths[first:], pages, strict=False))
        for path, tab in batch.items():
            answer = tab.goto(f"/{path}")
            assert (path, answer.status) == (path, SAYS_NO.get(path, 200))
            expect(tab.get_by_role("main")).to_be_visible()
        looks = LOOKS[2:] if number % 2 else LOOKS[:2]
        looks = looks[::-1] if number % 4 > 1 else looks
        found |= dict(zip(batch, faults_of_each(list(batch.values()), looks, brief=brief), strict=True))
    return {path: here for path, here in found.items() if here}


def test_a_visitors_pages_have_no_fault(demonstration, enter, brief):
    assert faults_of(enter(), *PUBLIC, brief=brief) == {}


def test_a_members_pages_have_no_fault(demonstration, enter, brief):
    assert faults_of(enter(demonstration["member-a"]), *MEMBERS, brief=brief) == {}


def test_what_leaders_print_has_no_fault(demonstration, enter):
    page = enter(demonstration["leader-a"])
    page.add_init_script(AXE)
    found = {}
    for path in (
        "/2025/summary/",
        "/2025/priorities/",
        "/2025/priorities/results/",
        "/governments/port-merrow-county/2025/",
    ):
        page.goto(path)
        found[path] = faults_on_paper(page)
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("persona", ["leader-a", "curator"])
def test_the_pages_of_others_have_no_fault(demonstration, enter, persona, brief):
    assert faults_of(enter(demonstration[persona]), "", "2026/", "2026/priorities/", brief=brief) == {}


def test_pages_that_say_no_have_no_fault(demonstration, enter, settings):
    settings.ROOT_URLCONF = "tests.browser.trouble_urls"
    assert faults_of(enter(), *SAYS_NO) == {}
