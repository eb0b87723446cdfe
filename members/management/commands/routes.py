import argparse
import json
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from members.routes import routes

LINE = "{:<64}  {:<14}  {:<27}  {}"


class Command(BaseCommand):
    help = "Prints each address with its methods and its audience, as the views declare them. Needs no database."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: object, **options: object) -> None:
        rows = []
        for address, found in groupby(sorted(routes(), key=attrgetter("address")), attrgetter("address")):
            same = list(found)
            audience = same[0].audience.value if same[0].audience else "as its own package decides"
            rows.append((address, same[0].methods, audience, [route.name for route in same]))
        admin, static = reverse("admin:index"), f"/{settings.STATIC_URL.lstrip('/')}"
        rows.append((f"{admin}...", ["GET", "HEAD", "POST"], "curators, each as permitted", ["admin"]))
        rows.append((f"{static}...", ["GET", "HEAD"], "everyone", ["static"]))
        if options["json"]:
            fields = ("address", "methods", "audience", "names")
            self.stdout.write(json.dumps([dict(zip(fields, row, strict=True)) for row in rows], indent=2))
        else:
            self.stdout.write(LINE.format("Address", "Methods", "Audience", "Names"))
            for address, methods, audience, names in rows:
                self.stdout.write(LINE.format(address, " ".join(methods), audience, ", ".join(names)))
