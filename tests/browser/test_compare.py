"""Comparing with and without script: each filter changes the page in place, its address says it all, and Back goes back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import faults_of

pytestmark = pytest.mark.django_db


def test_governments_are_added_sorted_and_taken_away_in_place_and_back_goes_back(demonstration, enter):
    page = enter(demonstration["member-a"])
    page.goto("/2025/priorities/compare/")
    heading, table = page.get_by_role("heading", level=1), page.get_by_test_id("compared")
    expect(heading).to_have_text("Port Merrow County beside the network")
    page.get_by_label("Add a government").press_sequentially("kestrel")
    page.get_by_role("link", name="Add Kestrel Ridge").click()
    expect(heading).to_have_text("Port Merrow County beside Kestrel Ridge")
    expect(page).to_have_url(re.compile(r"/compare/\?g=kestrel-ridge$"))
    expect(page).to_have_title("Port Merrow County beside Kestrel Ridge · MIX")
    expect(page.get_by_label("Add a government")).to_be_focused()
    page.get_by_label("Cohort").select_option("kind-county")
    expect(table.get_by_role("columnheader")).to_have_count(5)
    table.get_by_role("link", name="Kestrel Ridge").click()
    expect(page).to_have_url(re.compile(r"g=kestrel-ridge&cohort=kind-county&sort=kestrel-ridge"))
    expect(table.get_by_role("columnheader", name="Kestrel Ridge")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("link", name="Largest differences first").click()
    expect(page.get_by_role("link", name="In the network’s order")).to_be_visible()
    page.go_back()
    expect(table.get_by_role("columnheader", name="Kestrel Ridge")).to_have_attribute("aria-sort", "ascending")
    page.go_back()
    page.go_back()
    expect(table.get_by_role("columnheader")).to_have_count(4)
    page.get_by_role("link", name="Remove Kestrel Ridge").click()
    expect(heading).to_have_text("Port Merrow County beside the network")


def test_without_script_the_same_is_done_by_pages(demonstration, enter):
    page = enter(demonstration["member-a"], script=False)
    page.goto("/2025/priorities/compare/")
    page.get_by_label("Add a government").fill("kestrel")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Add Kestrel Ridge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Port Merrow County beside Kestrel Ridge")


def test_pages_of_comparison_have_no_fault(demonstration, enter):
    beside = "2025/priorities/compare/?g=kestrel-ridge&g=halloran-county&cohort=kind-county&q=county"
    pages = [beside, "2025/priorities/map/?g=halloran-county", "2025/priorities/compare/cohorts/"]
    assert faults_of(enter(demonstration["member-a"]), *pages) == {}


def test_what_visitors_see_of_groups_has_no_fault(demonstration, enter):
    assert faults_of(enter(), "2025/priorities/compare/cohorts/?split=region") == {}
