"""Test what voters who join while ballots are open see and do."""

from __future__ import annotations

import pytest

from members.models import User
from mixportal.ballots.models import Ballot, SealedError
from mixportal.demo.people import set_voter_since
from mixportal.editions.saving import StaleError
from mixportal.mail.models import Mail
from mixportal.notes.models import Note
from tests.reading import content, fields, page, said, text
from tests.worlds import CONSENTED, LONG_AGO, closed, entry_of, rank

pytestmark = pytest.mark.django_db

BALLOT = "/2030/priorities/ballot/"
LET_IN = "/2030/voters/"


@pytest.fixture
def new(world):
    """A second delegate of Port Merrow, whom a curator brought in after Rosa had cast."""
    rank(world.edition, world.member_a, "Data", "Workforce")
    return join(world)


def join(world, email: str = "new@port.example") -> User:
    return User.objects.create_user(email, name="Nico New", role="delegate", government=world.port, **CONSENTED)


def stored(world) -> Ballot:
    return Ballot.objects.with_placements().get(government=world.port)


def sees(person: User) -> bool:
    return Ballot.objects.visible_to(person).filter(government=person.government).exists()


def post(client, version: int, action: str = "save", **ranks: int):
    return client.post(BALLOT, {"version": version, "action": action} | {f"rank-{s}": n for s, n in ranks.items()})


def test_a_new_voter_sees_who_cast_and_when_but_not_the_order(world, new, sign_in):
    assert not sees(new)
    answer = sign_in(new).get(BALLOT)
    assert answer.status_code == 200
    sealed = said(answer, "sealed")
    assert "Rosa Delgado cast this ballot on" in sealed
    assert "lets you in" in sealed
    assert stored(world).receipt not in content(answer)
    assert not [name for name in fields(page(answer)) if name.startswith("rank-")]


def test_voters_from_before_the_opening_see_it_as_ever(world, new):
    assert sees(world.member_a)
    assert sees(world.delegate_a)


def test_after_the_close_a_new_voter_sees_it(world, new, sign_in):
    closed(world.edition)
    assert sees(new)
    assert stored(world).receipt in content(sign_in(new).get(f"{BALLOT}receipt/"))


def test_a_new_voter_starts_over_and_the_cast_order_counts_until_they_cast(world, new, sign_in):
    client = sign_in(new)
    assert post(client, 1, "start-over").status_code == 302
    assert stored(world).working == {}
    assert stored(world).counted == {"data": 1, "workforce": 2}
    assert stored(world).cast_by == world.member_a
    assert not sees(new)
    assert "It counts until you cast yours" in said(client.get(BALLOT), "cast-state")
    assert post(client, 2, "save", governance=1).status_code == 302
    answer = client.get(BALLOT)
    assert fields(page(answer))["rank-governance"] == "1"
    assert stored(world).receipt not in content(answer)
    assert "uncast" not in content(answer)
    assert post(client, 3, "cast", governance=1).status_code == 302
    assert stored(world).counted == {"governance": 1}
    assert sees(new)


def test_a_new_voter_cannot_withdraw_what_another_cast(world, new, sign_in):
    with pytest.raises(SealedError):
        rank(world.edition, new, action="uncast")
    assert post(sign_in(new), 1, "uncast").status_code == 409
    assert stored(world).is_cast


def test_a_guess_at_the_sealed_order_is_answered_like_any_other_order(world, new):
    places = [{"data": 1, "workforce": 2}, {"workforce": 1}]
    for guess in places:
        with pytest.raises(StaleError):
            Ballot.record(
                annual_list=stored(world).annual_list, government=world.port, user=new, places=guess, version=0
            )


@pytest.mark.parametrize("guess", [("Data", "Workforce"), ("Governance",)])
def test_casting_the_same_order_unseen_makes_it_the_new_voters(world, new, guess):
    rank(world.edition, new, *guess)
    assert stored(world).cast_by == new
    assert stored(world).version == 2


