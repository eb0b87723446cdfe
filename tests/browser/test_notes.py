"""Writing in a real browser: nothing that is typed is lost, and no fragment replaces what somebody is typing in."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from mixportal.notes.models import Note
from tests.worlds import closed, entry_of, make_edition

pytestmark = pytest.mark.django_db(transaction=True)

ENTRY = "/2030/priorities/data/"


def test_a_draft_outlives_a_reload_and_a_lost_session_and_other_forms_stay(world, enter, session_of):
    question = Note.write(entry=entry_of(), user=world.member_b, kind="question", body="Who has?", audience="members")
    page = enter(session_of(world.member_a))
    page.goto(ENTRY)
    write, answer = page.locator("#form-write-data"), page.locator(f"#form-answer-{question.pk}")
    compose = page.get_by_text("Ask a question or share what worked")
    compose.click()
    write.get_by_label("Your words").fill("Typed and not yet posted.")
    expect(write.locator("[data-count]")).to_have_text("; 25 so far")
    page.reload()
    expect(write.get_by_label("Your words")).to_be_visible()
    expect(write.get_by_label("Your words")).to_have_value("Typed and not yet posted.")

    page.get_by_role("link", name="Answer Halloran County").click()
    answer.get_by_label("Your answer").fill("We **have**.")
    answer.get_by_role("button", name="Answer").click()
    expect(page.locator(".replies").get_by_text("We have.")).to_be_visible()
    expect(answer).to_have_count(0)
    expect(write.get_by_label("Your words")).to_have_value("Typed and not yet posted.")

    world.member_a.sessions.all().delete()
    write.get_by_role("button", name="Post").click()
    expect(write.get_by_test_id("signed-out")).to_be_visible()
    expect(write.get_by_label("Your words")).to_have_value("Typed and not yet posted.")
    page.context.add_cookies([{"name": "sessionid", "value": session_of(world.member_b), "url": page.url}])
    write.get_by_role("button", name="Post").click()
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_test_id("other-author")).to_contain_text("Ben Nakamura is signed in now")
    page.context.add_cookies([{"name": "sessionid", "value": session_of(world.member_a), "url": page.url}])
    expect(page.locator("#post-count")).to_have_text("2")
    write.get_by_role("button", name="Post").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("#post-count")).to_have_text("3")
    expect(page.locator("#dialogue").get_by_text("Typed and not yet posted.")).to_be_visible()
    expect(compose).to_be_visible()
    expect(write.get_by_label("Your words")).to_have_value("")
    page.reload()
    expect(write.get_by_label("Your words")).to_have_value("")


def test_a_pasted_list_is_back_after_the_session_ended_and_the_curator_signed_in_again(world, enter, session_of):
    address = reverse("admin:editions_edition_list", args=[make_edition(2031).pk])
    page = enter(session_of(world.curator))
    page.goto(address)
    page.get_by_label("Paste it here").fill("Priorities\n- Data – What data means.\n")
    world.curator.sessions.all().delete()
    page.get_by_role("button", name="Show what it would do").click()
    page.wait_for_url("**next=**")
    page.context.add_cookies([{"name": "sessionid", "value": session_of(world.curator), "url": urljoin(page.url, "/")}])
    page.goto(f"{address}?preview=")
    expect(page.get_by_label("Paste it here")).to_have_value("Priorities\n- Data – What data means.\n")
    expect(page.get_by_test_id("lost-preview")).to_have_count(0)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_test_id("change").first).to_be_visible()
    page.goto(address)
    expect(page.get_by_label("Paste it here")).to_have_value("")


@pytest.mark.parametrize(
    ("address", "longest"),
    [
        ("/2031/proposals/", 2_000),
        ("/2030/priorities/data/investment/", 800),
        ("/admin/editions/edition/{}/desk/do/again/", 2_000),
    ],
)
def test_a_pasted_text_is_kept_whole_and_counted(world, enter, session_of, address, longest):
    make_edition(2031)
    page = enter(session_of(world.curator if "admin" in address else world.member_a))
    if "admin" in address:
        closed(world.edition)
    page.goto(address.format(world.edition.pk))
    for field in page.locator("textarea").all():
        field.fill("x" * (longest + 2_001))
        expect(field).to_have_value("x" * (longest + 2_001))
    said = re.compile(f"At most {longest:,} characters; {longest + 2_001:,} so far")
    for hint in page.locator("[data-count]").all():
        expect(hint.locator("xpath=..")).to_have_text(said)


@pytest.mark.parametrize("what", ["editions_edition_list", "members_government_import"])
def test_a_paste_that_is_written_is_not_offered_again_by_back(world, enter, session_of, what):
    address = reverse(f"admin:{what}", args=[make_edition(2031).pk] if what == "editions_edition_list" else [])
    page = enter(session_of(world.curator))
    page.goto(address)
    pasted = "name,kind,state\nOak,city,TX\n" if "government" in what else "Priorities\n- Data – What data means.\n"
    page.get_by_label("Paste it here").fill(pasted)
    page.get_by_role("button", name="Show what it would do").click()
    page.get_by_role("button", name="Write it so").click()
    page.wait_for_url(lambda url: "preview=" not in url)
    page.go_back()
    expect(page.get_by_test_id("written-preview")).to_be_visible()
    expect(page.get_by_label("Paste it here")).to_have_value("")
    expect(page.get_by_text("Your text is back")).to_have_count(0)
    page.goto(f"{address}?preview=gone")
    expect(page.get_by_label("Paste it here")).to_have_value("")


def test_results_arrive_while_one_types(world, enter, session_of):
    for words in ("Radio towers.", "Budget hearings."):
        Note.write(entry=entry_of(), user=world.member_b, kind="note", body=words, audience="members")
    page = enter(session_of(world.member_a))
    page.goto("/search/")
    expect(page.get_by_test_id("result")).to_have_count(2)
    page.get_by_label("Words").press_sequentially("budg")
    expect(page.get_by_test_id("result")).to_have_count(1)
    expect(page.locator("mark")).to_have_text("Budget")
    expect(page.get_by_role("status")).to_contain_text("1 of 2 notes")
    expect(page).to_have_url(re.compile(r"/search/\?q=budg$"))
