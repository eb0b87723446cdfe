import argparse
from typing import Any

from django.core.management.base import CommandError

from mixportal.editions.list_import import ListImport
from mixportal.editions.models import Kind
from mixportal.tables.imports import ImportCommand


class Command(ImportCommand):
    help = "Reads a year's list, pasted text or CSV, into its edition. A new year becomes an edition in drafting."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        super().add_arguments(parser)
        parser.add_argument("--kind", choices=Kind.values, default="", help="the list, where no heading says it")
        parser.add_argument(
            "--leave-out",
            action="store_true",
            help="import as previewed, although some lines may be entries or headings",
        )

    def make_import(self, text: str, *, year: int, kind: str, leave_out: bool, **options: Any) -> ListImport:
        low, high = 1966, 2200
        if not low <= year <= high:
            raise CommandError(f"{year} is no year of a list: from {low} to {high}.")
        return ListImport(year, text, kind, leave_out=leave_out)
