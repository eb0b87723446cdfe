"""Constraints, triggers and history of ballots, tested with raw SQL."""

from __future__ import annotations

from datetime import timedelta

import pghistory
import pytest
from django.apps import apps
from django.db import IntegrityError, InternalError, connection, transaction

from members.models import Government, User
from mixportal.ballots.models import Ballot, Placement
from mixportal.editions.models import AnnualList, Entry, Kind, WindowClosedError
from mixportal.results.models import Tally
from tests.worlds import make_edition, make_government, rank


def sql(statement: str, *parameters) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def refuses(why: str, statement: str, *parameters) -> None:
    with pytest.raises(IntegrityError, match=why):
        sql(statement, *parameters)


def ballot_in(annual_list: AnnualList, government: Government) -> str:
    return (
        f"(SELECT id FROM ballots_ballot WHERE annual_list_id = {annual_list.pk} AND government_id = {government.pk})"
    )


def first_entry(annual_list: AnnualList) -> int:
    return annual_list.entries.in_order()[0].pk


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("phase", ["unranked", "published", "closed", "drafting"])
def test_outside_the_window_no_ballot_is_made_changed_or_taken_away(phases, phase, kind):
    annual_list = getattr(phases, phase).list_of(kind)
    insert = "INSERT INTO ballots_ballot (annual_list_id, government_id, version) VALUES (%s, %s, 1)"
    refuses("are not open", insert, annual_list.pk, phases.port.pk)
    if phase in ("published", "closed"):
        mine = f"WHERE id = {ballot_in(annual_list, phases.port)}"
        for change in ("version = version + 1", "cast_at = NULL, cast_by_id = NULL", "updated_at = now()"):
            refuses("are not open", f"UPDATE ballots_ballot SET {change} {mine}")
        refuses("are not open", f"DELETE FROM ballots_ballot {mine}")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("phase", ["published", "closed"])
def test_outside_the_window_no_placement_is_made_changed_or_taken_away(phases, phase, kind):
    annual_list = getattr(phases, phase).list_of(kind)
    ballot, entry = ballot_in(annual_list, phases.port), first_entry(annual_list)
    refuses("are not open", f"INSERT INTO ballots_placement (ballot_id, entry_id, place) VALUES ({ballot}, {entry}, 1)")
    for change in ("place = 3", "cast_place = 3", "place = NULL", "cast_place = NULL"):
        refuses(
            "are not open", f"UPDATE ballots_placement SET {change} WHERE ballot_id = {ballot} AND entry_id = {entry}"
        )
    refuses("are not open", f"DELETE FROM ballots_placement WHERE ballot_id = {ballot}")


@pytest.mark.parametrize("kind", Kind)
def test_a_placement_cannot_move_from_a_closed_ballot_to_an_open_one(phases, kind):
    to, origin = phases.open.list_of(kind), phases.closed.list_of(kind)
    refuses(
        "ballot cannot change|are not open",
        f"UPDATE ballots_placement SET ballot_id = {ballot_in(to, phases.port)}, entry_id = {first_entry(to)}"
        f" WHERE ballot_id = {ballot_in(origin, phases.port)} AND entry_id = {first_entry(origin)}",
    )


@pytest.mark.parametrize("kind", Kind)
def test_a_ballot_keeps_its_government_and_its_list(phases, kind):
    other = Government.objects.create(name="Third", slug="third", kind="city", state="AZ", seat=3)
    lists = {phase: getattr(phases, phase).list_of(kind).pk for phase in ("open", "closed")}
    for pk in lists.values():
        refuses(".", f"UPDATE ballots_ballot SET government_id = {other.pk} WHERE annual_list_id = {pk}")
    refuses(
        "cannot change", f"UPDATE ballots_ballot SET government_id = {other.pk} WHERE annual_list_id = {lists['open']}"
    )
    refuses(
        "cannot change",
        f"UPDATE ballots_ballot SET annual_list_id = {lists['open']}, government_id = {other.pk}"
        f" WHERE annual_list_id = {lists['closed']} AND government_id = {phases.port.pk}",
    )
    twin = phases.open.lists.exclude(kind=kind).get().pk
    refuses(
        "cannot change",
        f"UPDATE ballots_ballot SET annual_list_id = {twin}"
        f" WHERE annual_list_id = {lists['open']} AND government_id = {phases.port.pk}",
    )


@pytest.mark.parametrize("kind", Kind)
def test_a_ballot_places_entries_of_its_own_list(phases, kind):
    own = phases.open.list_of(kind)
    ballot = ballot_in(own, phases.port)
    twin = phases.open.lists.exclude(kind=kind).get()
    for other in (twin, *(each.list_of(kind) for each in (phases.closed, phases.drafting, phases.published))):
        foreign = first_entry(other)
        refuses(
            "only entries of its own list",
            f"UPDATE ballots_placement SET entry_id = {foreign}"
            f" WHERE ballot_id = {ballot} AND entry_id = {first_entry(own)}",
        )
        refuses(
            "only entries of its own list",
            f"INSERT INTO ballots_placement (ballot_id, entry_id, place) VALUES ({ballot}, {foreign}, 1)",
        )
    beyond = Entry.objects.order_by("pk").last().pk + 1000
    refuses(".", f"INSERT INTO ballots_placement (ballot_id, entry_id, place) VALUES ({ballot}, {beyond}, 1)")


def test_the_open_ballot_itself_may_be_changed_by_sql(phases):
    """The same statements pass while the window is open, so the refusals above mean something."""
    ballot = ballot_in(phases.open.list_of(Kind.PRIORITIES), phases.port)
    assert sql(f"UPDATE ballots_placement SET place = 3 WHERE ballot_id = {ballot}") == 8
    assert sql(f"UPDATE ballots_ballot SET version = 7 WHERE id = {ballot}") == 1
    assert sql(f"DELETE FROM ballots_placement WHERE ballot_id = {ballot}") == 8
    assert sql(f"DELETE FROM ballots_ballot WHERE id = {ballot}") == 1


