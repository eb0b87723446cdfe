"""The database role of the web process, which can read but not write the history.

Triggers write it with the owner's rights (SECURITY DEFINER), so no event can be forged.
"""

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pghistory.models import Event

from mixportal import database

SCHEMA = "public"
_PASS_OVER = f"{SCHEMA}._pgtrigger_should_ignore"

EVENT_TRIGGERS = "^pgtrigger_(record_change|anonymizes_everywhere)_"


class UnfitRoleError(Exception):
    pass


def event_models() -> list[type[Event]]:
    return [model for model in apps.get_models() if issubclass(model, Event)]


def statements(role: str) -> list[str]:
    quoted = connection.ops.quote_name(role)
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    events = sorted(event._meta.db_table for event in event_models())
    migrations = MigrationRecorder.Migration._meta.db_table
    found = [
        # A role that can create a table, even a temporary one, could shadow another.
        f"REVOKE CREATE ON SCHEMA {SCHEMA} FROM PUBLIC",
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"REVOKE ALL ON SCHEMA {SCHEMA} FROM {quoted}",
        f"REVOKE ALL ON DATABASE {database} FROM {quoted}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM {quoted}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {SCHEMA} FROM {quoted}",
        f"GRANT CONNECT ON DATABASE {database} TO {quoted}",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {quoted}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {quoted}",
    ]
    for table in [*events, migrations]:
        found.append(f"REVOKE INSERT, UPDATE, DELETE ON {connection.ops.quote_name(table)} FROM {quoted}")
    for function in _writers():
        found.append(f"ALTER FUNCTION {function} SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp")
    # Only the owner may ignore triggers, and its functions may anonymize people in the history.
    found.append(
        f"CREATE OR REPLACE FUNCTION {_PASS_OVER}(trigger_name NAME) RETURNS BOOLEAN LANGUAGE sql AS $$"  # noqa: S608
        " SELECT CASE WHEN coalesce(current_setting('pgtrigger.ignore', true), '') = '' THEN false"
        " ELSE trigger_name = ANY(current_setting('pgtrigger.ignore')::text[])"
        " AND CASE WHEN trigger_name LIKE 'pgtrigger\\_append\\_only\\_%' THEN current_user ELSE session_user END"
        f" = (SELECT tableowner FROM pg_tables WHERE schemaname = '{SCHEMA}' AND tablename = '{migrations}') END $$"
    )
    return found


def quiet_log_statements(role: str) -> list[str]:
    """Keep the role's statements out of the server's log. Only a superuser may run this."""
    quoted = connection.ops.quote_name(role)
    return [f"ALTER ROLE {quoted} SET {name} = '{value}'" for name, value in database.QUIET_LOG.items()]


def loud_log_settings() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(database.QUIET_LOG)])
        found = dict(cursor.fetchall())
    return [f"{name} = {found[name]}" for name, quiet in database.QUIET_LOG.items() if found.get(name, quiet) != quiet]


def grant(role: str) -> bool:
    """Return whether the role's statements stay out of the log."""
    refuse_unfit(role)
    with connection.cursor() as cursor:
        for statement in statements(role):
            cursor.execute(statement)
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (is_superuser,) = cursor.fetchone()
        for statement in quiet_log_statements(role) if is_superuser else ():
            cursor.execute(statement)
        cursor.execute("SELECT coalesce(rolconfig, '{}') FROM pg_roles WHERE rolname = %s", [role])
        (configured,) = cursor.fetchone()
    return {f"{name}={value}" for name, value in database.QUIET_LOG.items()} <= set(configured)


def refuse_unfit(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
        powers = cursor.fetchone()
        if powers is None:
            raise UnfitRoleError(f"There is no role {role!r}. Make it first: CREATE ROLE {role} LOGIN PASSWORD '…'")
        if any(powers):
            raise UnfitRoleError(f"{role!r} is a superuser or may make roles: nothing would hold it.")
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname <> %s AND pg_has_role(%s, oid, 'MEMBER')"
            " AND rolname <> 'pg_database_owner'",
            [role, role],
        )
        if others := [name for (name,) in cursor.fetchall()]:
            raise UnfitRoleError(f"{role!r} belongs to {', '.join(others)}, and has those rights too.")
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s)"
            " + (SELECT count(*) FROM pg_proc WHERE pg_get_userbyid(proowner) = %s)"
            " + (SELECT count(*) FROM pg_database WHERE pg_get_userbyid(datdba) = %s)",
            [role, role, role],
        )
        if cursor.fetchone()[0]:
            raise UnfitRoleError(
                f"{role!r} owns tables, functions or a database, and could give itself any right on them."
            )


def needs_granting() -> bool:
    """Return whether the role lacks rights on what a later migration created."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(NOT has_table_privilege(oid, 'SELECT')) OR NOT has_table_privilege(%s, 'INSERT') AND EXISTS"
            " (SELECT 1 FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgname ~ %s AND NOT prosecdef)"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = %s::regnamespace",
            [MigrationRecorder.Migration._meta.db_table, EVENT_TRIGGERS, SCHEMA],
        )
        return bool(cursor.fetchone()[0])


def _writers() -> list[str]:
    tables = [event.pgh_tracked_model._meta.db_table for event in event_models()]  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgrelid = ANY(%s::regclass[]) AND tgname ~ %s ORDER BY 1",
            [tables, EVENT_TRIGGERS],
        )
        return [str(name) for (name,) in cursor.fetchall()]
