#!/usr/bin/env python
"""The portal's commands; `python manage.py help` lists them."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from mixportal import database

# These never open the database, so they need no embedded server.
WITHOUT_DATABASE = {"help", "--help", "-h", "version", "--version", "collectstatic", "tally", "routes"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mixportal.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command == "demo":
        os.environ.setdefault("PORTAL_MODE", "demo")
    try:
        if command in WITHOUT_DATABASE or {"--help", "-h"} & set(sys.argv):
            execute_from_command_line(sys.argv)
        else:
            with database.embedded_server():
                run_with_database()
    except database.UnusableDatabaseError as problem:
        sys.exit(f"The database cannot be used: {problem}")
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))


def run_with_database() -> None:
    """Run the command. Where it fails because tables are missing, say what to do instead of showing the query."""
    try:
        execute_from_command_line(sys.argv)
    except ProgrammingError:
        if not has_unapplied_migrations():
            raise
        sys.exit("The database is empty or older than this code. Run this first: python manage.py migrate")


def has_unapplied_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


if __name__ == "__main__":
    main()
