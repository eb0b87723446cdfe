from __future__ import annotations


class NothingRankedError(Exception):
    pass


class NothingToUndoError(Exception):
    pass


class SealedError(Exception):
    """The ballot that is cast is sealed to this voter, who therefore cannot withdraw it."""


class AlreadyCastError(Exception):
    """The government cast this ballot itself."""
