"""The portal works under the web process's database role, which cannot change the history."""

from __future__ import annotations

import io
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from members.models import Government, User
from mixportal.ballots.models import Ballot
from mixportal.database import QUIET_LOG
from mixportal.notes.models import Note
from mixportal.pages.models import PageVersion
from mixportal.web_role import needs_granting
from tests.curating import change
from tests.members.signing import sign_in_by_code
from tests.reading import said
from tests.test_imports import IMPORTS

ROLE = "mix_web_of_tests"


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def grant(*options: str) -> str:
    said_so = io.StringIO()
    call_command("web_role", ROLE, *options, stdout=said_so)
    return said_so.getvalue()


@contextmanager
def signed_in_as_the_role():
    """Connect as the role. The test rolls everything back."""
    sql(f"SET LOCAL SESSION AUTHORIZATION {ROLE}")
    try:
        yield
    finally:
        sql("SET LOCAL SESSION AUTHORIZATION DEFAULT")


@pytest.fixture
def role(world):
    sql(f"CREATE ROLE {ROLE} LOGIN")
    grant()
    with signed_in_as_the_role():
        yield world


def refused(statement: str, *values: object) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        sql(statement, *values)


def test_a_sign_in_a_ballot_and_a_curators_change_go_through_and_are_in_the_history(role, sign_in, client):
    assert sign_in_by_code(client, "rosa@port.example").status_code == 302
    ranks = {"version": 0, "rank-data": 1, "rank-workforce": 2, "action": "cast"}
    answer = client.post("/2030/priorities/ballot/", ranks, HTTP_HX_REQUEST="true")
    assert "Cast, counts as it stands" in said(answer, "save-state")
    ballot = Ballot.objects.get()
    assert ballot.events.order_by("pgh_id").last().pgh_context["user"] == role.member_a.pk
    assert change(sign_in(role.curator), role.port, population="310000").status_code == 302
    assert role.port.events.order_by("pgh_id").last().population == 310_000
    for page in ("/", "/2030/priorities/", "/governments/port-merrow-county/history/", "/readyz", "/profile/"):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("name", ["governments", "list", "outside"])
def test_an_import_may_lock_what_it_needs(role, name):
    make, good, _ = IMPORTS[name]
    assert make(good).apply(reason="a test").has_changes


def test_a_change_by_the_role_outdates_the_public_pages(role, client):
    page = "/governments/port-merrow-county/"
    before = PageVersion.current()
    assert "Port Merrow Bay" not in client.get(page).content.decode()
    Government.objects.filter(pk=role.port.pk).update(name="Port Merrow Bay")
    assert PageVersion.current() == before + 1
    assert "Port Merrow Bay" in client.get(page).content.decode()


def test_the_role_neither_changes_removes_empties_nor_forges_history(role):
    for table in ("members_governmentevent", "members_userevent", "editions_lineageevent"):
        refused(f"UPDATE {table} SET pgh_label = 'nothing'")
        refused(f"DELETE FROM {table}")
        refused(f"TRUNCATE {table}")
        refused(f"INSERT INTO {table} SELECT * FROM {table}")
    refused("TRUNCATE members_government CASCADE")
    refused("INSERT INTO django_migrations (app, name, applied) VALUES ('members', '9999', now())")


def test_the_role_writes_a_curators_answer_only_to_the_curators_and_keeps_it_so(role, write):
    def add(reply_to: Note, author: User = role.curator, government: Government | None = None, **changes: str) -> None:
        words = {"kind": "note", "audience": "curators"} | changes
        sql(
            "INSERT INTO notes_note (entry_id, about, government_id, author_id, kind, body, audience, reply_to_id,"
            " hidden_reason, version) VALUES (%s, 'Data', %s, %s, %s, 'Words.', %s, %s, '', 1)",
            reply_to.entry_id, government and government.pk, author.pk, words["kind"], words["audience"], reply_to.pk,
        )  # fmt: skip

    asked, open_to_all = (write(role.member_a, audience=audience) for audience in ("curators", "members"))
    add(asked)
    answer = Note.objects.get(reply_to=asked)
    assert answer.government is None
    for attempt in (
        lambda: add(open_to_all),
        lambda: add(answer),
        lambda: add(asked, kind="practice"),
        lambda: add(asked, audience="government"),
        lambda: add(asked, author=role.member_b),
        lambda: add(asked, author=role.member_b, government=role.halloran),
        lambda: sql("UPDATE notes_note SET reply_to_id = NULL WHERE id = %s", answer.pk),
        lambda: sql("UPDATE notes_note SET audience = 'members' WHERE id = %s", answer.pk),
        lambda: sql("UPDATE notes_note SET audience = 'government' WHERE id = %s", answer.pk),
        lambda: sql("UPDATE notes_note SET author_id = %s WHERE id = %s", role.bare_staff.pk, answer.pk),
        lambda: sql("UPDATE notes_note SET government_id = %s WHERE id = %s", role.port.pk, answer.pk),
        lambda: sql("UPDATE notes_note SET government_id = NULL WHERE id = %s", asked.pk),
        lambda: sql("DELETE FROM notes_note WHERE id = %s", answer.pk),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_the_role_cannot_create_alter_or_drop_anything(role):
    trigger = "(SELECT tgname FROM pg_trigger WHERE tgrelid = 'members_governmentevent'::regclass LIMIT 1)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {trigger}")
        (name,) = cursor.fetchone()
    refused(f"DROP TRIGGER {name} ON members_governmentevent")
    refused(f"ALTER TABLE members_governmentevent DISABLE TRIGGER {name}")
    refused("ALTER TABLE members_government DISABLE TRIGGER ALL")
    refused("DROP TABLE members_governmentevent")
    refused("SET session_replication_role = replica")
    refused("CREATE TABLE public.mine (id int)")
    refused("CREATE TEMPORARY TABLE members_governmentevent (id int)")
    refused("CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN"
            " LANGUAGE sql AS 'SELECT true'")  # fmt: skip


