from __future__ import annotations

import json
from functools import cache
from typing import ClassVar

from django.db import connection, models
from django.db.models.functions import Now

from challenges.models import Hindrance, HindranceResponse
from members.models import Government, Office
from mixportal.editions.models import Edition, Entry, Erratum, Lineage
from mixportal.notes.models import Endorsement, Note
from mixportal.results.models import Tally
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from priorities.models import Investment

MAX_AGE_SECONDS = 60  # the same as in Cache-Control

# A change of these outdates every page.
MODELS_ON_PUBLIC_PAGES = (
    Edition, Erratum, Entry, Lineage, Tally, Note, Endorsement, OutsideSeries, OutsideList, OutsideItem, Investment,
    HindranceResponse, Hindrance, Government, Office,
)  # fmt: skip


class StoredPageManager(models.Manager["StoredPage"]):
    def get_current(self, path: str) -> tuple[str, StoredPage | None]:
        """Return the version of the data, and the page if it has that version."""
        with connection.cursor() as cursor:
            cursor.execute(_query(), {"path": path, "seconds": MAX_AGE_SECONDS})
            version, etag, headers, body = cursor.fetchone()
        if body is None:
            return version, None
        return version, StoredPage(path=path, version=version, etag=etag, headers=json.loads(headers), body=bytes(body))

    def store(self, page: StoredPage) -> None:
        """Upsert, because several requests may store a page at once."""
        self.bulk_create(
            [page],
            update_conflicts=True,
            unique_fields=["path"],
            update_fields=["version", "etag", "headers", "body", "stored_at"],
        )


class StoredPage(models.Model):
    """One row for each address without a query string, so none needs to be deleted."""

    path = models.CharField(max_length=400, primary_key=True)
    version = models.CharField(max_length=300)
    etag = models.CharField(max_length=80)
    headers = models.JSONField()
    body = models.BinaryField(help_text="Compressed by gzip.")
    stored_at = models.DateTimeField(default=Now())

    objects: ClassVar[StoredPageManager] = StoredPageManager()

    class Meta:
        db_table = "portal_pages"

    def __str__(self) -> str:
        return self.path


@cache
def _query() -> str:
    """Select the newest event of each table, and the page if it is as new."""
    tables = [model._meta.get_field("events").related_model._meta.db_table for model in MODELS_ON_PUBLIC_PAGES]
    latest = ", ".join(f'(SELECT coalesce(max(pgh_id), 0) FROM "{table}")' for table in tables)  # noqa: S608  our own names
    return f"""
        SELECT made_of.version, page.etag, page.headers::text, page.body
          FROM (SELECT concat_ws('-', {latest}) AS version) AS made_of
          LEFT JOIN portal_pages AS page
            ON page.path = %(path)s AND page.version = made_of.version
           AND page.stored_at > clock_timestamp() - make_interval(secs => %(seconds)s)"""  # noqa: S608
