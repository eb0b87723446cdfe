from __future__ import annotations

from django.db import models


class StaleError(Exception):
    """`stored` is the row as it is now."""

    def __init__(self, stored: Versioned) -> None:
        super().__init__("This has changed since the page was loaded.")
        self.stored = stored


class Versioned(models.Model):
    """A row with a version. Never delete one, or a version number may come twice."""

    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def advance(self, seen: int) -> None:
        """Count the version up. Raises StaleError if `seen` is not the locked row's version."""
        if self.version != seen:
            raise StaleError(self)
        self.version += 1
