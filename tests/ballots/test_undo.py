"""Undo puts back the ballot as it was before the same person's last action, as a new version."""

from __future__ import annotations

import random

import pytest
from django.utils import timezone

from members.models import User
from mixportal.ballots.models import Ballot, NothingToUndoError, Placement, SealedError
from mixportal.ballots.paper_entry import enter_one
from mixportal.demo.people import set_voter_since
from mixportal.editions.models import Kind, WindowClosedError
from mixportal.editions.saving import StaleError
from mixportal.mail.models import Mail
from tests.reading import page, said, text, with_testid
from tests.worlds import CONSENTED, PRIORITIES, rank

URL = "/2030/priorities/ballot/"


def stored() -> Ballot:
    return Ballot.objects.select_related("government").get(annual_list__kind=Kind.PRIORITIES)


def state(ballot: Ballot | None = None) -> tuple:
    ballot = ballot or stored()
    stamps = ballot.cast_at, ballot.cast_by_id, ballot.entered_by_id, ballot.entered_reason, ballot.updated_by_id
    return ballot.working, ballot.counted, *stamps


def undo(world, user: User, version: int | None = None) -> Ballot:
    return Ballot.record(
        annual_list=world.edition.list_of(Kind.PRIORITIES),
        government=user.government,
        user=user,
        places={},
        version=stored().version if version is None else version,
        action="undo",
    )


@pytest.mark.parametrize("action", ["save", "cast", "uncast", "revert", "start-over"])
@pytest.mark.parametrize("before", [("Data",), ("Workforce", ("Data", "Governance"))])
@pytest.mark.parametrize("first", ["save", "cast"])
def test_each_action_can_be_undone(world, first, before, action):
    rank(world.edition, world.member_a, *before, action=first)
    rank(world.edition, world.member_a, *before, "Social Media", action="save")
    expected = state()
    if action == "revert" and first == "save":
        return
    rank(world.edition, world.member_a, "Cybersecurity", ("Data", "Workforce"), action=action)
    assert state() != expected
    version = stored().version
    undo(world, world.member_a)
    assert state() == expected
    assert stored().version == version + 1


def test_the_first_save_of_all_can_be_undone(world):
    rank(world.edition, world.member_a, *PRIORITIES)
    undo(world, world.member_a)
    assert state() == ({}, {}, None, None, None, "", None)


@pytest.mark.parametrize("seed", range(6))
def test_after_any_sequence_of_actions_undo_restores_what_was_before_the_last(world, seed):
    chance = random.Random(seed)
    rank(world.edition, world.member_a, *PRIORITIES[:4], action="save")
    for _ in range(8):
        before = stored().version, state()
        titles = chance.sample(PRIORITIES, chance.randint(1, 8))
        cut = chance.randint(0, len(titles) - 1)
        rank(
            world.edition,
            world.member_a,
            *titles[:cut],
            tuple(titles[cut:]),
            action=chance.choice(("save", "cast", "uncast")),
        )
        if stored().version == before[0]:
            continue  # it was a repeat
        undo(world, world.member_a)
        assert state() == before[1]
        rank(world.edition, world.member_a, *titles, action=chance.choice(("save", "cast")))


def test_undo_is_one_level_deep(world):
    for titles in (PRIORITIES[:2], PRIORITIES[:3], PRIORITIES[:4]):
        rank(world.edition, world.member_a, *titles, action="save")
    undo(world, world.member_a)
    with pytest.raises(NothingToUndoError):
        undo(world, world.member_a)
    assert len(stored().working) == 3


def test_a_repeat_of_an_undo_whose_reply_was_lost_is_answered_as_done(world):
    rank(world.edition, world.member_a, "Data", action="save")
    rank(world.edition, world.member_a, "Data", "Workforce", action="save")
    seen = stored().version
    for _ in range(2):
        undo(world, world.member_a, version=seen)
    assert (stored().version, stored().working) == (seen + 1, {"data": 1})


