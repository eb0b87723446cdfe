"""Entering a ballot from outside with the keyboard alone, and the mails that this leads to, as axe sees both."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from members.models import Government
from mixportal.ballots.models import Ballot
from mixportal.mail.models import Mail
from tests.browser.test_pages import faults_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "mixportal.mail.files.FileBackend", tmp_path / "mail"
    return tmp_path / "mail"


def test_a_ballot_is_entered_by_keyboard_and_its_people_read_of_it(demonstration, enter, folder):
    government = Government.objects.seated().filter(ballots=None).first()
    Mail.objects.all().delete()
    page = enter(demonstration["curator"])
    page.goto("/admin/ballots/2026/")
    page.get_by_label("Government:").focus()
    page.keyboard.type(government.name)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Go on").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Cybersecurity:").focus()
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.get_by_label("Reason:").focus()
    page.keyboard.type("paper ballot of June 3")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("preview").get_by_role("listitem")).to_have_count(2)
    page.get_by_role("button", name=f"Cast it for {government}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Its people are told by mail.")).to_be_visible()
    assert Ballot.objects.cast().filter(government=government).exists()

    chosen = f"admin/ballots/2026/?kind=priorities&government={government.slug}"
    assert faults_of(page, "admin/ballots/2026/", chosen, "admin/ballots/2025/") == {}
    call_command("send_mail")
    name = next(folder.iterdir()).stem
    assert faults_of(page, "demo/mail/", f"demo/mail/{name}/") == {}
    page.goto(f"/demo/mail/{name}/html/")
    expect(page.get_by_text("Why: paper ballot of June 3")).to_be_visible()
