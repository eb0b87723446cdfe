"""Why a ballot was not written. Nothing has changed then."""

from __future__ import annotations

from typing import Any


class NotSeated(Exception):
    """The government holds no seat, so it has no ballot."""


class NothingRanked(Exception):
    """A ballot without a single place cannot be cast: it would say nothing."""


class AlreadyCast(Exception):
    """The government has cast this ballot itself: what comes from outside replaces it only when that is said."""


class Stale(Exception):
    """Somebody else saved since; `ballot` is what is stored now. Nothing was written."""

    def __init__(self, ballot: Any) -> None:
        super().__init__("The ballot has changed since this page was loaded.")
        self.ballot = ballot
