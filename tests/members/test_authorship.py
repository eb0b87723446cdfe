"""A form that was made for one person saves nothing in the name of another."""

from __future__ import annotations

import pytest
from django.test import Client

from members.authorship import FIELD, signed_author
from members.models import User
from mixportal.ballots.models import Ballot
from tests.reading import fields, page, said, text
from tests.test_safe_requests import tables
from tests.worlds import rank

BALLOT = "/2030/priorities/ballot/"


def form_at(client: Client, path: str, action: str | None = None) -> dict[str, str]:
    """Return the fields of the page's form that posts to `action`, tokens included."""
    forms = [form for form in page(client.get(path)).iter("form") if form.get("action") == (action or path)]
    return fields(forms[0])


@pytest.fixture
def browser():
    """A browser that one person after the other signs in to."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def rosas_form(world, browser):
    """Return the fields of Rosa's page after Ben signs in in another tab. Both have a ballot of version 1."""
    for voter in (world.member_a, world.member_b):
        rank(world.edition, voter, "Data", "Workforce")
    browser.force_login(world.member_a)
    form = form_at(browser, BALLOT) | {"rank-cybersecurity": "1", "action": "save"}
    browser.force_login(world.member_b)
    browser.get(BALLOT)
    return form


def test_a_save_from_a_page_of_the_same_person_is_saved(world, browser):
    browser.force_login(world.member_a)
    form = form_at(browser, BALLOT) | {"rank-data": "1", "action": "save"}
    assert browser.post(BALLOT, form).status_code == 302
    assert Ballot.objects.get().working == {"data": 1}


def test_a_save_from_another_persons_page_is_refused_and_keeps_what_was_typed(browser, rosas_form):
    before = tables()
    answer = browser.post(BALLOT, rosas_form)
    assert answer.status_code == 409
    assert "no-store" in answer["Cache-Control"]
    assert "Ben Nakamura is signed in now" in said(answer, "other-author")
    assert "Rank cybersecurity 1" in text(page(answer))
    assert tables() == before


def test_a_script_with_the_newest_token_is_refused_and_the_form_stays_on_the_page(browser, rosas_form):
    form = rosas_form | {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    before = tables()
    answer = browser.post(BALLOT, form, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (409, "#notices", "innerHTML")
    assert answer.content.decode().strip().startswith('<div class="notice"')
    assert tables() == before


def test_a_form_of_the_same_person_from_an_older_session_can_be_sent_again(world, browser):
    rank(world.edition, world.member_a, "Data", "Workforce")
    browser.force_login(world.member_a)
    form = form_at(browser, BALLOT) | {"rank-data": "2", "rank-workforce": "1", "action": "save"}
    browser.logout()
    browser.cookies.clear()
    browser.force_login(world.member_a)
    browser.get(BALLOT)
    answer = browser.post(BALLOT, form)
    assert answer.status_code == 403
    again = next(each for each in page(answer).iter("form") if each.get("action") == BALLOT)
    assert browser.post(BALLOT, fields(again)).status_code == 302
    assert Ballot.objects.get().working == {"workforce": 1, "data": 2}


def test_a_signed_out_person_is_shown_what_they_sent_and_no_button(world, browser):
    browser.force_login(world.member_a)
    form = form_at(browser, BALLOT) | {"rank-data": "7", "action": "save"}
    browser.logout()
    browser.cookies.clear()
    answer = browser.post(BALLOT, form)
    assert answer.status_code == 403
    assert "Rank data 7" in text(page(answer))
    assert not [each for each in page(answer).iter("form") if each.get("action") == BALLOT]
    assert not {"action", "version", "view"} & {text(cell) for cell in page(answer).iter("th")}
    assert [link for link in page(answer).iter("a") if link.get("href", "").endswith(f"?next={BALLOT}")]


def test_a_page_from_before_a_move_to_another_government_is_refused(world, browser):
    browser.force_login(world.delegate_a)
    form = form_at(browser, BALLOT) | {"rank-data": "1", "action": "cast"}
    User.objects.filter(pk=world.delegate_a.pk).update(government=world.halloran)
    before = tables()
    answer = browser.post(BALLOT, form)
    assert answer.status_code == 409
    assert "your government has changed" in said(answer, "other-author")
    assert tables() == before


@pytest.mark.parametrize("value", ["", "x", "[1,2]", "WzEsMl0:abc", "\x00", "é" * 9999])
def test_an_altered_value_is_refused_and_never_breaks(world, sign_in, value):
    client = sign_in(world.member_a)
    before = tables()
    answer = client.post(BALLOT, {"version": "0", "rank-data": "1", "action": "save", FIELD: value})
    assert answer.status_code == 409
    assert tables() == before


def test_a_value_signed_for_another_purpose_is_refused(world, sign_in):
    from_elsewhere = signed_author(world.member_a).replace(":", ":x", 1)
    posted = {"version": "0", "rank-data": "1", "action": "save", FIELD: from_elsewhere}
    assert sign_in(world.member_a).post(BALLOT, posted).status_code == 409


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("member_a", BALLOT),
        ("member_a", "/2030/priorities/data/"),
        ("member_a", "/2030/priorities/data/investment/"),
        ("member_a", "/2030/hindrances/"),
        ("member_a", "/profile/"),
        ("member_a", "/governments/port-merrow-county/shares/"),
        ("member_a", "/governments/port-merrow-county/people/"),
        ("member_a", "/account/sessions/"),
        ("curator", "/admin/editions/edition/add/"),
        ("curator", "/admin/"),
    ],
)
def test_every_form_that_writes_says_for_whom_it_was_made(world, sign_in, who, path):
    user = getattr(world, who)
    answer = sign_in(user).get(path)
    forms = [form for form in page(answer).iter("form") if form.get("method") == "post"]
    assert answer.status_code == 200
    assert forms
    assert {fields(form).get(FIELD) for form in forms} == {signed_author(user)}


def test_a_request_without_the_field_passes(world, sign_in):
    answer = sign_in(world.member_a).post(BALLOT, {"version": "0", "rank-data": "1", "action": "save"})
    assert answer.status_code == 302


def test_a_post_of_a_visitor_with_the_field_asks_to_sign_in(world):
    answer = Client().post(BALLOT, {"version": "0", FIELD: signed_author(world.member_a)})
    assert answer.status_code == 302
    assert "next=" in answer["Location"]
