"""Why a ballot was not written. Nothing has changed then."""

from __future__ import annotations


class NothingRankedError(Exception):
    """A ballot without a single place cannot be cast: it would say nothing."""


class AlreadyCastError(Exception):
    """The government has cast this ballot itself. A curator's entry replaces it only when that is asked for."""
