"""Signing in with a browser: by mailed code with script off, by passkey, and by app; nothing that axe objects to."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.ballot import eventually
from tests.members.signing import code_in, digits, give_app

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "Rosa Delgado"


@pytest.fixture
def at_localhost(portal):
    """Passkeys work on https, and on http under this one name."""
    return f"http://localhost:{urlsplit(portal).port}"


def hold_passkeys(page: Page) -> None:
    """Gives the browser a device that keeps passkeys and recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def ask_for_code(page: Page, address: str) -> None:
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Mail me a code").click()
    expect(page.get_by_label("Code")).to_be_visible()


def sign_in(page: Page, address: str = "rosa@port.example") -> None:
    """Types the address and then the code of the message that came."""
    before = len(mail.outbox)
    ask_for_code(page, address)
    eventually(page, lambda: len(mail.outbox), before + 1)
    page.get_by_label("Code").fill(code_in(mail.outbox[-1]))
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    page.locator(".who > summary").click()
    page.locator(".who").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_mailed_code_signs_in_and_leads_to_where_one_was_going(world, enter, script):
    page = enter(script=script)
    page.goto("/account/login/?next=/2030/priorities/ballot/")
    if script:
        assert faults(page) == []
    sign_in(page)
    page.wait_for_url("/2030/priorities/ballot/")
    expect(page.get_by_text(NAME).first).to_be_visible()


def test_the_page_for_the_code_has_no_fault_with_an_error_on_it_either(world, enter):
    page = enter()
    page.goto("/account/login/")
    ask_for_code(page, "rosa@port.example")
    assert faults(page) == []
    page.get_by_label("Code").fill("BCDF-GHJK")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("errors")).to_contain_text("That is not the code")
    assert faults(page) == []


def test_a_passkey_is_added_signs_in_and_is_removed(world, enter, at_localhost):
    page = enter()
    hold_passkeys(page)
    page.goto(f"{at_localhost}/account/login/?next=/account/")
    sign_in(page)
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_label("Name")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Name").fill("Rosa’s laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.get_by_test_id("code")).to_have_count(10)
    assert faults(page) == []
    page.get_by_role("link", name="I have saved them").click()
    expect(page.get_by_test_id("passkeys")).to_contain_text("Rosa’s laptop")
    assert faults(page) == []
    sign_out(page)

    page.goto(f"{at_localhost}/account/login/?next=/account/sessions/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{at_localhost}/account/sessions/")
    expect(page.get_by_test_id("session")).to_contain_text("Chrome on")
    assert faults(page) == []

    page.goto(f"{at_localhost}/account/")
    page.get_by_role("link", name="Remove Rosa’s laptop").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Remove “Rosa’s laptop”?")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_test_id("message")).to_contain_text("The passkey is removed.")
    expect(page.get_by_test_id("passkeys").get_by_role("row")).to_have_count(0)
    assert [message.subject for message in mail.outbox[1:]] == [
        "A passkey was added to your account",
        "A passkey was removed from your account",
    ]


def test_a_passkey_is_the_second_factor_after_a_mailed_code(world, enter, at_localhost):
    page = enter()
    hold_passkeys(page)
    page.goto(f"{at_localhost}/account/login/?next=/account/passkeys/add/")
    sign_in(page)
    page.get_by_role("button", name="Add a passkey").click()
    with page.expect_navigation():
        page.get_by_role("link", name="I have saved them").click()
    sign_out(page)
    page.goto(f"{at_localhost}/account/login/?next=/about/")
    sign_in(page)
    expect(page.get_by_role("heading", name="One more proof")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{at_localhost}/about/")
    expect(page.get_by_text(NAME).first).to_be_visible()


def test_without_a_passkey_on_the_device_the_page_says_so(world, enter, at_localhost):
    page = enter()
    page.goto(f"{at_localhost}/account/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was used")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_with_script_off_only_the_passkey_is_missing_and_the_page_says_so(world, enter):
    page = enter(script=False)
    page.goto("/account/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.get_by_text("A passkey needs JavaScript")).to_be_visible()


def test_an_app_is_set_up_and_asked_for_with_script_off(world, enter):
    page = enter(script=False)
    page.goto("/account/login/?next=/account/app/")
    sign_in(page)
    secret = page.get_by_test_id("key").inner_text()
    page.get_by_label("Six digits").fill(digits(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_test_id("code")).to_have_count(10)
    sign_out(page)
    page.goto("/account/login/?next=/account/")
    sign_in(page)
    page.get_by_label("Code").fill(digits(secret, 1))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("app")).to_contain_text("Set up on")


def test_the_pages_on_the_app_have_no_fault(world, enter, session_of):
    page = enter(session_of(world.member_a))
    page.goto("/account/app/")
    assert faults(page) == []
    give_app(world.member_a)
    page.goto("/account/recovery-codes/")
    assert faults(page) == []
    page.goto("/account/")
    assert faults(page) == []