def test_a_conflict_with_a_sealed_save_keeps_what_was_sent_and_shows_no_other_order(world, new, sign_in):
    client = sign_in(new)
    post(client, 1, "start-over")
    rank(world.edition, world.delegate_a, "Social Media", "Governance", action="save")
    answer = post(client, 2, "save", data=1)
    assert answer.status_code == 409
    conflict = said(answer, "conflict")
    assert "Ines Marchetti saved version 3" in conflict
    assert "Data" in conflict
    assert "Social Media" not in conflict
    assert "Governance" not in conflict
    assert post(client, 3, "save", data=1).status_code == 302
    assert stored(world).working == {"data": 1}


def test_what_another_saves_over_a_new_voters_order_is_sealed_to_them(world, new, sign_in):
    client = sign_in(new)
    post(client, 1, "cast", data=1)
    rank(world.edition, world.member_a, "Workforce", action="save")
    assert not sees(new)
    answer = client.get(BALLOT)
    assert "Rosa Delgado saved this ballot on" in said(answer, "sealed")


def test_a_voter_lets_a_new_one_in_and_undoes_it(world, new, sign_in):
    client = sign_in(world.member_a)
    assert f'value="{new.pk}"' in content(client.get(BALLOT))
    assert client.post(LET_IN, {"person": new.pk, "action": "let-in", "kind": "priorities"})["Location"] == BALLOT
    assert sees(new)
    assert stored(world).receipt in content(sign_in(new).get(f"{BALLOT}receipt/"))
    client.post(LET_IN, {"person": new.pk, "action": "undo"})
    assert not sees(new)


def test_a_new_voter_lets_nobody_in_not_even_after_casting(world, new, sign_in):
    rank(world.edition, new, "Governance")
    another = join(world, "another@port.example")
    assert sign_in(new).post(LET_IN, {"person": another.pk}).status_code == 403
    assert sign_in(new).post(LET_IN, {"person": new.pk}).status_code == 403
    assert not sees(another)


def test_only_new_voters_of_the_own_government_are_let_in(world, new, sign_in):
    client = sign_in(world.member_a)
    assert client.post(LET_IN, {"person": world.delegate_a.pk}).status_code == 403
    for other in (world.member_b.pk, world.leader_a.pk, 0, "x", ""):
        assert client.post(LET_IN, {"person": other}).status_code == 404
    assert sign_in(world.member_b).post(LET_IN, {"person": new.pk}).status_code == 404


def test_after_the_close_letting_in_changes_nothing(world, new, sign_in):
    closed(world.edition)
    assert sign_in(world.member_a).post(LET_IN, {"person": new.pk}).status_code == 302
    assert User.objects.get(pk=new.pk).let_in_by is None


def test_a_member_with_a_new_address_no_longer_sees_what_they_saved_before(world):
    rank(world.edition, world.member_a, "Data")
    world.member_a.bind_to("curators-own@mix.example", by=world.curator, checked="by phone")
    assert not sees(User.objects.get(pk=world.member_a.pk))


def test_a_sole_voter_who_is_replaced_leaves_a_successor_who_can_vote(world, sign_in):
    rank(world.edition, world.member_b, "Data")
    world.member_b.leave(reason="left")
    new = User.objects.create_user("next@h.example", name="N", role="member", government=world.halloran, **CONSENTED)
    client = sign_in(new)
    assert "lets you in" not in said(client.get(BALLOT), "sealed"), "since there is no earlier voter"
    post(client, 1, "start-over")
    post(client, 2, "cast", governance=1)
    assert Ballot.objects.with_placements().get(government=world.halloran).counted == {"governance": 1}
    assert sees(new)


def test_a_new_voter_of_a_government_without_a_ballot_begins_one(world, sign_in):
    client = sign_in(join(world))
    assert post(client, 0, "cast", data=1).status_code == 302
    assert stored(world).is_cast


