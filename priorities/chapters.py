"""How the history of investments is told (members/record.py)."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast, Concat

from members import record
from priorities.models import Investment


def _by_audience(events: QuerySet, user: Any) -> QuerySet:
    """What a government told itself alone is its own here too."""
    own = Q(government=user.government_id) if user.is_voter else Q(pk__in=[])
    return events.filter(own | ~Q(audience="government"))


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
