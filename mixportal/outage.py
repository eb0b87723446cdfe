import logging
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from members.authorship import sent_fields

RETRY_AFTER = 5  # seconds
LOG_INTERVAL = 60  # seconds
READ_ONLY = "25006"  # read_only_sql_transaction

logger = logging.getLogger(__name__)


class StorageTroubleMiddleware:
    """Answer without a query when the database is gone, locked, full or read-only.

    The answer has a form that posts the input again, without JavaScript too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return trouble(request, exception) if is_trouble(exception) else None


def is_trouble(exception: BaseException | None) -> bool:
    read_only = getattr(getattr(exception, "__cause__", None), "pgcode", None) == READ_ONLY
    return isinstance(exception, OperationalError | InterfaceError) or read_only


class Logged:
    at: float | None = None
    left_out = 0


def _log(request: HttpRequest, exception: BaseException) -> None:
    """Log one line a minute and process, as an outage refuses every request."""
    now = time.monotonic()
    if Logged.at is not None and now - Logged.at < LOG_INTERVAL:
        Logged.left_out += 1
        return
    line = "storage trouble at %s: %s (%d more requests since the last line)"
    logger.error(line, request.path, type(exception).__name__, Logged.left_out)
    Logged.at, Logged.left_out = now, 0


def trouble(request: HttpRequest, exception: BaseException) -> HttpResponse:
    _log(request, exception)
    context = {
        "posted": [
            (name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values
        ],
        **sent_fields(request),
        "path": request.get_full_path(),
        "csrf": get_token(request),
        "retry_after": RETRY_AFTER,
    }
    template = "errors/_503.html" if request.headers.get("HX-Request") else "errors/503.html"
    response = render(request, template, context, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response
