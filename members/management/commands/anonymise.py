import argparse

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from members.models import User


class Command(BaseCommand):
    help = (
        "Replace the name and the addresses of a person who has left by “former member of <government>”, in the "
        "history and in mails too. Votes and notes stay, because they are the government's. It cannot be undone."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("person", help="the person's e-mail address")
        parser.add_argument("--reason", required=True, help="why, for the history: do not name the person")

    def handle(self, *args: object, person: str, reason: str, **options: object) -> None:
        user = User.objects.filter(email__iexact=person).first()
        if user is None:
            raise CommandError(f"No account has the address {person}.")
        try:
            user.anonymize(reason=reason)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"Done. The account is now “{user}”, number {user.pk}. Backups made before still name them.")
