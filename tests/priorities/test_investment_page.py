"""The page on which a government says what it does."""

from __future__ import annotations

import pytest

from mixportal.results.publishing import publish
from priorities.models import Investment
from tests.priorities.conftest import FORM, priority, tell
from tests.reading import fields, page
from tests.test_queries import asked
from tests.worlds import make_edition, open_edition, published

URL = "/2030/priorities/data/investment/"
FRAGMENT = {"HTTP_HX_REQUEST": "true"}


def test_a_member_says_what_is_done_and_finds_it_on_the_entry(world, sign_in):
    client = sign_in(world.member_a)
    told = {"summary": " A catalog,\r\n\r\nowner by  owner. ", "staff": "1.5", "from_year": "2029", "cost": "to_100k"}
    answer = client.post(URL, {**FORM, **told, "version": 0})
    assert (answer.status_code, answer["Location"]) == (302, "/2030/priorities/data/#investments")
    stored = Investment.objects.get()
    assert (stored.summary, stored.years, stored.government) == ("A catalog, owner by owner.", "since 2029", world.port)
    body = client.get("/2030/priorities/data/").content.decode()
    assert "A catalog, owner by owner." in body
    assert "Under $100,000 · staff: 1.5 · since 2029" in body
    assert "Change what we do" in " ".join(body.split())


def test_the_page_says_what_the_priority_is_in_one_line(world, sign_in):
    assert '<p class="deck">Data in plain words.</p>' in sign_in(world.member_a).get(URL).content.decode()


WRONG = [
    ({"status": ""}, "Choose where it stands."),
    ({"status": "dreamt"}, "Select a valid choice"),
    ({"audience": ""}, "This field is required"),
    ({"staff": "-1"}, "Give 0 or more."),
    ({"staff": "NaN"}, "Staff: Enter a number."),
    ({"staff": "123456.7"}, "no more than"),
    ({"from_year": "12"}, "First year: Give a year from 1966 to 2200."),
    ({"from_year": "2031", "to_year": "2030"}, "comes before the first"),
    ({"to_year": "9" * 40}, "Give a year from 1966 to 2200."),
    ({"summary": "x" * 801}, "at most 800"),
    ({"summary": "a\x00b"}, "Null characters"),
    ({"version": ""}, "which version"),
    ({"version": "-1"}, "which version"),
    ({"version": "9" * 30}, "which version"),
    ({"version": "", "action": "remove"}, "which version"),
]


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_what_makes_no_sense_is_refused_with_everything_typed(world, sign_in, headers):
    client = sign_in(world.member_a)
    for wrong, words in WRONG:
        form = {**FORM, "summary": "Typed at length.", "version": 0, **wrong}
        answer = client.post(URL, form, **headers)
        body = answer.content.decode()
        assert answer.status_code == 422
        assert words in body
        assert 'data-testid="errors"' in body
        assert "summary" in wrong or "Typed at length." in body
    assert not Investment.objects.exists()


def test_a_stale_form_is_shown_both_and_may_be_put_in_the_others_place(world, sign_in):
    tell(world.delegate_a, priority(world.edition, "Data"), status="in_place", summary="Theirs stands.")
    client = sign_in(world.member_a)
    answer = client.post(URL, {**FORM, "summary": "Mine waits.", "version": 0})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-testid="conflict"' in body
    assert "Theirs stands." in body
    assert "Mine waits." in body
    assert 'name="version" value="1"' in body
    assert client.post(URL, {**FORM, "summary": "Mine waits.", "version": 1}).status_code == 302
    assert Investment.objects.get().summary == "Mine waits."


def test_it_is_removed_only_as_it_was_seen(world, sign_in):
    tell(world.member_a, priority(world.edition, "Data"))
    client = sign_in(world.delegate_a)
    assert client.post(URL, {"action": "remove", "version": 0}).status_code == 409
    assert client.post(URL, {"action": "remove", "version": 1}).status_code == 302
    assert not Investment.objects.filter(withdrawn_at=None).exists()
    assert client.post(URL, {"action": "remove", "version": 1}).status_code == 302  # a retry after a lost reply


def test_a_fragment_says_that_it_is_saved_and_carries_the_new_version(world, sign_in):
    answer = sign_in(world.member_a).post(URL, {**FORM, "version": 0}, **FRAGMENT)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in body
    assert 'data-testid="save-state"' in body
    assert 'name="version" value="1"' in body


def test_last_years_answer_is_offered_and_not_saved_by_looking(world, sign_in):
    earlier = open_edition(make_edition(2029))
    tell(world.member_a, priority(earlier, "Data"), summary="A catalog.", audience="government")
    published(earlier)
    priority(earlier, "Data").line.join(priority(world.edition, "Data").line, reason="The same.")
    answer = sign_in(world.delegate_a).get(URL)
    body = answer.content.decode()
    assert "2029: under way" in body
    assert "A catalog." in body
    assert fields(page(answer))["audience"] == "government"
    assert "A catalog." not in sign_in(world.member_b).get(URL).content.decode()
    assert Investment.objects.count() == 1


def test_what_was_told_of_a_past_list_is_read_and_not_changed(phases, sign_in):
    url = "/2028/priorities/data/investment/"
    tell(phases.member_a, priority(phases.published, "Data"), summary="As told then.")
    publish(phases.closed)
    client = sign_in(phases.member_a)
    shown = client.get(url).content.decode()
    assert "As told then." in shown
    assert "<textarea" not in shown
    late = client.post(url, {**FORM, "summary": "Too late.", "version": 1})
    assert late.status_code == 409
    assert "Too late." in late.content.decode()
    assert "Say what we do" not in client.get("/2028/priorities/governance/").content.decode()


def test_without_a_seat_there_is_no_form_and_nothing_is_saved(world, sign_in):
    type(world.port).objects.filter(pk=world.port.pk).update(seat=None)
    client = sign_in(world.member_a)
    assert "holds no seat" in client.get(URL).content.decode()
    answer = client.post(URL, {**FORM, "summary": "Kept for copying.", "version": 0})
    assert answer.status_code == 403
    assert "Kept for copying." in answer.content.decode()


def test_an_entry_that_is_not_there_has_no_page(world, sign_in):
    assert sign_in(world.member_a).get("/2030/priorities/nothing/investment/").status_code == 404
    assert sign_in(world.member_a).get("/2030/challenges/shadow-it/investment/").status_code == 404


def test_the_page_asks_as_often_before_and_after_something_is_told(world, sign_in):
    client = sign_in(world.member_a)
    before = asked(client, URL)
    tell(world.member_a, priority(world.edition, "Data"))
    assert asked(client, URL) == before - 1  # nothing of last year is looked for
    assert before == 6
