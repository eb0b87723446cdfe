"""Sessions in the database: whose they are, since when and on what; and the limits after which they end.

A session ends SESSION_COOKIE_AGE after its last visit and SESSION_LONGEST_AGE after sign-in, whichever is first.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.http import HttpRequest, HttpResponseBase

from members.models import Session

SIGNED_IN_AT, SEEN_AT, DEVICE = "signed_in_at", "seen_at", "device"
SEEN_EVERY = 3600  # seconds: how exactly the last visit is known, at the price of one write


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Every save of a signed-in session is a sign of life."""
        if SESSION_KEY not in data:
            return super().create_model_instance(data)
        data.setdefault(SIGNED_IN_AT, time.time())
        data[SEEN_AT] = time.time()
        session = super().create_model_instance(data)
        session.user_id = int(data[SESSION_KEY])
        session.device = data.get(DEVICE, "")
        session.signed_in_at = datetime.fromtimestamp(data[SIGNED_IN_AT], UTC)
        session.seen_at = datetime.fromtimestamp(data[SEEN_AT], UTC)
        return session

    def _validate_session_key(self, key: str | None) -> bool:
        """A cookie may hold anything, a NUL included, over which the database would stumble."""
        return bool(key and super()._validate_session_key(key) and key.isascii() and key.isalnum())


class SessionLimitsMiddleware:
    """Ends sessions that are too old or whose user is gone, notes visits, and gives a new key for each new proof."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        session = request.session
        was_signed_in = SESSION_KEY in session
        if was_signed_in:
            age = time.time() - session.get(SIGNED_IN_AT, 0)
            if age > settings.SESSION_LONGEST_AGE or not request.user.is_authenticated:
                session.flush()
                request.user = AnonymousUser()
                was_signed_in = False
            elif time.time() - session.get(SEEN_AT, 0) > SEEN_EVERY:
                session.modified = True
        proofs = len(session.get(AUTHENTICATION_METHODS_SESSION_KEY, ()))
        response = self.get_response(request)
        if SESSION_KEY in session and session.modified:
            if was_signed_in and len(session.get(AUTHENTICATION_METHODS_SESSION_KEY, ())) > proofs:
                session.cycle_key()
            session[DEVICE] = device_in_words(request.headers.get("User-Agent", ""))
        return response


BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "a Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def device_in_words(user_agent: str) -> str:
    """Such as "Firefox on Windows", by what a browser says of itself; empty where it says nothing known."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} on {system}" if browser and system else browser or system
