"""Putting the ballot in order: by buttons, by keyboard, by numbers. Each move is announced and saved by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.ballot import SAVED, Ballot, stored
from tests.worlds import rank

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def empty(world, enter, session_of):
    """The member's ballot, not begun."""
    return Ballot(enter(session_of(world.member_a)))


@pytest.fixture
def ballot(world, enter, session_of):
    """The member's ballot with four priorities ranked."""
    rank(world.edition, world.member_a, "Cybersecurity", "Workforce", "Data", "Governance", action="save")
    return Ballot(enter(session_of(world.member_a)))


def test_buttons_add_move_and_take_off_and_what_is_saved_is_there_when_the_page_is_loaded_again(empty):
    expect(empty.state).to_have_text("Not begun")
    empty.press("up:data")
    empty.shows("data")
    empty.press("up:workforce")
    empty.shows("data", "workforce")
    empty.press("top:governance")
    empty.shows("governance", "data", "workforce")
    empty.press("down:governance")
    empty.shows("data", "governance", "workforce")
    empty.press("up:workforce")
    empty.shows("data", "workforce", "governance")
    empty.press("top:governance")
    empty.shows("governance", "data", "workforce")
    empty.press("drop:data")
    empty.shows("governance", "workforce")
    empty.saves("governance", "workforce")
    expect(empty.state).to_have_text(SAVED)
    empty.page.reload()
    empty.shows("governance", "workforce")


def test_each_move_is_announced(ballot):
    ballot.press("down:cybersecurity")
    expect(ballot.said).to_have_text("Cybersecurity: 2nd of 4 ranked.")
    ballot.press("up:social-media")
    expect(ballot.said).to_have_text("Social Media: 5th of 5 ranked.")
    ballot.press("drop:data")
    expect(ballot.said).to_have_text("Data: not ranked any more.")


def test_focus_and_the_chosen_row_stay_with_the_entry_that_moves(ballot):
    ballot.press("up:governance")
    ballot.shows("cybersecurity", "workforce", "governance", "data")
    assert (ballot.chosen, ballot.focused) == ("governance", "up:governance")
    ballot.press("up:governance", "up:governance")
    ballot.shows("governance", "cybersecurity", "workforce", "data")
    assert (ballot.chosen, ballot.focused) == ("governance", "pick-governance")  # "up" is disabled at the top
    ballot.press("drop:governance")
    ballot.shows("cybersecurity", "workforce", "data")
    assert (ballot.chosen, ballot.focused) == ("governance", "pick-governance")


def test_each_of_several_quick_taps_counts(ballot):
    ballot.page.evaluate(
        """() => { for (let tap = 0; tap < 3; tap += 1) document.querySelector('[value="up:governance"]').click() }"""
    )
    ballot.saves("governance", "cybersecurity", "workforce", "data")
    ballot.shows("governance", "cybersecurity", "workforce", "data")


def test_arrow_keys_choose_a_row_tab_reaches_its_buttons_and_alt_moves_it(ballot):
    keyboard = ballot.page.keyboard
    ballot.pick("cybersecurity").focus()
    keyboard.press("ArrowDown")
    assert (ballot.chosen, ballot.focused) == ("workforce", "pick-workforce")
    keyboard.press("Alt+ArrowDown")
    ballot.shows("cybersecurity", "data", "workforce", "governance")
    expect(ballot.said).to_have_text("Workforce: 3rd of 4 ranked.")
    assert (ballot.chosen, ballot.focused) == ("workforce", "pick-workforce")
    keyboard.press("Alt+ArrowUp")
    keyboard.press("Alt+ArrowUp")
    ballot.shows("workforce", "cybersecurity", "data", "governance")
    assert ballot.focused == "pick-workforce"
    for there in ("no-workforce", "down:workforce", "drop:workforce"):  # the others are disabled in the first place
        keyboard.press("Tab")
        assert ballot.focused == there
    keyboard.press("Enter")
    ballot.saves("cybersecurity", "data", "governance")
    assert (ballot.chosen, ballot.focused) == ("workforce", "pick-workforce")


def test_what_has_the_focus_shows_it(ballot):
    ballot.pick("cybersecurity").focus()
    ballot.page.keyboard.press("ArrowDown")
    outline = "element => [getComputedStyle(element).outlineStyle, parseFloat(getComputedStyle(element).outlineWidth)]"
    assert ballot.row("workforce").evaluate(outline) == ["solid", 3]
    ballot.page.keyboard.press("Tab")
    assert ballot.number("workforce").evaluate(outline) == ["solid", 3]
    ballot.page.keyboard.press("Tab")
    assert ballot.button("top:workforce").evaluate(outline) == ["solid", 3]


def test_typed_numbers_are_an_order_equal_ones_a_tie_blank_ones_off_and_gaps_are_closed_up(empty):
    empty.type(data=1, workforce=7, governance=7, cybersecurity=20)
    empty.saves("data", "governance=workforce", "cybersecurity")
    empty.shows("data", "workforce=governance", "cybersecurity")
    expect(empty.number("cybersecurity")).to_have_value("3")
    expect(empty.row("workforce")).to_contain_text("tied with Governance")
    expect(empty.row("governance")).to_contain_text("tied with Workforce")
    expect(empty.page.get_by_role("heading", name="Ranked 4 of 8, highest first", exact=True)).to_be_visible()
    empty.type(governance="")
    empty.saves("data", "workforce", "cybersecurity")


def test_what_is_no_place_is_said_at_its_field_and_nothing_else_is_lost(ballot):
    ballot.type(workforce=1, data="soon")
    errors = ballot.page.get_by_test_id("errors")
    expect(errors).to_contain_text("Not saved: 1 thing to put right")
    expect(ballot.number("data")).to_have_value("soon")
    expect(ballot.number("data")).to_have_attribute("aria-invalid", "true")
    expect(ballot.number("data")).to_have_accessible_description(
        "“soon” is not a whole number. Write one such as 2, or leave it blank."
    )
    assert stored()[0] == ["cybersecurity", "workforce", "data", "governance"]
    errors.get_by_role("link").click()
    assert ballot.focused == "no-data"
    ballot.type(data=5)
    ballot.saves("cybersecurity=workforce", "governance", "data")


def test_on_a_phone_the_chosen_rows_buttons_stand_still_under_the_thumb(world, enter, session_of):
    rank(world.edition, world.member_a, "Cybersecurity", "Workforce", "Data", "Governance", action="save")
    ballot = Ballot(enter(session_of(world.member_a), width=360, height=700, has_touch=True, is_mobile=True))
    expect(ballot.button("up:governance")).to_be_hidden()
    ballot.row("governance").locator(".rank-name").tap()
    where = ballot.button("up:governance").bounding_box()
    ballot.button("up:governance").tap()
    ballot.shows("cybersecurity", "workforce", "governance", "data")
    assert ballot.button("up:governance").bounding_box() == where
    ballot.button("up:governance").tap()
    ballot.saves("cybersecurity", "governance", "workforce", "data")
    cast = ballot.button("cast").bounding_box()
    assert 0 < cast["y"] < where["y"] < 700
    ballot.button("cast").tap()
    expect(ballot.page.locator(".castbar-state")).to_have_text("Cast, counts as it stands")
