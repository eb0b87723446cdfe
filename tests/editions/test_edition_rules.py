"""Constraints and triggers of editions, lists and lineage, tested with raw SQL."""

from __future__ import annotations

from datetime import timedelta

import pghistory
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from mixportal.editions.models import Edition, Entry, Kind, Lineage, Phase, database_now
from mixportal.results.publishing import publish
from tests.worlds import closed, make_edition, open_edition, rank


def sql(statement: str, *parameters) -> int:
    """Run raw SQL and return the number of rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def refuses(why: str, statement: str, *parameters) -> None:
    with pytest.raises(IntegrityError, match=why):
        sql(statement, *parameters)


def move(year: int, /, **columns) -> str:
    """Update an edition. The values are SQL, so that the clock is the database's."""
    return f"UPDATE editions_edition SET {', '.join(f'{c} = {v}' for c, v in columns.items())} WHERE year = {year}"


# The window


def test_a_close_that_has_passed_does_not_move(phases):
    for year in (2028, 2029):
        for value in ("closes_at + interval '1 day'", "closes_at - interval '1 day'", "clock_timestamp()"):
            refuses("have closed" if year == 2029 else "have closed|published", move(year, closes_at=value))
        refuses(".", move(year, opens_at="NULL", closes_at="NULL"))


def test_an_opening_that_has_passed_does_not_move(phases):
    for year in (2028, 2029, 2030):
        refuses(".", move(year, opens_at="clock_timestamp() + interval '1 hour'"))
        refuses(".", move(year, opens_at="opens_at - interval '1 hour'"))


def test_the_close_of_an_open_edition_moves_later_with_a_reason(world):
    refuses("Give a reason", move(2030, closes_at="closes_at + interval '3 days'"))
    assert sql(move(2030, closes_at="closes_at + interval '3 days'", close_moved_because="'A storm.'")) == 1
    assert Edition.objects.get(year=2030).is_open


@pytest.mark.parametrize(
    "value",
    [
        "closes_at - interval '1 minute'",
        "clock_timestamp() + interval '1 hour'",
        "clock_timestamp() - interval '1 hour'",
        "opens_at + interval '1 microsecond' - interval '5 minutes'",
    ],
)
def test_the_close_of_an_open_edition_moves_earlier_only_to_now(world, value):
    refuses(".", move(2030, closes_at=value))
    assert sql(move(2030, closes_at="clock_timestamp()")) == 1
    assert Edition.objects.get(year=2030).is_closed


