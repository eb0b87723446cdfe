from __future__ import annotations

import logging
import re

# also in an address that is part of another one's query
SLASH = "(?:/|%2F)+"
TOKEN = re.compile(rf"({SLASH}(?:account{SLASH}invitation|share|mail{SLASH}stop){SLASH})[^/\s]+", re.IGNORECASE)


class WithoutTokens(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if TOKEN.search(said):
            record.msg, record.args = TOKEN.sub(r"\1...", said), ()
        return True


class RefusalsInOneLine(logging.Filter):
    """Log a refused request without a traceback, and no request of an outage (outage.py does)."""

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", 500)
        if status == 503:
            return False
        if status < 500:
            record.exc_info = record.exc_text = None
        return True
