"""The ballot by its form alone: numbers and buttons, and the pages that answer when something is in the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from members.models import User
from tests.browser.ballot import CAST, RECEIPT, SAVED, PlainBallot, database_away, stored
from tests.worlds import rank

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ballot(world, enter, session_of):
    """The member's ballot with four priorities ranked, in a browser that runs no script."""
    rank(world.edition, world.member_a, "Cybersecurity", "Workforce", "Data", "Governance", action="save")
    return PlainBallot(enter(session_of(world.member_a), script=False))


def test_numbers_and_save(ballot):
    ballot.number("data").fill("1")
    ballot.number("governance").fill("1")
    ballot.number("social-media").fill("9")
    ballot.press("save")
    assert ballot.order == ["cybersecurity=data=governance", "workforce", "social-media"]
    assert stored()[0] == ["cybersecurity=data=governance", "workforce", "social-media"]
    expect(ballot.state).to_have_text(SAVED)


def test_enter_in_a_number_field_saves_and_moves_nothing(ballot):
    ballot.number("workforce").fill("8")
    with ballot.page.expect_navigation():
        ballot.number("workforce").press("Enter")
    assert ballot.order == ["cybersecurity", "data", "governance", "workforce"]


def test_every_button_moves_its_row_and_the_row_stays_chosen_and_in_sight(ballot):
    ballot.press("up:governance")
    assert ballot.order == ["cybersecurity", "workforce", "governance", "data"]
    assert ballot.page.url.endswith("?view=order&chosen=governance#row-governance")
    assert ballot.chosen == "governance"
    ballot.press("top:data")
    assert ballot.order == ["data", "cybersecurity", "workforce", "governance"]
    ballot.press("down:data")
    assert ballot.order == ["cybersecurity", "data", "workforce", "governance"]
    ballot.press("drop:cybersecurity")
    assert ballot.order == ["data", "workforce", "governance"]
    ballot.press("up:social-media")
    assert ballot.order == ["data", "workforce", "governance", "social-media"]
    assert stored()[0] == ballot.order


def test_rows_are_tapped_in_order_and_come_back_numbered(world, enter, session_of):
    phone = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}
    ballot = PlainBallot(enter(session_of(world.member_a), script=False, **phone), view="tap")
    for slug in ("data", "workforce", "governance"):
        with ballot.page.expect_navigation(url=f"**#row-{slug}"):
            ballot.tap(slug).tap()
    assert ballot.order == stored()[0] == ["data", "workforce", "governance"]
    with ballot.page.expect_navigation(url="**#row-data"):
        ballot.tap("data").tap()
    assert ballot.order == stored()[0] == ["workforce", "governance"]


def test_on_a_phone_each_ranked_row_has_its_buttons(world, enter, session_of):
    rank(world.edition, world.member_a, "Cybersecurity", "Workforce", action="save")
    ballot = PlainBallot(enter(session_of(world.member_a), script=False, width=360, height=700))
    ballot.press("up:workforce")
    assert ballot.order == ["workforce", "cybersecurity"]
    ballot.press("tie:cybersecurity")
    assert ballot.order == ["cybersecurity=workforce"]
    expect(ballot.button("down:workforce")).to_be_visible()


def test_cast_and_withdraw(ballot):
    ballot.cast()
    assert stored()[1] == ["cybersecurity", "workforce", "data", "governance"]
    ballot.change_order()
    ballot.press("uncast")
    expect(ballot.state).to_have_text(SAVED)
    assert stored()[1] == []


def test_a_refused_form_keeps_everything_that_was_typed(ballot):
    ballot.number("data").fill("first")
    ballot.number("social-media").fill("3")
    ballot.number("workforce").fill("0")
    ballot.press("cast")
    expect(ballot.page.get_by_test_id("errors")).to_contain_text("Not saved: 2 things to put right")
    expect(ballot.number("data")).to_have_value("first")
    expect(ballot.number("workforce")).to_have_value("0")
    expect(ballot.number("social-media")).to_have_value("3")
    assert stored()[0] == ["cybersecurity", "workforce", "data", "governance"]
    ballot.number("data").fill("2")
    ballot.number("workforce").fill("")
    ballot.press("cast")
    assert stored()[1] == ["cybersecurity", "data", "social-media", "governance"]


@pytest.mark.parametrize("mine", [True, False])
def test_a_conflict_shows_both_orders_and_either_can_be_kept(ballot, world, mine):
    rank(world.edition, world.delegate_a, "Data", "Governance", action="save")
    ballot.press("up:data")
    sides = ballot.conflict.locator(".pairs > div")
    expect(sides.nth(0).locator("li")).to_contain_text(["Cybersecurity", "Data", "Workforce", "Governance"])
    expect(sides.nth(1).locator("li")).to_contain_text(["Data", "Governance"])
    if mine:
        ballot.press("save")
    else:
        ballot.follow(ballot.conflict.get_by_role("link", name="Keep the saved one"))
    kept = ["cybersecurity", "data", "workforce", "governance"] if mine else ["data", "governance"]
    assert ballot.order == stored()[0] == kept


def test_after_the_close_what_was_sent_is_shown(ballot, world):
    world.edition.close_now()
    ballot.number("data").fill("1")
    ballot.press("cast")
    closed = ballot.page.get_by_test_id("closed")
    expect(closed.locator("li")).to_have_text(
        ["joint 1st Cybersecurity", "joint 1st Data", "3rd Workforce", "4th Governance"]
    )
    assert stored()[1] == []


def test_while_the_database_is_away_the_page_hands_back_what_was_sent_and_it_can_be_sent_again(ballot):
    ballot.number("data").fill("1")
    with database_away():
        ballot.press("cast")
        expect(ballot.page.get_by_role("heading", level=1)).to_have_text("Not saved yet")
        ballot.follow(ballot.page.get_by_role("button", name="Send it again"))
        expect(ballot.page.get_by_role("heading", level=1)).to_have_text("Not saved yet")
    ballot.page.get_by_role("button", name="Send it again").click()
    expect(ballot.state).to_have_text(CAST)
    assert stored()[1] == ["cybersecurity=data", "workforce", "governance"]


@pytest.mark.parametrize("view", ["tap", "order"])
def test_one_press_of_cast_casts_the_numbers_typed_into_an_empty_ballot(world, enter, session_of, view):
    User.objects.update(consented_at=None, consent_version="")
    ballot = PlainBallot(enter(session_of(world.member_a), script=False), view)
    if view == "tap":
        ballot.follow(ballot.page.get_by_role("link", name="Adjust order"))
    ballot.number("data").fill("1")
    ballot.number("governance").fill("2")
    ballot.page.get_by_role("checkbox").check()
    ballot.press("cast")
    ballot.page.wait_for_url(RECEIPT)
    assert stored() == (["data", "governance"], ["data", "governance"])
