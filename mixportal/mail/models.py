"""The outbox: every mail of the portal is a row first, so that none is lost and none is sent twice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.template import Context
from django.template.loader import get_template, render_to_string

from mixportal.mail.plain import one_line, wrapped

# Minutes from one try to the next; after the last of them the mail is given up, some two days after the first try.
BACK_OFF = (1, 5, 30, 120, 360, 720, 1440)
LONGEST_TROUBLE = 300
STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")


class MailQuerySet(models.QuerySet["Mail"]):
    def waiting(self) -> MailQuerySet:
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True)

    def due(self) -> MailQuerySet:
        """What is to be sent now, the oldest first."""
        return self.waiting().filter(due_at__lte=Now()).order_by("due_at", "pk")

    def given_up(self) -> MailQuerySet:
        return self.filter(given_up_at__isnull=False)

    def post(
        self,
        kind: str,
        to: str,
        *,
        cause: str,
        context: dict[str, Any],
        calendar: str = "",
        unsubscribe: str = "",
        reply_to: str = "",
        not_after: datetime | None = None,
        confidential: bool = False,
    ) -> Mail | None:
        """Puts a mail into the outbox, rendered as it will arrive; None where this cause reached this address before.

        `kind` names the templates mail/<kind>.txt, whose first line is the subject, and mail/<kind>.html. `cause` names
        what gives rise to the mail ("invitation:12"). `calendar` is the text of an .ics file, `unsubscribe` a whole
        address that ends this kind of mail by one POST. A mail that has not gone out by `not_after` is given up: a
        reminder that arrives after the close would be worse than none. Of a `confidential` mail curators do not even
        learn that it exists: when a government casts again is its own business until the close.
        """
        if self.filter(cause=cause, to__iexact=to).exists():
            return None
        words = Words.of(kind, context, unsubscribe)
        mail = Mail(
            kind=kind,
            cause=cause,
            to=to,
            reply_to=reply_to,
            subject=words.subject,
            text=words.text,
            html=words.html,
            calendar=calendar,
            unsubscribe=unsubscribe,
            not_after=not_after,
            confidential=confidential,
        )
        try:
            with transaction.atomic():
                mail.save(force_insert=True)
        except IntegrityError:
            if self.filter(cause=cause, to__iexact=to).exists():  # posted by another process meanwhile
                return None
            raise
        return mail

    def try_again(self) -> int:
        """Makes those that were not sent due at this moment, given up or not; how many."""
        return self.filter(sent_at__isnull=True).update(due_at=Now(), given_up_at=None, attempts=0)


@dataclass(frozen=True)
class Words:
    """What a mail says, as it will arrive; also for a look ahead of sending."""

    subject: str
    text: str
    html: str

    @classmethod
    def of(cls, kind: str, context: dict[str, Any], unsubscribe: str = "") -> Words:
        context = {"portal_url": settings.PORTAL_URL, "unsubscribe": unsubscribe, **context}
        subject, _, text = _plain(f"mail/{kind}.txt", context).strip().partition("\n")
        end = _plain("mail/_end.txt", context)
        html = render_to_string(f"mail/{kind}.html", context).replace("</head>", f"<style>{STYLE}</style>\n</head>", 1)
        return cls(one_line(subject)[:200], wrapped(f"{text.strip()}\n\n{end.strip()}"), html)


def _plain(template: str, context: dict[str, Any]) -> str:
    """A text is no HTML: nothing in it is escaped."""
    return get_template(template).template.render(Context(context, autoescape=False))


class Mail(models.Model):
    kind = models.CharField(max_length=40)
    cause = models.CharField(max_length=200, help_text="What gave rise to it; at most one mail to an address.")
    to = models.EmailField()
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True, help_text="Empty once it is sent: links in it may open doors.")
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True)
    unsubscribe = models.URLField(blank=True, max_length=500)
    confidential = models.BooleanField(default=False, help_text="Not listed for curators.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now(), help_text="Tried again from then on.")
    not_after = models.DateTimeField(null=True, blank=True, help_text="Not sent later than that.")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=LONGEST_TROUBLE, blank=True, help_text="What the last try answered.")

    objects: ClassVar[Any] = MailQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "mails"
        constraints = [
            models.UniqueConstraint("cause", Lower("to"), name="mail_once_for_one_cause_and_address"),
            models.CheckConstraint(
                name="mail_sent_or_given_up", condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="mail_waiting", condition=Q(sent_at__isnull=True, given_up_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"

    @property
    def message_id(self) -> str:
        """The same at every try, so that a mailbox that gets a mail twice can tell."""
        host = urlsplit(settings.PORTAL_URL).hostname or parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
        named = hashlib.sha256(f"{self.cause}\n{self.to.lower()}".encode()).hexdigest()[:32]
        return f"<{named}@{host}>"

    def mark_sent(self) -> None:
        """With its words dropped: the database keeps no link that opens a door longer than it must."""
        self.attempts += 1
        Mail.objects.filter(pk=self.pk).update(
            sent_at=Now(), attempts=self.attempts, trouble="", text="", html="", calendar="", unsubscribe=""
        )

    def mark_late(self) -> None:
        self._stop("Not sent: it would have come too late.")

    def mark_failed(self, trouble: str) -> None:
        """Due again after a while, or given up after the last try."""
        self.attempts += 1
        if self.attempts > len(BACK_OFF):
            self._stop(trouble)
        else:
            pause = timedelta(minutes=BACK_OFF[self.attempts - 1])
            Mail.objects.filter(pk=self.pk).update(due_at=Now() + pause, attempts=self.attempts, trouble=_told(trouble))

    def _stop(self, trouble: str) -> None:
        Mail.objects.filter(pk=self.pk).update(given_up_at=Now(), attempts=self.attempts, trouble=_told(trouble))


def _told(trouble: str) -> str:
    return one_line(trouble)[:LONGEST_TROUBLE]


class DigestItemQuerySet(models.QuerySet["DigestItem"]):
    def waiting(self) -> DigestItemQuerySet:
        return self.filter(mail__isnull=True)

    def newest_first(self) -> DigestItemQuerySet:
        return self.order_by("-created_at", "-pk")

    def collect(self, to: str, *, kind: str, cause: str, line: str, url: str) -> DigestItem | None:
        """Keeps one line for the address's next digest; None where this cause reached this address before.

        `url` is a whole address. Call it in the transaction of the deed, as `Mail.objects.post`.
        """
        item, is_new = self.get_or_create(
            cause=cause, to__iexact=to, defaults={"to": to, "kind": kind, "line": one_line(line), "url": url}
        )
        return item if is_new else None


class DigestItem(models.Model):
    """A line that somebody wants to read once a day, not at once. It waits until a mail has taken it."""

    to = models.EmailField()
    kind = models.CharField(max_length=40)
    cause = models.CharField(max_length=200)
    line = models.TextField()
    url = models.URLField(max_length=500)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    mail = models.ForeignKey(Mail, models.PROTECT, null=True, blank=True, related_name="items")

    objects: ClassVar[Any] = DigestItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("cause", Lower("to"), name="digest_once_for_one_cause_and_address")]
        indexes: ClassVar = [
            models.Index(Lower("to"), name="digest_waiting", condition=Q(mail__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.to}"
