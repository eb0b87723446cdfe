from __future__ import annotations


class NothingRankedError(Exception):
    pass


class NothingToUndoError(Exception):
    pass


class SealedError(Exception):
    """The cast ballot is sealed to this voter, who therefore cannot withdraw it."""


class AlreadyCastError(Exception):
    pass
