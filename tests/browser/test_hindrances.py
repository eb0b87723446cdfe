"""The grid of hindrances in a browser: by keyboard, on a phone, saved as one goes, and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from challenges.models import HindranceResponse
from tests.browser.axe import faults
from tests.challenges.conftest import answer

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/2030/hindrances/ours/"


def test_by_keyboard_each_tick_is_saved_by_itself_and_another_persons_is_not_overwritten(world, enter, session_of):
    page = enter(session_of(world.member_a))
    page.goto(URL)
    box = page.get_by_role("checkbox", name="Shadow IT stands in the way of Cybersecurity")
    below = page.get_by_role("checkbox", name="IT Governance stands in the way of Workforce")
    box.focus()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("save-state")).to_contain_text("by Rosa Delgado")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(below).to_be_focused()
    with page.expect_response(f"**{URL}"):
        page.keyboard.press("Space")
    expect(page.locator("[name=version]")).to_have_value("2")
    expect(below).to_be_focused()
    assert HindranceResponse.objects.get().marked == {("shadow-it", "cybersecurity"), ("it-governance", "workforce")}

    answer(world.delegate_a, world.edition, ("shadow-it", "data"))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.get_by_test_id("conflict")).to_contain_text("Ines Marchetti saved version 3")
    expect(below).to_be_checked()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[name=version]")).to_have_value("4")
    expect(page.get_by_test_id("save-state")).to_contain_text("by Rosa Delgado")
    assert ("it-governance", "workforce") in HindranceResponse.objects.get().marked


def test_on_a_phone_without_script_it_is_ticked_and_saved_and_nothing_is_amiss(world, enter, session_of):
    page = enter(session_of(world.member_a), width=360, script=False)
    page.goto(URL)
    page.get_by_label("Shadow IT stands in the way of Data").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved, counts as it stands")
    expect(page.get_by_label("Shadow IT stands in the way of Data")).to_be_checked()
    scripted = enter(session_of(world.member_a), width=360)
    found = []
    for url in (URL, "/2030/hindrances/", "/2030/priorities/data/investment/"):
        scripted.goto(url)
        found += faults(scripted)
    assert found == []
