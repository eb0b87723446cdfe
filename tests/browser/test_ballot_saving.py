"""What is ranked is saved by itself, and nothing is lost: not to a slow answer, another person, or trouble."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.ballot import (
    CAST,
    EDITED,
    RECEIPT,
    SAVED,
    Ballot,
    Slow,
    database_away,
    eventually,
    sign_in_beside,
    stored,
)
from tests.worlds import rank

pytestmark = pytest.mark.django_db(transaction=True)

FOUR = ("Cybersecurity", "Workforce", "Data", "Governance")


@pytest.fixture
def ballot(world, enter, session_of):
    """The member's ballot with four priorities ranked, not cast."""
    rank(world.edition, world.member_a, *FOUR, action="save")
    return Ballot(enter(session_of(world.member_a)), is_hurried=False)


def test_the_page_says_when_it_is_saving_and_when_it_has_saved(ballot):
    slow = Slow(ballot)
    ballot.number("data").fill("1")
    expect(ballot.state).to_have_text("Not saved yet")
    ballot.number("data").blur()
    expect(ballot.state).to_have_text("Saving…")
    slow.let_through()
    expect(ballot.state).to_have_text(SAVED)
    ballot.saves("cybersecurity=data", "workforce", "governance")


def test_a_number_is_not_saved_while_it_is_being_typed(ballot):
    ballot.number("data").fill("1")
    ballot.page.wait_for_timeout(900)
    assert stored()[0] == ["cybersecurity", "workforce", "data", "governance"]
    ballot.number("data").press_sequentially("2")
    ballot.number("data").blur()
    ballot.saves("cybersecurity", "workforce", "governance", "data")


def test_an_answer_that_comes_while_somebody_types_overwrites_nothing(ballot):
    slow = Slow(ballot)
    ballot.type(governance=1)
    expect(ballot.state).to_have_text("Saving…")
    ballot.number("social-media").press_sequentially("3")
    slow.let_through()
    ballot.page.wait_for_timeout(100)
    assert (ballot.focused, ballot.number("social-media").input_value()) == ("no-social-media", "3")
    assert ballot.number("governance").input_value() == "1"
    ballot.number("social-media").blur()
    slow.let_all_through()
    ballot.saves("cybersecurity=governance", "social-media=workforce", "data")
    ballot.shows("cybersecurity=governance", "workforce=social-media", "data")


def test_the_rows_are_not_put_in_order_while_a_number_field_has_the_focus(ballot):
    ballot.number("governance").fill("1")
    ballot.number("data").click()
    ballot.number("data").evaluate("field => field.setSelectionRange(1, 1)")
    ballot.saves("cybersecurity=governance", "workforce", "data")
    rows = ballot.page.locator(".rank.is-ranked")
    unmoved = ["row-cybersecurity", "row-workforce", "row-data", "row-governance"]
    assert rows.evaluate_all("rows => rows.map(row => row.id)") == unmoved
    assert ballot.focused == "no-data"
    ballot.number("data").blur()
    ballot.shows("cybersecurity=governance", "workforce", "data")


def test_moves_made_while_a_save_is_on_its_way_are_kept_and_saved_after_it(ballot):
    slow = Slow(ballot)
    ballot.press("up:data")
    expect(ballot.state).to_have_text("Saving…")
    ballot.press("up:data", "drop:workforce")
    for _ in range(2):
        slow.let_through()
    ballot.saves("data", "cybersecurity", "governance")
    ballot.shows("data", "cybersecurity", "governance")


def test_cast_that_is_pressed_while_a_save_is_on_its_way_casts_after_it(ballot):
    slow = Slow(ballot)
    ballot.press("up:data")
    expect(ballot.state).to_have_text("Saving…")
    ballot.press("cast")
    slow.let_all_through()
    ballot.page.wait_for_url(RECEIPT)
    assert stored()[1] == ["cybersecurity", "data", "workforce", "governance"]


def test_leaving_with_something_unsaved_asks_first_and_saves_it_all_the_same(ballot):
    asked = []
    ballot.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    ballot.number("data").fill("1")
    ballot.page.close(run_before_unload=True)
    still_there = ballot.page.context.new_page()
    eventually(still_there, lambda: asked, ["beforeunload"])
    eventually(still_there, lambda: stored()[0], ["cybersecurity=data", "workforce", "governance"])


def test_leaving_with_everything_saved_asks_nothing(ballot):
    asked = []
    ballot.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    ballot.type(data=1)
    ballot.saves("cybersecurity=data", "workforce", "governance")
    ballot.page.goto("/methods/")
    assert asked == []


