import argparse
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from members.models import Government, User
from mixportal.demo import loading
from mixportal.demo.models import Marker, migrations_digest
from mixportal.demo.world import EASTERN
from mixportal.editions.models import Edition

MAX_SECONDS = 365 * 24 * 3600
MAX_SEED = 2**63 - 1


class Command(BaseCommand):
    help = (
        "Loads the demonstration into an empty database; moves its open edition's close; or makes it anew. "
        "It touches no database that it has not made itself."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--closes-in",
            type=int,
            metavar="SECONDS",
            help="when the open edition closes, from now",
        )
        parser.add_argument(
            "--reset",
            action="store_true",
            help="drop everything in the demonstration and make it anew",
        )
        parser.add_argument("--seed", type=int, help=f"draws other ballots (default {loading.SEED})")

    def handle(self, *args: Any, closes_in: int | None, reset: bool, seed: int | None, **options: Any) -> None:
        if closes_in is not None and not 1 <= closes_in <= MAX_SECONDS:
            raise CommandError(f"--closes-in is a number of seconds from 1 to {MAX_SECONDS:,}.")
        if seed is not None and not 0 <= seed <= MAX_SEED:
            raise CommandError(f"--seed is a number from 0 to {MAX_SEED}.")
        table, rows = Marker._meta.db_table, []
        if table in connection.introspection.table_names():
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT to_jsonb(marker) ->> 'migrations' FROM {table} AS marker")  # noqa: S608
                rows = cursor.fetchall()
        if not rows:
            self._refuse_a_database_in_use()
        elif rows != [(migrations_digest(),)]:
            self.stdout.write("The demonstration here is of another version of the portal. It is made anew.")
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        call_command("migrate", interactive=False, verbosity=0)
        marker = Marker.objects.first()
        if marker is None or reset:
            self._load(loading.SEED if seed is None else seed, closes_in, empty_first=marker is not None)
        else:
            self._keep(marker, seed, closes_in)

    def _refuse_a_database_in_use(self) -> None:
        there = set(connection.introspection.table_names())
        known = set(connection.introspection.django_table_names(include_views=False)) | {"django_migrations"}
        strange = there - known
        filled = [
            model for model in (User, Government, Edition) if model._meta.db_table in there and model.objects.exists()
        ]
        if strange or filled:
            found = ", ".join(sorted(strange) or (str(model._meta.verbose_name_plural) for model in filled))
            raise CommandError(
                f"The database {connection.settings_dict['NAME']} is no demonstration: it holds {found} "
                "and was not made by this command. Nothing was changed. Name an empty one with DATABASE_URL, "
                "or another DATA_DIR."
            )

    @transaction.atomic
    def _load(self, seed: int, closes_in: int | None, *, empty_first: bool) -> None:
        if empty_first:
            call_command("flush", interactive=False, verbosity=0)
        loading.load(seed, loading.CLOSES_IN if closes_in is None else timedelta(seconds=closes_in))
        self.stdout.write(self.style.SUCCESS(f"The demonstration is loaded, with seed {seed}."))
        closes_at = Edition.objects.get(year=loading.OPEN_YEAR).closes_at
        assert closes_at
        self._print_close(closes_at)

    def _keep(self, marker: Marker, seed: int | None, closes_in: int | None) -> None:
        self.stdout.write(f"The demonstration is loaded already, with seed {marker.seed}; --reset makes it anew.")
        if seed not in (None, marker.seed):
            raise CommandError(f"Seed {seed} needs --reset, which drops what was done in the demonstration.")
        if closes_in is not None:
            closes_at = loading.move_close(timedelta(seconds=closes_in))
            if closes_at is None:
                raise CommandError(
                    f"The ballots of {loading.OPEN_YEAR} have closed, for good; --reset opens them anew."
                )
            self._print_close(closes_at)

    def _print_close(self, moment: datetime) -> None:
        there = moment.astimezone(EASTERN)
        self.stdout.write(
            f"The ballots of {loading.OPEN_YEAR} close on {there:%B} {there.day}, {there.year}, at {there:%H:%M:%S %Z}."
        )
