"""A passage for a memo: text, and HTML that word processors keep."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db

READ = """async type => {
  const [item] = await navigator.clipboard.read();
  return (await item.getType(type)).text();
}"""


BRIEF = "/governments/port-merrow-county/2025/"


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/2025/summary/", "Port Merrow County: 5th"),
        ("/2025/priorities/cybersecurity/", "Port Merrow County: 5th"),
        (BRIEF, "Emergency Communications: 1st with us, 7th in the network"),
    ],
)
def test_a_leader_copies_finding_both_places_and_source(demonstration, enter, path, ours):
    page = enter(demonstration["leader-a"], permissions=["clipboard-read", "clipboard-write"])
    page.goto(path)
    page.get_by_text("Copy for a memo").last.click()
    page.locator("[data-copy-memo]").click()
    expect(page.locator("[data-copy-memo] [role=status]")).to_have_text("Copied")
    plain, html = page.evaluate(READ, "text/plain"), page.evaluate(READ, "text/html")
    for passage in (plain, html):
        assert "2025" in passage
        assert ours in passage
        assert "Source: Metropolitan Information Exchange" in passage
        assert f"{path}" in passage
    assert "\n" in plain
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "b", "br", "a", "meta"}
    assert "class=" not in html


def test_where_the_browser_refuses_to_copy_the_button_says_so(demonstration, enter):
    page = enter(demonstration["leader-a"])
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto("/2025/summary/")
    button = page.locator("[data-copy]")
    button.click()
    expect(button.get_by_role("status")).not_to_have_text("Copy link")
    expect(button.get_by_role("status")).not_to_have_text("Copied")
