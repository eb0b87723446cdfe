import gc
import logging
import os
import sys
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection

from mixportal.logs import WithoutTokens

os.environ.setdefault("PORTAL_MODE", "production")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mixportal.settings")


def has_rows(table: str) -> bool:
    if table not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")  # noqa: S608
        return bool(cursor.fetchone()[0])


def refuse_database_of_production() -> None:
    with suppress(OperationalError):
        if has_rows("members_user") and not has_rows("demo_marker"):
            raise ImproperlyConfigured("PORTAL_MODE is 'demo', and the database is not that of a demonstration.")
    connection.close()


try:
    if not settings.DEBUG and not settings.STATIC_ROOT.is_dir():
        raise ImproperlyConfigured(
            f"STATIC_ROOT is '{settings.STATIC_ROOT}', where no files are. Run collectstatic first."
        )
    application = get_wsgi_application()
    if settings.DEMO:
        refuse_database_of_production()
except ImproperlyConfigured as problem:
    sys.exit(str(problem))
gc.collect()
gc.freeze()  # else a full collection pauses the worker for 100 ms
gc.set_threshold(20_000, 20, 20)  # else a page is collected a hundred times

for name in ("gunicorn.access", "gunicorn.error"):
    logging.getLogger(name).addFilter(WithoutTokens())