def test_the_role_cannot_ignore_triggers_but_the_owner_can(role):
    before = role.port.events.count()
    sql("SELECT set_config('pgtrigger.ignore', '{' || string_agg(tgname, ',') || '}', true) FROM pg_trigger")
    Government.objects.filter(pk=role.port.pk).update(population=1)
    assert role.port.events.count() == before + 1
    sql("SET LOCAL SESSION AUTHORIZATION DEFAULT")
    Government.objects.filter(pk=role.port.pk).update(population=2)
    assert role.port.events.count() == before + 1


def test_readiness_says_when_a_migration_has_gone_ahead_of_the_role(role, client):
    assert not needs_granting()
    sql("SET LOCAL SESSION AUTHORIZATION DEFAULT")
    sql("CREATE TABLE public.later (id int)")
    with signed_in_as_the_role():
        answer = client.get("/readyz")
        assert (answer.status_code, "manage.py upgrade" in answer.content.decode()) == (503, True)
    grant()
    with signed_in_as_the_role():
        assert client.get("/readyz").status_code == 200


def test_readiness_warns_while_the_log_of_postgres_can_hold_ballots(role, client):
    assert client.get("/readyz").content == b"ready"
    sql("SET LOCAL SESSION AUTHORIZATION DEFAULT")
    sql("SET LOCAL log_min_duration_statement = '1s'")
    sql("SET LOCAL log_min_error_statement = 'error'")
    with signed_in_as_the_role():
        answer = client.get("/readyz")
        assert answer.status_code == 200
        assert "log_min_duration_statement = 1000, log_min_error_statement = error" in answer.content.decode()


def test_the_log_holds_no_statement_of_the_role_from_its_next_sign_in_on(role):
    sql("SET LOCAL SESSION AUTHORIZATION DEFAULT")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolconfig FROM pg_roles WHERE rolname = %s", [ROLE])
        assert set(cursor.fetchone()[0]) == {f"{name}={value}" for name, value in QUIET_LOG.items()}


def test_an_owner_who_is_no_superuser_is_told_what_a_superuser_must_still_run(role):
    sql("SET LOCAL SESSION AUTHORIZATION DEFAULT")
    sql("CREATE ROLE mix_owner_of_tests")
    sql(
        "DO $$ DECLARE each text; BEGIN"
        " FOR each IN SELECT 'TABLE ' || oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " UNION SELECT 'FUNCTION ' || oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " UNION VALUES ('SCHEMA public'), ('DATABASE ' || quote_ident(current_database()))"
        " LOOP EXECUTE 'ALTER ' || each || ' OWNER TO mix_owner_of_tests'; END LOOP; END $$"
    )
    sql("SET LOCAL ROLE mix_owner_of_tests")
    assert "Let a superuser" not in grant()
    sql("RESET ROLE")
    sql(f"ALTER ROLE {ROLE} RESET log_statement")
    sql("SET LOCAL ROLE mix_owner_of_tests")
    said_so = grant()
    assert "Let a superuser of the database run" in said_so
    assert f"""ALTER ROLE "{ROLE}" SET log_min_error_statement = 'panic';""" in said_so


def test_the_owner_is_always_ready(world):
    assert not needs_granting()


def test_printing_runs_nothing_and_running_twice_is_harmless(world):
    sql(f"CREATE ROLE {ROLE} LOGIN")
    printed = grant("--print")
    assert f'GRANT USAGE ON SCHEMA public TO "{ROLE}";' in printed
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'members_user', 'SELECT')", [ROLE])
        assert cursor.fetchone() == (False,)
    assert "cannot change the record" in grant()
    assert "cannot change the record" in grant()
    with signed_in_as_the_role():
        assert User.objects.count() == 8


@pytest.mark.parametrize(
    ("making", "says"),
    [
        ("SELECT 1", "There is no role"),
        (f"CREATE ROLE {ROLE} SUPERUSER", "nothing would hold it"),
        (f"CREATE ROLE {ROLE} CREATEROLE", "nothing would hold it"),
        (f"CREATE ROLE {ROLE} IN ROLE pg_write_all_data", "belongs to pg_write_all_data"),
        (f"CREATE ROLE {ROLE}; CREATE TABLE its (id int); ALTER TABLE its OWNER TO {ROLE}", "owns tables"),
    ],
)
def test_a_role_with_too_many_rights_is_refused(db, making, says):
    sql(making)
    with pytest.raises(CommandError, match=says):
        grant()