@pytest.mark.parametrize("value", ["0", "-1"])
def test_places_count_from_1(world, value):
    rank(world.edition, world.member_a, "Data")
    for column in ("place", "cast_place"):
        refuses("places_from_1|place_check", f"UPDATE ballots_placement SET {column} = {value}")


def test_a_government_has_one_ballot_and_an_entry_one_placement_on_it(world):
    rank(world.edition, world.member_a, "Data")
    refuses(
        "ballot_once",
        "INSERT INTO ballots_ballot (annual_list_id, government_id, version)"
        " SELECT annual_list_id, government_id, 1 FROM ballots_ballot",
    )
    refuses(
        "placement_once",
        "INSERT INTO ballots_placement (ballot_id, entry_id, place)"
        " SELECT ballot_id, entry_id, 2 FROM ballots_placement",
    )


def test_a_cast_ballot_was_cast_by_somebody(world):
    rank(world.edition, world.member_a, "Data")
    refuses("cast_by_someone", "UPDATE ballots_ballot SET cast_by_id = NULL")
    refuses("cast_by_someone", "UPDATE ballots_ballot SET cast_at = NULL")


def test_the_database_opens_and_closes_the_window_exactly_on_time(world, stop_database_clock):
    """A scheduled draft opens without any process."""
    opens, tick = world.edition.closes_at + timedelta(days=1), timedelta(microseconds=1)
    edition = make_edition(2031, opens_at=opens, closes_at=opens + timedelta(days=2))
    annual_list = edition.list_of(Kind.PRIORITIES)
    insert = "INSERT INTO ballots_ballot (annual_list_id, government_id, version) VALUES (%s, %s, 1)"
    stop_database_clock(opens - tick)
    refuses("are not open", insert, annual_list.pk, world.port.pk)
    stop_database_clock(opens)
    assert sql(insert, annual_list.pk, world.port.pk) == 1
    stop_database_clock(edition.closes_at - tick)
    assert sql(insert, annual_list.pk, world.halloran.pk) == 1
    stop_database_clock(edition.closes_at)
    town = make_government("Town", 3)
    refuses("are not open", insert, annual_list.pk, town.pk)


# History


def events_of(model: type):
    return model._meta.get_field("events").related_model.objects.order_by("pgh_id")


def test_history_records_inserts_changes_and_deletions_by_any_route(world):
    office = apps.get_model("members", "Office")
    one = office.objects.create(person_name="Ada", government=world.port)
    office.objects.filter(pk=one.pk).update(note="by update()")
    sql("UPDATE members_office SET note = 'by raw SQL' WHERE id = %s", one.pk)
    office.objects.bulk_update([office(pk=one.pk, note="by bulk_update")], ["note"])
    sql("DELETE FROM members_office WHERE id = %s", one.pk)
    assert [(event.pgh_label, event.note) for event in events_of(office)] == [
        ("insert", ""),
        ("update", "by update()"),
        ("update", "by raw SQL"),
        ("update", "by bulk_update"),
        ("delete", "by bulk_update"),
    ]


def test_history_of_raw_sql_says_who_and_why_where_that_is_known(world):
    sql("UPDATE members_government SET state = 'SC' WHERE slug = 'port-merrow-county'")
    with pghistory.context(user=world.curator.pk, reason="put right"):
        sql("UPDATE members_government SET state = 'NC' WHERE slug = 'port-merrow-county'")
    last = list(events_of(Government).filter(slug="port-merrow-county"))[-2:]
    assert [(event.state, event.pgh_context) for event in last] == [
        ("SC", None),
        ("NC", {"user": world.curator.pk, "reason": "put right"}),
    ]


def test_history_keeps_no_password(world):
    assert not {"password", "last_login"} & {field.name for field in events_of(User).model._meta.get_fields()}


@pytest.mark.parametrize("model", [Government, User, Entry, Ballot, Placement])
def test_history_itself_cannot_be_changed_or_deleted(world, model):
    rank(world.edition, world.member_a, "Data")
    table = events_of(model).model._meta.db_table
    for statement in (f"UPDATE {table} SET pgh_label = 'nothing'", f"DELETE FROM {table}"):
        with pytest.raises(InternalError, match="append_only"), transaction.atomic():
            sql(statement)
    for change in (lambda: events_of(model).update(pgh_label="x"), lambda: events_of(model).delete()):
        with pytest.raises(InternalError), transaction.atomic():
            change()


# Tallies


def test_a_tally_is_written_once_and_its_making_is_in_the_history(phases):
    assert Tally.objects.count() == 2
    assert [event.pgh_label for event in events_of(Tally)] == ["insert"] * 2
    for statement in ("UPDATE results_tally SET seed = 1", "DELETE FROM results_tally"):
        refuses("cannot change", statement)


@pytest.mark.parametrize("phase", ["open", "drafting", "unranked"])
def test_nothing_is_counted_before_the_close(phases, phase):
    edition = getattr(phases, phase)
    with pytest.raises(WindowClosedError):
        Tally.objects.get_or_compute(edition.list_of(Kind.PRIORITIES))
    refuses(
        "counted only after they close",
        "INSERT INTO results_tally (annual_list_id, number, reason, computed_at, digest, method_version, seed, roster,"
        " figures, comparison, public) VALUES (%s, 1, '', now(), '', '', 1, '[]', '{}', '{}', '{}')",
        edition.list_of(Kind.PRIORITIES).pk,
    )
