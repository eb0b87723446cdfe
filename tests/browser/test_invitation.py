"""From the member's page to the first sign-in, with a browser on each side."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.members.inviting import newest_link

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_member_invites_and_whoever_was_invited_comes_in_by_the_link_with_script_off(world, enter, session_of):
    member = enter(session_of(world.member_a))
    member.goto("/governments/port-merrow-county/people/")
    assert faults(member) == []
    member.get_by_label("Name").fill("Nora New")
    member.get_by_label("E-mail address").fill("nora@new.example")
    member.get_by_role("button", name="Send the invitation").click()
    expect(member.get_by_test_id("message")).to_contain_text("on its way to nora@new.example")
    expect(member.get_by_test_id("invited")).to_contain_text("Nora New")
    assert faults(member) == []

    look = enter()
    look.goto(newest_link("nora@new.example"))
    assert faults(look) == []
    new = enter(script=False)
    new.goto(newest_link("nora@new.example"))
    with new.expect_navigation():
        new.get_by_role("button", name="Accept and sign in").click()
    new.goto("/governments/port-merrow-county/people/")
    expect(new.get_by_test_id("person").filter(has_text="Nora New")).to_contain_text("(you)")

    member.reload()
    member.get_by_text("Remove… Nora New").click()
    member.get_by_role("button", name="Remove Nora New").click()
    expect(member.get_by_test_id("message")).to_contain_text("Nora New no longer speaks")
    new.reload()
    expect(new.get_by_text("Nobody is signed in.")).to_be_visible()