def test_nobody_undoes_what_another_person_saved(world):
    rank(world.edition, world.member_a, "Data", action="save")
    seen = stored().version
    rank(world.edition, world.delegate_a, "Workforce", action="save")
    with pytest.raises(StaleError):
        undo(world, world.member_a, version=seen)
    with pytest.raises(NothingToUndoError):
        undo(world, world.member_a)
    assert stored().working == {"workforce": 1}


def test_nothing_is_undone_after_the_close(world):
    rank(world.edition, world.member_a, *PRIORITIES)
    world.edition.close_now()
    with pytest.raises(WindowClosedError):
        undo(world, world.member_a)
    assert stored().is_cast


def test_undoing_a_cast_over_a_paper_ballot_puts_the_paper_ballot_back(world):
    priorities = world.edition.list_of(Kind.PRIORITIES)
    enter_one(priorities, world.port, world.curator, places={"data": 1}, reason="by phone")
    paper = state()
    rank(world.edition, world.member_a, "Workforce")
    undo(world, world.member_a)
    assert state() == paper
    with pytest.raises(NothingToUndoError):
        undo(world, world.member_a)


def test_what_a_curator_entered_is_not_the_voters_to_undo(world):
    rank(world.edition, world.member_a, "Data", action="save")
    priorities = world.edition.list_of(Kind.PRIORITIES)
    enter_one(priorities, world.port, world.curator, places={"workforce": 1}, reason="by phone")
    with pytest.raises(NothingToUndoError):
        undo(world, world.member_a)


@pytest.fixture
def new(world):
    person = User.objects.create_user(
        "new@port.example", name="Nico New", role="delegate", government=world.port, **CONSENTED
    )
    set_voter_since(User.objects.filter(pk=person.pk), timezone.now())
    return person