def test_a_curator_who_entered_a_paper_ballot_gives_nobody_sight_of_it(world, new):
    Ballot.enter(
        annual_list=world.edition.list_of("challenges"),
        government=world.port,
        curator=world.curator,
        places={"shadow-it": 1},
        reason="paper",
    )
    assert not Ballot.objects.visible_to(new).exists()
    assert not Ballot.objects.visible_to(world.curator).exists()


def test_reasons_are_sealed_to_a_new_voter_but_their_own(world, new):
    common = {"kind": "reason", "audience": "members"}
    Note.write(entry=entry_of(slug="data"), user=world.member_a, body="Zebras", **common)
    own = Note.write(entry=entry_of(slug="workforce"), user=new, body="Lions", **common)
    assert list(Note.objects.visible_to(new)) == [own]
    assert Note.objects.visible_to(world.member_a).count() == 2
    own.edit(world.member_a, body="Tigers", audience="members", version=1)
    assert not Note.objects.visible_to(new).exists(), "Rosa wrote it over"
    closed(world.edition)
    assert Note.objects.visible_to(new).count() == 2


def test_an_answer_to_a_sealed_reason_is_sealed_with_it(world, new):
    reason = Note.write(entry=entry_of(), user=world.member_a, kind="reason", body="Zebras", audience="members")
    Note.write(entry=entry_of(), user=world.delegate_a, kind="note", body="Yes", audience="government", reply_to=reason)
    assert not Note.objects.visible_to(new).exists()


def test_home_and_histories_show_a_new_voter_no_place(world, new, sign_in):
    Note.write(entry=entry_of(), user=world.member_a, kind="reason", body="Zebras", audience="members")
    client = sign_in(new)
    home = text(page(client.get("/")))
    assert "Rosa Delgado cast it on" in home
    assert "2 of 8" not in home
    history = "/governments/port-merrow-county/history.csv"
    told, told_others = content(client.get(history)), content(sign_in(world.delegate_a).get(history))
    assert "cast,ballot of priorities" in told
    for sealed in ("Zebras", "Workforce"):
        assert sealed not in told
        assert sealed in told_others


def test_being_let_in_shows_reasons_and_histories_too(world, new, sign_in):
    Note.write(entry=entry_of(), user=world.member_a, kind="reason", body="Zebras", audience="members")
    User.objects.get(pk=new.pk).let_in(world.member_a, seeing_from=LONG_AGO)
    assert Note.objects.visible_to(new).exists()


def test_a_voter_planted_before_the_opening_is_an_ordinary_voter(world, new):
    set_voter_since(User.objects.filter(pk=new.pk), LONG_AGO)
    assert sees(new)


def test_the_others_hear_by_mail_that_a_new_voter_started_over_and_read_whose_order_is_saved(world, new, sign_in):
    post(sign_in(new), 1, "start-over")
    mails = Mail.objects.filter(kind="ballot_cast_by_other", subject__startswith="Nico New has started")
    assert set(mails.values_list("to", flat=True)) == {"rosa@port.example", "ines@port.example"}
    post(sign_in(new), 2, "save", governance=1)
    client = sign_in(world.member_a)
    assert "Nico New changed it on" in said(client.get(BALLOT), "cast-state")
    assert "a newer one that Nico New saved is not yet cast" in text(page(client.get("/")))


def test_who_votes_is_shown_with_addresses_and_above_the_ballot_if_someone_is_new(world, new, sign_in):
    body = content(sign_in(world.member_a).get(BALLOT))
    assert "new@port.example" in body
    assert body.index('data-testid="voters"') < body.index('id="ballot"')
    closed(world.edition)
    assert 'data-testid="voters"' not in content(sign_in(world.member_a).get(BALLOT))


def test_a_new_voter_is_told_of_their_own_reasons_alone(world, new, sign_in):
    Note.write(entry=entry_of(), user=world.member_a, kind="reason", body="Zebras", audience="members")
    words = text(page(sign_in(new).get(f"{BALLOT}reasons/")))
    assert "You gave a reason for 0 of 8 priorities" in words
    assert "a reason for 1 of 8 priorities" in text(page(sign_in(world.member_a).get(f"{BALLOT}reasons/")))
