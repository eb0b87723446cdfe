"""The outbox: every mail of the portal is a row first, so that none is lost and none is sent twice."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.template.loader import render_to_string


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self) -> MailQuerySet:
        """What is to be sent now, the oldest first."""
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True, due_at__lte=Now()).order_by("due_at", "pk")

    def post(
        self, kind: str, to: str, *, cause: str, context: dict[str, Any], calendar: str = "", unsubscribe: str = ""
    ) -> Mail | None:
        """Puts a mail into the outbox, rendered as it will arrive; None where this cause reached this address before.

        `kind` names the templates mail/<kind>.txt, whose first line is the subject, and mail/<kind>.html. `cause` names
        what gives rise to the mail ("invitation:12"). `calendar` is the text of an .ics file, `unsubscribe` a whole
        address that ends this kind of mail by one POST.
        """
        context = {"portal_url": settings.PORTAL_URL, "unsubscribe": unsubscribe, **context}
        subject, _, text = render_to_string(f"mail/{kind}.txt", context).strip().partition("\n")
        mail, is_new = self.get_or_create(
            cause=cause,
            to__iexact=to,
            defaults={
                "kind": kind,
                "to": to,
                "subject": " ".join(subject.split())[:200],
                "text": text.strip() + "\n",
                "html": render_to_string(f"mail/{kind}.html", context),
                "calendar": calendar,
                "unsubscribe": unsubscribe,
            },
        )
        return mail if is_new else None


class Mail(models.Model):
    kind = models.CharField(max_length=40)
    cause = models.CharField(max_length=200, help_text="What gave rise to it; at most one mail to an address.")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    calendar = models.TextField(blank=True)
    unsubscribe = models.URLField(blank=True, max_length=500)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now(), help_text="Tried again from then on.")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True, help_text="What the last try answered.")

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
