from __future__ import annotations

import argparse
import signal
import threading

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections

from mixportal.mail.models import Mail
from mixportal.mail.sending import send_next


class Command(BaseCommand):
    help = (
        "Sends the mails that are due. A mail that fails is tried again after 1, 5 and 30 minutes, 2, 6, 12 and 24 "
        "hours, then given up. Several may run at once. Run it every minute, or once with --loop."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--loop", type=int, metavar="SECONDS", help="go on for ever, looking again after that many seconds"
        )

    def handle(self, *args, loop: int | None, **options) -> None:
        if loop is not None and loop < 1:
            raise CommandError("--loop is a number of seconds from 1.")
        self._asked_to_stop = threading.Event()
        if loop is None:
            tried = self._send_all()
            given_up = Mail.objects.given_up().count()
            note = f" {given_up} in the outbox are given up: see Mails in the admin." if given_up else ""
            self.stdout.write(f"{tried} mail{'' if tried == 1 else 's'} tried.{note}")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._asked_to_stop.set())  # the mail in hand is finished first
        while not self._asked_to_stop.is_set():
            try:
                self._send_all()
            except (OperationalError, InterfaceError) as trouble:  # the database is away: it may come back
                self.stderr.write(f"The database cannot be used: {trouble}".strip())
                close_old_connections()
            self._asked_to_stop.wait(loop)

    def _send_all(self) -> int:
        tried = 0
        while not self._asked_to_stop.is_set() and send_next():
            tried += 1
        return tried
