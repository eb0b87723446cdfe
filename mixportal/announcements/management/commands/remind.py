from django.core.management.base import BaseCommand
from django.db.models.functions import Now

from members.models import User
from mixportal.announcements import mails
from mixportal.announcements.digest import KIND, send_digests
from mixportal.editions.models import Edition


class Command(BaseCommand):
    help = (
        "Enqueue the mails that are due: opening, reminders to governments that have not cast, close tomorrow, "
        "close, results, and daily digests. Run it every morning. Running it again sends no mail twice; "
        "manage.py worker sends the mails, and runs this each morning."
    )

    def handle(self, *args: object, **options: object) -> None:
        self.total = 0
        for edition in Edition.objects.open().order_by("year"):
            self._report(mails.announce_opening(edition), f"that the ballots of {edition} are open")
            reminded = mails.remind_those_who_have_not_cast(edition)
            self._report(reminded, f"as a reminder of the ballots of {edition}")
        for edition in Edition.objects.filter(published_at=None, closes_at__lte=Now()):
            self._report(mails.announce_close(edition), f"that the ballots of {edition} are closed")
        for edition in Edition.objects.published().order_by("year"):
            self._report(mails.announce_results(edition), f"with the results of {edition}")
        people = {person.email.lower(): person for person in User.objects.filter(is_active=True)}
        unsubscribe = {address: person.unsubscribe_address(KIND) for address, person in people.items()}
        self._report(send_digests(lambda address: unsubscribe.get(address, "")), "as a digest")
        if not self.total:
            self.stdout.write("Nothing is due.")

    def _report(self, posted: int, what: str) -> None:
        self.total += posted
        if posted:
            self.stdout.write(f"{posted} mail{'' if posted == 1 else 's'} posted {what}.")
