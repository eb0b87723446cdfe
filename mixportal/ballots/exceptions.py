from __future__ import annotations


class NothingRankedError(Exception):
    """A ballot without any place cannot be cast."""


class AlreadyCastError(Exception):
    """The government has cast this ballot itself, and the curator did not ask to replace it."""
