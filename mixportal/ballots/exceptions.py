from __future__ import annotations


class NothingRankedError(Exception):
    pass


class NothingToUndoError(Exception):
    pass


class SealedError(Exception):
    pass


class AlreadyCastError(Exception):
    pass
