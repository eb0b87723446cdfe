from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mixportal.editions.list_import import plan_import
from mixportal.editions.list_text import read_list
from mixportal.editions.models import Edition
from mixportal.tables.reader import MAX_BYTES, TableError, decode


class Command(BaseCommand):
    help = "Reads a year's list, pasted text or CSV, into its edition. A new year becomes an edition in drafting."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, and do nothing")

    def handle(self, *args: Any, year: int, file: Path, dry_run: bool, **options: Any) -> None:
        low, high = 1966, 2200
        if not low <= year <= high:
            raise CommandError(f"{year} is no year of a list: from {low} to {high}.")
        try:
            if file.stat().st_size > MAX_BYTES:
                raise CommandError(f"{file} is larger than {MAX_BYTES:,} bytes: not a list, surely.")
            plan = plan_import(year, read_list(decode(file.read_bytes())))
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}") from problem
        except TableError as refused:
            raise CommandError(f"{file} is refused, nothing was changed.\n{refused}") from refused

        for change in plan.changes:
            self.stdout.write(str(change))
        counts = ", ".join(f"{count} {what}" for what, count in plan.counts().items() if count)
        if dry_run:
            self.stdout.write(f"Would import into {self._edition(plan.edition, year)}: {counts}. Nothing was changed.")
            return
        if not plan.has_changes:
            self.stdout.write(f"Nothing to change: the list of {year} says this already ({counts}).")
            return
        plan.apply(reason=f"import_list {file.name}")
        self.stdout.write(self.style.SUCCESS(f"Imported into {self._edition(plan.edition, year)}: {counts}."))

    @staticmethod
    def _edition(edition: Edition | None, year: int) -> str:
        return f"the edition of {year}" if edition else f"a new edition of {year}, in drafting"
