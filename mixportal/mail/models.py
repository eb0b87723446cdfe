from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape

from mixportal.mail.encrypted import EncryptedTextField

RETRY_AFTER_MINUTES = (1, 5, 30, 120, 360, 720, 1440)
MAX_ERROR_LENGTH = 300
STUCK_AFTER_MINUTES = 30
MONTHS_KEPT = 13
MAX_WIDTH = 76
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """Replace whitespace and control characters, which could end a header."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def wrapped(text: str) -> str:
    lines: list[str] = []
    for line in text.splitlines():
        line = line.rstrip()
        if not line and (not lines or not lines[-1]):
            continue
        indent = "  " if line.startswith("- ") else ""
        lines += textwrap.wrap(
            line,
            MAX_WIDTH,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return "\n".join(lines).strip() + "\n"


@dataclass(frozen=True)
class Backlog:
    waiting: int
    oldest: datetime | None
    given_up: int

    @property
    def seconds(self) -> float:
        return (timezone.now() - self.oldest).total_seconds() if self.oldest else 0.0

    @property
    def is_stuck(self) -> bool:
        return self.seconds > STUCK_AFTER_MINUTES * 60


class MailQuerySet(models.QuerySet["Mail"]):
    def waiting(self) -> MailQuerySet:
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True)

    def due(self) -> MailQuerySet:
        return self.waiting().filter(due_at__lte=Now()).order_by("due_at", "pk")

    def given_up(self) -> MailQuerySet:
        return self.filter(given_up_at__isnull=False)

    def older_than_kept(self) -> MailQuerySet:
        return self.exclude(pk__in=self.waiting()).filter(created_at__lt=Now() - timedelta(days=MONTHS_KEPT * 30.44))

    def replace_in_unsent(self, words: str, by: str) -> None:
        """Replace words also where a line breaks between them."""
        for mail in self.filter(sent_at=None).exclude(text=""):
            mail.text = re.sub(r"\s+".join(map(re.escape, words.split())), lambda _: by, mail.text)
            mail.html = mail.html.replace(escape(words), escape(by))
            mail.save(update_fields=["text", "html"])

    def enqueue(
        self,
        kind: str,
        to: str,
        *,
        cause: str,
        context: Mapping[str, object],
        calendar: str = "",
        unsubscribe: str = "",
        reply_to: str = "",
        not_after: datetime | None = None,
        confidential: bool = False,
    ) -> Mail | None:
        """Add a mail to the outbox. Return None if `cause` already reached this address.

        `cause` names the event ("invitation:12"). Curators do not see `confidential` mails, such as
        that a government cast again.
        """
        rendered = RenderedMail.from_templates(kind, context, unsubscribe)
        mail, is_new = self.get_or_create(
            cause=cause,
            to__iexact=to,
            defaults={
                "kind": kind,
                "to": to,
                "reply_to": reply_to,
                "subject": rendered.subject,
                "text": rendered.text,
                "html": rendered.html,
                "calendar": calendar,
                "unsubscribe": unsubscribe,
                "not_after": not_after,
                "confidential": confidential,
            },
        )
        return mail if is_new else None

    def backlog(self) -> Backlog:
        waiting, given_up = Q(sent_at=None, given_up_at=None), Q(given_up_at__isnull=False)
        found = self.aggregate(
            waiting=models.Count("pk", filter=waiting),
            oldest=models.Min("created_at", filter=waiting),
            given_up=models.Count("pk", filter=given_up),
        )
        return Backlog(**found)

    def try_again(self) -> int:
        return self.filter(sent_at__isnull=True).update(due_at=Now(), given_up_at=None, attempts=0)


@dataclass(frozen=True)
class RenderedMail:
    subject: str
    text: str
    html: str

    @classmethod
    def from_templates(cls, kind: str, context: Mapping[str, object], unsubscribe: str = "") -> RenderedMail:
        context = {"demo": settings.DEMO, "portal_url": settings.PORTAL_URL, "unsubscribe": unsubscribe, **context}
        subject, _, text = render_text(f"mail/{kind}.txt", context).strip().partition("\n")
        end = render_text("mail/_end.txt", context)
        html = render_to_string(f"mail/{kind}.html", context)
        return cls(one_line(subject)[:200], wrapped(f"{text.strip()}\n\n{end.strip()}"), html)


def render_text(template: str, context: Mapping[str, object]) -> str:
    return Engine.get_default().get_template(template).render(Context(context, autoescape=False))


class Mail(models.Model):
    kind = models.CharField(max_length=40)
    cause = models.CharField(max_length=200, help_text="What gave rise to it; at most one mail to an address.")
    to = models.EmailField()
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    # Links in them may grant access: they are encrypted, and empty once sent.
    text = EncryptedTextField(blank=True)
    html = EncryptedTextField(blank=True)
    calendar = models.TextField(blank=True)
    unsubscribe = EncryptedTextField(blank=True)
    confidential = models.BooleanField(default=False, help_text="Not listed for curators.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now(), help_text="Tried again from then on.")
    not_after = models.DateTimeField(null=True, blank=True, help_text="Not sent later than that.")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=MAX_ERROR_LENGTH, blank=True, help_text="What the last try answered.")

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "mails"
        constraints = [
            models.UniqueConstraint("cause", Lower("to"), name="mail_once_for_one_cause_and_address"),
            models.CheckConstraint(
                name="mail_sent_or_given_up",
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="mail_waiting",
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"

    @property
    def message_id(self) -> str:
        """Return the same ID for every attempt, so that a mailbox can drop a copy."""
        host = urlsplit(settings.PORTAL_URL).hostname or parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
        named = hashlib.sha256(f"{self.cause}\n{self.to.lower()}".encode()).hexdigest()[:32]
        return f"<{named}@{host}>"

    @property
    def is_late(self) -> bool:
        if self.not_after is None:
            return False
        return Mail.objects.filter(pk=self.pk, not_after__lte=Now()).exists()

    def mark_sent(self) -> None:
        """Delete the content too, which may hold links that grant access."""
        self.attempts += 1
        Mail.objects.filter(pk=self.pk).update(
            sent_at=Now(),
            attempts=self.attempts,
            trouble="",
            text="",
            html="",
            calendar="",
            unsubscribe="",
        )

    def mark_late(self) -> None:
        self._give_up("Not sent: it would have come too late.")

    def mark_failed(self, error: str) -> None:
        self.attempts += 1
        if self.attempts > len(RETRY_AFTER_MINUTES):
            self._give_up(error)
        else:
            pause = timedelta(minutes=RETRY_AFTER_MINUTES[self.attempts - 1])
            Mail.objects.filter(pk=self.pk).update(
                due_at=Now() + pause, attempts=self.attempts, trouble=_shorten(error)
            )

    def mark_refused(self, error: str) -> None:
        """Give up at once: the mail server will never take this mail."""
        self.attempts += 1
        self._give_up(error)

    def _give_up(self, error: str) -> None:
        Mail.objects.filter(pk=self.pk).update(given_up_at=Now(), attempts=self.attempts, trouble=_shorten(error))


def _shorten(error: str) -> str:
    return one_line(error)[:MAX_ERROR_LENGTH]


class DigestItemQuerySet(models.QuerySet["DigestItem"]):
    def waiting(self) -> DigestItemQuerySet:
        return self.filter(mail__isnull=True)

    def newest_first(self) -> DigestItemQuerySet:
        return self.order_by("-created_at", "-pk")

    def collect(self, to: str, *, kind: str, cause: str, line: str, url: str) -> DigestItem | None:
        """Return None if `cause` already reached this address. Call it in its transaction."""
        item, is_new = self.get_or_create(
            cause=cause,
            to__iexact=to,
            defaults={"to": to, "kind": kind, "line": one_line(line), "url": url},
        )
        return item if is_new else None


class DigestItem(models.Model):
    to = models.EmailField()
    kind = models.CharField(max_length=40)
    cause = models.CharField(max_length=200)
    line = models.TextField()
    url = models.URLField(max_length=500)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    mail = models.ForeignKey(Mail, models.PROTECT, null=True, blank=True, related_name="items")

    objects = DigestItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("cause", Lower("to"), name="digest_once_for_one_cause_and_address")]
        indexes: ClassVar = [
            models.Index(Lower("to"), name="digest_waiting", condition=Q(mail__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.to}"
