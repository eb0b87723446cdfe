"""Putting the ballot in order: by buttons, by keyboard, by numbers. Each move is announced and saved by itself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from mixportal.ballots import order
from tests.browser.ballot import CAST, RECEIPT, SAVED, Ballot, stored
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
    expect(empty.page.get_by_test_id("save-state")).to_contain_text("Nothing ranked yet")
    empty.press("up:data")
    empty.shows("data")
    empty.press("up:workforce")
    empty.shows("data", "workforce")
    empty.press("up:governance", "top:governance")
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
    expect(ballot.said).to_have_text("Cybersecurity, 2nd. 4 of 8 ranked.")
    ballot.press("tie:cybersecurity")
    expect(ballot.said).to_have_text("Cybersecurity, tied 1st. 4 of 8 ranked.")
    ballot.press("up:social-media")
    expect(ballot.said).to_have_text("Social Media, 5th. 5 of 8 ranked.")
    ballot.press("drop:data")
    expect(ballot.said).to_have_text("Data taken off. 4 of 8 ranked.")


def test_a_row_says_its_name_its_meaning_and_its_place(ballot):
    expect(ballot.tap("data")).to_have_accessible_name(re.compile("^Data .*plain words .*ranked 3rd$"))
    expect(ballot.tap("data")).to_have_attribute("aria-pressed", "true")
    expect(ballot.tap("social-media")).to_have_accessible_name(re.compile("not ranked$"))


def test_focus_stays_with_the_row_that_moves(ballot):
    ballot.press("up:governance")
    ballot.shows("cybersecurity", "workforce", "governance", "data")
    assert ballot.focused == "up:governance"
    ballot.press("up:governance", "up:governance")
    ballot.shows("governance", "cybersecurity", "workforce", "data")
    assert ballot.focused == "up:governance"


def test_each_of_several_quick_taps_counts(ballot):
    ballot.press_at_once("up:governance", "up:governance", "up:governance")
    ballot.shows("governance", "cybersecurity", "workforce", "data")
    ballot.saves("governance", "cybersecurity", "workforce", "data")


def test_arrow_keys_go_from_row_to_row_and_alt_moves_one(ballot):
    keyboard = ballot.page.keyboard
    ballot.tap("cybersecurity").focus()
    keyboard.press("ArrowDown")
    assert ballot.focused == "drop:workforce"
    keyboard.press("Alt+ArrowDown")
    ballot.shows("cybersecurity", "data", "workforce", "governance")
    expect(ballot.said).to_have_text("Workforce, 3rd. 4 of 8 ranked.")
    assert ballot.focused == "drop:workforce"
    keyboard.press("Alt+ArrowUp")
    keyboard.press("Alt+ArrowUp")
    ballot.shows("workforce", "cybersecurity", "data", "governance")
    for there in ("no-workforce", "top:workforce", "up:workforce", "down:workforce", "tie:workforce", "drop:workforce"):
        keyboard.press("Tab")
        assert ballot.focused == there
    keyboard.press("Enter")
    ballot.saves("cybersecurity", "data", "governance")


def test_number_keys_place_a_row_and_delete_takes_it_off(ballot):
    ballot.tap("governance").focus()
    ballot.page.keyboard.press("2")
    ballot.shows("cybersecurity", "governance", "workforce", "data")
    ballot.page.keyboard.press("Delete")
    ballot.shows("cybersecurity", "workforce", "data")
    ballot.page.keyboard.press("Control+z")
    ballot.saves("cybersecurity", "governance", "workforce", "data")


def test_keys_do_nothing_while_no_row_has_the_focus_and_keep_their_meaning_in_a_number_field(ballot):
    ballot.page.keyboard.press("3")
    ballot.page.keyboard.press("Delete")
    ballot.number("data").click()
    ballot.page.keyboard.press("End")
    ballot.page.keyboard.press("Backspace")
    ballot.page.keyboard.type("4")
    ballot.number("data").blur()
    ballot.saves("cybersecurity", "workforce", "data=governance")


def test_what_has_the_focus_shows_it(ballot):
    ballot.tap("cybersecurity").focus()
    ballot.page.keyboard.press("ArrowDown")
    outline = "element => [getComputedStyle(element).outlineStyle, parseFloat(getComputedStyle(element).outlineWidth)]"
    for control in (ballot.tap("workforce"), ballot.number("workforce"), ballot.button("top:workforce")):
        assert control.evaluate(outline) == ["solid", 3]
        ballot.page.keyboard.press("Tab")


def test_typed_numbers_are_an_order_equal_ones_a_tie_blank_ones_off_and_gaps_are_closed_up(empty):
    empty.type(data=1, workforce=7, governance=7, cybersecurity=20)
    empty.saves("data", "governance=workforce", "cybersecurity")
    expect(empty.number("cybersecurity")).to_have_value("4")
    expect(empty.tap("workforce")).to_have_accessible_name(re.compile("ranked tied 2nd"))
    expect(empty.page.get_by_test_id("save-state")).to_contain_text("4 of 8 ranked")
    empty.type(governance="")
    empty.saves("data", "workforce", "cybersecurity")


def test_what_is_no_place_is_said_at_its_field_and_nothing_else_is_lost(ballot):
    ballot.type(workforce=1, data="soon")
    errors = ballot.page.get_by_test_id("errors")
    expect(errors).to_contain_text("Not saved: 1 thing to put right")
    expect(ballot.said).to_be_empty()
    expect(ballot.number("data")).to_have_value("soon")
    expect(ballot.number("data")).to_have_attribute("aria-invalid", "true")
    expect(ballot.number("data")).to_have_accessible_description(
        "“soon” is not a whole number from 1 to 999. Write one such as 2, or leave it blank."
    )
    assert stored()[0] == ["cybersecurity", "workforce", "data", "governance"]
    errors.get_by_role("link").click()
    expect(ballot.number("data")).to_be_focused()
    ballot.type(data=5)
    ballot.saves("cybersecurity=workforce", "governance", "data")


def test_on_a_phone_the_chosen_rows_buttons_stand_still_under_the_thumb(world, enter, session_of):
    rank(world.edition, world.member_a, "Cybersecurity", "Workforce", "Data", "Governance", action="save")
    ballot = Ballot(enter(session_of(world.member_a), **PHONE))
    expect(ballot.button("up:governance")).to_be_hidden()
    ballot.tap("governance").tap()
    expect(ballot.button("up:governance")).to_be_visible()
    where = ballot.button("up:governance").bounding_box()
    ballot.button("up:governance").tap()
    ballot.shows("cybersecurity", "workforce", "governance", "data")
    assert ballot.button("up:governance").bounding_box() == where
    ballot.button("up:governance").tap()
    ballot.saves("cybersecurity", "governance", "workforce", "data")
    cast = ballot.button("cast").bounding_box()
    assert 0 < where["y"] < cast["y"] < 740
    ballot.button("cast").tap()
    ballot.page.wait_for_url(RECEIPT)


# To tap in order

PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}


@pytest.fixture
def tapping(world, enter, session_of):
    """The member's empty ballot on a phone, to be tapped in order."""
    return Ballot(enter(session_of(world.member_a), **PHONE), view="tap")


