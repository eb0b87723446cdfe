from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from django.db import IntegrityError, OperationalError, transaction

if TYPE_CHECKING:
    from mixportal.editions.models import Edition

DEADLOCK = "40P01"
MAX_ATTEMPTS = 3

Saved = TypeVar("Saved")


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
