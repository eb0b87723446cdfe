"""The map of which governments think alike."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db


def test_a_dot_of_the_map_shows_its_name_when_pointed_at_and_in_focus(demonstration, enter):
    page = enter(demonstration["member-a"], width=360)
    page.goto("/2025/priorities/map/")
    dot = page.get_by_role("img", name="Kestrel Ridge")
    name = dot.locator("text")
    expect(name).to_have_css("visibility", "hidden")
    dot.focus()
    expect(name).to_have_css("visibility", "visible")
    page.get_by_role("heading", level=1).click()
    dot.locator("circle").hover(force=True)
    expect(name).to_have_css("visibility", "visible")
    expect(name).to_have_text("Kestrel Ridge")


def test_a_shown_name_can_be_pointed_at_and_escape_hides_it_until_the_dot_is_reached_again(demonstration, enter):
    page = enter(demonstration["member-a"], width=360)
    page.goto("/2025/priorities/map/")
    heading, dot = page.get_by_role("heading", level=1), page.get_by_role("img", name="Kestrel Ridge")
    name = dot.locator("text")
    dot.locator("circle").hover(force=True)
    name.hover(force=True)
    expect(name).to_have_css("visibility", "visible")
    for reach in (dot.focus, lambda: dot.locator("circle").hover(force=True)):
        reach()
        expect(name).to_have_css("visibility", "visible")
        page.keyboard.press("Escape")
        expect(name).to_have_css("visibility", "hidden")
        heading.click()
        reach()
        expect(name).to_have_css("visibility", "visible")
        heading.click()
        expect(name).to_have_css("visibility", "hidden")