def test_one_tap_ranks_a_row_next_and_no_row_moves(tapping):
    rows = tapping.page.locator(".rank")
    slugs = rows.evaluate_all("rows => rows.map(row => row.dataset.slug)")
    where = rows.evaluate_all("rows => rows.map(row => row.offsetTop)")
    for slug in slugs:
        tapping.tap(slug).tap()
    expect(tapping.said).to_contain_text("8th. All 8 ranked.")
    assert rows.evaluate_all("rows => rows.map(row => row.offsetTop)") == where
    tapping.saves(*slugs)
    expect(tapping.page.get_by_test_id("save-state")).to_contain_text("All 8 ranked")
    expect(tapping.page.locator(".dock-ticks .on")).to_have_count(8)


def test_a_tap_on_a_number_takes_the_row_off_and_the_others_move_up(tapping):
    for slug in ("data", "workforce", "governance", "data"):
        tapping.tap(slug).tap()
    tapping.saves("workforce", "governance")
    expect(tapping.row("governance").locator(".rank-box")).to_have_text("2")


@pytest.mark.parametrize("twice", [lambda row: row.dblclick(), lambda row: (row.tap(), row.tap())])
def test_the_second_tap_of_a_double_tap_does_nothing(tapping, twice):
    twice(tapping.tap("data"))
    twice(tapping.tap("workforce"))
    tapping.saves("data", "workforce")
    tapping.tap("data").tap()
    tapping.saves("workforce")


