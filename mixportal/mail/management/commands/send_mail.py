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
        "Send the mails that are due. A mail that fails is tried again after 1, 5 and 30 minutes, 2, 6, 12 and 24 "
        "hours, then given up. A mail that the server refuses for good (550) is given up at once. Several processes "
        "may run at once. Run it every minute, or once with --loop."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--loop", type=int, metavar="SECONDS", help="keep running, and check again after this many seconds"
        )

    def handle(self, *args: object, loop: int | None, **options: object) -> None:
        if loop is not None and loop < 1:
            raise CommandError("--loop is a number of seconds from 1.")
        self._stop = threading.Event()
        if loop is None:
            tried = self._send_all()
            given_up = Mail.objects.given_up().count()
            note = f" {given_up} in the outbox are given up: see Mails in the admin." if given_up else ""
            self.stdout.write(f"{tried} mail{'' if tried == 1 else 's'} tried.{note}")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())  # after the current mail
        while not self._stop.is_set():
            try:
                self._send_all()
            except (OperationalError, InterfaceError) as error:  # it may come back
                self.stderr.write(f"The database cannot be used: {error}".strip())
                close_old_connections()
            self._stop.wait(loop)

    def _send_all(self) -> int:
        tried = 0
        while not self._stop.is_set() and send_next():
            tried += 1
        return tried
