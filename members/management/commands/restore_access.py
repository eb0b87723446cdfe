import argparse
from datetime import timedelta

import pghistory
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.invitations import create_one_time_link
from members.mails import notify_of_voter
from members.models import User

VALIDITY = timedelta(minutes=15)


class Command(BaseCommand):
    help = (
        "Lets a curator in when nobody else can: makes that person a curator with every right, takes away sessions and "
        "second factors, and prints a link that signs in once, within 15 minutes. The history keeps it."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email", help="the curator's address")
        parser.add_argument(
            "--new-email",
            help="another address, to which the account is bound; the old one is told",
        )
        parser.add_argument("--create", action="store_true", help="make an account for an address that has none")
        parser.add_argument("--reason", default="", help="why an account is made, for the history")
        parser.add_argument("--name", default="", help="of a curator who has no account yet")

    def handle(
        self,
        *args: object,
        email: str,
        new_email: str | None,
        name: str,
        create: bool,
        reason: str,
        **options: object,
    ) -> None:
        if create and not reason.strip():
            raise CommandError("Say with --reason why a new curator is made: the history keeps it.")
        try:
            for each in filter(None, (email, new_email)):
                validate_email(each)
            with (
                transaction.atomic(),
                pghistory.context(command="restore_access", reason=reason or "restore_access"),
            ):
                user = self._curator(email, name, may_be_new=create and not new_email)
                if new_email:
                    user.bind_to(new_email, by=None, checked="by the operator, with restore_access")
                else:
                    notify_of_voter(user, "restored", by=None)
                link, until = create_one_time_link(user, VALIDITY)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except IntegrityError as refusal:  # by the trigger on voters
            raise CommandError(str(refusal).splitlines()[0]) from refusal
        gone = " Sessions and second factors are gone." if user.last_login else ""
        here = timezone.localtime(until)
        self.stdout.write(
            f"{user} is a curator, at {user.email}.{gone}\n"
            f"Open this link before {until:%H:%M} UTC ({here:%H:%M} in {here.tzinfo}); it signs in once:\n\n"
            f"    {link}\n\n"
            "Then set a passkey or an authenticator app up at once: the admin asks for it."
        )

    def _curator(self, email: str, name: str, *, may_be_new: bool) -> User:
        user = User.objects.select_for_update(of=("self",)).filter(email__iexact=email).first()
        if user is None:
            if not may_be_new:
                raise CommandError(
                    f"Nobody has the address {email}. Check the spelling. To make a new curator there, "
                    "add --create and --reason, and leave --new-email out."
                )
            return User.objects.create_superuser(email, name=name or email)
        if not user.is_active:  # the government may have another member
            user.role, user.government = User.Role.NONE, None
        user.is_active = user.is_staff = user.is_superuser = True
        user.save(update_fields=["is_active", "is_staff", "is_superuser", "role", "government"])
        user.revoke_access()
        return user
