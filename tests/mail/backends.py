"""Mail servers that are out of order, as Django's EMAIL_BACKEND names them."""

from __future__ import annotations

import os
import signal
import smtplib
import threading
from typing import ClassVar

from django.core.mail.backends.locmem import EmailBackend


class Refusing(EmailBackend):
    """Answers as a server that is short of something; `answer` may be set."""

    answer: ClassVar[str] = "451 4.3.0 Try again later"

    def send_messages(self, messages):
        raise smtplib.SMTPDataError(451, self.answer.encode())


class RefusesTheRecipient(EmailBackend):
    """Answers as a server that refuses every mailbox; the code may be set."""

    code: ClassVar[int] = 550

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused(dict.fromkeys(messages[0].to, (self.code, b"5.1.1 No such user")))


class KillsTheSender(EmailBackend):
    """Accepts the mail, and then the process dies before it can note so."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise SystemExit("killed")


class Waiting(EmailBackend):
    """Accepts the mail, says so, and answers only when told."""

    accepted: ClassVar[threading.Event] = threading.Event()
    answer: ClassVar[threading.Event] = threading.Event()

    def send_messages(self, messages):
        sent = super().send_messages(messages)
        self.accepted.set()
        assert self.answer.wait(timeout=60)
        return sent


class AsksToStop(EmailBackend):
    """Accepts the mail while somebody stops the process that sends it, as a service manager does."""

    def send_messages(self, messages):
        os.kill(os.getpid(), signal.SIGTERM)
        return super().send_messages(messages)
