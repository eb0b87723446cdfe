"""The one optimistic lock: a page posts the version that it showed, and a stale save overwrites nothing."""

from __future__ import annotations

from django.db import models


class StaleError(Exception):
    """Somebody saved since the page was made. Nothing was written; `stored` is what is there now."""

    def __init__(self, stored: Versioned) -> None:
        super().__init__("This has changed since the page was loaded.")
        self.stored = stored


class Versioned(models.Model):
    """A row that is never deleted, so that no version number comes twice."""

    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def advance(self, seen: int) -> None:
        """Raise the version by one. Raises StaleError if `seen` is not the stored version.

        Call it on a row that is locked FOR UPDATE.
        """
        if self.version != seen:
            raise StaleError(self)
        self.version += 1