def test_a_ballot_is_cast_changed_cast_again_and_withdrawn(ballot):
    order = ["cybersecurity", "workforce", "data", "governance"]
    ballot.cast()
    expect(ballot.page.get_by_role("heading", level=1)).to_have_text("Your ballot is cast")
    assert stored() == (order, order)

    ballot.change_order()
    ballot.press("up:governance")
    expect(ballot.state).to_have_text(EDITED)
    assert stored() == (["cybersecurity", "workforce", "governance", "data"], order)
    ballot.page.reload()
    ballot.page.get_by_text("The order that counts").click()
    counts = ballot.page.locator("[data-testid=cast-state] .cmp li")
    expect(counts).to_have_text(["1st Cybersecurity", "2nd Workforce", "3rd Data", "4th Governance"])

    expect(ballot.button("cast")).to_have_text("Cast changes")
    ballot.cast()
    assert stored() == (["cybersecurity", "workforce", "governance", "data"],) * 2

    ballot.change_order()
    ballot.press("uncast")
    expect(ballot.state).to_have_text(SAVED)
    expect(ballot.said).to_have_text("Your ballot is withdrawn. It does not count until you cast it again.")
    assert stored() == (["cybersecurity", "workforce", "governance", "data"], [])


def test_a_double_click_on_cast_casts_once_and_leaves_without_asking(ballot):
    posted, asked = [], []
    ballot.page.on("request", lambda request: request.method == "POST" and posted.append(request.url))
    ballot.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    ballot.button("cast").dblclick()
    ballot.page.wait_for_url(RECEIPT)
    expect(ballot.state).to_have_text(CAST)
    assert (len(posted), asked) == (1, [])


def test_pressing_cast_again_while_it_is_sent_sends_nothing_more(ballot):
    slow = Slow(ballot)
    for _ in range(3):
        ballot.button("cast").press("Enter")
    expect(ballot.state).to_have_text("Saving…")
    slow.let_through()
    ballot.page.wait_for_url("**/receipt/")
    assert slow.held == []


def test_a_number_typed_just_before_casting_is_cast_too(ballot):
    ballot.number("social-media").fill("2")
    ballot.cast()
    assert stored()[1] == ["cybersecurity", "social-media=workforce", "data", "governance"]


def test_undoing_a_cast_keeps_the_moves_made_just_before_it(ballot):
    ballot.press_at_once("up:data", "up:governance")
    ballot.press("cast")
    ballot.page.wait_for_url(RECEIPT)
    order = stored()[1]
    assert order != ["cybersecurity", "workforce", "data", "governance"]
    ballot.change_order()
    ballot.page.get_by_role("button", name="Undo", exact=True).click()
    expect(ballot.said).to_contain_text("No ballot is cast.")
    assert stored() == (order, [])
    ballot.shows(*order)


# Another person


def test_when_the_delegate_saved_meanwhile_both_orders_are_shown_and_mine_can_be_kept(ballot, world):
    rank(world.edition, world.delegate_a, "Data", "Governance", action="save")
    ballot.press("up:governance")
    expect(ballot.conflict).to_contain_text("Ines Marchetti saved version 2")
    expect(ballot.conflict).to_have_role("alert")
    expect(ballot.conflict).to_be_focused()
    sides = ballot.conflict.locator(".pairs > div")
    expect(sides.nth(0)).to_contain_text("Yours, not saved")
    expect(sides.nth(0).locator("li")).to_have_text(
        ["1 Cybersecurity (differs)", "2 Workforce (differs)", "3 Governance (differs)", "4 Data (differs)"]
    )
    expect(sides.nth(1).locator("li")).to_have_text(["1 Data (differs)", "2 Governance (differs)"])
    assert stored()[0] == ["data", "governance"]
    ballot.press("save")
    ballot.saves("cybersecurity", "workforce", "governance", "data")
    ballot.press("up:data")
    ballot.saves("cybersecurity", "workforce", "data", "governance")


def test_when_the_delegate_saved_meanwhile_the_saved_order_can_be_kept(ballot, world):
    rank(world.edition, world.delegate_a, "Data", "Governance", action="save")
    ballot.type(workforce=1)
    ballot.follow(ballot.conflict.get_by_role("link", name="Keep the saved one"))
    ballot.shows("data", "governance")
    expect(ballot.conflict).to_have_count(0)
    ballot.press("up:governance")
    ballot.saves("governance", "data")


# The close


