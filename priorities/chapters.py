"""How the history of investments is told (members/record.py), and what of them a government takes home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast, Concat

from members import record, records
from priorities.models import Investment

COLUMNS = (
    "edition", "slug", "title", "status", "cost", "staff", "from_year", "to_year", "summary", "audience", "updated_at",
)  # fmt: skip


def _by_audience(events: QuerySet, user: Any) -> QuerySet:
    """What a government told itself alone is its own here too."""
    own = Q(government=user.government_id) if user.is_voter else Q(pk__in=[])
    return events.filter(own | ~Q(audience="government"))


def _investments(government: Any, user: Any) -> Iterator[tuple[object, ...]]:
    told = Investment.objects.visible_to(user).filter(government=government).select_related("priority__edition")
    for each in told.order_by("priority__edition__year", "priority__position"):
        yield (
            each.priority.edition.year, each.priority.slug, each.priority.title, each.get_status_display(),
            each.get_cost_display(), each.staff, each.from_year, each.to_year, each.summary,
            each.get_audience_display(), each.updated_at.isoformat(timespec="seconds"),
        )  # fmt: skip


def register() -> None:
    record.register(
        record.Chapter(
            Investment,
            Concat(
                "government__name",
                record.text(": "),
                "priority__title",
                record.text(", "),
                Cast("priority__edition__year", CharField()),
            ),
            of_government=lambda events, government: events.filter(government=government),
            told_to=_by_audience,
        )
    )
    title = "what it does about each priority."
    records.register(records.Part("investments", title, COLUMNS, _investments))
