from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models.functions import Now

from members.codes import SignInCode
from members.models import CacheEntry, Session
from mixportal.mail.models import MONTHS_KEPT, DigestItem, Mail


class Command(BaseCommand):
    help = (
        f"Delete mails older than {MONTHS_KEPT} months, expired sessions, sign-in codes and cached pages. "
        "Run it every day."
    )

    def handle(self, *args: object, **options: object) -> None:
        with transaction.atomic():
            old_mails = Mail.objects.older_than_kept()
            DigestItem.objects.filter(mail__in=old_mails).delete()
            deleted = {
                "mails": old_mails.delete()[0],
                "sessions": Session.objects.filter(expire_date__lte=Now()).delete()[0],
                "sign-in codes": SignInCode.objects.expired().delete()[0],
                "cached pages": CacheEntry.objects.filter(expires__lte=Now()).delete()[0],
            }
        self.stdout.write(f"Deleted: {', '.join(f'{number:,} {what}' for what, number in deleted.items())}.")
