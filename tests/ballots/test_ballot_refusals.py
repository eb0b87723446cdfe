"""Refusals of the ballot page, which never lose what was typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from members.models import Government, User
from mixportal.ballots.models import Ballot, Placement
from mixportal.editions.models import Edition, Entry, Kind, database_now
from mixportal.results.publishing import publish
from tests.reading import fields, links, page, said, text, with_testid
from tests.worlds import closed, make_edition, open_edition, rank

URL = "/2030/priorities/ballot/"
FRAGMENT = {"HTTP_HX_REQUEST": "true"}
BALLOT_EVENTS = Ballot._meta.get_field("events").related_model


def nothing_was_written() -> bool:
    return not (Ballot.objects.exists() or Placement.objects.exists() or BALLOT_EVENTS.objects.exists())


@pytest.fixture
def stale(world, at_ballot):
    """Return a form of version 1, after another user has saved version 2."""
    rank(world.edition, world.member_a, "Cybersecurity", "Data", action="save")
    screen = at_ballot(world.member_a)
    rank(world.edition, world.delegate_a, "Data", "Cybersecurity", "Workforce", action="save")
    return screen.type(cybersecurity=1, data=2, governance=3)


@pytest.mark.parametrize("fragment", [False, True])
def test_a_delegates_stale_save_answers_409_and_keeps_both_orders(world, stale, fragment):
    before = Ballot.objects.values().get()
    answer = stale.press("save", fragment=fragment)
    assert answer.status_code == 409
    told = said(answer, "conflict")
    assert "Ines Marchetti saved version 2" in told
    assert "1 Cybersecurity (differs) 2 Data (differs) 3 Governance (differs)" in told
    assert "1 Data (differs) 2 Cybersecurity (differs) 3 Workforce (differs)" in told
    assert Ballot.objects.values().get() == before
    assert Ballot.objects.get().working == {"data": 1, "cybersecurity": 2, "workforce": 3}
    assert ("<html" in answer.content.decode()) is not fragment


def test_after_a_conflict_one_button_keeps_mine(world, stale):
    answer = stale.press("save")
    notice = with_testid(page(answer), "conflict")
    mine = next(notice.iter("form"))
    posted = stale.client.post(URL, fields(mine) | {"action": "save"})
    assert posted.status_code == 302
    ballot = Ballot.objects.get()
    assert ballot.working == {"cybersecurity": 1, "data": 2, "governance": 3}
    assert (ballot.version, ballot.updated_by) == (3, world.member_a)


def test_after_a_conflict_one_link_keeps_the_saved_one(world, stale):
    answer = stale.press("save")
    assert URL in links(with_testid(page(answer), "conflict"))
    stale.look()
    assert stale.order == ["data", "cybersecurity", "workforce"]
    assert stale.version == 2


def test_an_unknown_version_is_a_conflict(world, at_ballot):
    screen = at_ballot(world.member_a).type(data=1)
    screen.form["version"] = "77"
    answer = screen.press("save")
    assert answer.status_code == 409
    assert "Nothing is saved for Port Merrow County yet" in said(answer, "conflict")
    assert "1 Data" in said(answer, "conflict")
    assert nothing_was_written()


def test_a_third_save_during_the_choice_is_a_conflict_again(world, stale):
    mine = fields(next(with_testid(page(stale.press("save")), "conflict").iter("form")))
    rank(world.edition, world.delegate_a, "Social Media", action="save")
    answer = stale.client.post(URL, mine | {"action": "save"})
    assert answer.status_code == 409
    assert "Social Media" in said(answer, "conflict")
    assert Ballot.objects.get().working == {"social-media": 1}


def test_a_stale_cast_leaves_the_cast_ballot_as_it_was(world, at_ballot):
    rank(world.edition, world.member_a, "Data")
    screen = at_ballot(world.member_a)
    rank(world.edition, world.delegate_a, "Workforce")
    answer = screen.type(data=1, governance=2).press("cast")
    assert answer.status_code == 409
    assert "The ballot that is cast counts" in said(answer, "conflict")
    assert Ballot.objects.get().counted == {"workforce": 1}


def test_a_stale_withdrawal_withdraws_nothing(world, at_ballot):
    rank(world.edition, world.member_a, "Data")
    screen = at_ballot(world.member_a)
    rank(world.edition, world.delegate_a, "Workforce")
    assert screen.press("uncast").status_code == 409
    assert Ballot.objects.get().is_cast


def test_a_conflict_with_an_emptied_ballot_says_so(world, at_ballot):
    rank(world.edition, world.member_a, "Data", action="save")
    screen = at_ballot(world.member_a)
    rank(world.edition, world.delegate_a, action="save")
    answer = screen.type(data=2, workforce=1).press("save")
    assert answer.status_code == 409
    assert "Nothing ranked." in said(answer, "conflict")


@pytest.mark.parametrize("fragment", [False, True])
def test_a_save_after_the_close_answers_409_and_shows_what_was_lost(world, at_ballot, fragment):
    screen = at_ballot(world.member_a).type(data=2, workforce=1)
    world.edition.close_now()
    answer = screen.press("save", fragment=fragment)
    assert answer.status_code == 409
    told = said(answer, "closed")
    assert "Ballots closed on" in told
    assert "No ballot of yours had been cast" in told
    assert "Sent, not saved 1st Workforce 2nd Data" in told
    assert "Our ballot of 2030" in text(page(answer))
    assert "Closes" not in text(page(answer))
    assert nothing_was_written()


def test_a_change_after_the_close_is_told_that_the_cast_ballot_counts(world, at_ballot):
    rank(world.edition, world.member_a, "Data")
    screen = at_ballot(world.delegate_a).type(workforce=1, data=2)
    world.edition.close_now()
    answer = screen.press("cast")
    assert answer.status_code == 409
    assert "Your ballot counts as it was cast on" in said(answer, "closed")
    assert Ballot.objects.get().counted == {"data": 1}


def test_a_repeat_after_the_close_is_refused_like_any_save(world, at_ballot):
    """The window is checked first, so that no late save is confirmed."""
    screen = at_ballot(world.member_a).type(data=1)
    form = screen.form | {"action": "save"}
    screen.press("save")
    world.edition.close_now()
    assert screen.client.post(URL, form).status_code == 409


def test_a_published_editions_ballot_is_closed_too(world, at_ballot):
    screen = at_ballot(world.member_a).type(data=1)
    world.edition.close_now()
    publish(Edition.objects.get(year=2030))
    assert screen.press("save").status_code == 409
    assert nothing_was_written()


@pytest.mark.parametrize("opens", [None, timedelta(days=1)])
def test_a_ballot_is_not_open_before_its_time(world, at_ballot, opens):
    now = database_now()
    world.edition.close_now()
    make_edition(2031, opens_at=now + opens if opens else None, closes_at=now + 2 * opens if opens else None)
    url = "/2031/priorities/ballot/"
    screen = at_ballot(world.member_a, url)
    assert screen.answer.status_code == 200
    assert "Ballots are not open yet" in said(screen.answer, "closed")
    assert screen.form == {}
    answer = screen.client.post(url, {"version": "0", "rank-data": "1"})
    assert answer.status_code == 409
    assert "Ballots are not open yet" in said(answer, "closed")
    assert "1st Data" in said(answer, "closed")
    assert nothing_was_written()


def test_a_list_that_was_never_ranked_has_no_ballot(phases, sign_in):
    client = sign_in(phases.member_a)
    assert client.get("/2027/priorities/ballot/").status_code == 404
    assert client.post("/2027/priorities/ballot/", {"version": "0", "rank-data": "1"}).status_code == 404


def test_a_government_without_a_seat_has_no_ballot(world, at_ballot):
    screen = at_ballot(world.member_a).type(data=1)
    Government.objects.filter(pk=world.port.pk).update(seat=None)
    answer = screen.press("save")
    assert answer.status_code == 403
    assert "holds no seat" in said(answer, "closed")
    assert "1st Data" in said(answer, "closed")
    assert nothing_was_written()
    screen.look()
    assert "holds no seat" in said(screen.answer, "closed")
    assert screen.form == {}


@pytest.mark.parametrize("who", ["leader_a", "curator", "bare_staff", "former"])
def test_users_who_do_not_vote_can_neither_open_nor_post_a_ballot(world, sign_in, who):
    client = sign_in(getattr(world, who))
    assert client.get(URL).status_code == 404
    for headers in ({}, FRAGMENT):
        assert client.post(URL, {"version": "0", "rank-data": "1", "action": "cast"}, **headers).status_code == 404
    assert nothing_was_written()


BAD = [
    ("0", "not a whole number"),
    ("-1", "not a whole number"),
    ("1" + "0" * 30, "not a whole number"),
    ("first", "not a whole number"),
    ("1.5", "not a whole number"),
    ("１", "not a whole number"),
    ("1\x00", "not a whole number"),
    ("\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "not a whole number"),
    ("\u202e1", "not a whole number"),
    ("w" * 1_000_000, "not a whole number"),
    ("<script>alert(1)</script>", "not a whole number"),
    ('"><img src=x>', "not a whole number"),
]


@pytest.mark.parametrize(("value", "words"), BAD)
def test_a_wrong_number_returns_the_form_with_what_was_typed(world, at_ballot, value, words):
    screen = at_ballot(world.member_a).type(data=value, workforce=1)
    assert screen.press("save", fragment=True).status_code == 422
    answer = screen.type(data=value).press("save")
    assert answer.status_code == 422
    assert "Data: " in said(answer, "errors")
    assert words in said(answer, "errors")
    assert "1 thing to put right" in said(answer, "errors")
    assert screen.form["rank-data"] == value[:40].replace("\x00", "\ufffd").replace("\u202e", "\ufffd")
    assert screen.form["rank-workforce"] == "1"
    assert len([name for name in screen.form if name.startswith("rank-")]) == 8
    wrong = next(element for element in page(answer).iter("input") if element.get("name") == "rank-data")
    assert wrong.get("aria-invalid") == "true"
    assert any(element.get("id") == wrong.get("aria-describedby") for element in page(answer).iter())
    assert nothing_was_written()


def test_a_wrong_number_and_a_button_at_once_keep_each_entry_once(world, at_ballot):
    screen = at_ballot(world.member_a).type(data="abc", workforce=1, governance=2)
    for action in ("up:data", "top:governance", "drop:data"):
        answer = screen.press(action)
        assert answer.status_code == 422
        names = [element.get("name") for element in page(answer).iter("input")]
        assert sorted(name for name in names if name.startswith("rank-")) == sorted(
            name for name in screen.form if name.startswith("rank-")
        )
        assert (screen.form["rank-data"], screen.form["rank-workforce"], screen.form["rank-governance"]) == (
            "abc", "1", "2",
        )  # fmt: skip
        assert screen.form["chosen"] == action.partition(":")[2]


def test_corrected_numbers_are_then_saved(world, at_ballot):
    screen = at_ballot(world.member_a).type(data="first", workforce=2)
    screen.press("save")
    screen.type(data=1).press("save")
    assert Ballot.objects.get().working == {"data": 1, "workforce": 2}


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"rank-shadow-it": "1"}, "no entry “shadow-it”"),
        ({"rank-": "1"}, "no entry"),
        ({"rank-<b>": "1"}, "no entry “<b>”"),
        ({"rank-data\x00": "1"}, "no entry"),
        ({"action": "delete"}, "button"),
        ({"action": "up:shadow-it"}, "button"),
        ({"action": ["save", "\x00"]}, "button"),
        ({"version": ""}, "version"),
        ({"version": "1" + "0" * 30}, "version"),
        ({"version": "\x00"}, "version"),
        ({"rank-data": ["1", "2"]}, "twice"),
    ],
)
def test_a_form_that_does_not_fit_this_ballot_is_refused_and_shown_again(world, at_ballot, extra, words):
    screen = at_ballot(world.member_a).type(workforce=1)
    answer = screen.client.post(URL, screen.form | extra)
    assert answer.status_code == 422
    assert words in said(answer, "errors")
    screen._read(answer)
    assert screen.form["rank-workforce"] == "1"
    assert nothing_was_written()


def test_a_ballot_of_another_years_list_is_refused(world, at_ballot):
    edition = make_edition(2031)
    broadband = Entry(title="Broadband", slug="broadband", description="Fibre.", position=9)
    edition.list_of(Kind.PRIORITIES).add_entries([broadband])
    closed(open_edition(edition))
    screen = at_ballot(world.member_a)
    answer = screen.client.post(URL, {"version": "0", "rank-data": "1", "rank-broadband": "2"})
    assert answer.status_code == 422
    assert "no entry “broadband”" in said(answer, "errors")
    assert nothing_was_written()


def test_a_form_of_2000_fields_is_refused_as_malformed(world, sign_in):
    form = {"version": "0"} | {f"rank-{number}": "1" for number in range(2000)}
    answer = sign_in(world.member_a).post(URL, form)
    assert answer.status_code == 400
    assert "That request could not be read" in text(page(answer))
    assert nothing_was_written()


def test_a_form_of_900_unknown_fields_is_refused_in_one_sentence(world, sign_in):
    form = {"version": "0"} | {f"rank-{number}": "1" for number in range(900)}
    answer = sign_in(world.member_a).post(URL, form)
    assert answer.status_code == 422
    assert "1 thing to put right" in said(answer, "errors")


def test_a_form_of_three_megabytes_is_too_much(world, sign_in):
    answer = sign_in(world.member_a).post(
        URL, "version=0&rank-data=" + "9" * 3_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert "2 megabytes" in text(page(answer))
    assert nothing_was_written()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"version=0", "multipart/form-data"),
        (b'{"version": 0, "rank-data": "\\ud800"}', "application/json"),
        (b"\xff\xfe\x00=%00%ff&version=%ff", "application/x-www-form-urlencoded"),
        (b"version=0;rank-data=1", "text/plain"),
        (b"", "application/x-www-form-urlencoded"),
        (b"version=0&rank-data=%ED%A0%80", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_not_a_form_is_refused(world, sign_in, body, content_type):
    client = sign_in(world.member_a)
    answer = client.generic("POST", URL, body, content_type=content_type)
    assert answer.status_code in (400, 422)
    assert nothing_was_written()


def test_a_session_cookie_of_control_characters_is_a_visitors(world):
    client = Client(raise_request_exception=False)
    client.cookies.load('sessionid="\\000\\001abcdefghijklmnop"')
    assert client.get(URL).status_code == 302


def test_a_form_without_its_token_is_refused_and_writes_nothing(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.member_a)
    answer = client.post(URL, {"version": "0", "rank-data": "1"})
    assert answer.status_code == 403
    assert "This page is out of date" in text(page(answer))
    assert nothing_was_written()


def test_a_second_ballot_page_of_the_same_person_conflicts_with_the_first(world, at_ballot):
    one, two = at_ballot(world.member_a), at_ballot(world.member_a)
    one.type(data=1).press("save")
    assert two.type(workforce=1).press("save").status_code == 409


def test_a_voter_whose_government_changes_cannot_save_the_old_ballot(world, sign_in, at_ballot):
    screen = at_ballot(world.delegate_a).type(data=1)
    screen.press("save")
    User.objects.filter(pk=world.delegate_a.pk).update(government=world.halloran)
    answer = screen.type(workforce=2).press("save")
    assert answer.status_code == 409
    assert "your government has changed" in said(answer, "other-author")
    assert not Ballot.objects.filter(government=world.halloran).exists()
    assert Ballot.objects.get(government=world.port).working == {"data": 1}
