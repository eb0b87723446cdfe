"""How the history of share links is told (members/record.py): to the government that made them alone."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from members import record
from mixportal.summaries.share_links import ShareLink


def _of_government(events: QuerySet, government: Any) -> QuerySet:
    return events.filter(government=government)


def _own(events: QuerySet, user: Any) -> QuerySet:
    return events.filter(government=user.government_id) if user.is_voter else events.none()


def _verb(label: str, before: record.Row | None, after: record.Row) -> str:
    ended = label == "update" and after["revoked_at"] and not (before or {}).get("revoked_at")
    return "ended" if ended else {"insert": "made", "update": "changed", "delete": "removed"}[label]


def register() -> None:
    record.register(record.Chapter(ShareLink, "label", of_government=_of_government, told_to=_own, verb=_verb))