def test_the_first_screen_of_a_phone_has_at_least_five_rows_above_the_dock(tapping):
    dock = tapping.page.locator(".dock").bounding_box()["y"]
    rows = tapping.page.locator(".rank").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().bottom)")
    assert sum(bottom <= dock for bottom in rows) >= 5


def test_every_target_is_at_least_44_px_high_and_wide(tapping):
    tapping.tap("data").tap()
    tapping.page.get_by_role("link", name="Adjust order").tap()
    tapping.tap("data").tap()
    expect(tapping.row("data")).to_have_class(re.compile("rank--chosen"))
    controls = tapping.page.locator(".ballot-main :is(button, input, summary, .grip, .views a), .dock .btn")
    sizes = controls.evaluate_all(
        "all => all.map(each => each.getBoundingClientRect()).filter(({width}) => width > 1)"
        ".map(({width, height}) => Math.min(width, height))"
    )
    assert len(sizes) > 30
    assert min(sizes) >= 44


def test_a_row_unfolds_to_its_whole_meaning(tapping):
    tapping.row("data").locator("summary").tap()
    expect(tapping.row("data").get_by_text("What Data means to a CIO.")).to_be_visible()
    tapping.row("data").get_by_role("link").tap()
    tapping.page.wait_for_url("/2030/priorities/data/")


def test_the_view_is_changed_on_the_page_and_kept_when_it_is_loaded_again(tapping):
    for slug in ("data", "workforce"):
        tapping.tap(slug).tap()
    tapping.page.get_by_role("link", name="Adjust order").tap()
    tapping.shows("data", "workforce")
    expect(tapping.number("data")).to_be_visible()
    tapping.saves("data", "workforce")
    tapping.page.reload()
    expect(tapping.number("data")).to_be_visible()


# To undo moves


def test_undo_takes_back_one_move_after_the_other_and_says_which(ballot):
    undo = ballot.page.get_by_role("button", name="Undo")
    ballot.press("up:data", "drop:cybersecurity")
    undo.click()
    expect(ballot.said).to_have_text("Undone: Cybersecurity is 1st again. 4 of 8 ranked.")
    undo.click()
    ballot.saves("cybersecurity", "workforce", "data", "governance")
    expect(undo).to_be_disabled()


DO_MOVES = """([seed, count]) => {
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let done = 0; done < count; done += 1) {
        const rows = [...document.querySelectorAll(".rank")];
        const buttons = [...rows[Math.floor(random() * rows.length)].querySelectorAll(".mv, .rank-tap")];
        buttons[Math.floor(random() * buttons.length)].click();
    }
}"""
UNDO_ALL = "() => { const undo = document.querySelector('[data-undo]'); while (!undo.disabled) undo.click(); }"
NUMBERS = """() => Object.fromEntries([...document.querySelectorAll(".rank")].map(
    row => [row.dataset.slug, row.querySelector(".rank-no").value]))"""


@pytest.mark.parametrize("view", ["tap", "order"])
def test_after_any_moves_undo_restores_the_order_and_each_number_is_one_more_than_the_rows_above(
    world, enter, session_of, view
):
    rank(world.edition, world.delegate_a, "Cybersecurity", ("Workforce", "Data"), "Governance", action="save")
    ballot = Ballot(enter(session_of(world.member_a)), view)
    expect(ballot.page.get_by_role("button", name="Undo")).to_be_disabled()
    before = ballot.page.evaluate(NUMBERS)
    for seed in range(1, 41):
        ballot.page.evaluate(DO_MOVES, [seed, 1 + seed % 12])
        places = {slug: int(number) for slug, number in ballot.page.evaluate(NUMBERS).items() if number}
        assert places == order.renumber(places)
        ballot.page.evaluate(UNDO_ALL)
        assert ballot.page.evaluate(NUMBERS) == before
    ballot.saves("cybersecurity", "data=workforce", "governance")


