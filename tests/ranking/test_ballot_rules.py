"""What the database itself refuses of ballots, and what it writes down, whoever asks, raw SQL included."""

from __future__ import annotations

from datetime import timedelta

import pghistory
import pytest
from django.apps import apps
from django.db import IntegrityError, InternalError, connection, transaction

from members import record
from members.models import Government, User
from mixportal.editions import kinds
from mixportal.editions.models import WindowClosed
from priorities.models import Priority, PriorityBallot, PriorityPlacement, PriorityTally
from tests.conftest import make_edition, make_government, rank

KINDS = ("priorities", "challenges")
SINGULAR = {"priorities": "priority", "challenges": "challenge"}


def sql(statement: str, *parameters) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def refuses(why: str, statement: str, *parameters) -> None:
    with pytest.raises(IntegrityError, match=why):
        sql(statement, *parameters)


def ballots_of(key: str) -> str:
    return f"{key}_{SINGULAR[key]}ballot"


def placements_of(key: str) -> str:
    return f"{key}_{SINGULAR[key]}placement"


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("phase", ["unranked", "published", "closed", "drafting"])
def test_outside_the_window_no_ballot_is_made_changed_or_taken_away(phases, phase, key):
    edition = getattr(phases, phase)
    table = ballots_of(key)
    refuses(
        "are not open",
        f"INSERT INTO {table} (edition_id, government_id, version) VALUES (%s, %s, 1)",
        edition.pk,
        phases.port.pk,
    )
    if phase in ("published", "closed"):
        mine = f"WHERE edition_id = {edition.pk} AND government_id = {phases.port.pk}"
        for change in ("version = version + 1", "cast_at = NULL, cast_by_id = NULL", "updated_at = now()"):
            refuses("are not open", f"UPDATE {table} SET {change} {mine}")
        refuses("are not open", f"DELETE FROM {table} {mine}")


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("phase", ["published", "closed"])
def test_outside_the_window_no_placement_is_made_changed_or_taken_away(phases, phase, key):
    edition = getattr(phases, phase)
    table = placements_of(key)
    ballot = f"(SELECT id FROM {ballots_of(key)} WHERE edition_id = {edition.pk} AND government_id = {phases.port.pk})"
    entry = f"(SELECT id FROM {kinds.get(key).entry._meta.db_table} WHERE edition_id = {edition.pk} AND position = 1)"
    refuses("are not open", f"INSERT INTO {table} (ballot_id, entry_id, place) VALUES ({ballot}, {entry}, 1)")
    for change in ("place = 3", "cast_place = 3", "place = NULL", "cast_place = NULL"):
        refuses("are not open", f"UPDATE {table} SET {change} WHERE ballot_id = {ballot} AND entry_id = {entry}")
    refuses("are not open", f"DELETE FROM {table} WHERE ballot_id = {ballot}")


@pytest.mark.parametrize("key", KINDS)
def test_no_placement_leaves_a_closed_ballot_for_an_open_one(phases, key):
    table, ballots = placements_of(key), ballots_of(key)
    entries = kinds.get(key).entry._meta.db_table
    refuses(
        "keeps its ballot|are not open",
        f"UPDATE {table} SET ballot_id = (SELECT id FROM {ballots} WHERE edition_id = %s AND government_id = %s),"
        f" entry_id = (SELECT id FROM {entries} WHERE edition_id = %s AND position = 1)"
        f" WHERE ballot_id = (SELECT id FROM {ballots} WHERE edition_id = %s AND government_id = %s)"
        f" AND entry_id = (SELECT id FROM {entries} WHERE edition_id = %s AND position = 1)",
        *(phases.open.pk, phases.port.pk, phases.open.pk),
        *(phases.closed.pk, phases.port.pk, phases.closed.pk),
    )


@pytest.mark.parametrize("key", KINDS)
def test_a_ballot_keeps_its_government_and_its_edition(phases, key):
    table = ballots_of(key)
    other = Government.objects.create(name="Third", slug="third", kind="city", state="AZ", seat=3)
    for phase in ("open", "closed"):
        edition = getattr(phases, phase)
        refuses(".", f"UPDATE {table} SET government_id = {other.pk} WHERE edition_id = {edition.pk}")
    refuses("keeps its", f"UPDATE {table} SET government_id = {other.pk} WHERE edition_id = {phases.open.pk}")
    refuses(
        "keeps its",
        f"UPDATE {table} SET edition_id = {phases.open.pk}, government_id = {other.pk}"
        f" WHERE edition_id = {phases.closed.pk} AND government_id = {phases.port.pk}",
    )


@pytest.mark.parametrize("key", KINDS)
def test_a_ballot_places_entries_of_its_own_edition_and_kind(phases, key):
    table, entries = placements_of(key), kinds.get(key).entry._meta.db_table
    ballot = (
        f"(SELECT id FROM {ballots_of(key)} WHERE edition_id = {phases.open.pk} AND government_id = {phases.port.pk})"
    )
    for other in (phases.closed, phases.drafting, phases.published):
        foreign = f"(SELECT id FROM {entries} WHERE edition_id = {other.pk} AND position = 1)"
        refuses("places entries of that edition", f"UPDATE {table} SET entry_id = {foreign} WHERE ballot_id = {ballot}")
        refuses(
            "places entries of that edition",
            f"INSERT INTO {table} (ballot_id, entry_id, place) VALUES ({ballot}, {foreign}, 1)",
        )
    beyond = kinds.get(key).entry.objects.order_by("pk").last().pk + 1000
    refuses(".", f"INSERT INTO {table} (ballot_id, entry_id, place) VALUES ({ballot}, {beyond}, 1)")


