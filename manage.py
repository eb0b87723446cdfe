#!/usr/bin/env python
"""The portal's commands; `python manage.py help` lists them."""

import os
import sys

from mixportal import database

# These never open the database, so they need no embedded server.
WITHOUT_DATABASE = {"help", "--help", "-h", "version", "--version", "collectstatic", "tally", "routes"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mixportal.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command == "demo":
        os.environ.setdefault("PORTAL_MODE", "demo")
    if command not in WITHOUT_DATABASE and "--help" not in sys.argv:
        try:
            database.ensure()
        except database.Unusable as problem:
            sys.exit(f"The database cannot be used: {problem}")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
