from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter

from members import government_csv
from members.importing import import_governments

COLUMNS = """\
The file: CSV in UTF-8 with one header row; comma, semicolon or tab. The export at /governments/export.csv is one.
Columns, in any order:
  slug                the address; says which government the row means. Left out or blank: made from the name
  name                needed for a new government, as are kind and state
  kind                city, county, consolidated, other
  state               two letters or the name: AZ, Arizona
  population          a number, such as 412000 or 412,000; given together with
  population_year     the year of that figure
  form_of_government  council_manager, mayor_council, commission, county_executive, county_administrator, other
  it_structure        centralized, federated, decentralized
  it_staff            full-time equivalents, such as 120.5
  annual_it_budget    in dollars a year, such as 48,000,000
  website             with https://
  seat                1 to 64; blank when it holds none

A column that is left out leaves what is stored as it is; an empty cell empties it. A row that says what is stored
already changes nothing. If one line cannot be read, nothing is imported. At most 1 MB and 1,000 rows."""


class _Help(DjangoHelpFormatter, argparse.RawDescriptionHelpFormatter):
    pass


class Command(BaseCommand):
    help = "Adds and changes governments from a CSV file, by slug."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.formatter_class = _Help
        parser.epilog = COLUMNS
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, and do nothing")

    def handle(self, *args: object, file: Path, dry_run: bool, **options: object) -> None:
        try:
            with file.open("rb") as opened:
                rows = government_csv.read(opened.read(government_csv.MAX_BYTES + 1))
            changes = import_governments(rows, reason=f"import_governments {file.name}", dry_run=dry_run)
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}") from problem
        except government_csv.GovernmentCsvError as error:
            raise CommandError(f"{file} is refused, nothing was changed.\n{error}") from error

        for change in changes:
            if change.what != "unchanged":
                self.stdout.write(str(change))
        counts = Counter(change.what for change in changes)
        said = ", ".join(f"{counts[what]} {what}" for what in ("new", "changed", "unchanged") if counts[what])
        imported = f"{len(changes)} government{'' if len(changes) == 1 else 's'}: {said}."
        if dry_run:
            self.stdout.write(f"Would import {imported} Nothing was changed.")
        else:
            self.stdout.write(self.style.SUCCESS(f"Imported {imported}"))
