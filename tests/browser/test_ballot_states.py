"""Nothing that axe objects to on the ballot, in whatever state it is, nor on any page that says no."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from members.models import Session, User
from mixportal.editions.models import Kind
from tests.browser.axe import LOOKS, faults, faults_of_each
from tests.browser.ballot import RECEIPT, Ballot, database_away
from tests.worlds import rank

pytestmark = pytest.mark.django_db(transaction=True)

FOUR = ("Cybersecurity", ("Workforce", "Data"), "Governance")


@pytest.fixture
def open_ballot(world, enter, session_of):
    return lambda view="order", **looks: Ballot(enter(session_of(world.member_a), **looks), view)


@pytest.mark.parametrize("view", ["tap", "order"])
def test_nothing_ranked(open_ballot, view):
    assert faults(open_ballot(view).page) == []


@pytest.mark.parametrize("view", ["tap", "order"])
def test_half_ranked_in_both_schemes_with_every_fold_open(world, open_ballot, view):
    rank(world.edition, world.member_a, *FOUR, action="save")
    ballot = open_ballot(view)
    ballot.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert faults_of_each([ballot.page], LOOKS) == [[]]


def test_saved_with_a_row_chosen(world, open_ballot):
    rank(world.edition, world.member_a, *FOUR, action="save")
    ballot = open_ballot()
    ballot.tap("data").click()
    assert faults(ballot.page) == []


def test_cast(world, open_ballot):
    rank(world.edition, world.member_a, *FOUR)
    assert faults(open_ballot().page) == []


def test_the_receipt_in_both_schemes(world, open_ballot):
    rank(world.edition, world.member_a, *FOUR)
    ballot = open_ballot()
    ballot.follow(ballot.page.get_by_role("link", name="See the receipt").first)
    expect(ballot.page.get_by_role("heading", level=1)).to_have_text("Your ballot is cast")
    assert faults_of_each([ballot.page], LOOKS) == [[]]


def test_edited_since_cast_with_everything_ranked(world, open_ballot):
    rank(world.edition, world.member_a, *FOUR)
    everything = [entry.title for entry in world.edition.list_of(Kind.PRIORITIES).entries.in_order()]
    rank(world.edition, world.member_a, *everything, action="save")
    ballot = open_ballot()
    ballot.page.get_by_text("The order that counts").click()
    assert faults(ballot.page) == []


def test_refused_for_its_numbers(world, open_ballot):
    rank(world.edition, world.member_a, *FOUR, action="save")
    ballot = open_ballot()
    ballot.type(data="-1", social_media="x")
    expect(ballot.page.get_by_test_id("errors")).to_be_visible()
    assert faults(ballot.page) == []


def test_in_conflict_with_the_delegates(world, open_ballot):
    rank(world.edition, world.member_a, *FOUR)
    ballot = open_ballot()
    rank(world.edition, world.delegate_a, "Data", action="save")
    ballot.press("up:governance")
    expect(ballot.conflict).to_be_visible()
    assert faults(ballot.page) == []


def test_sent_after_the_close(world, open_ballot):
    rank(world.edition, world.member_a, *FOUR)
    ballot = open_ballot()
    world.edition.close_now()
    ballot.press("up:governance")
    expect(ballot.page.get_by_test_id("closed")).to_be_visible()
    assert faults(ballot.page) == []


def test_closed_with_a_cast_ballot(world, open_ballot):
    rank(world.edition, world.member_a, *FOUR)
    world.edition.close_now()
    assert faults(open_ballot().page) == []


def test_signed_out(world, open_ballot):
    ballot = open_ballot()
    Session.objects.all().delete()
    ballot.press("up:data")
    expect(ballot.page.get_by_test_id("signed-out")).to_be_visible()
    assert faults(ballot.page) == []


def test_with_trouble_said_above_it(world, open_ballot):
    ballot = open_ballot()
    with database_away():
        ballot.press("up:data")
        expect(ballot.trouble).to_contain_text("Not saved")
        assert faults(ballot.page) == []


def test_handed_back_while_the_database_is_away(world, open_ballot):
    ballot = open_ballot()
    ballot.number("data").fill("1")
    with database_away():
        ballot.page.on("dialog", lambda dialog: dialog.accept())
        ballot.page.eval_on_selector("form.ballot", "form => form.submit()")  # as a browser without script sends it
        expect(ballot.page.get_by_role("heading", level=1)).to_have_text("Not saved yet")
        ballot.page.locator("summary", has_text="What you sent").click()
        assert faults(ballot.page) == []


def test_without_a_seat(world, open_ballot):
    world.port.seat = None
    world.port.save()
    assert faults(open_ballot().page) == []


def test_who_casts_without_consent_sees_what_is_missing_and_finds_it_by_a_link(world, open_ballot):
    rank(world.edition, world.member_a, *FOUR, action="save")
    User.objects.filter(pk=world.member_a.pk).update(consented_at=None, consent_version="")
    ballot = open_ballot("tap", width=360, height=740)
    ballot.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    ballot.press("cast")
    errors = ballot.page.get_by_test_id("errors")
    expect(errors).to_be_in_viewport()
    assert faults(ballot.page) == []
    errors.get_by_role("link").click()
    expect(ballot.page.get_by_test_id("consent")).to_be_in_viewport()
    ballot.page.get_by_role("checkbox").check()
    ballot.press("cast")
    ballot.page.wait_for_url(RECEIPT)
