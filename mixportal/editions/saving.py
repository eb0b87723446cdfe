from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from django.db import IntegrityError, OperationalError, models, transaction

if TYPE_CHECKING:
    from mixportal.editions.models import Edition

DEADLOCK = "40P01"
MAX_ATTEMPTS = 3

Saved = TypeVar("Saved")


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


@contextmanager
def explain_refusal(check: Callable[[], object]) -> Iterator[None]:
    """Run the block in a transaction; if the database refuses it, let `check` raise a better
    error.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        check()
        raise


def save_while_open(edition: Edition, save: Callable[[], Saved]) -> Saved:
    """Call `save` in a transaction, again after a deadlock. Raises WindowClosedError."""
    for attempt in range(1, MAX_ATTEMPTS + 1):
        try:
            with explain_refusal(edition.require_open):
                return save()
        except OperationalError as problem:
            if getattr(problem.__cause__, "pgcode", None) != DEADLOCK or attempt == MAX_ATTEMPTS:
                raise
    raise AssertionError("unreachable")
