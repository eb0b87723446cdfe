"""Rules of hindrances: when they may change, and when others may see them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from challenges.models import Hindrance, HindranceResponse
from members.models import NotSeatedError, User
from mixportal.editions.models import Entry, Kind, WindowClosedError
from mixportal.editions.saving import StaleError
from mixportal.results.publishing import publish
from tests.challenges.conftest import DATA, WORK, answer
from tests.worlds import closed, make_edition, make_government


def test_only_what_changed_is_written_and_none_is_an_answer_too(world):
    stored = answer(world.member_a, world.edition, DATA, WORK)
    kept = Hindrance.objects.get(challenge__slug="shadow-it", priority__slug="data").pk
    answer(world.delegate_a, world.edition, DATA)
    assert list(Hindrance.objects.values_list("pk", flat=True)) == [kept]
    last = answer(world.member_a, world.edition)
    assert (last.pk, last.version, last.updated_by, last.marked) == (stored.pk, 3, world.member_a, set())
    history = Hindrance._meta.get_field("events").related_model.objects.values_list("pgh_label", flat=True)
    assert sorted(history) == ["delete", "delete", "insert", "insert"]


def test_an_answer_of_nothing_counts_from_its_first_save(world):
    assert answer(world.member_a, world.edition).version == 1


def test_a_stale_save_writes_nothing_and_hands_back_what_stands(world):
    answer(world.delegate_a, world.edition, DATA)
    with pytest.raises(StaleError) as overtaken:
        answer(world.member_a, world.edition, WORK, version=0)
    assert overtaken.value.stored.marked == {DATA}
    assert answer(world.member_a, world.edition, DATA, version=0).version == 1  # a repeat of what is stored


def test_marks_are_made_while_ballots_are_open_and_at_no_other_time(phases):
    for edition in (phases.unranked, phases.published, phases.closed, phases.drafting):
        with pytest.raises(WindowClosedError):
            answer(phases.member_a, edition, DATA)
    assert not HindranceResponse.objects.exists()


def test_a_government_without_a_seat_has_no_answer(world):
    world.member_a.government = make_government("Seatless", None)
    with pytest.raises(NotSeatedError):
        answer(world.member_a, world.edition, DATA)


def insert(response: HindranceResponse, challenge: Entry, priority: Entry) -> None:
    sql = "INSERT INTO challenges_hindrance (response_id, challenge_id, priority_id) VALUES (%s, %s, %s)"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [response.pk, challenge.pk, priority.pk])


def test_raw_sql_marks_nothing_across_editions_or_kinds_twice_or_after_the_close(world):
    later = make_edition(2031)
    here, there = (edition.list_of(Kind.CHALLENGES).entries.in_order()[0] for edition in (world.edition, later))
    data, far = (edition.list_of(Kind.PRIORITIES).entries.in_order()[0] for edition in (world.edition, later))
    response = answer(world.member_a, world.edition, DATA)
    for challenge, priority in ((here, far), (there, data), (there, far), (data, here), (here, here)):
        with pytest.raises(IntegrityError, match="of its own edition"):
            insert(response, challenge, priority)
    stored = Hindrance.objects.get()
    with pytest.raises(IntegrityError, match="hindrance_once"):
        insert(response, stored.challenge, stored.priority)
    with pytest.raises(IntegrityError, match="cannot change"), transaction.atomic():
        Hindrance.objects.update(priority=data.pk)
    closed(world.edition)
    with pytest.raises(IntegrityError, match="not open"):
        insert(response, here, data)
    with pytest.raises(IntegrityError, match="not open"), transaction.atomic():
        stored.delete()
    with pytest.raises(IntegrityError, match="not open"), transaction.atomic():
        HindranceResponse.objects.update(version=9)


def test_one_by_one_marks_are_the_own_voters_until_the_close_then_insiders_and_the_own_leaders(world):
    answer(world.member_a, world.edition, DATA)
    world.leader_b = User.objects.create_user("b@b.example", name="Bo", role="leader", government=world.halloran)
    people = ("member_a", "delegate_a", "member_b", "curator", "leader_a", "leader_b", "former")

    def seen() -> dict[str, int]:
        users = {who: getattr(world, who) for who in people} | {"visitor": AnonymousUser()}
        return {
            who: Hindrance.objects.visible_to(user).count() + HindranceResponse.objects.visible_to(user).count()
            for who, user in users.items()
        }

    none = dict.fromkeys((*people, "visitor"), 0)
    assert seen() == {**none, "member_a": 2, "delegate_a": 2}
    publish(closed(world.edition))
    assert seen() == {**none, "member_a": 2, "delegate_a": 2, "member_b": 2, "curator": 2, "leader_a": 2}
