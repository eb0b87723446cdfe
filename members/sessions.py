"""Sessions in the database. A key that Django never made is nobody's, before the database is asked for it."""

from __future__ import annotations

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """A cookie may hold anything, a NUL included, over which the database would stumble."""
        return bool(key and super()._validate_session_key(key) and key.isascii() and key.isalnum())
