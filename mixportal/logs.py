import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponseBase

# also within the query of another address
SLASH = "(?:/|%2F)+"
TOKEN = re.compile(rf"({SLASH}(?:account{SLASH}invitation|share|mail{SLASH}stop){SLASH})[^/\s]+", re.IGNORECASE)
REQUEST_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
UNREMARKABLE = {"/healthz", "/readyz", "/metrics"}

current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)
requests = logging.getLogger("mixportal.requests")


class WithoutTokens(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if TOKEN.search(said):
            record.msg, record.args = TOKEN.sub(r"\1...", said), ()
        return True


class RefusalsInOneLine(logging.Filter):
    """Log no traceback of a refused request, and nothing of an outage (outage.py does)."""

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", 500)
        if status == 503:
            return False
        if status < 500:
            record.exc_info = record.exc_text = None
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (request := current_request.get()) is not None:
            user = getattr(request, "_cached_user", None)  # request.user would ask the database
            line |= {"request": request.META["REQUEST_ID"], "user": user and user.pk}
        line |= getattr(record, "facts", {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return TOKEN.sub(r"\1...", json.dumps(line, default=str))


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started, given = time.perf_counter(), request.headers.get("X-Request-ID", "")
        request.META["REQUEST_ID"] = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        token = current_request.set(request)
        try:
            response = self.get_response(request)
            facts: dict[str, object] = {"seconds": round(time.perf_counter() - started, 3)}
            if "filename=" in response.get("Content-Disposition", ""):
                facts["event"] = "export"
            if request.path not in UNREMARKABLE:
                line = (request.method, request.path, response.status_code)
                requests.info("%s %s %s", *line, extra={"facts": facts, "status_code": response.status_code})
            return response
        finally:
            current_request.reset(token)
