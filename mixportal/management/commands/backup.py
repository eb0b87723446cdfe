import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError

from mixportal import backups


class Command(BaseCommand):
    help = (
        "Writes a backup of the database: one snapshot, with a manifest of versions, counts, and digests of ballots "
        "and tallies. It holds sealed ballots: where BACKUP_RECIPIENT is set, age encrypts it. Run it as the owner of "
        "the database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, or a folder for a file named after the time")
        parser.add_argument(
            "--verify",
            action="store_true",
            help="restore it into the database <name>_scratch and compare, before the file is written",
        )

    def handle(self, *args: object, file: Path, verify: bool, **options: object) -> None:
        try:
            if file.is_dir():
                ending = "tar.age" if settings.BACKUP_RECIPIENT else "tar"
                file /= f"mix-portal-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.{ending}"
            manifest = backups.make(file.resolve(), verify=verify)
        except (backups.BackupError, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        cache.set("backup", time.time(), None)
        said = f"{file} has {sum(manifest['rows'].values()):,} rows of {len(manifest['rows'])} tables."
        self.stdout.write(said + (" It was restored and is the same." if verify else ""))
        if not settings.BACKUP_RECIPIENT:
            self.stdout.write("It is not encrypted, because BACKUP_RECIPIENT is not set.")
