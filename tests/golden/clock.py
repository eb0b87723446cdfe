"""One fixed moment for Python and for the database, so that two runs of the portal say the same.

`stop` must run before Django is imported: modules keep what they import from `datetime` and `time`. The database
resolves `now()` and its like by the search path, so functions in `public` hide those of `pg_catalog` (settings.py).
"""

from __future__ import annotations

import copyreg
import datetime
import itertools
import time

NOW = datetime.datetime(2026, 11, 27, 16, 32, tzinfo=datetime.UTC)
CONNECTION_OPTIONS = f"-c search_path=public,pg_catalog -c golden.now={NOW:%Y-%m-%dT%H:%M:%SZ}"
SQL = "".join(
    f"CREATE OR REPLACE FUNCTION public.{name}() RETURNS timestamptz LANGUAGE sql STABLE AS "
    "$$ SELECT current_setting('golden.now')::timestamptz $$;"
    for name in ("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp")
)


class _Instances(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _real_datetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, _real_datetime)


_real_datetime = datetime.datetime
_real_strftime = time.strftime
_nanoseconds = itertools.count(int(NOW.timestamp()) * 10**9)


class _FixedDatetime(_real_datetime, metaclass=_Instances):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
        return _real_datetime.fromtimestamp(NOW.timestamp(), tz)

    @classmethod
    def utcnow(cls) -> datetime.datetime:
        return NOW.replace(tzinfo=None)

    @classmethod
    def today(cls) -> datetime.datetime:
        return cls.now()


def _strftime(layout: str, moment: object = None) -> str:
    return _real_strftime(layout, moment or time.gmtime(NOW.timestamp()))


def _remade(*parts: object) -> datetime.datetime:
    return _real_datetime(*parts)


def stop() -> None:
    """Stop Python's clocks, except the monotonic ones, by which threads and sockets wait."""
    datetime.datetime = _FixedDatetime
    # The cache of pages pickles, by the name of the class, which is now another's.
    copyreg.pickle(_real_datetime, lambda moment: (_remade, moment.__reduce__()[1]))
    time.time = NOW.timestamp
    time.time_ns = lambda: next(_nanoseconds)  # mails are files that are sorted by this number
    time.strftime = _strftime
