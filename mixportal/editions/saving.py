"""Saves that may come too late: what a trigger refuses because time has passed is told by its own exception."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from django.db import IntegrityError, OperationalError, transaction

if TYPE_CHECKING:
    from mixportal.editions.models import Edition

DEADLOCK = "40P01"  # Postgres's code; the loser may simply try again
MAX_ATTEMPTS = 3

Saved = TypeVar("Saved")


@contextmanager
def explain_refusal(check: Callable[[], object]) -> Iterator[None]:
    """Run the block in a transaction; if the database refuses it, call `check`, which raises what has happened.

    A save checks the time and may then wait for a lock until the ballots close or the list opens. The trigger looks at
    the clock once more, and all that it can raise is an IntegrityError.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        check()
        raise


def save_while_open(edition: Edition, save: Callable[[], Saved]) -> Saved:
    """Return what `save` returns, in a transaction of its own. A deadlock is tried again.

    Raises WindowClosed where the database refuses the save because the ballots have closed meanwhile.
    """
    for attempt in range(1, MAX_ATTEMPTS + 1):
        try:
            with explain_refusal(edition.require_open):
                return save()
        except OperationalError as problem:
            if getattr(problem.__cause__, "pgcode", None) != DEADLOCK or attempt == MAX_ATTEMPTS:
                raise
    raise AssertionError("unreachable")
