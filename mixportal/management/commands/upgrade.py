from argparse import ArgumentParser

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from members.models import User


class Command(BaseCommand):
    help = (
        "Brings the database to this version of the portal: runs migrations and gives the web role its rights. Until a "
        "curator has signed in, it also prints a link that lets FIRST_CURATOR in. Run it as the owner of the database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--web-role", default="mix_web", help="the database role of the web process (mix_web)")

    def handle(self, *args: object, web_role: str, **options: object) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("web_role", web_role, stdout=self.stdout)
        curators = User.objects.filter(is_superuser=True, is_active=True)
        if not curators.filter(last_login__isnull=False).exists():
            if settings.FIRST_CURATOR:
                call_command(
                    "restore_access",
                    settings.FIRST_CURATOR,
                    create=True,
                    reason="The first curator.",
                    stdout=self.stdout,
                )
                for earlier in curators.exclude(email__iexact=settings.FIRST_CURATOR):
                    earlier.deactivate(reason="FIRST_CURATOR has changed.")
                    self.stdout.write(f"{earlier.email} never signed in, and is deactivated.")
            else:
                self.stdout.write("No curator has signed in. Set FIRST_CURATOR, and run upgrade again.")
        addresses = ", ".join(curators.order_by("email").values_list("email", flat=True))
        self.stdout.write(f"Curators with every right: {addresses or 'none'}.")
        if not settings.BACKUP_RECIPIENT:
            self.stdout.write("Warning: backups are not encrypted. Set BACKUP_RECIPIENT.")