def test_an_edition_in_drafting_may_be_scheduled_and_rescheduled(db):
    make_edition(2031)
    for value in ("clock_timestamp() + interval '2 days'", "clock_timestamp() + interval '1 day'"):
        assert sql(move(2031, opens_at=value, closes_at=f"{value} + interval '9 days'")) == 1
    assert sql(move(2031, opens_at="NULL", closes_at="NULL")) == 1


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"closes_at": "opens_at"}, "window_whole_and_in_order"),
        ({"closes_at": "opens_at - interval '1 day'"}, "window_whole_and_in_order"),
        ({"opens_at": "NULL"}, "window_whole_and_in_order"),
        ({"closes_at": "NULL"}, "window_whole_and_in_order"),
        ({"closes_at": "opens_at + interval '366 days 1 second'"}, "window_at_most_a_year"),
        ({"year": "1965"}, "year_plausible"),
        ({"year": "2201"}, "year_plausible"),
        ({"conference_to": "'2031-01-01'"}, "conference_in_order"),
        ({"conference_from": "'2031-01-02'", "conference_to": "'2031-01-01'"}, "conference_in_order"),
    ],
)
def test_dates_out_of_order_are_refused(db, columns, why):
    now = database_now()
    make_edition(2031, opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    refuses(why, move(2031, **columns))


# Publication


def test_a_published_edition_keeps_its_window_year_and_texts(phases):
    for year in (2027, 2028):
        for columns in (
            {"published_at": "NULL"},
            {"published_at": "published_at + interval '1 second'"},
            {"year": "2040"},
            {"opens_at": "published_at - interval '2 days'", "closes_at": "published_at - interval '1 day'"},
            {"title": "'The list'"},
            {"introduction": "'Put right.'"},
            {"time_zone": "'UTC'"},
        ):
            refuses(".", move(year, **columns))
        assert sql(move(year, conference_place="'A conference may still move'")) == 1


@pytest.mark.parametrize("value", ["clock_timestamp()", "closes_at", "closes_at + interval '1 day'"])
def test_an_open_edition_cannot_be_published(world, value):
    refuses(".", move(2030, published_at=value))


def test_nothing_is_published_ahead_of_time(phases):
    for year in (2029, 2031):
        refuses("before its ballots close", move(year, published_at="clock_timestamp() + interval '1 day'"))
    refuses(
        "before its ballots close",
        "INSERT INTO editions_edition (year, title, introduction, conference_place, time_zone, opens_at, closes_at,"
        " published_at) VALUES (2040, '', '', '', 'UTC', clock_timestamp(), clock_timestamp() + interval '1 day',"
        " clock_timestamp() + interval '2 days')",
    )


def test_an_edition_that_has_opened_keeps_its_year(world):
    refuses("its year cannot change", move(2030, year="2035"))


def test_an_edition_that_has_opened_or_is_published_is_not_deleted(phases):
    for year in (2027, 2028, 2029, 2030):
        refuses("cannot be deleted", "DELETE FROM editions_edition WHERE year = %s", year)


def test_an_empty_draft_may_be_deleted(db):
    edition = Edition.objects.create(year=2040)
    assert sql("DELETE FROM editions_annuallist WHERE edition_id = %s", edition.pk) == 2
    assert sql("DELETE FROM editions_edition WHERE year = 2040") == 1


# The verbs, which say in words what the rules above hold


def test_opening_closing_and_publishing_cannot_be_undone(world):
    edition = make_edition(2031)
    assert edition.phase is Phase.DRAFTING
    with pytest.raises(ValidationError, match="Only an open edition"):
        edition.close_now()
    with pytest.raises(ValidationError, match="close must come after the opening"):
        edition.open_now(closes_at=database_now() - timedelta(days=1))
    edition = open_edition(edition)
    assert edition.phase is Phase.OPEN
    for refused in (lambda: edition.open_now(closes_at=database_now() + timedelta(days=1)), lambda: publish(edition)):
        with pytest.raises(ValidationError):
            refused()
    edition = closed(edition)
    assert edition.phase is Phase.CLOSED
    with pytest.raises(ValidationError):
        edition.close_now()
    publish(edition)
    edition = Edition.objects.get(pk=edition.pk)
    assert edition.phase is Phase.PUBLISHED
    for refused in (
        lambda: publish(edition),
        edition.close_now,
        lambda: edition.open_now(closes_at=database_now()),
    ):
        with pytest.raises(ValidationError):
            refused()


@pytest.mark.parametrize("kind", Kind)
def test_an_edition_with_an_empty_list_cannot_be_opened(db, kind):
    edition = make_edition(2031)
    edition.list_of(kind).entries.all().delete()
    with pytest.raises(ValidationError, match=f"list of {kind.plural} is empty"):
        edition.open_now(closes_at=database_now() + timedelta(days=1))


def test_an_edition_may_be_published_without_ever_being_ranked(db):
    edition = make_edition(2031)
    publish(edition)
    edition = Edition.objects.get(pk=edition.pk)
    assert edition.is_published
    assert not edition.was_ranked
    assert not edition.has_results


# The list, once open


def data_of(edition: Edition) -> Entry:
    return edition.list_of(Kind.PRIORITIES).entries.get(slug="data")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("phase", ["open", "closed", "published", "unranked"])
def test_no_entry_of_an_open_edition_is_added_removed_moved_or_renamed(phases, phase, kind):
    annual_list = getattr(phases, phase).list_of(kind)
    entry = annual_list.entries.first()
    refuses(
        "of its entries can change",
        "INSERT INTO editions_entry (annual_list_id, line_id, title, slug, description, in_plain_words, for_leaders,"
        " short, position) VALUES (%s, %s, 'Late', 'late', 'Too late.', '', '', '', 9)",
        annual_list.pk,
        entry.line_id,
    )
    refuses("of its entries can change", "DELETE FROM editions_entry WHERE id = %s", entry.pk)
    for change in (
        "position = 99", "slug = 'data-2'", "title = 'Cats'", "description = 'Cats'", "in_plain_words = ''",
        "for_leaders = 'Cats'", "short = 'Cats'",
    ):  # fmt: skip
        refuses("of its entries can change", f"UPDATE editions_entry SET {change} WHERE id = %s", entry.pk)


def test_an_entry_cannot_move_from_a_draft_to_a_frozen_list(phases):
    entry = data_of(phases.drafting)
    for edition in (phases.unranked, phases.published, phases.closed, phases.open):
        refuses(
            "cannot move to another list",
            "UPDATE editions_entry SET position = 99, slug = 'new', annual_list_id = %s WHERE id = %s",
            edition.list_of(Kind.PRIORITIES).pk,
            entry.pk,
        )


def test_an_entry_cannot_move_from_a_frozen_list_to_a_draft(phases):
    draft = phases.drafting.list_of(Kind.PRIORITIES)
    with pghistory.context(reason="moved"):
        for edition in (phases.unranked, phases.published, phases.closed, phases.open):
            refuses(
                "of its entries can change|cannot move to another list",
                "UPDATE editions_entry SET position = 99, slug = 'new', annual_list_id = %s WHERE id = %s",
                draft.pk,
                data_of(edition).pk,
            )


@pytest.mark.parametrize("phase", ["open", "closed"])
def test_wording_is_corrected_with_a_reason_which_history_keeps(phases, phase):
    entry = data_of(getattr(phases, phase))
    entry.correct(reason="a typo", description="What data means.")
    last = entry.events.order_by("pgh_id").last()
    assert last.pgh_context["reason"] == "a typo"
    assert last.description == "What data means."


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_empty_reason_counts_as_none(world, reason):
    with pytest.raises(ValidationError, match="Say why"):
        Entry.objects.get(slug="data").correct(reason=reason, description="Cats.")
    refuses("with a reason", "UPDATE editions_entry SET description = 'Cats.' WHERE slug = 'data'")


@pytest.mark.parametrize("reason", ["because", "", None])
def test_a_reason_in_the_history_alone_permits_no_correction(world, reason):
    with pghistory.context(reason=reason), pytest.raises(IntegrityError, match="with a reason"), transaction.atomic():
        Entry.objects.filter(slug="data").update(description="Cats.")


def test_permission_to_correct_ends_after_one_correction_of_one_entry(world):
    Entry.objects.get(slug="data").correct(reason="a typo", description="What data means.")
    for slug in ("data", "workforce"):
        refuses("with a reason", f"UPDATE editions_entry SET description = 'Cats.' WHERE slug = '{slug}'")


@pytest.mark.parametrize("phase", ["open", "closed"])
@pytest.mark.parametrize("change", [{"slug": "cats"}, {"position": 99}])
def test_a_reason_does_not_permit_another_position_or_slug(phases, phase, change):
    with pghistory.context(reason="because"), pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(annual_list__edition=getattr(phases, phase), slug="data").update(**change)


def test_a_reason_does_not_permit_changing_a_published_entry(phases):
    for edition in (phases.published, phases.unranked):
        with pghistory.context(reason="a typo"), pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.filter(annual_list__edition=edition, slug="data").update(description="Cats.")


def test_an_entry_that_is_placed_on_a_ballot_is_protected(world):
    rank(world.edition, world.member_a, "Data", action="save")
    with pytest.raises(ProtectedError):
        Entry.objects.get(slug="data").delete()


# Entries within their list


def test_entries_of_a_draft_swap_positions_in_one_transaction(db):
    edition = make_edition(2031)
    with transaction.atomic():
        sql("UPDATE editions_entry SET position = CASE position WHEN 1 THEN 2 WHEN 2 THEN 1 ELSE position END")
    assert [entry.title for entry in edition.list_of(Kind.PRIORITIES).entries.in_order()][:2] == [
        "Workforce",
        "Cybersecurity",
    ]


def test_two_entries_never_share_an_address_a_title_or_a_position(db):
    make_edition(2031)
    refuses("entry_title_once", "UPDATE editions_entry SET title = 'DATA' WHERE slug = 'workforce'")
    refuses("entry_slug_once", "UPDATE editions_entry SET slug = 'data' WHERE slug = 'workforce'")
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # at once and not at the commit, which this test never reaches
    refuses("entry_position_once", "UPDATE editions_entry SET position = 1 WHERE position = 2")
    refuses("position_from_1", "UPDATE editions_entry SET position = 0 WHERE position = 2")


@pytest.mark.parametrize("slug", ["ballot", "compare", "map", "notes", "proposals", "list", "results", ""])
def test_an_entry_cannot_take_the_address_of_a_page(db, slug):
    make_edition(2031)
    refuses("slug_not_reserved", "UPDATE editions_entry SET slug = %s WHERE slug = 'data'", slug)


# Lineage


def test_lineage_runs_from_an_earlier_edition_to_a_later_one(phases):
    entry = {edition.year: data_of(edition) for edition in (phases.unranked, phases.open, phases.drafting)}
    Lineage.objects.create(later=entry[2031], earlier=entry[2030], type="split")
    for later, earlier in ((2027, 2030), (2030, 2030), (2030, 2031)):
        with pytest.raises(IntegrityError, match="the earlier edition first"), transaction.atomic():
            Lineage.objects.create(later=entry[later], earlier=entry[earlier], type="split")
    refuses(
        "the earlier edition first",
        "UPDATE editions_lineage SET later_id = %s, earlier_id = %s",
        entry[2030].pk,
        entry[2031].pk,
    )
    with pytest.raises(IntegrityError, match="lineage_once"), transaction.atomic():
        Lineage.objects.create(later=entry[2031], earlier=entry[2030], type="merged")
    for stored_elsewhere in ("continued", "renamed", "returned"):
        with pytest.raises(IntegrityError, match="lineage_type_known"), transaction.atomic():
            Lineage.objects.create(later=entry[2031], earlier=entry[2027], type=stored_elsewhere)
