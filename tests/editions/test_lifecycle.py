"""The steps of an edition from draft to publication, and when each is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from mixportal.editions.models import Edition, Entry, Erratum, Kind, Lineage, database_now
from tests.editions.test_edition_rules import refuses, sql
from tests.worlds import closed, make_edition, open_edition


def missing(edition) -> dict[str, bool]:
    return {each.what: each.is_blocking for each in Edition.objects.get(pk=edition.pk).readiness_issues()}


def days(count: float):
    return database_now() + timedelta(days=count)


# What is missing


def test_a_bare_draft_lacks_its_lists_the_mail_and_a_window(db):
    edition = Edition.objects.create(year=2031)
    assert missing(edition) == {
        "The list of priorities is empty, so there is nothing to rank.": True,
        "The list of challenges is empty, so there is nothing to rank.": True,
        "No curator has read the mail about the opening. Read it first, as it will be sent.": True,
        "No date is set on which the ballots open and close.": False,
    }


def test_plain_words_and_lineage_are_advice(world):
    edition = make_edition(2031)
    Entry.objects.filter(annual_list__edition=edition, slug__in=["data", "workforce"]).update(in_plain_words="")
    for kind in Kind:
        earlier = {entry.slug: entry for entry in world.edition.list_of(kind).entries.select_related("line")}
        on_a_line, from_one, from_two = edition.list_of(kind).entries.in_order().select_related("line")[:3]
        earlier[on_a_line.slug].line.join(on_a_line.line, reason="the same")
        for entry in (from_one, from_two):
            Lineage.objects.create(later=entry, earlier=earlier[entry.slug], type="split")
        Lineage.objects.create(later=from_two, earlier=earlier[from_one.slug], type="merged")
    assert missing(edition) == {
        "2 of 8 priorities have no plain words for leaders.": False,
        "5 of 8 priorities continue nothing earlier: right if they are new.": False,
        "No date is set on which the ballots open and close.": False,
    }
    edition.set_window(opens_at=days(10), closes_at=days(11))
    assert "No date is set on which the ballots open and close." not in missing(edition)


def test_texts_for_leaders_of_an_earlier_meaning_are_advice(world):
    draft = world.edition.begin_next()
    entries = draft.list_of(Kind.PRIORITIES).entries
    assert not any("the meaning is new" in each for each in missing(draft))
    entries.filter(slug__in=["data", "workforce", "governance", "social-media"]).update(description="New.")
    entries.filter(slug="governance").update(short="Rules")
    entries.filter(slug="social-media").update(in_plain_words="")
    told = "Workforce and Data: the meaning is new, and the texts for leaders are still those of the year before."
    assert missing(draft)[told] is False


def test_nothing_is_missing_once_the_ballots_are_open(world):
    assert missing(world.edition) == {}


# The window


@pytest.mark.parametrize("verb", ["set_window", "open_now"])
@pytest.mark.parametrize("lacking", ["mail", "list"])
def test_a_window_needs_a_read_mail_and_two_lists_with_entries(db, verb, lacking):
    edition = make_edition(2031, mail_previewed_at=None if lacking == "mail" else database_now())
    if lacking == "list":
        edition.list_of(Kind.CHALLENGES).entries.in_order().delete()
    said = "No curator has read the mail" if lacking == "mail" else "list of challenges is empty"
    window = {"closes_at": days(2)} | ({"opens_at": days(1)} if verb == "set_window" else {})
    with pytest.raises(ValidationError, match=said):
        getattr(edition, verb)(**window)
    assert Edition.objects.get(year=2031).opens_at is None


def test_the_database_requires_that_the_mail_was_read(db):
    make_edition(2031, mail_previewed_at=None)
    window = "opens_at = clock_timestamp() + interval '1 day', closes_at = clock_timestamp() + interval '2 days'"
    refuses("its_mail_was_read", f"UPDATE editions_edition SET {window} WHERE year = 2031")


def at_the_commit(why: str, statement: str, *parameters) -> None:
    """Run deferred triggers now, because the transaction of the test never commits."""
    with transaction.atomic():
        sql(statement, *parameters)
        with pytest.raises(IntegrityError, match=why), transaction.atomic():
            connection.check_constraints()
        transaction.set_rollback(True)


def test_raw_sql_cannot_set_a_window_with_an_empty_list(db):
    edition = make_edition(2031)
    edition.list_of(Kind.PRIORITIES).entries.in_order().delete()
    window = "opens_at = clock_timestamp() + interval '1 day', closes_at = clock_timestamp() + interval '2 days'"
    at_the_commit("A list of 2031 is empty", f"UPDATE editions_edition SET {window} WHERE year = 2031")


def test_raw_sql_can_replace_but_not_empty_a_list_with_a_window(db):
    edition = make_edition(2031)
    edition.set_window(opens_at=days(1), closes_at=days(2))
    connection.check_constraints()
    challenges = edition.list_of(Kind.CHALLENGES)
    everything = "DELETE FROM editions_entry WHERE annual_list_id = %s"
    at_the_commit("cannot become empty", everything, challenges.pk)
    with transaction.atomic():
        sql(everything, challenges.pk)
        challenges.add_entries([Entry(title="One", slug="one", description="d", position=1)])
        connection.check_constraints()
    edition.set_window(opens_at=None, closes_at=None)
    with transaction.atomic():
        sql(everything, challenges.pk)
        connection.check_constraints()


def test_a_window_can_be_set_moved_and_cleared_until_it_opens(db):
    edition = make_edition(2031)
    edition.set_window(opens_at=days(1), closes_at=days(2))
    edition.set_window(opens_at=days(3), closes_at=days(4))
    edition.set_window(opens_at=None, closes_at=None)
    for opens, closes in ((days(-1), days(1)), (days(2), days(1)), (days(1), None)):
        with pytest.raises(ValidationError):
            edition.set_window(opens_at=opens, closes_at=closes)
    edition = open_edition(Edition.objects.get(pk=edition.pk))
    with pytest.raises(ValidationError, match="only their close can move"):
        edition.set_window(opens_at=days(1), closes_at=days(2))


def test_a_close_moves_later_with_a_reason_which_history_keeps(world):
    later = world.edition.closes_at + timedelta(days=2)
    for to, reason, said in (
        (later, " ", "Say why"),
        (world.edition.closes_at, "A storm.", "Give a later close"),
        (days(1), "A storm.", "Give a later close"),
    ):
        with pytest.raises(ValidationError, match=said):
            world.edition.move_close(to, reason=reason)
    world.edition.move_close(later, reason=" A storm closed the offices. ")
    edition = Edition.objects.get(year=2030)
    assert (edition.closes_at, edition.close_moved_because) == (later, "A storm closed the offices.")
    assert edition.events.order_by("pgh_id").last().pgh_context["reason"] == "A storm closed the offices."


def test_a_close_that_has_passed_or_is_not_set_does_not_move(world):
    for edition in (closed(world.edition), make_edition(2031)):
        with pytest.raises(ValidationError, match="while ballots are open"):
            edition.move_close(days(30), reason="A storm.")


def test_a_moved_close_without_a_reason_is_an_error_of_the_field(world):
    world.edition.closes_at += timedelta(days=1)
    with pytest.raises(ValidationError) as refused:
        world.edition.full_clean()
    assert "Say why" in refused.value.message_dict["closes_at"][0]


# The year and its lineage


def test_a_drafts_year_does_not_turn_its_lineage_backward(world):
    edition = make_edition(2031)
    later, earlier = (each.list_of(Kind.PRIORITIES).entries.get(slug="data") for each in (edition, world.edition))
    link = Lineage.objects.create(later=later, earlier=earlier, type="split")
    for year in (2029, 2030 - 5):
        refuses("lead to an earlier year", "UPDATE editions_edition SET year = %s WHERE year = 2031", year)
        edition.year = year
        with pytest.raises(ValidationError, match="lead to an earlier year"):
            edition.full_clean()
    assert sql("UPDATE editions_edition SET year = 2040 WHERE year = 2031") == 1
    link.delete()
    assert sql("UPDATE editions_edition SET year = 2029 WHERE year = 2040") == 1


@pytest.mark.parametrize("kind", Kind)
def test_next_years_edition_begins_with_the_same_entries_on_the_same_lines(world, kind):
    new = world.edition.begin_next()
    assert (new.year, new.phase, new.time_zone, new.mail_previewed_at) == (2031, "drafting", "America/New_York", None)
    kept = ("line", *Entry.WORDING, "slug", "position")
    old = list(world.edition.list_of(kind).entries.in_order().values_list(*kept))
    assert list(new.list_of(kind).entries.in_order().values_list(*kept)) == old
    assert not Lineage.objects.exists()
    with pytest.raises(ValidationError, match="already is an edition of 2031"):
        world.edition.begin_next()
    with pytest.raises(ValidationError, match="only once the ballots have opened"):
        new.begin_next()


# Errata


def test_an_erratum_needs_a_published_edition_and_never_changes(phases):
    erratum = Erratum(edition=phases.published, about="Data", body="It is 12, not 21.", added_by=phases.curator)
    erratum.full_clean()
    erratum.save()
    refuses("stands", "UPDATE editions_erratum SET body = 'x'")
    refuses("stands", "DELETE FROM editions_erratum")
    for edition in (phases.drafting, phases.open, phases.closed):
        with pytest.raises(ValidationError, match="Only a published edition"):
            Erratum(edition=edition, body="x", added_by=phases.curator).full_clean()
        with pytest.raises(IntegrityError, match="Only a published edition"), transaction.atomic():
            Erratum.objects.create(edition=edition, body="x", added_by=phases.curator)
