import argparse
from typing import Any

from django.core.management.base import CommandError

from members.invitation_import import InvitationImport
from members.models import User
from mixportal.tables.imports import ImportCommand


class Command(ImportCommand):
    help = "Invites people to their governments from a CSV file. The mails go out with send_mail."
    columns_help = """\
The file: CSV in UTF-8 with one header row; comma, semicolon or tab. Columns, in any order:
  name        the person's name
  address     the person's own e-mail address; the invitation goes there
  role        member, delegate or leader; member if it is left out
  government  its name ("Elm" or, if two have that name, "Elm, AZ"), or its slug

A person who has the role, or is invited to it, is skipped. If one row is refused, or its address is invited to
another government, no one is invited."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--by", required=True, help="address of the curator in whose name they are invited")

    def make_import(self, text: str, *, by: str, **options: Any) -> InvitationImport:
        curator = User.objects.filter(email__iexact=by, is_active=True, is_staff=True).first()
        if curator is None:
            raise CommandError(f"No curator has the address {by}.")
        return InvitationImport(text, curator)
