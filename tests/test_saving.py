"""Two saves at once, and saves that wait until it is too late: one is told so, and nothing is lost or half stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import models, transaction
from django.test import Client

from challenges.models import Hindrance, HindranceResponse
from mixportal.ballots.models import Ballot, Placement
from mixportal.editions.models import Edition, database_now, slug_for
from mixportal.editions.saving import StaleError
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal
from mixportal.results.publishing import publish
from priorities.models import Investment
from tests.ballots.test_concurrency import Later, wait_until_blocked
from tests.challenges.conftest import answer
from tests.priorities.conftest import FORM, priority, tell
from tests.proposals.proposing import propose
from tests.worlds import PRIORITIES, entry_of, make_edition, open_edition, rank

pytestmark = pytest.mark.django_db(transaction=True)

# Two saves of one version. Each case saves a word, the slug of an entry, and reads the words again. A ballot and the
# hindrances only gain rows, so that the second save has none of the first one's to wait for but the one with the version.


def save_ballot(user, word: str) -> None:
    rank(Edition.objects.get(year=2030), user, *dict.fromkeys(["cybersecurity", word]))


def save_hindrances(user, word: str) -> None:
    answer(user, Edition.objects.get(year=2030), ("shadow-it", "cybersecurity"), ("shadow-it", word))


def save_investment(user, word: str) -> None:
    tell(user, priority(Edition.objects.get(year=2030)), summary=word)


def save_note(user, word: str) -> None:
    note = Note.objects.first()
    if note is None:
        Note.write(entry=entry_of(), user=user, kind="note", body=word, audience="members")
    else:
        note.edit(user, body=word, audience="members", version=1)


@dataclass(frozen=True)
class VersionedThing:
    model: type[models.Model]
    save: Callable
    words: Callable


VERSIONED = {
    "ballot": VersionedThing(Ballot, save_ballot, lambda ballot: set(ballot.working)),
    "hindrances": VersionedThing(
        HindranceResponse, save_hindrances, lambda stored: {priority for _, priority in stored.marked}
    ),
    "investment": VersionedThing(Investment, save_investment, lambda stored: {stored.summary}),
    "note": VersionedThing(Note, save_note, lambda note: {note.body}),
}


@pytest.mark.parametrize("name", VERSIONED)
def test_of_two_who_save_the_same_version_at_once_one_is_told_of_the_conflict(world, name):
    thing = VERSIONED[name]
    thing.save(world.member_a, "cybersecurity")
    with transaction.atomic():
        thing.model.objects.select_for_update().get()
        saving = Later(lambda: thing.save(world.delegate_a, "data"))
        wait_until_blocked()
        thing.save(world.member_a, "workforce")
    with pytest.raises(StaleError):
        saving.result()
    stored = thing.model.objects.get()
    assert thing.words(stored) - {"cybersecurity"} == {"workforce"}
    assert stored.version == 2


# Saves that wait for a lock until it is too late. Each is a form that is posted while somebody holds a row.


def post(client: Client, url: str, **form) -> Later:
    return Later(lambda: client.post(url, form).status_code)


@pytest.mark.parametrize("held", [(Ballot, HindranceResponse), (Placement, Hindrance)])
def test_a_save_that_waits_until_the_ballots_close_is_told_so_whatever_it_waits_for(
    world, sign_in, stop_database_clock, held
):
    client = sign_in(world.delegate_a, raise_request_exception=False)
    edition = open_edition(make_edition(2032))
    rank(edition, world.member_a, *PRIORITIES)
    answer(world.member_a, edition, ("shadow-it", "data"))
    with transaction.atomic():
        for model in held:
            list(model.objects.select_for_update())
        saves = [
            post(client, "/2032/priorities/ballot/", version=1, action="save", **{"rank-data": 1}),
            post(client, "/2032/hindrances/ours/", version=1),
        ]
        wait_until_blocked(waiting=len(saves))
        stop_database_clock(edition.closes_at)
    assert [save.result() for save in saves] == [409, 409]
    assert list(Ballot.objects.get().working) == [slug_for(title) for title in PRIORITIES]
    assert HindranceResponse.objects.get().marked == {("shadow-it", "data")}


def test_what_is_done_with_proposals_until_their_list_opens_is_refused_as_too_late(world, sign_in, stop_database_clock):
    own, other = (sign_in(user, raise_request_exception=False) for user in (world.delegate_a, world.member_b))
    edition = make_edition(2032, mail_previewed_at=database_now())
    proposals = [propose(edition, world.member_a, f"Proposal {number}") for number in range(4)]
    for proposal in proposals:
        proposal.support(world.member_b)
    addresses = [f"/2032/proposals/priorities/{proposal.pk}/" for proposal in proposals]
    opens_at = database_now() + timedelta(days=10)
    edition.set_window(opens_at=opens_at, closes_at=opens_at + timedelta(days=9))
    with transaction.atomic():
        list(Proposal.objects.select_for_update())
        saves = [
            post(own, addresses[0], action="save", title="Another title", description="Other words."),
            post(own, addresses[1], action="withdraw"),
            post(other, f"{addresses[2]}support/", action="support", reason="We too."),
            post(other, f"{addresses[3]}support/", action="take-back"),
        ]
        wait_until_blocked(waiting=len(saves))
        stop_database_clock(opens_at)
    assert [save.result() for save in saves] == [409] * 4
    stored = Proposal.objects.order_by("pk")
    assert [(each.title, each.withdrawn_at) for each in stored] == [(f"Proposal {n}", None) for n in range(4)]
    assert [support.reason for each in stored for support in each.supports.all()] == [""] * 4


@pytest.mark.parametrize("action", ["save", "remove"])
def test_an_investment_that_waits_until_a_later_list_is_published_is_refused_as_too_late(world, sign_in, action):
    client = sign_in(world.delegate_a, raise_request_exception=False)
    world.edition.close_now()
    publish(Edition.objects.get(year=2030))
    tell(world.member_a, priority(Edition.objects.get(year=2030)), summary="As told.")
    make_edition(2031)
    with transaction.atomic():
        Investment.objects.select_for_update().get()
        form = {**FORM, "summary": "Told anew.", "version": 1, "action": action}
        saving = post(client, "/2030/priorities/cybersecurity/investment/", **form)
        wait_until_blocked()
        Later(lambda: publish(Edition.objects.get(year=2031))).result()
    assert saving.result() == 409
    assert Investment.objects.get().summary == "As told."
