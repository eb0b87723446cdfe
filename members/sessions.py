import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.db import InternalError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from members.models import Session
from members.security import log_event

SIGNED_IN_AT, SEEN_AT, DEVICE, LAST_VISIT = "signed_in_at", "seen_at", "device", "last_visit"
VISIT_INTERVAL_SECONDS = 3600


def stored_key(key: str) -> str:
    """Return the hash that the database has, so that only the cookie opens the session."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        if SESSION_KEY not in data:
            return self._new_row(data)
        data.setdefault(SIGNED_IN_AT, time.time())
        data[SEEN_AT] = time.time()
        session = self._new_row(data)
        session.user_id = int(data[SESSION_KEY])
        session.device = data.get(DEVICE, "")
        session.signed_in_at = datetime.fromtimestamp(data[SIGNED_IN_AT], UTC)
        session.seen_at = datetime.fromtimestamp(data[SEEN_AT], UTC)
        return session

    def _new_row(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.session_key = stored_key(row.session_key)
        return row

    def _get_session_from_db(self) -> Session | None:
        try:
            stored: Session = Session.objects.get(
                session_key=stored_key(self.session_key or ""), expire_date__gt=timezone.now()
            )
        except Session.DoesNotExist:
            self._session_key = None
            return None
        return stored

    def exists(self, session_key: str | None = None) -> bool:
        return super().exists(stored_key(session_key or ""))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored_key(key))

    def _validate_session_key(self, key: str | None) -> bool:
        """A cookie may hold a NUL."""
        is_valid = super()._validate_session_key(key)  # type: ignore[misc]  # not in django-stubs
        return bool(key and is_valid and key.isascii() and key.isalnum())


class SessionLimitsMiddleware:
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
            else:
                if time.time() - session.get(SEEN_AT, 0) > VISIT_INTERVAL_SECONDS:
                    session.modified = True
                _note_visit(request)
        proofs = len(session.get(AUTHENTICATION_METHODS_SESSION_KEY, ()))
        response = self.get_response(request)
        if SESSION_KEY in session and not was_signed_in:
            log_event("signed in", account=request.user.pk)
            _note_visit(request)
        elif was_signed_in and SESSION_KEY not in session:
            log_event("signed out")
        if SESSION_KEY in session and session.modified:
            if was_signed_in and len(session.get(AUTHENTICATION_METHODS_SESSION_KEY, ())) > proofs:
                session.cycle_key()
            session[DEVICE] = device_in_words(request.headers.get("User-Agent", ""))
        return response


def last_visit(request: HttpRequest) -> datetime | None:
    if LAST_VISIT in request.session:
        before = request.session[LAST_VISIT]
        return datetime.fromisoformat(before) if before else None
    return request.user.seen_at if request.user.is_authenticated else None


def _note_visit(request: HttpRequest) -> None:
    user, now = request.user, timezone.now()
    if not user.is_authenticated:
        return
    before = user.seen_at
    is_new = before is None or now - before >= timedelta(seconds=VISIT_INTERVAL_SECONDS)
    if not is_new and not user.is_visit_awaited:
        return
    user.seen_at, user.is_visit_awaited = now, False
    try:
        user.save(update_fields=["seen_at", "is_visit_awaited"])
    except InternalError:  # read-only database; pages still work
        user.seen_at = before
    else:
        if is_new:
            request.session[LAST_VISIT] = before.isoformat() if before else None


BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
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
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} on {system}" if browser and system else browser or system
