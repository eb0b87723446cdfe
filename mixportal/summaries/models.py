from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from mixportal.summaries.share_links import ShareLink

__all__ = ["ShareLink", "StoredPdf"]


class StoredPdfManager(models.Manager["StoredPdf"]):
    def store(self, pdf: StoredPdf) -> None:
        """Upsert, because two requests may store a file at once."""
        self.bulk_create(
            [pdf], update_conflicts=True, unique_fields=["key"], update_fields=["version", "body", "made_at"]
        )


class StoredPdf(models.Model):
    """`version` is a hash of the HTML and stylesheet."""

    key = models.CharField(max_length=200, primary_key=True)
    version = models.CharField(max_length=64)
    body = models.BinaryField()
    made_at = models.DateTimeField(default=Now())

    objects: ClassVar[StoredPdfManager] = StoredPdfManager()

    class Meta:
        db_table = "portal_pdfs"

    def __str__(self) -> str:
        return self.key
