"""Sends what the outbox holds, one mail a transaction.

A mail is locked, handed to the mail server and marked as sent in one transaction. Several processes may send at once:
each takes what no other holds. Nothing is lost: until the mark is committed the mail stays due. So a process killed in
the moment between the server's yes and the commit leaves a mail that is sent a second time (at least once, not at most
once: an invitation that never comes is worse than a reminder that comes twice). Both carry the same Message-ID, by
which mailboxes tell that they are one.
"""

from __future__ import annotations

import logging
from email.mime.text import MIMEText

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models.functions import Now

from mixportal.mail.models import Mail

logger = logging.getLogger(__name__)


def send_next() -> bool:
    """Tries one mail that is due, whatever comes of it; False when none is left that nobody else is sending."""
    with transaction.atomic():
        mail = Mail.objects.due().select_for_update(skip_locked=True).annotate(now=Now()).first()
        if mail is None:
            return False
        if mail.not_after is not None and mail.not_after <= mail.now:
            mail.mark_late()
            return True
        try:
            message_of(mail).send()
        except Exception as trouble:  # noqa: BLE001  whatever is wrong with one mail must not hold up the others
            logger.warning("Mail %s was not sent (try %s): %s", mail.pk, mail.attempts + 1, type(trouble).__name__)
            mail.mark_failed(f"{type(trouble).__name__}: {trouble}")
        else:
            mail.mark_sent()
        return True


def message_of(mail: Mail) -> EmailMultiAlternatives:
    """The mail as it goes out: text, HTML, a calendar where there is one, headers that keep autoresponders quiet."""
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.unsubscribe:  # one click in the mail program (RFC 8058)
        headers |= {"List-Unsubscribe": f"<{mail.unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    message.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        part = MIMEText(mail.calendar, "calendar", "utf-8")
        part.set_param("method", "PUBLISH")
        part.add_header("Content-Disposition", "attachment", filename="dates.ics")
        message.attach(part)
    return message
