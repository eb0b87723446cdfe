import argparse
import io
import logging
import signal
import threading
import time

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from mixportal.announcements.mails import MORNING, announce_openings_and_closes
from mixportal.editions.models import Edition
from mixportal.mail.sending import send_next
from mixportal.pages.models import PageVersion
from mixportal.summaries.pdf import make_next_pdf

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Sends the mails of the outbox as they become due, announces when ballots open and close, makes the PDF files "
        "of what is published and, each day from 7 in the morning, runs remind and prune. Runs until it is stopped. "
        "Several may run at once."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--pause",
            type=int,
            default=20,
            metavar="SECONDS",
            help="between looks at the outbox (20)",
        )

    def handle(self, *args: object, pause: int, **options: object) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())  # after the current mail
        served = announced = None
        while not stop.is_set():
            now = timezone.localtime()
            try:
                cache.set("worker", time.time(), None)
                if now.hour >= MORNING and now.date() != served:
                    for command in ("remind", "prune"):
                        said = io.StringIO()
                        call_command(command, stdout=said)
                        logger.info("%s: %s", command, said.getvalue().strip())
                    served = now.date()
                phases = [list(Edition.objects.open()), list(Edition.objects.closed())]
                if phases != announced:
                    announce_openings_and_closes()
                    announced = phases
                while not stop.is_set() and (send_next() or make_next_pdf(PageVersion.current())):
                    pass
            except (OperationalError, InterfaceError) as error:  # it may come back
                logger.error("The database cannot be used: %s", str(error).strip())
                close_old_connections()
            stop.wait(pause)
