from __future__ import annotations


class NothingRankedError(Exception):
    pass


class NothingToUndoError(Exception):
    """The last action was another person's or is undone already, or no ballot is cast to go back to."""


class SealedError(Exception):
    """The ballot that is cast is sealed to this voter, who therefore cannot withdraw it."""


class AlreadyCastError(Exception):
    """The government cast this ballot itself."""
