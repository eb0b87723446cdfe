"""The privacy notice: which version stands, and who has agreed that ballots are named to members after the close."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

# The date of the notice at /about/privacy/. A new one asks everybody again before they next cast.
NOTICE_VERSION = "2026-11-22"


class Consenting(models.Model):
    consented_at = models.DateTimeField(null=True, blank=True, editable=False)
    consent_version = models.CharField("version of the privacy notice", max_length=10, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="user_consent_has_date_and_version",
                condition=Q(consented_at__isnull=True, consent_version="")
                | Q(consented_at__isnull=False) & ~Q(consent_version=""),
            )
        ]

    @property
    def has_consented(self) -> bool:
        """To the notice as it stands."""
        return self.consented_at is not None and self.consent_version == NOTICE_VERSION

    def consent(self) -> None:
        """Agrees to the notice as it stands, at this moment; once is enough."""
        if not self.has_consented:
            self.consented_at, self.consent_version = timezone.now(), NOTICE_VERSION
            self.save(update_fields=["consented_at", "consent_version"])
