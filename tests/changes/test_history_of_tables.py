"""Each insert, update and delete by the web role leaves one event, in every tracked table."""

from __future__ import annotations

import pghistory
import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection, models

from challenges.models import HindranceResponse
from members.invitations import Invitation
from members.models import Office, Seal
from members.preferences import MailPreference
from mixportal.editions.models import AnnualList, Erratum, Kind, Line, Lineage
from mixportal.notes.models import Note
from mixportal.proposals.models import Proposal
from mixportal.summaries.models import ShareLink
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from mixportal.web_role import event_models
from priorities.models import Investment, Priority
from tests.test_web_role import ROLE, grant, signed_in_as_the_role, sql
from tests.worlds import make_edition, open_edition, published, rank

OTHER_PRIORITY = "(SELECT id FROM editions_entry other WHERE other.slug = 'governance' AND other.id <> {0} LIMIT 1)"
# what is changed in each table: one column, in SQL; rows of the last two are added and removed alone
CHANGES = {
    "ballots.Ballot": "version = version + 1",
    "ballots.Placement": "place = 7",
    "challenges.Hindrance": f"priority_id = {OTHER_PRIORITY.format('priority_id')}",
    "challenges.HindranceResponse": "version = version + 1",
    "editions.Edition": "introduction = 'Changed.'",
    "editions.Entry": "description = 'Changed.'",
    "editions.Erratum": "body = 'Changed.'",
    "editions.Lineage": "type = 'merged'",
    "members.Government": "website = 'https://port.example'",
    "members.Invitation": "email = 'else@port.example'",
    "members.MailPreference": "how = 'digest'",
    "members.Office": "office = 'treasurer'",
    "members.Seal": "digest = 'changed'",
    "members.User": "title = 'CIO'",
    "notes.Endorsement": "endorsed_at = now() - interval '1 day'",
    "notes.Note": "body = 'Changed.'",
    "priorities.Investment": "summary = 'Changed.'",
    "proposals.Proposal": "why = 'Changed.'",
    "proposals.Support": "reason = 'Changed.'",
    "results.Tally": "digest = repeat('0', 64)",
    "summaries.ShareLink": "label = 'Changed'",
    "trends.OutsideItem": "title = 'Changed'",
    "trends.OutsideList": "note = 'Changed.'",
    "trends.OutsideSeries": "license = 'Changed.'",
    "members.CuratorGroup": "",
    "members.CuratorPermission": "",
}


@pytest.fixture
def full(world):
    """A world with a row in every tracked table."""
    sql(f"CREATE ROLE {ROLE} LOGIN")
    grant()
    member, other, curator = world.member_a, world.member_b, world.curator
    data = Priority.objects.get(annual_list__edition=world.edition, slug="data")
    rank(world.edition, member, "Data")
    HindranceResponse.record(
        edition=world.edition, government=world.port, user=member, marked={("shadow-it", "data")}, version=0
    )
    note = Note.objects.create(
        entry=data, about="Data", government=world.port, author=member, kind="note", body="Mind this."
    )
    note.endorsements.create(government=world.halloran, endorsed_by=other)
    facts = {"status": "planned", "cost": "", "staff": None, "from_year": None, "to_year": None, "summary": ""}
    Investment.record(
        priority=data, government=world.port, user=member, facts=facts | {"audience": "members"}, version=0
    )
    draft = make_edition(2031)
    Lineage.objects.create(
        later=draft.list_of(Kind.PRIORITIES).entries.get(slug="data"), earlier=data, type=Lineage.Type.SPLIT
    )
    proposal = Proposal.propose(
        annual_list=draft.list_of(Kind.PRIORITIES), user=member, title="Access", description="For all."
    )
    proposal.support(other, "Yes.")
    series = OutsideSeries.objects.create(body="A body", short_name="a body’s", slug="a-body")
    outside = OutsideList.objects.create(series=series, year=2030)
    OutsideItem.objects.create(outside_list=outside, title="Data", line=data.line)
    counted = open_edition(make_edition(2028))
    rank(counted, member, "Data")
    counted = published(counted)
    Erratum.objects.create(edition=counted, body="It is 12.", added_by=curator)
    ShareLink.objects.make(world.port, counted, by=member, label="Council", days=30)
    Office.objects.create(person_name="Rosa", government=world.port, office="president", from_year=2020)
    Seal.objects.put(world.port, b"a picture", by=member)
    Invitation.objects.invite(world.port, "leader", "new@port.example", by=member)
    MailPreference.objects.create(user=member, kind="opening", how="off")
    world.bare_staff.groups.add(Group.objects.create(name="Editors"))
    world.bare_staff.user_permissions.add(Permission.objects.first())
    return world


def test_the_tables_with_a_history_are_those_that_change():
    tracked = {event.pgh_tracked_model for event in event_models()}
    assert {model._meta.label for model in tracked} == set(CHANGES)
    assert not tracked & {AnnualList, Line}


def without_rules(model: type[models.Model]) -> None:
    """Drop a table's triggers except those of history. Other tests cover the rules."""
    table = model._meta.db_table
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
            " AND tgname !~ '^pgtrigger_record_change_'",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"')
    sql("SET CONSTRAINTS ALL DEFERRED")


def test_an_insert_an_update_and_a_delete_each_leave_one_event_with_user_and_reason(full):
    for event_model in event_models():
        model = event_model.pgh_tracked_model
        table = model._meta.db_table
        columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if not field.generated)
        row = f"FROM {table} WHERE id = (SELECT min(id) FROM {table})"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, to_jsonb({table}.*)::text {row}")
            found = cursor.fetchone()
        assert found is not None, f"{table} has no row"
        key, stored = found
        without_rules(model)
        with signed_in_as_the_role(), pghistory.context(user=full.curator.pk, reason=f"a test of {table}"):
            steps = [
                ("delete", f"DELETE FROM {table} WHERE id = %s", key),
                (
                    "insert",
                    f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s)",
                    stored,
                ),
            ]
            if change := CHANGES[model._meta.label]:
                steps.append(("update", f"UPDATE {table} SET {change} WHERE id = %s", key))
            for label, statement, value in steps:
                events = event_model.objects
                last = events.order_by("pgh_id").values_list("pgh_id", flat=True).last()
                sql(statement, value)
                event = events.get(pgh_id__gt=last)
                assert (event.pgh_label, event.id) == (label, key), table
                assert event.pgh_context["user"] == full.curator.pk, table
                assert event.pgh_context["reason"] == f"a test of {table}"