@pytest.mark.parametrize("action", ["start-over", "cast"])
def test_what_was_sealed_to_a_new_voter_is_sealed_again_after_an_undo(world, new, at_ballot, action):
    rank(world.edition, world.member_a, *PRIORITIES)
    before = state()
    screen = at_ballot(new)
    version = stored().version
    if action == "start-over":
        screen.client.post(URL, {"version": version, "action": "start-over"})
    else:
        screen.client.post(URL, {"version": version, "action": "start-over"})
        before = state()
        screen.client.post(URL, {"version": version + 1, "action": "cast", "rank-data": "1"})
    answer = screen.client.post(URL, {"version": stored().version, "action": "undo"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    assert state() == before
    if action == "start-over":
        assert with_testid(page(answer), "sealed") is not None
    assert "is-ranked" not in answer.content.decode()


def test_history_keeps_every_step(world):
    rank(world.edition, world.member_a, "Data", action="cast")
    rank(world.edition, world.member_a, "Data", action="uncast")
    undo(world, world.member_a)
    versions = (
        Ballot._meta.get_field("events").related_model.objects.order_by("pgh_id").values_list("version", "cast_at")
    )
    assert [(version, at is not None) for version, at in versions] == [(0, False), (1, True), (2, False), (3, True)]
    places = Placement._meta.get_field("events").related_model.objects.order_by("pgh_id")
    assert list(places.values_list("version", "cast_place")) == [(1, 1), (2, None), (3, 1)]


# Mails


def subjects() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("subject", flat=True))


@pytest.mark.parametrize("action", ["cast", "uncast"])
def test_undoing_a_cast_or_a_withdrawal_soon_sends_one_mail_not_two(world, action):
    if action == "uncast":
        rank(world.edition, world.member_a, *PRIORITIES)
        Mail.objects.all().delete()
    rank(world.edition, world.member_a, *PRIORITIES, action=action)
    undo(world, world.member_a)
    assert subjects() == ["Rosa Delgado has undone the last step on your ballot of priorities of 2030"]
    assert ("No ballot is cast" in Mail.objects.get().text) is (action == "cast")


def test_the_mail_about_a_cast_waits_ten_minutes_and_the_one_about_the_undo_does_not(world):
    rank(world.edition, world.member_a, *PRIORITIES)
    assert not Mail.objects.due().exists()
    undo(world, world.member_a)
    assert Mail.objects.due().count() == 1


def test_after_the_mail_is_sent_an_undo_sends_another(world):
    rank(world.edition, world.member_a, *PRIORITIES)
    Mail.objects.get().mark_sent()
    undo(world, world.member_a)
    assert len(subjects()) == 2


def test_undoing_a_save_sends_no_mail(world):
    rank(world.edition, world.member_a, "Data", action="save")
    undo(world, world.member_a)
    assert subjects() == []


# The page


def test_the_page_offers_undo_only_for_ones_own_last_action(world, at_ballot):
    def can_undo(user) -> bool:
        forms = [form for form in page(at_ballot(user).answer).iter("form") if "ballot" in (form.get("class") or "")]
        return forms[0].get("data-undoable") is not None

    assert not can_undo(world.member_a)
    rank(world.edition, world.member_a, "Data", action="save")
    assert can_undo(world.member_a)
    assert not can_undo(world.delegate_a)
    undo(world, world.member_a)
    assert not can_undo(world.member_a)


def test_after_a_move_was_taken_back_on_the_page_the_button_says_redo(world, at_ballot):
    def label() -> str:
        buttons = page(at_ballot(world.member_a).answer).iter("button")
        return next(text(button) for button in buttons if button.get("data-undo") is not None)

    labels = []
    for titles in (("Data", "Workforce"), ("Workforce", "Data"), ("Data", "Workforce"), ("Data",)):
        rank(world.edition, world.member_a, *titles, action="save")
        labels.append(label())
    assert labels == ["Undo", "Undo", "Redo", "Undo"]


def test_the_button_does_not_tell_whether_an_order_was_that_of_somebody_else(world, at_ballot):
    rank(world.edition, world.delegate_a, "Data", action="save")
    for titles in (("Workforce",), ("Data",)):
        rank(world.edition, world.member_a, *titles, action="save")
    assert not stored().takes_back_last_move()
    assert "Redo" not in text(page(at_ballot(world.member_a).answer))


def test_a_withdrawn_ballot_says_so_and_one_press_counts_it_again(world, at_ballot):
    rank(world.edition, world.member_a, "Data")
    screen = at_ballot(world.member_a)
    screen.press("uncast")
    assert "It doesn’t count" in said(screen.answer, "withdrawn")
    screen.press("undo")
    assert "Cast, counts as it stands" in said(screen.answer, "save-state")
    assert with_testid(page(screen.answer), "withdrawn") is None


def test_undo_with_nothing_to_undo_is_answered_409_with_the_ballot(world, at_ballot):
    rank(world.edition, world.delegate_a, "Data", action="save")
    screen = at_ballot(world.member_a)
    answer = screen.press("undo")
    assert answer.status_code == 409
    assert "nothing of yours to undo" in said(answer, "errors")
    assert screen.order == ["data"]


# Revert


def test_revert_goes_back_to_the_order_that_is_cast(world, at_ballot):
    rank(world.edition, world.member_a, "Data", "Workforce")
    screen = at_ballot(world.member_a)
    screen.type(data=2, workforce=1).press("save")
    screen.press("revert")
    assert screen.order == ["data", "workforce"]
    assert "Cast, counts as it stands" in said(screen.answer, "save-state")
    screen.press("undo")
    assert screen.order == ["workforce", "data"]


def test_revert_without_a_cast_ballot_changes_nothing(world, at_ballot):
    screen = at_ballot(world.member_a)
    screen.type(data=1).press("save")
    assert screen.press("revert").status_code == 409
    assert stored().working == {"data": 1}


def test_revert_to_an_order_that_is_sealed_to_the_voter_is_refused(world, new):
    rank(world.edition, world.member_a, *PRIORITIES)
    rank(world.edition, new, action="start-over")
    with pytest.raises(SealedError):
        rank(world.edition, new, action="revert")