def test_the_open_ballot_itself_may_be_changed_by_sql(phases):
    """No vacuous pass: the same statements go through where the window is open."""
    mine = f"edition_id = {phases.open.pk} AND government_id = {phases.port.pk}"
    ballot = f"(SELECT id FROM priorities_priorityballot WHERE {mine})"
    assert sql(f"UPDATE priorities_priorityplacement SET place = 3 WHERE ballot_id = {ballot}") == 8
    assert sql(f"UPDATE priorities_priorityballot SET version = 7 WHERE {mine}") == 1
    assert sql(f"DELETE FROM priorities_priorityplacement WHERE ballot_id = {ballot}") == 8
    assert sql(f"DELETE FROM priorities_priorityballot WHERE {mine}") == 1


@pytest.mark.parametrize("value", ["0", "-1"])
def test_places_count_from_1(world, value):
    rank(world.edition, world.member_a, "Data")
    for column in ("place", "cast_place"):
        refuses("places_from_1|place_check", f"UPDATE priorities_priorityplacement SET {column} = {value}")


def test_a_government_has_one_ballot_and_an_entry_one_placement_on_it(world):
    rank(world.edition, world.member_a, "Data")
    refuses(
        "one_per_government",
        "INSERT INTO priorities_priorityballot (edition_id, government_id, version)"
        " SELECT edition_id, government_id, 1 FROM priorities_priorityballot",
    )
    refuses(
        "once_per_entry",
        "INSERT INTO priorities_priorityplacement (ballot_id, entry_id, place)"
        " SELECT ballot_id, entry_id, 2 FROM priorities_priorityplacement",
    )


def test_a_cast_ballot_was_cast_by_somebody(world):
    rank(world.edition, world.member_a, "Data")
    refuses("cast_by_someone", "UPDATE priorities_priorityballot SET cast_by_id = NULL")
    refuses("cast_by_someone", "UPDATE priorities_priorityballot SET cast_at = NULL")


def test_the_window_is_the_databases_own_and_opens_and_closes_to_the_moment(world, stop_database_clock):
    """A draft that was scheduled opens by itself; no process has to do anything."""
    opens, tick = world.edition.closes_at + timedelta(days=1), timedelta(microseconds=1)
    edition = make_edition(2031, opens_at=opens, closes_at=opens + timedelta(days=2))
    insert = "INSERT INTO priorities_priorityballot (edition_id, government_id, version) VALUES (%s, %s, 1)"
    stop_database_clock(opens - tick)
    refuses("are not open", insert, edition.pk, world.port.pk)
    stop_database_clock(opens)
    assert sql(insert, edition.pk, world.port.pk) == 1
    stop_database_clock(edition.closes_at - tick)
    assert sql(insert, edition.pk, world.halloran.pk) == 1
    stop_database_clock(edition.closes_at)
    town = make_government("Town", 3)
    refuses("are not open", insert, edition.pk, town.pk)


# History


# What follows from tracked rows (comparisons from tallies, mentions from words).
DERIVED = ("Comparison", "Mention")


def tracked() -> list[type]:
    """Every table of ours that holds what people do; events are the history."""
    passing = {"Session", "CacheEntry", *(f"{kind}{what}" for kind in ("Priority", "Challenge") for what in DERIVED)}
    ours = ("members", "editions", "priorities", "challenges")
    return [
        model
        for label in ours
        for model in apps.get_app_config(label).get_models()
        if not model.__name__.endswith("Event") and model.__name__ not in passing
    ]


def events_of(model: type):
    return model._meta.get_field("events").related_model.objects.order_by("pgh_id")


def test_every_table_of_ours_keeps_its_history():
    without = [model for model in tracked() if model not in record.event_models()]
    assert without == []
    assert PriorityBallot in tracked()


def test_history_takes_inserts_changes_and_deletions_by_any_way_in(world):
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


@pytest.mark.parametrize("model", [Government, User, Priority, PriorityBallot, PriorityPlacement])
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
    tally = kinds.get("priorities").tally
    assert tally.objects.count() == 1
    assert [event.pgh_label for event in events_of(tally)] == ["insert"]
    for statement in ("UPDATE priorities_prioritytally SET seed = 1", "DELETE FROM priorities_prioritytally"):
        refuses("does not change", statement)


@pytest.mark.parametrize("phase", ["open", "drafting", "unranked"])
def test_nothing_is_counted_before_the_close(phases, phase):
    edition = getattr(phases, phase)
    with pytest.raises(WindowClosed):
        PriorityTally.objects.of(edition)
    refuses(
        "counted after their close",
        "INSERT INTO priorities_prioritytally (edition_id, computed_at, digest, method_version, seed, roster, result)"
        " VALUES (%s, now(), '', '', 1, '[]', '{}')",
        edition.pk,
    )
