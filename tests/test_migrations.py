"""Migrations: their SQL blocks nobody at work, and on a database with data each runs back and forward."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, AlterField, RemoveField, RenameField
from django.db.migrations.operations.base import Operation

from mixportal import backups, database

pytestmark = pytest.mark.django_db(transaction=True)  # as migrate runs
OURS = {config.label for config in apps.get_app_configs() if "site-packages" not in Path(config.path).parts}
INDEX = models.Index(fields=["cause"], name="mail_by_cause")
CHECK = models.CheckConstraint(condition=models.Q(attempts__lt=99), name="mail_tried_less")


def loader_with(planted: Migration | None = None) -> MigrationLoader:
    loader = MigrationLoader(connection)
    if planted:
        key = (planted.app_label, planted.name)
        (last,) = loader.graph.leaf_nodes(planted.app_label)
        loader.graph.add_node(key, planted)
        loader.graph.add_dependency(planted, key, last)
    return loader


def complaints(folder: Path, loader: MigrationLoader, migrations: list[Migration]) -> list[str]:
    """Return what squawk says of the SQL of these migrations, each in a file of its own."""
    files = []
    for migration in migrations:
        statements = loader.collect_sql([(migration, False)])
        if migration.atomic:
            statements = ["BEGIN;", *statements, "COMMIT;"]
        files.append(folder / f"{migration.app_label}.{migration.name}.sql")
        files[-1].write_text("\n".join(statements))
    command = [Path(sys.executable).with_name("squawk"), "--config", ".squawk.toml", "--reporter", "gcc", *files]
    done = subprocess.run(command, cwd=database.ROOT, capture_output=True, text=True)
    assert done.returncode == bool(done.stdout), done.stderr
    return [line.removeprefix(f"{folder}/") for line in done.stdout.splitlines()]


def test_no_migration_blocks_a_table_that_is_in_use(tmp_path):
    loader = loader_with()
    ours = [migration for (label, _), migration in loader.graph.nodes.items() if label in OURS]
    assert {migration.app_label for migration in ours} >= {"members", "ballots", "editions", "notes", "results"}
    assert complaints(tmp_path, loader, ours) == []


@pytest.mark.parametrize(
    ("operation", "rule"),
    [
        (AddField("mail", "size", models.BigIntegerField(default=0)), "ban-drop-default"),
        (AddField("mail", "size", models.BigIntegerField(db_default=0)), ""),
        (AddField("mail", "size", models.BigIntegerField(null=True)), ""),
        (AlterField("mail", "not_after", models.DateTimeField()), "adding-not-nullable-field"),
        (AlterField("mail", "attempts", models.BigIntegerField(default=0)), "changing-column-type"),
        (RemoveField("mail", "trouble"), "ban-drop-column"),
        (RenameField("mail", "trouble", "answer"), "renaming-column"),
        (AddIndex("mail", INDEX), "require-concurrent-index-creation"),
        (AddIndexConcurrently("mail", INDEX), ""),
        (AddConstraint("mail", CHECK), "constraint-missing-not-valid"),
        (AddConstraintNotValid("mail", CHECK), ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Operation) else value,
)
def test_a_later_migration_that_blocks_or_breaks_the_running_portal_is_named(tmp_path, operation, rule):
    planted = Migration("0002_planted", "mail")
    planted.operations, planted.atomic = [operation], not isinstance(operation, AddIndexConcurrently)
    found = complaints(tmp_path, loader_with(planted), [planted])
    assert bool(found) == bool(rule), found
    assert not rule or f"warning: {rule} " in " ".join(found)


def schema(file: Path) -> list[str]:
    backups._run("pg_dump", connection, "--schema-only", "--no-owner", f"--file={file}")
    return [line for line in file.read_text().splitlines() if not line.startswith(("--", "\\"))]


@pytest.mark.slow
def test_each_migration_runs_back_and_forward_on_the_demonstration(demonstration_database, tmp_path, count):
    """First the later ones of each package, which keep the rows of the others; then all of them, the last one first."""
    graph = loader_with().graph
    ours = [key for key in graph._generate_plan(graph.leaf_nodes(), at_end=True) if key[0] in OURS]
    earlier = {key: [each.key for each in graph.node_map[key].parents if each.key[0] == key[0]] for key in ours}
    before, rows = schema(tmp_path / "before.sql"), backups.describe(connection)["rows"]
    assert sum(rows.values()) > 10_000
    MigrationExecutor(connection).migrate([key for key in ours if not earlier[key]])
    MigrationExecutor(connection).migrate(graph.leaf_nodes())
    assert backups.describe(connection)["rows"] == rows
    for key in reversed(ours):
        MigrationExecutor(connection).migrate(earlier[key] or [(key[0], None)])
    tables = connection.introspection.table_names()
    assert not [table for table in tables if table.startswith(tuple(f"{label}_" for label in OURS))]
    MigrationExecutor(connection).migrate(graph.leaf_nodes())
    assert schema(tmp_path / "after.sql") == before
    count("migrations back and forward", migrations=len(ours), rows=sum(rows.values()), lines_of_schema=len(before))
