"""Send the mails of the outbox, each in its own transaction.

If a process dies before the commit, the mail is sent again with the same Message-ID.
"""

import logging
import smtplib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.mime.text import MIMEText
from functools import partial
from typing import ParamSpec

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.utils.encoding import force_str

from mixportal.mail.models import Mail, MailQuerySet

logger = logging.getLogger(__name__)
P = ParamSpec("P")
threads = ThreadPoolExecutor(max_workers=2)  # each may hold a connection while a mail server hangs


def send_next() -> bool:
    """Return whether a mail was due."""
    return _send_first(Mail.objects.due())


def send_now(mail: Mail) -> None:
    """Do not wait for the next run of `send_mail`, which tries again if this fails."""
    _send_first(Mail.objects.due().filter(pk=mail.pk))


def in_background(work: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Do not let an answer wait: its time could reveal whether an address is known."""
    if settings.MAIL_IN_BACKGROUND:
        threads.submit(_work_in_thread, partial(work, *args, **kwargs))
    else:
        work(*args, **kwargs)


def _work_in_thread(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001  nothing else would tell of it
        logger.error("A mail was not sent: %s", type(error).__name__)
    finally:
        connection.close()


def _send_first(mails: MailQuerySet) -> bool:
    with transaction.atomic():
        mail = mails.select_for_update(skip_locked=True).first()
        if mail is None:
            return False
        if mail.is_late:
            mail.mark_late()
            return True
        if not mail.text:
            mail.mark_refused("Its text cannot be read: SECRET_KEY has changed, and the earlier key is gone.")
            return True
        try:
            build_message(mail).send()
        except Exception as error:  # noqa: BLE001  one bad mail must not hold up the others
            logger.warning(
                "Mail %s was not sent (try %s): %s",
                mail.pk,
                mail.attempts + 1,
                type(error).__name__,
            )
            if refusal := permanent_refusal(error):
                mail.mark_refused(refusal)
            else:
                mail.mark_failed(f"{type(error).__name__}: {error}")
        else:
            mail.mark_sent()
            logger.info("Mail %s was sent.", mail.pk)
        return True


def permanent_refusal(error: Exception) -> str | None:
    """Return what the server said if it refused for good. Other codes mean a wrong setting."""
    answers: list[tuple[int, bytes | str]] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPDataError):
        answers = [(error.smtp_code, error.smtp_error)]
    for code, words in answers:
        if 550 <= code < 560:
            return f"{code} {force_str(words, errors='replace')}"
    return None


def build_message(mail: Mail) -> EmailMultiAlternatives:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.unsubscribe:  # RFC 8058
        headers |= {
            "List-Unsubscribe": f"<{mail.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        part = MIMEText(mail.calendar, "calendar", "utf-8")
        part.set_param("method", "PUBLISH")
        part.add_header("Content-Disposition", "attachment", filename="dates.ics")
        message.attach(part)
    return message
