from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter

from mixportal.editions import list_text
from mixportal.trends import outside_csv
from mixportal.trends.outside_import import plan_import

COLUMNS = """\
The file: CSV in UTF-8 with one header row; comma, semicolon or tab. A row for each item. Columns, in any order:
  source        who published the list; needed, as are
  year
  title         of the item, as the source words it
  list          the list's name, where a source has several in one year
  short_name    as pages say it: 2nd on the ... list of 2018
  url, how_made, licence    of the list, the same on each of its rows
  rank          2, or 2= where the place is shared; blank where the list has no order
  percent       instead of a rank: how many of those asked named it
  certainty     stated, inferred, unsure
  disputed      yes or no
  note          what is disputed or inferred
  priorities, challenges    what it means here: 2025/cybersecurity; 2024/cybersecurity (unsure)

A list that is new is not published: a curator does that. A column that is left out leaves what is stored; items
that the file does not name stay. A row that says what is stored already changes nothing. If one line cannot
be read, nothing is imported."""


class _Help(DjangoHelpFormatter, argparse.RawDescriptionHelpFormatter):
    pass


class Command(BaseCommand):
    help = "Adds and changes other bodies' lists from a CSV file, and what their items mean here."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.formatter_class = _Help
        parser.epilog = COLUMNS
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, and do nothing")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            if file.stat().st_size > list_text.MAX_BYTES:
                raise CommandError(f"{file} is larger than {list_text.MAX_BYTES:,} bytes: not a list, surely.")
            plan = plan_import(outside_csv.read(list_text.decode(file.read_bytes())))
            if not dry_run:
                plan.apply(reason=f"import_outside {file.name}")
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}") from problem
        except list_text.ListError as refused:
            raise CommandError(f"{file} is refused, nothing was changed.\n{refused}") from refused

        for change in plan.writes:
            self.stdout.write(str(change))
        if dry_run:
            self.stdout.write(f"Would import: {plan.counts}. Nothing was changed.")
        elif not plan.changes_anything:
            self.stdout.write(f"Nothing to change: all of it is stored already ({plan.counts}).")
        else:
            self.stdout.write(self.style.SUCCESS(f"Imported: {plan.counts}."))