def test_a_save_after_the_close_is_refused_and_what_was_sent_is_shown(ballot, world):
    world.edition.move_close(world.edition.closes_at + timedelta(days=1), reason="A storm.")
    ballot.cast()
    ballot.change_order()
    expect(ballot.page.get_by_text("The close was moved to a later time: A storm.")).to_be_visible()
    world.edition.close_now()
    ballot.press("up:governance")
    closed = ballot.page.get_by_test_id("closed")
    expect(closed).to_contain_text("Ballots closed on")
    expect(closed).to_contain_text("Your ballot counts as it was cast on")
    expect(closed.locator("li")).to_have_text(["1st Cybersecurity", "2nd Workforce", "3rd Governance", "4th Data"])
    expect(closed).to_be_focused()
    expect(ballot.page.get_by_role("heading", level=1)).to_have_text("Our ballot of 2030 priorities")
    expect(ballot.page.get_by_role("main")).not_to_contain_text("Closes")
    expect(ballot.page.get_by_role("main")).not_to_contain_text("moved to a later time")
    assert stored()[1] == ["cybersecurity", "workforce", "data", "governance"]
    closed.get_by_role("link", name="See the ballot that counts").click()
    expect(ballot.page.get_by_role("heading", name="As cast 4 of 8 ranked")).to_be_visible()


# Trouble


@pytest.fixture
def clock(ballot):
    """The page's clock, which a test moves on."""
    now = timezone.now()
    ballot.page.clock.install(time=now)
    ballot.page.clock.pause_at(now + timedelta(seconds=1))
    ballot.page.reload()
    return ballot.page.clock


def test_while_the_database_is_away_the_page_says_so_keeps_the_order_and_saves_when_it_is_back(ballot, clock):
    with database_away():
        ballot.type(data=1)
        clock.run_for(1000)
        expect(ballot.trouble).to_contain_text("Not saved: the portal is busy. Your order is still here")
        expect(ballot.trouble).to_contain_text("trying again in 5 s")
        expect(ballot.state).to_have_text("Not saved")
        expect(ballot.number("data")).to_have_value("1")
    clock.run_for(5000)
    ballot.saves("cybersecurity=data", "workforce", "governance")
    expect(ballot.trouble).to_be_empty()


def test_after_several_tries_the_page_stops_and_a_button_tries_again(ballot, clock):
    with database_away():
        ballot.press("up:data")
        clock.run_for(1000)
        for _ in range(5):
            expect(ballot.trouble).to_contain_text("trying again in 5 s")
            ballot.page.evaluate("document.querySelector('.ballot-problem').replaceChildren()")
            clock.run_for(5000)
        expect(ballot.trouble).to_contain_text("press the button to try again")
    clock.resume()
    ballot.trouble.get_by_role("button").click()
    ballot.saves("cybersecurity", "data", "workforce", "governance")


def test_without_a_connection_the_order_stays_and_is_saved_when_there_is_one_again(ballot):
    ballot.page.context.set_offline(True)
    ballot.press("up:data", "up:social-media", "top:social-media")
    expect(ballot.trouble).to_contain_text("Not saved: there is no connection. Your order is still here")
    expect(ballot.state).to_have_text("Not saved")
    ballot.page.context.set_offline(False)
    ballot.saves("social-media", "cybersecurity", "data", "workforce", "governance")
    expect(ballot.trouble).to_be_empty()


def test_a_reply_that_was_lost_is_asked_for_again_and_is_no_conflict(ballot):
    lost = []
    ballot.page.route("**/ballot/", lambda route: (lost.append(route.fetch().status), route.abort()), times=1)
    ballot.press("up:data")
    eventually(ballot.page, lambda: lost, [200])
    ballot.saves("cybersecurity", "data", "workforce", "governance")
    expect(ballot.conflict).to_have_count(0)
    expect(ballot.trouble).to_be_empty()


def test_a_page_saves_nothing_in_the_name_of_another_person_who_signs_in_beside_it(world, ballot, session_of):
    rank(world.edition, world.member_b, *FOUR, action="save")
    sign_in_beside(ballot, session_of(world.member_b))
    ballot.press("up:data")
    expect(ballot.page.get_by_test_id("other-author")).to_contain_text("Ben Nakamura is signed in now")
    expect(ballot.state).to_have_text("Not saved")
    for government in ("port-merrow-county", "halloran-county"):
        assert stored(government)[0] == ["cybersecurity", "workforce", "data", "governance"]

    sign_in_beside(ballot, session_of(world.member_a))
    ballot.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # what coming back to the tab does
    ballot.saves("cybersecurity", "data", "workforce", "governance")
