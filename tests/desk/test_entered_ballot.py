"""Curators enter a government's paper or phone ballot."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from members.models import User
from mixportal.ballots.models import Ballot
from mixportal.editions.models import Edition
from mixportal.mail.models import Mail
from mixportal.results.models import Tally
from mixportal.results.publishing import publish
from tests.reading import fields, page, said, text
from tests.worlds import PRIORITIES, closed, make_edition, rank, seat_governments

URL = "/admin/ballots/2030/"
CHOSEN = {"kind": "priorities", "government": "port-merrow-county"}
FORM = {**CHOSEN, "reason": "paper ballot of June 3", "rank-data": "4", "rank-workforce": "1", "rank-governance": "4"}


def test_a_ballot_is_chosen_typed_looked_at_and_cast(world, curator):
    choice = text(page(curator.get(URL)))
    assert "Port Merrow County, NC" in choice
    assert "Enter a ballot of 2030" in choice
    form = curator.get(URL, CHOSEN)
    assert form.content.decode().count('name="rank-') == len(PRIORITIES)
    preview = curator.post(URL, FORM | {"action": "preview"})
    assert preview.status_code == 200
    assert said(preview, "preview") == "1st Workforce joint 2nd Data joint 2nd Governance"
    assert "Not ranked, so below all of these: Cybersecurity" in text(page(preview))
    assert said(preview, "no-undo").startswith("You cannot undo this.")
    assert not Ballot.objects.exists()
    done = curator.post(URL, FORM | {"action": "enter"})
    assert (done.status_code, done["Location"]) == (302, URL)
    assert "The ballot of priorities of Port Merrow County is cast." in text(page(curator.get(URL)))
    ballot = Ballot.objects.with_placements().get()
    assert ballot.counted == {"workforce": 1, "data": 2, "governance": 2}
    assert (ballot.entered_by, ballot.entered_reason) == (world.curator, "paper ballot of June 3")
    assert {mail.to for mail in Mail.objects.all()} == {"rosa@port.example", "ines@port.example"}


def test_entering_it_twice_changes_nothing(curator):
    for _ in range(2):
        curator.post(URL, FORM | {"action": "enter"})
    assert "Nothing changed" in text(page(curator.get(URL)))
    assert Ballot.objects.get().version == 1


def test_what_is_wrong_is_said_and_everything_typed_stays(curator):
    answer = curator.post(URL, FORM | {"rank-data": "fourth", "reason": "", "action": "enter"})
    assert answer.status_code == 422
    told = text(page(answer))
    assert "“fourth” is not a whole number" in told
    assert "Say where it comes from" in told
    assert 'value="fourth"' in answer.content.decode()
    assert fields(page(answer))["rank-workforce"] == "1"
    nothing = curator.post(URL, {**CHOSEN, "reason": "paper", "action": "preview"})
    assert nothing.status_code == 422
    assert "Nothing is ranked yet" in text(page(nothing))
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("action", ["preview", "enter", "edit"])
def test_a_place_past_the_last_entry_is_refused_and_everything_typed_stays(curator, action):
    past = str(len(PRIORITIES) + 1)
    answer = curator.post(URL, FORM | {"rank-data": past, "action": action})
    assert answer.status_code == 422
    assert f"There is no place {past}: this list has {len(PRIORITIES)} entries" in text(page(answer))
    typed = fields(page(answer))
    assert [typed[name] for name in ("rank-data", "rank-workforce", "reason")] == [past, "1", FORM["reason"]]
    assert not Ballot.objects.exists()
    assert curator.post(URL, FORM | {"rank-data": str(len(PRIORITIES)), "action": action}).status_code != 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"government": "atlantis"},
        {"government": "a\x00b"},
        {"kind": "nonsense"},
        {"kind": ""},
        {"rank-atlantis": "1"},
        {"reason": "x" * 201},
        {"reason": "\x00"},
        {"rank-data": "9" * 5000},
    ],
)
def test_bad_input_is_refused_with_the_form(curator, wrong):
    answer = curator.post(URL, FORM | wrong | {"action": "enter"})
    assert answer.status_code == 422
    assert not Ballot.objects.exists()


def test_changing_the_mind_leads_back_with_all_that_was_typed(curator):
    answer = curator.post(URL, FORM | {"action": "edit"})
    assert answer.status_code == 200
    assert fields(page(answer))["rank-data"] == "4"


def test_no_ballot_is_entered_over_one_that_the_government_cast_itself(world, curator):
    rank(world.edition, world.member_a, "Data")
    asked = curator.get(URL, CHOSEN)
    answers = [curator.post(URL, FORM | {"action": action}) for action in ("preview", "enter", "edit")]
    assert [answer.status_code for answer in (asked, *answers)] == [200, 409, 409, 409]
    for answer in (asked, *answers):
        assert b'data-testid="already-cast"' in answer.content
        assert "rank-data" not in fields(page(answer))
    assert Ballot.objects.get().cast_by == world.member_a


def test_the_page_shows_only_what_is_typed_whatever_the_government_has_stored(world, curator):
    """Ballots are sealed, so the inputs start empty and the page does not depend on the stored order."""

    def looks() -> list[str]:
        answers = [curator.get(URL), curator.get(URL, CHOSEN), curator.post(URL, FORM | {"action": "edit"})]
        return [answer.content.decode().partition("<form")[2].replace(token(answer), "") for answer in answers]

    def token(answer) -> str:
        return answer.content.decode().partition('csrfmiddlewaretoken" value="')[2].partition('"')[0] or "none"

    def without_tokens() -> list[str]:
        import re

        return [re.sub(r'csrfmiddlewaretoken" value="[^"]*', "", look) for look in looks()]

    before = without_tokens()
    rank(world.edition, world.member_a, *PRIORITIES, action="save")
    assert without_tokens() == before  # not even that something is saved
    rank(world.edition, world.member_a, *PRIORITIES)
    cast = without_tokens()
    assert cast != before  # turnout: none can be entered any more
    rank(world.edition, world.delegate_a, *PRIORITIES[::-1])
    assert without_tokens() == cast


@pytest.mark.parametrize("who", ["member_a", "leader_a", "former", "bare_staff", "gone_curator", None])
def test_nobody_but_curators_who_may_change_editions_gets_there(world, sign_in, who):
    client = sign_in(getattr(world, who) if who else None)
    refused = 403 if who == "bare_staff" else 302
    assert client.get(URL).status_code == refused
    assert client.post(URL, FORM | {"action": "enter"}).status_code == refused
    assert not Ballot.objects.exists()


def test_a_curator_needs_the_permission_and_no_more(world, sign_in):
    world.bare_staff.user_permissions.add(Permission.objects.get(codename="change_edition"))
    client = sign_in(User.objects.get(pk=world.bare_staff.pk))
    assert client.post(URL, FORM | {"action": "enter"}).status_code == 302
    assert Ballot.objects.get().cast_by == world.bare_staff


def test_the_form_wants_its_token(world):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(world.curator)
    assert client.post(URL, FORM | {"action": "enter"}).status_code == 403


def test_a_closed_a_drafted_and_an_unknown_edition_take_none(world, curator):
    make_edition(2031)
    assert "The ballots of 2031 are not open" in said(curator.get("/admin/ballots/2031/"), "closed")
    assert curator.get("/admin/ballots/2099/").status_code == 404
    closed(world.edition)
    answer = curator.post(URL, FORM | {"action": "enter"})
    assert answer.status_code == 409
    assert "The ballots of 2030 are not open" in said(answer, "closed")
    assert not Ballot.objects.exists()


def test_a_government_without_a_seat_cannot_be_chosen(world, curator):
    world.port.seat = None
    world.port.save()
    assert "Port Merrow" not in text(page(curator.get(URL)))
    assert curator.post(URL, FORM | {"action": "enter"}).status_code == 422


def test_the_page_asks_at_most_twelve_times_and_no_oftener_with_more_governments(world, curator):
    def asked() -> list[int]:
        counts = []
        for data in ({}, CHOSEN):
            with CaptureQueriesContext(connection) as queries:
                assert curator.get(URL, data).status_code == 200
            counts.append(len(queries))
        return counts

    asked()  # a first request notes that somebody was here
    before = asked()
    assert max(before) <= 12
    seat_governments(20)
    assert asked() == before


def test_the_database_knows_no_entered_ballot_without_a_reason_or_cast_by_another(world, curator):
    curator.post(URL, FORM | {"action": "enter"})
    ballots = Ballot.objects.filter(government=world.port)
    for wrong in ({"entered_reason": ""}, {"cast_by": world.member_a}, {"entered_by": None}):
        with pytest.raises(IntegrityError, match="entered_with_a_reason"), transaction.atomic():
            ballots.update(**wrong)
    assert Edition.objects.get(year=2030).is_open


def test_the_result_says_how_many_ballots_curators_entered(world, curator, client):
    rank(world.edition, world.member_b, "Data", "Workforce")
    curator.post(URL, FORM | {"action": "enter"})
    publish(closed(world.edition))
    assert "1 of 2 ballots came on paper or by phone" in said(client.get("/2030/priorities/"), "entered-ballots")
    tally = Tally.objects.get(annual_list__kind="priorities")
    assert {row["slug"]: row["entered"] for row in tally.roster} == {
        "port-merrow-county": True,
        "halloran-county": False,
    }


def test_the_result_says_that_no_curator_entered_a_ballot(world, client):
    rank(world.edition, world.member_b, "Data", "Workforce")
    publish(closed(world.edition))
    assert "themselves cast every ballot" in said(client.get("/2030/priorities/"), "entered-ballots")
