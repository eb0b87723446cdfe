from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from mixportal import web_role


class Command(BaseCommand):
    help = (
        "Gives an existing database role what the web process needs and no more: no ownership, no TRUNCATE, no change "
        "of history. Run it as the owner, after each migrate; running it again is harmless."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the role that DATABASE_URL of the web process names")
        parser.add_argument("--print", action="store_true", help="print the statements and run none")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        role = options["role"]
        try:
            web_role.refuse_unfit(role)
        except web_role.UnfitRoleError as error:
            raise CommandError(str(error)) from error
        if options["print"]:
            statements = web_role.statements(role) + web_role.quiet_log_statements(role)
            self.stdout.write("".join(f"{statement};\n" for statement in statements), ending="")
            return
        has_quiet_log = web_role.grant(role)
        self.stdout.write(f"{role} may read and write what the portal needs, and cannot change the record.")
        if not has_quiet_log:
            self.stdout.write(
                "The log of Postgres can still hold its statements, and with them sealed ballots. "
                "Let a superuser of the database run:"
            )
            self.stdout.write(
                "".join(f"  {statement};\n" for statement in web_role.quiet_log_statements(role)),
                ending="",
            )