def test_each_button_does_on_the_page_what_the_portal_does(ballot):
    """The moves are written twice, for pages with and without script."""
    for seed in range(1, 61):
        before = {slug: int(place) for slug, place in ballot.page.evaluate(NUMBERS).items() if place}
        row = list(ballot.page.evaluate(NUMBERS))[seed % 8]
        verb = order.MOVES[seed * 7 % 5]
        rows = ballot.page.locator(".rank").evaluate_all("rows => rows.map(row => row.dataset.slug)")
        in_order = {slug: before[slug] for slug in rows if slug in before}
        ballot.press_at_once(f"{verb}:{row}")
        after = {slug: int(place) for slug, place in ballot.page.evaluate(NUMBERS).items() if place}
        assert (before, verb, row, after) == (before, verb, row, order.move(in_order, verb, row))


def test_undo_takes_back_a_withdrawal_and_then_the_moves_before_a_reload_as_one(ballot):
    undo = ballot.page.get_by_role("button", name="Undo", exact=True)
    ballot.press_at_once("up:data", "up:data")
    ballot.saves("data", "cybersecurity", "workforce", "governance")
    ballot.page.reload()
    undo.click()
    ballot.saves("cybersecurity", "workforce", "data", "governance")
    expect(ballot.said).to_contain_text("Undone.")
    expect(undo).to_be_disabled()

    ballot.cast()
    ballot.page.goto("/2030/priorities/ballot/?view=order")
    ballot.press("uncast")
    expect(ballot.page.get_by_test_id("withdrawn")).to_be_visible()
    undo.click()
    expect(ballot.state).to_have_text(CAST)
    assert stored() == (["cybersecurity", "workforce", "data", "governance"],) * 2


def test_after_an_undo_and_a_reload_the_button_says_redo_until_something_moves(ballot):
    ballot.press("up:data")
    ballot.saves("cybersecurity", "data", "workforce", "governance")
    ballot.page.get_by_role("button", name="Undo", exact=True).click()
    ballot.saves("cybersecurity", "workforce", "data", "governance")
    ballot.page.reload()
    expect(ballot.page.get_by_role("button", name="Redo", exact=True)).to_be_enabled()
    ballot.press("up:governance")
    ballot.page.get_by_role("button", name="Undo", exact=True).click()
    ballot.saves("cybersecurity", "workforce", "data", "governance")


def test_after_a_move_the_notice_of_a_withdrawal_no_longer_undoes_it(ballot):
    ballot.cast()
    ballot.page.goto("/2030/priorities/ballot/?view=order")
    ballot.press("uncast")
    count_again = ballot.page.get_by_role("button", name="Undo: count it again")
    expect(count_again).to_be_enabled()
    ballot.press("up:data")
    expect(count_again).to_be_disabled()


def test_going_back_to_the_cast_order_can_be_undone(ballot):
    ballot.cast()
    ballot.page.goto("/2030/priorities/ballot/?view=order")
    ballot.press("drop:cybersecurity")
    expect(ballot.state).to_have_text("Saved, not yet cast again")
    ballot.page.get_by_role("button", name="Go back to the order that is cast").click()
    expect(ballot.state).to_have_text(CAST)
    ballot.shows("cybersecurity", "workforce", "data", "governance")
    ballot.page.get_by_role("button", name="Undo", exact=True).click()
    ballot.saves("workforce", "data", "governance")


def test_the_order_of_an_earlier_year_is_offered_where_the_views_will_be_and_undo_takes_it_back(demonstration, enter):
    page = enter(demonstration["member-a"], **PHONE)
    page.goto("/2026/challenges/ballot/?view=order")
    offer, rows = page.get_by_test_id("earlier-order"), page.locator(".rank")
    above, below = offer.bounding_box(), page.locator(".views").bounding_box()
    assert below["y"] - above["y"] - above["height"] >= 8
    page.goto("/2026/challenges/ballot/")
    assert page.get_by_role("link", name="Adjust order").is_hidden()
    where = rows.evaluate_all("rows => rows.map(row => row.offsetTop)")
    page.locator(".rank-tap").first.tap()
    expect(offer).to_be_hidden()
    assert rows.evaluate_all("rows => rows.map(row => row.offsetTop)") == where
    page.locator(".rank-tap").first.press("Enter")
    page.get_by_role("button", name="Start from your 2025 order").tap()
    expect(page.locator("#ballot-live")).to_contain_text("Your 2025 order is in place.")
    expect(page.locator(".is-ranked").nth(1)).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).tap()
    expect(page.locator(".is-ranked")).to_have_count(0)
    expect(page.locator("[data-save-word]")).to_have_text(SAVED)
