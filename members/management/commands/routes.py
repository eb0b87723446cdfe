import argparse
import json
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from members.routes import routes

UNDECLARED = "as its own package decides"


@dataclass
class Row:
    address: str
    methods: list[str]
    audience: str
    names: list[str]


class Command(BaseCommand):
    help = "Prints each address with its methods and its audience, as the views declare them. Needs no database."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: object, **options: object) -> None:
        by_address: dict[str, Row] = {}
        for route in routes():
            audience = route.audience.value if route.audience else UNDECLARED
            row = by_address.setdefault(route.address, Row(route.address, route.methods, audience, []))
            row.names.append(route.name)
        rows = [
            *by_address.values(),
            Row(
                f"{reverse('admin:index')}...",
                ["GET", "HEAD", "POST"],
                "curators, each as permitted",
                ["admin"],
            ),
            Row(f"/{settings.STATIC_URL.lstrip('/')}...", ["GET", "HEAD"], "everyone", ["static"]),
        ]
        self.stdout.write(json.dumps([asdict(row) for row in rows], indent=2) if options["json"] else _table(rows))


def _table(rows: list[Row]) -> str:
    cells = [[row.address, " ".join(row.methods), row.audience, ", ".join(row.names)] for row in rows]
    cells.insert(0, ["Address", "Methods", "Audience", "Names"])
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join(lines)
