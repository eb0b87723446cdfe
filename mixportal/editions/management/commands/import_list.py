from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError

from mixportal.editions.list_import import EntryChange, plan_import
from mixportal.editions.list_text import read_list
from mixportal.editions.models import Kind
from mixportal.tables.imports import ImportCommand
from mixportal.tables.reader import Problem, TableError, quote


class Command(ImportCommand):
    help = "Reads a year's list, pasted text or CSV, into its edition. A new year becomes an edition in drafting."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        super().add_arguments(parser)
        parser.add_argument("--kind", choices=Kind.values, default="", help="the list, where no heading says it")
        parser.add_argument("--leave-out", action="store_true", help="leave out lines that may be entries or headings")

    def import_text(
        self, text: str, *, source: str, dry_run: bool, year: int, kind: str, leave_out: bool, **options: Any
    ) -> Sequence[EntryChange]:
        low, high = 1966, 2200
        if not low <= year <= high:
            raise CommandError(f"{year} is no year of a list: from {low} to {high}.")
        listed = read_list(text, kind)
        plan = plan_import(year, listed.entries)
        if listed.questions and not leave_out and not dry_run:
            raise TableError(
                Problem(
                    left.line,
                    f"Is {quote(left.text)} an entry or a heading? Put a bullet before an entry; call a heading "
                    "“Priorities” or “Challenges”. If it is neither, say --leave-out.",
                )
                for left in listed.questions
            )
        for left in listed.left_out:
            self.stdout.write(f"Left out, line {left.line}: {quote(left.text)}. Should it be in the list?")
        if plan.edition is None:
            self.stdout.write(f"This is a new edition of {year}, in drafting.")
        if plan.has_changes and not dry_run:
            plan.apply(reason=source)
        return plan.changes
