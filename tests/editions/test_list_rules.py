"""Rows that must belong to one list, tested with raw SQL in the database role of the web process."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from challenges.models import HindranceResponse
from mixportal.ballots.models import Placement
from mixportal.editions.models import Edition, Entry, Kind, Line, Lineage
from mixportal.proposals.models import Proposal
from mixportal.results.models import Tally
from tests.test_web_role import role  # noqa: F401
from tests.worlds import closed, make_edition, rank


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1, statement


def refuses(why: str, statement: str, *values: object) -> None:
    with pytest.raises(IntegrityError, match=why):
        sql(statement, *values)


@pytest.fixture
def draft(role):  # noqa: F811
    return make_edition(2031)


def entry(edition: Edition, slug: str = "data", kind: Kind = Kind.PRIORITIES) -> Entry:
    return edition.list_of(kind).entries.get(slug=slug)


# Lists and lines


def test_a_list_keeps_its_edition_and_its_kind_and_there_is_one_of_each(draft):
    drafted = draft.list_of(Kind.PRIORITIES)
    bare = Edition.objects.create(year=2032).list_of(Kind.CHALLENGES)
    refuses(
        "annual_list_once", "INSERT INTO editions_annuallist (edition_id, kind) VALUES (%s, 'priorities')", draft.pk
    )
    refuses(
        "annual_list_kind_known|once", "INSERT INTO editions_annuallist (edition_id, kind) VALUES (%s, 'x')", draft.pk
    )
    refuses("of a list cannot change", "UPDATE editions_annuallist SET kind = 'priorities' WHERE id = %s", bare.pk)
    refuses(
        "of a list cannot change",
        "UPDATE editions_annuallist SET edition_id = %s WHERE id = %s",
        bare.edition_id,
        drafted.pk,
    )


def test_a_line_keeps_its_kind(draft):
    line = entry(draft).line
    refuses("of a line cannot change", "UPDATE editions_line SET kind = 'challenges' WHERE id = %s", line.pk)
    refuses("line_kind_known", "INSERT INTO editions_line (kind) VALUES ('x')")


INSERT_ENTRY = (
    "INSERT INTO editions_entry (annual_list_id, line_id, title, slug, description, in_plain_words, for_leaders, short,"
    " position) VALUES (%s, %s, 'New', 'new', 'd', '', '', '', 99)"
)


def test_an_entry_is_on_a_line_of_its_kind_and_keeps_its_list(draft):
    drafted, later = draft.list_of(Kind.PRIORITIES), make_edition(2032).list_of(Kind.PRIORITIES)
    priority, challenge = (Line.objects.create(kind=kind) for kind in Kind)
    refuses("of one kind", INSERT_ENTRY, drafted.pk, challenge.pk)
    refuses("of one kind", "UPDATE editions_entry SET line_id = %s WHERE id = %s", challenge.pk, entry(draft).pk)
    for other in (later, draft.list_of(Kind.CHALLENGES)):
        refuses(
            "another list", "UPDATE editions_entry SET annual_list_id = %s WHERE id = %s", other.pk, entry(draft).pk
        )
    sql(INSERT_ENTRY, drafted.pk, priority.pk)
    refuses("entry_one_of_a_line", "UPDATE editions_entry SET line_id = %s WHERE id = %s", priority.pk, entry(draft).pk)


def test_lineage_leads_between_two_lines_of_one_kind(draft, role):  # noqa: F811
    insert = "INSERT INTO editions_lineage (later_id, earlier_id, type) VALUES (%s, %s, 'split')"
    later, earlier, challenge = entry(draft), entry(role.edition), entry(role.edition, "shadow-it", Kind.CHALLENGES)
    refuses("of one kind", insert, later.pk, challenge.pk)
    refuses("the earlier edition first", insert, earlier.pk, later.pk)
    sql(insert, later.pk, earlier.pk)
    refuses("of one kind", "UPDATE editions_lineage SET earlier_id = %s", challenge.pk)
    Lineage.objects.all().delete()
    earlier.line.join(later.line, reason="the same")
    refuses("on two lines", insert, later.pk, earlier.pk)


# Ballots


def test_a_ballot_places_entries_of_its_own_list(draft, role):  # noqa: F811
    ballot = rank(role.edition, role.member_a, "Data", "Workforce")
    insert = "INSERT INTO ballots_placement (ballot_id, entry_id, place) VALUES (%s, %s, 3)"
    of_other_lists = [entry(role.edition, "shadow-it", Kind.CHALLENGES), entry(draft, "governance")]
    placement = Placement.objects.get(ballot=ballot, entry__slug="data")
    for other in of_other_lists:
        refuses("of its own list", insert, ballot.pk, other.pk)
        refuses("of its own list", "UPDATE ballots_placement SET entry_id = %s WHERE id = %s", other.pk, placement.pk)
    sql(insert, ballot.pk, entry(role.edition, "governance").pk)
    other_ballot = rank(role.edition, role.member_a, "Shadow IT", kind=Kind.CHALLENGES)
    refuses(
        "Its ballot cannot change",
        "UPDATE ballots_placement SET ballot_id = %s WHERE id = %s",
        other_ballot.pk,
        placement.pk,
    )


def test_a_ballot_keeps_its_list(role):  # noqa: F811
    ballot = rank(role.edition, role.member_a, "Data")
    move = "UPDATE ballots_ballot SET annual_list_id = %s WHERE id = %s"
    refuses("annual list and government cannot change", move, role.edition.list_of(Kind.CHALLENGES).pk, ballot.pk)
    insert = "INSERT INTO ballots_ballot (annual_list_id, government_id, version) VALUES (%s, %s, 0)"
    refuses("ballot_once", insert, ballot.annual_list_id, role.port.pk)


# Proposals


def test_a_proposal_becomes_part_of_its_own_list_and_keeps_it(draft, role):  # noqa: F811
    priorities, challenges = draft.list_of(Kind.PRIORITIES), draft.list_of(Kind.CHALLENGES)
    texts = {"title": "Accessibility", "description": "Pages for everyone."}
    proposal, other = (
        Proposal.propose(annual_list=each, user=role.member_a, **texts) for each in (priorities, challenges)
    )
    decided = "outcome = 'merged', decided_at = now(), decided_by_id = %s"
    for column, key in (("entry_id", entry(draft, "shadow-it", Kind.CHALLENGES).pk), ("into_id", other.pk)):
        refuses(
            "of its own list",
            f"UPDATE proposals_proposal SET {column} = %s, {decided} WHERE id = %s",
            key,
            role.curator.pk,
            proposal.pk,
        )
        refuses(
            "of its own list",
            f"INSERT INTO proposals_proposal (annual_list_id, government_id, proposed_by_id, title, description, why,"
            f" outcome, decided_at, decided_by_id, declined_because, {column})"
            f" VALUES (%s, %s, %s, 'x', 'x', '', 'merged', now(), %s, '', %s)",
            priorities.pk,
            role.port.pk,
            role.member_a.pk,
            role.curator.pk,
            key,
        )
    refuses(
        "of a proposal cannot change",
        "UPDATE proposals_proposal SET annual_list_id = %s WHERE id = %s",
        challenges.pk,
        proposal.pk,
    )
    sql(
        f"UPDATE proposals_proposal SET entry_id = %s, {decided} WHERE id = %s",
        entry(draft).pk,
        role.curator.pk,
        proposal.pk,
    )


# Notes


def test_a_note_keeps_its_entry_but_within_a_drafted_list(draft, role):  # noqa: F811
    insert = (
        "INSERT INTO notes_note (entry_id, about, government_id, author_id, kind, body, audience, hidden_reason, version)"
        " VALUES (%s, 'x', %s, %s, 'note', 'x', 'members', '', 1) RETURNING id"
    )

    def write(on: Entry) -> int:
        with connection.cursor() as cursor:
            cursor.execute(insert, [on.pk, role.port.pk, role.member_a.pk])
            return cursor.fetchone()[0]

    move = "UPDATE notes_note SET entry_id = %s WHERE id = %s"
    drafted, opened = write(entry(draft)), write(entry(role.edition))
    sql(move, entry(draft, "governance").pk, drafted)
    for elsewhere in (entry(role.edition), entry(draft, "shadow-it", Kind.CHALLENGES)):
        refuses("of a note", move, elsewhere.pk, drafted)
    refuses("of a note", move, entry(role.edition, "governance").pk, opened)
    refuses(
        "must belong to a note on the same entry",
        "INSERT INTO notes_note (entry_id, about, government_id, author_id, kind, body, audience, hidden_reason, version,"
        " reply_to_id) VALUES (%s, 'x', %s, %s, 'note', 'x', 'members', '', 1, %s)",
        entry(draft, "workforce").pk,
        role.port.pk,
        role.member_a.pk,
        drafted,
    )


# Investments and hindrances


def test_an_investment_names_a_priority_and_moves_within_a_drafted_list_alone(draft, role):  # noqa: F811
    insert = (
        "INSERT INTO priorities_investment (government_id, priority_id, status, cost, summary, audience, version,"
        " updated_at, updated_by_id) VALUES (%s, %s, 'planned', '', '', 'members', 1, now(), %s)"
    )
    challenge = entry(draft, "shadow-it", Kind.CHALLENGES)
    refuses("one of the priorities", insert, role.port.pk, challenge.pk, role.member_a.pk)
    for each in (entry(draft), entry(role.edition)):
        sql(insert, role.port.pk, each.pk, role.member_a.pk)
    move = "UPDATE priorities_investment SET priority_id = %s WHERE priority_id = %s"
    refuses("one of the priorities|of an investment cannot change", move, challenge.pk, entry(draft).pk)
    refuses("of an investment cannot change", move, entry(role.edition, "governance").pk, entry(draft).pk)
    refuses("of an investment cannot change", move, entry(role.edition, "governance").pk, entry(role.edition).pk)
    sql(move, entry(draft, "governance").pk, entry(draft).pk)


def test_a_hindrance_leads_from_a_challenge_to_a_priority_of_the_edition_answered_for(draft, role):  # noqa: F811
    response = HindranceResponse.record(
        edition=role.edition, government=role.port, user=role.member_a, marked={("shadow-it", "data")}, version=0
    )
    insert = "INSERT INTO challenges_hindrance (response_id, challenge_id, priority_id) VALUES (%s, %s, %s)"
    challenge, priority = entry(role.edition, "shadow-it", Kind.CHALLENGES), entry(role.edition, "governance")
    for wrong in (
        (priority, challenge),
        (challenge, challenge),
        (entry(draft, "shadow-it", Kind.CHALLENGES), priority),
        (challenge, entry(draft)),
    ):
        refuses("from a challenge to a priority", insert, response.pk, *(each.pk for each in wrong))
    sql(insert, response.pk, challenge.pk, priority.pk)
    for change in (f"priority_id = {entry(draft).pk}", f"challenge_id = {priority.pk}"):
        refuses(
            "cannot change|from a challenge",
            f"UPDATE challenges_hindrance SET {change} WHERE priority_id = %s",
            priority.pk,
        )


# Tallies


def test_a_tally_keeps_its_list_and_is_of_a_closed_one(draft, role):  # noqa: F811
    rank(role.edition, role.member_a, "Data")
    tally = Tally.objects.get_or_compute(closed(role.edition).list_of(Kind.PRIORITIES))
    drafted = draft.list_of(Kind.PRIORITIES)
    refuses("cannot change", "UPDATE results_tally SET annual_list_id = %s WHERE id = %s", drafted.pk, tally.pk)
    columns = "number, reason, computed_at, digest, method_version, seed, roster, figures, comparison, public"
    refuses(
        "after they close",
        f"INSERT INTO results_tally (annual_list_id, {columns}) SELECT %s, {columns} FROM results_tally WHERE id = %s",
        drafted.pk,
        tally.pk,
    )
