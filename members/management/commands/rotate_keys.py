import argparse

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand
from django.db import transaction

from members.codes import SignInCode
from mixportal.mail.encrypted import cipher
from mixportal.mail.models import Mail

SECRETS = ("secret", "seed")  # of apps, and of recovery codes


class Command(BaseCommand):
    help = (
        "Encrypt the secrets of second factors, sign-in codes and the waiting mails with SECRET_KEY, where an earlier "
        "key of SECRET_KEY_FALLBACKS did. Afterwards the earlier keys can go. "
        "Names the people whose second factor no key reads."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--drop-unreadable",
            action="store_true",
            help="after the loss of a key: delete the apps and recovery codes that no key reads, so that people can "
            "add new ones after a code by mail",
        )

    @transaction.atomic
    def handle(self, *args: object, drop_unreadable: bool, **options: object) -> None:
        rotated, unreadable = 0, []
        for factor in Authenticator.objects.select_for_update(of=("self",)).select_related("user").order_by("pk"):
            held = [name for name in SECRETS if name in factor.data]
            try:
                factor.data |= {name: cipher().rotate(factor.data[name]).decode() for name in held}
            except InvalidToken:
                unreadable.append(factor)
                continue
            factor.save(update_fields=["data"])
            rotated += bool(held)
        mails = list(Mail.objects.filter(sent_at=None).exclude(text="").select_for_update())
        for mail in mails:
            if mail.text:
                mail.save(update_fields=["text", "html", "unsubscribe"])
        for code in SignInCode.objects.select_for_update():
            if code.code:
                code.save(update_fields=["code"])
        self.stdout.write(f"{rotated} second factors and {len(mails)} unsent mails are under the newest key.")
        for factor in unreadable:
            self.stdout.write(f"No key reads the {factor.get_type_display()} of {factor.user}, {factor.user.email}.")
            if drop_unreadable:
                factor.delete()
        if unreadable and not drop_unreadable:
            self.stdout.write("Give the earlier key in SECRET_KEY_FALLBACKS, or delete these with --drop-unreadable.")
