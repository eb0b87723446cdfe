from __future__ import annotations


class NothingRankedError(Exception):
    pass


class AlreadyCastError(Exception):
    """The government cast this ballot itself."""
