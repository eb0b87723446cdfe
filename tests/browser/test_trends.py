"""Places over the years with and without script: chosen in place, the address says it, and nothing fails axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from mixportal.editions.models import Entry, Kind, database_now
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from tests.browser.axe import faults

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_entry_and_a_government_are_chosen_in_place_and_the_address_says_so(phases, enter, session_of):
    page = enter(session_of(phases.member_a))
    page.goto("/trends/priorities/")
    page.get_by_label("Highlight").focus()
    page.get_by_label("Highlight").select_option("Data")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Data over the years")
    expect(page).to_have_url(re.compile(r"entry=data"))
    expect(page.get_by_label("Highlight")).to_be_focused()
    page.get_by_label("Or by one government").select_option("Halloran County")
    expect(page.get_by_text("places of Halloran County", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"entry=data&cohort=&g=halloran-county"))
    assert faults(page) == []
    page.get_by_role("link", name="Workforce").first.click()
    expect(heading).to_have_text("Workforce over the years")
    expect(page.get_by_role("button", name="Show", exact=True)).to_be_hidden()  # each change is answered
    picture = page.get_by_role("region", name="Picture of places over the years")
    picture.focus()
    expect(picture).to_be_focused()


def test_without_script_the_same_is_done_by_a_button(phases, enter, session_of):
    page = enter(session_of(phases.member_a), script=False)
    page.goto("/trends/priorities/")
    page.get_by_label("Highlight").select_option("Data")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Data over the years")


def test_the_head_of_an_outside_list_is_whole_however_many_lines_it_has(phases, enter):
    entry = Entry.objects.get(annual_list=phases.published.list_of(Kind.PRIORITIES), slug="data")
    body = "county technology officers of the northwestern states’"
    series = OutsideSeries.objects.create(body="An association", short_name=body, slug="an-association")
    outside = OutsideList.objects.create(series=series, year=phases.published.year, published_at=database_now())
    OutsideItem.objects.create(outside_list=outside, title="Data", place=2, line=entry.line)
    page = enter()
    page.goto("/trends/priorities/")
    picture = page.get_by_role("region", name="Picture of places over the years").bounding_box()
    head = page.get_by_text("County technology officers").first.bounding_box()
    rows = page.locator("[data-figure=picture] ol").last.bounding_box()
    assert head["height"] > 36
    assert picture["y"] <= head["y"]
    assert head["y"] + head["height"] <= rows["y"]
