from __future__ import annotations

import argparse
import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from members.routes import routes

UNDECLARED = "as its own package decides"


class Command(BaseCommand):
    help = "Prints each address with its methods and its audience, as the views declare them. Needs no database."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: object, **options: Any) -> None:
        by_address: dict[str, dict[str, Any]] = {}
        for route in routes():
            audience = route.audience.value if route.audience else UNDECLARED
            row = {"address": route.address, "methods": route.methods, "audience": audience, "names": []}
            by_address.setdefault(route.address, row)["names"].append(route.name)
        rows = list(by_address.values())
        rows.append(_summary(reverse("admin:index"), ["GET", "HEAD", "POST"], "curators, each as permitted", "admin"))
        rows.append(_summary(settings.STATIC_URL, ["GET", "HEAD"], "everyone", "static"))
        self.stdout.write(json.dumps(rows, indent=2) if options["json"] else _table(rows))


def _summary(address: str, methods: list[str], audience: str, name: str) -> dict[str, Any]:
    return {"address": f"/{address.lstrip('/')}...", "methods": methods, "audience": audience, "names": [name]}


def _table(rows: list[dict[str, Any]]) -> str:
    cells = [[row["address"], " ".join(row["methods"]), row["audience"], ", ".join(row["names"])] for row in rows]
    cells.insert(0, ["Address", "Methods", "Audience", "Names"])
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join(lines)
