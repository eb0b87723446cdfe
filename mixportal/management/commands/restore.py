import io
import tarfile
from argparse import ArgumentParser
from pathlib import Path

import pghistory
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models.functions import Now

from members.codes import SignInCode
from members.invitations import Invitation
from members.models import CacheEntry, Session
from mixportal import backups
from mixportal.mail.models import Mail
from mixportal.summaries.models import ShareLink


class Command(BaseCommand):
    help = (
        "Loads a backup into an empty database and compares it with its manifest. Sets the rights of the web role. No "
        "mail goes out again: what waits, and what the calendar has made due, is marked as not sent. No share link, "
        "invitation or session of the backup works. Run it as the owner, with the web processes and the worker stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what backup wrote")
        parser.add_argument("--identity", default="", metavar="FILE", help="the key that reads an encrypted backup")
        parser.add_argument("--web-role", default="mix_web", help="the database role of the web process (mix_web)")

    def handle(self, *args: object, file: Path, identity: str, web_role: str, **options: object) -> None:
        try:
            manifest = backups.restore(file, identity)
        except (backups.BackupError, OSError, tarfile.TarError, KeyError) as refusal:
            raise CommandError(str(refusal)) from refusal
        call_command("migrate", interactive=False, verbosity=0)
        call_command("web_role", web_role, stdout=self.stdout)
        with (
            transaction.atomic(),
            pghistory.context(command="restore", reason="Restored from a backup."),
        ):
            call_command("remind", stdout=io.StringIO())
            mails = Mail.objects.waiting().update(given_up_at=Now(), trouble="Not sent: restored from a backup.")
            links = ShareLink.objects.filter(revoked_at=None).update(revoked_at=Now())
            invitations = Invitation.objects.live().update(revoked_at=Now())
            for model in (Session, SignInCode, CacheEntry):
                model._default_manager.all().delete()
        self.stdout.write(
            f"The database is as of {manifest['made_at']}: {sum(manifest['rows'].values()):,} rows, and ballots and "
            f"tallies are those of the backup.\nMails marked as not sent: {mails}. Share links ended: {links}. "
            f"Invitations ended: {invitations}.\nRepeat anonymise for the people for whom it was run since."
        )
