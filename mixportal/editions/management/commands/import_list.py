from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError

from mixportal.editions.list_import import EntryChange, plan_import
from mixportal.editions.list_text import read_list
from mixportal.tables.imports import ImportCommand


class Command(ImportCommand):
    help = "Reads a year's list, pasted text or CSV, into its edition. A new year becomes an edition in drafting."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        super().add_arguments(parser)

    def import_text(self, text: str, *, source: str, dry_run: bool, year: int, **options: Any) -> Sequence[EntryChange]:
        low, high = 1966, 2200
        if not low <= year <= high:
            raise CommandError(f"{year} is no year of a list: from {low} to {high}.")
        plan = plan_import(year, read_list(text))
        if plan.edition is None:
            self.stdout.write(f"This is a new edition of {year}, in drafting.")
        if plan.has_changes and not dry_run:
            plan.apply(reason=source)
        return plan.changes
