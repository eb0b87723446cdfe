"""Choosing whose order a list shows, and sorting it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db

URL = "/2025/priorities/"


def test_a_members_choice_of_whose_order_shows_at_once_and_has_an_address(demonstration, enter):
    page = enter(demonstration["member-a"])
    page.goto(URL)
    first = page.get_by_test_id("tally").get_by_role("rowheader").nth(1).inner_text()
    page.get_by_label("Whose order").select_option("mine")
    expect(page.get_by_test_id("whose")).to_contain_text("Port Merrow County")
    page.wait_for_url("**order=mine**")
    assert page.get_by_test_id("tally").get_by_role("rowheader").first.inner_text() != first
    shown = page.get_by_test_id("tally").inner_text()
    page.reload()
    assert page.get_by_test_id("tally").inner_text() == shown


def test_a_visitor_chooses_with_the_button_and_sorts_by_the_heads(demonstration, enter):
    page = enter()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(URL)
    page.get_by_label("Whose order").select_option("kind-city")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_test_id("whose")).to_contain_text("cities")
    page.get_by_test_id("tally").get_by_role("link", name="Top three").click()
    expect(page.get_by_role("columnheader", name="Top three")).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_label("Whose order")).to_have_value("kind-city")


def test_the_heads_stay_in_sight_and_a_phone_sorts_by_a_choice(demonstration, enter):
    page = enter()
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto(URL)
    page.get_by_test_id("tally").get_by_role("row").last.scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    head = page.get_by_role("columnheader", name="Place", exact=False).first
    expect(head).to_be_in_viewport()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(URL)
    titles = page.get_by_test_id("tally").locator(".name > a")
    by_place = titles.all_inner_texts()
    assert len(by_place) == 13
    page.get_by_label("Sort by").select_option("title")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(titles).to_have_text(sorted(by_place, key=str.casefold))
