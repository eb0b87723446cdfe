from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from mixportal.editions.triggers import ERRATUM_NEVER_CHANGES


@pghistory.track()
class Erratum(models.Model):
    """A dated note that corrects a published edition. It is never changed or deleted."""

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="errata")
    about = models.CharField(
        max_length=160, blank=True, help_text="What it puts right: an entry, a figure, the introduction."
    )
    body = models.TextField("what is right", max_length=2_000)
    added_at = models.DateTimeField(db_default=Now(), editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ("added_at", "pk")
        verbose_name_plural = "errata"
        triggers: ClassVar = [ERRATUM_NEVER_CHANGES]
        constraints = [
            models.CheckConstraint(
                name="erratum_says_something",
                condition=~Q(body=""),
                violation_error_message="Say what is right.",
            )
        ]

    def __str__(self) -> str:
        return f"Erratum of {self.edition}{f': {self.about}' if self.about else ''}"

    def clean(self) -> None:
        if not self.edition.is_published:
            raise ValidationError("Errata are added to what is published; before that, correct the wording itself.")
