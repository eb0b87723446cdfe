"""The projector shows by itself what telephones send; the telephone's page has room for a thumb and no fault."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from mixportal.proposals.models import Support
from tests.browser.axe import LOOKS, faults_of_each
from tests.proposals.proposing import propose
from tests.worlds import make_edition

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_a_telephone_supports_appears_on_the_projector_by_itself(world, enter, session_of):
    draft = make_edition(2031)
    propose(draft, world.member_b)
    projector = enter(session_of(world.curator))
    projector.goto("/2031/room/")
    expect(projector.get_by_test_id("board-priorities")).to_contain_text("0 support it")

    phone = enter(session_of(world.member_a), width=360, height=740)
    phone.goto("/2031/proposals/")
    phone.get_by_label("Title").fill("The digital accessibility")
    phone.get_by_role("button", name=re.compile("^Support it.*Digital Accessibility")).click()
    expect(phone.get_by_text("yours among them")).to_be_visible()
    expect(phone.get_by_role("button", name=re.compile("^Take your support back"))).to_be_focused()
    expect(phone.get_by_label("Title")).to_have_value("The digital accessibility")  # what was being typed stays
    expect(projector.get_by_test_id("board-priorities")).to_contain_text("1 supports it")
    assert Support.objects.get().government == world.port

    phone.get_by_text("Add a reason").click()
    phone.get_by_label("Why your government supports it").fill("Vendors say “mostly”.")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Change your reason")).to_be_visible()
    phone.get_by_text("Who supports it").click()
    expect(phone.get_by_text("Port Merrow County: Vendors say “mostly”.")).to_be_visible()
    assert faults_of_each([phone, projector], LOOKS[:2]) == [[], []]
