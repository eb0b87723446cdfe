from django.core.management.base import BaseCommand

from mixportal.mail.models import Mail
from mixportal.mail.sending import send_next


class Command(BaseCommand):
    help = (
        "Send the mails that are due. A mail that fails is tried again after 1, 5 and 30 minutes, 2, 6, 12 and 24 "
        "hours, then given up. A mail that the server refuses for good (550) is given up at once. Several processes "
        "may run at once. manage.py worker does the same as a service."
    )

    def handle(self, *args: object, **options: object) -> None:
        tried = 0
        while send_next():
            tried += 1
        given_up = Mail.objects.given_up().count()
        note = f" {given_up} in the outbox are given up: see Mails in the admin." if given_up else ""
        self.stdout.write(f"{tried} mail{'' if tried == 1 else 's'} tried.{note}")
