"""Comparing with and without script: each filter changes the page in place, its address says it all, and Back goes back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_governments_are_added_sorted_and_taken_away_in_place_and_back_goes_back(phases, enter, session_of):
    page = enter(session_of(phases.member_a))
    page.goto("/2029/priorities/compare/")
    heading, table = page.get_by_role("heading", level=1), page.get_by_test_id("compared")
    expect(heading).to_have_text("Port Merrow County beside the network")
    page.get_by_label("Add a government").press_sequentially("xyz")
    expect(page.locator(".combo-none")).to_be_visible()
    page.get_by_label("Add a government").fill("")
    page.get_by_label("Add a government").press_sequentially("hallo")
    found = page.get_by_role("listbox", name="Governments").get_by_role("option")
    expect(found).to_have_text(["Halloran County"])
    page.keyboard.press("ArrowDown")
    expect(found).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(heading).to_have_text("Port Merrow County beside Halloran County")
    expect(page).to_have_url(re.compile(r"/compare/\?g=halloran-county$"))
    expect(page).to_have_title("Port Merrow County beside Halloran County · MIX")
    expect(page.get_by_label("Add a government")).to_be_focused()
    page.get_by_label("Cohort").select_option("region-south")
    expect(table.get_by_role("columnheader")).to_have_count(5)
    table.get_by_role("link", name="Halloran County").click()
    expect(page).to_have_url(re.compile(r"g=halloran-county&cohort=region-south&sort=halloran-county"))
    expect(table.get_by_role("columnheader", name="Halloran County")).to_have_attribute("aria-sort", "ascending")
    table.get_by_role("link", name="Priority").click()
    expect(table.get_by_role("columnheader", name="Priority")).to_have_attribute("aria-sort", "ascending")
    page.evaluate("history.back()")  # the page comes anew: no copy of it is kept in the browser
    expect(table.get_by_role("columnheader", name="Halloran County")).to_have_attribute("aria-sort", "ascending")
    expect(table.get_by_role("columnheader")).to_have_count(5)
    page.get_by_role("checkbox", name="Halloran County").focus()
    page.keyboard.press("Space")
    expect(heading).to_have_text("Port Merrow County beside the network")


def test_without_script_the_same_is_done_by_pages(phases, enter, session_of):
    page = enter(session_of(phases.member_a), script=False)
    page.goto("/2029/priorities/compare/")
    page.get_by_label("Add a government").select_option("Halloran County")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Port Merrow County beside Halloran County")
