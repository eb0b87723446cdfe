from __future__ import annotations

from django.core.management.base import BaseCommand

from members.models import User
from mixportal.announcements import mails
from mixportal.announcements.digest import KIND, send_digests
from mixportal.announcements.results import announce_results
from mixportal.editions.models import Edition


class Command(BaseCommand):
    help = (
        "Posts the mails that the calendar makes due: that an edition has opened, reminders to governments that have "
        "not cast, that ballots close tomorrow, results, and the daily digests. It may run as often as one likes: "
        "nobody gets a mail twice. Run it every morning; manage.py send_mail sends what it posts."
    )

    def handle(self, *args, **options) -> None:
        for edition in Edition.objects.open().order_by("year"):
            self._say(mails.announce_opening(edition), f"that the ballots of {edition} are open")
            reminded = mails.remind_those_who_have_not_cast(edition)
            self._say(reminded, f"as a reminder of the ballots of {edition}")
        for edition in Edition.objects.published().order_by("year"):
            self._say(announce_results(edition), f"with the results of {edition}")
        people = {person.email.lower(): person for person in User.objects.filter(is_active=True)}
        unsubscribe = {address: person.unsubscribe_address(KIND) for address, person in people.items()}
        self._say(send_digests(lambda address: unsubscribe.get(address, "")), "as a digest")

    def _say(self, posted: int, what: str) -> None:
        if posted:
            self.stdout.write(f"{posted} mail{'' if posted == 1 else 's'} posted {what}.")
