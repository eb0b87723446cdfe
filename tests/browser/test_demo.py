"""The demonstration's front door: one click makes one somebody, and leads where one wanted to go."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from members.models import Session
from mixportal.demo.world import build_world
from tests import template_database

pytestmark = pytest.mark.django_db(transaction=True)

PERSONAS = {persona.key: persona for persona in build_world().personas}


@pytest.fixture
def loaded(transactional_db):
    template_database.use_copy_of(template_database.demonstration())


def test_one_click_signs_in_as_each_persona_one_after_the_other(loaded, enter):
    page = enter()
    for key, persona in PERSONAS.items():
        page.goto("/demo/?next=/demo/")
        page.get_by_test_id(f"persona-{key}").click()
        page.wait_for_url("/demo/")
        expect(page.locator(".mast .who")).to_contain_text(persona.person.name if persona.person else "Sign in")
        expect(page.locator("li", has=page.get_by_test_id(f"persona-{key}"))).to_contain_text("This is you now.")


@pytest.mark.parametrize("script", [True, False])
def test_who_wanted_a_page_is_led_back_to_it(loaded, enter, script):
    page = enter(script=script)
    page.goto("/2026/priorities/ballot/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Whom do you want to be?")
    page.get_by_test_id("persona-member-a").click()
    page.wait_for_url("/2026/priorities/ballot/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rank the 2026 priorities")
    page.locator(".who > summary").click()
    page.locator(".who").get_by_role("button", name="Sign out").click()
    expect(page.locator(".who")).to_contain_text("Sign in")
    page.goto("/admin/editions/edition/")
    page.get_by_test_id("persona-curator").click()
    page.wait_for_url("/admin/editions/edition/")


def test_signed_out_while_ranking_nothing_is_lost_and_signing_in_in_a_new_tab_saves_it(loaded, enter):
    page = enter()
    page.goto("/demo/?next=/2026/priorities/ballot/")
    page.get_by_test_id("persona-member-a").click()
    page.wait_for_url("/2026/priorities/ballot/")
    page.get_by_role("link", name="Adjust order").click()
    ranked = page.locator(".rank.is-ranked")
    expect(ranked.first.locator(".rank-no")).to_be_visible()
    before = ranked.count()
    number = page.locator(f"#{page.locator('.rank:not(.is-ranked) .rank-no').first.get_attribute('id')}")
    Session.objects.all().delete()
    number.fill("1")
    number.blur()
    notice = page.get_by_test_id("signed-out")
    expect(notice).to_contain_text("Nothing that you typed is lost.")
    expect(page.locator("[data-save-word]")).to_have_text("Not saved")
    expect(number).to_have_value("1")
    with page.expect_popup() as opened:
        notice.get_by_role("link").click()
    opened.value.get_by_test_id("persona-member-a").click()
    expect(opened.value.locator(".mast .who")).to_contain_text(PERSONAS["member-a"].person.name)
    opened.value.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # headless tabs are never hidden
    expect(notice).to_have_count(0)
    expect(page.locator("[data-save-word]")).to_have_text("Saved, not yet cast")
    page.reload()
    expect(number).to_have_value("1")
    expect(ranked).to_have_count(before + 1)


def test_somebody_who_is_no_persona_is_refused_with_a_page(loaded, enter):
    page = enter()
    page.goto("/demo/")
    page.get_by_test_id("persona-leader-a").evaluate("button => button.value = 'nobody'")
    page.get_by_test_id("persona-leader-a").click()
    expect(page.get_by_test_id("errors")).to_have_text("There is no such persona. Choose one of these.")
