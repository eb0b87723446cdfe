"""A page that is loaded again goes on where it was left, whatever was on its way."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.ballot import RECEIPT, Ballot, Slow, eventually, sign_in_beside, stored
from tests.worlds import rank

pytestmark = pytest.mark.django_db(transaction=True)

FOUR = ("Cybersecurity", "Workforce", "Data", "Governance")


@pytest.fixture
def ballot(world, enter, session_of):
    """The member's ballot with four priorities ranked, in a browser that leaves when it asks first."""
    rank(world.edition, world.member_a, *FOUR, action="save")
    page = enter(session_of(world.member_a))
    page.on("dialog", lambda dialog: dialog.accept())
    return Ballot(page, is_hurried=False)


@pytest.mark.parametrize("lands", ["before the page is loaded", "before it is sent again", "never"])
def test_a_reload_while_a_save_is_on_its_way_loses_no_move_and_is_no_conflict(ballot, lands):
    slow = Slow(ballot)
    ballot.press("up:data")
    expect(ballot.state).to_have_text("Saving…")
    ballot.press("up:governance")
    on_its_way = slow.held.pop()
    if lands == "before the page is loaded":
        on_its_way.fetch()
    ballot.page.reload()
    ballot.shows("cybersecurity", "data", "governance", "workforce")
    if lands == "before it is sent again":
        eventually(ballot.page, lambda: bool(slow.held), True)
        on_its_way.fetch()
    ballot.press("drop:cybersecurity")
    slow.let_all_through()
    ballot.saves("data", "governance", "workforce")
    expect(ballot.conflict).to_have_count(0)
    ballot.page.reload()
    ballot.shows("data", "governance", "workforce")


def test_a_reload_just_after_a_tap_on_a_new_ballot_keeps_it(ballot, world):
    page = Ballot(ballot.page, view="tap", is_hurried=False)
    page.tap("social-media").click()
    page.page.reload()
    expect(page.tap("social-media")).to_have_attribute("aria-pressed", "true")
    page.tap("citizen-engagement").click()
    page.saves("cybersecurity", "workforce", "data", "governance", "social-media", "citizen-engagement")
    expect(page.conflict).to_have_count(0)


def test_a_cast_that_was_on_its_way_when_the_page_was_loaded_again_is_cast(ballot):
    slow = Slow(ballot)
    ballot.press("cast")
    expect(ballot.state).to_have_text("Saving…")
    ballot.page.reload()
    slow.let_all_through()
    ballot.page.wait_for_url(RECEIPT)
    assert stored()[1] == ["cybersecurity", "workforce", "data", "governance"]


def test_a_move_after_a_reply_that_was_lost_is_no_conflict(ballot):
    lost = []
    ballot.page.route("**/ballot/", lambda route: (lost.append(route.fetch().status), route.abort()), times=1)
    ballot.press("up:data")
    eventually(ballot.page, lambda: lost, [200])
    expect(ballot.trouble).to_contain_text("there is no connection")
    ballot.press("drop:cybersecurity")
    ballot.saves("data", "workforce", "governance")
    expect(ballot.conflict).to_have_count(0)
    expect(ballot.trouble).to_be_empty()


def test_what_one_person_left_unsaved_is_not_put_into_the_ballot_of_the_next(world, ballot, session_of):
    ballot.page.context.set_offline(True)
    ballot.press("up:data")
    expect(ballot.state).to_have_text("Not saved")
    sign_in_beside(ballot, session_of(world.member_b))
    ballot.page.context.set_offline(False)
    ballot.page.goto(ballot.page.url)
    expect(ballot.page.locator("[data-count]")).to_have_text("Nothing ranked yet")
    assert stored("halloran-county") == ([], [])
