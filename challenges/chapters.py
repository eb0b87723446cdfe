"""How the history of hindrances is told (members/record.py)."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast, Concat, Now

from challenges.models import Answer, Hindrance
from members import record


def _own_until_the_close(edition: str) -> Any:
    """Like a ballot: until the close nobody learns of it but the government's own voters."""

    def told_to(events: QuerySet, user: Any) -> QuerySet:
        own = Q(government=user.government_id) if user.is_voter else Q(pk__in=[])
        return events.filter(own | Q(**{f"{edition}__closes_at__lte": Now()}))

    return told_to


def _of_government(events: QuerySet, government: Any) -> QuerySet:
    return events.filter(government=government)


def register() -> None:
    record.register(
        record.Chapter(
            Answer,
            Concat("government__name", record.text(", "), Cast("edition__year", CharField())),
            singular="answer on hindrances",
            of_government=_of_government,
            told_to=_own_until_the_close("edition"),
            unsaid=frozenset({"edition_id", "government_id", "version", "updated_at", "updated_by_id"}),
            permission="challenges.view_hindrance",
        )
    )
    record.register(
        record.Chapter(
            Hindrance,
            Concat("government__name", record.text(": "), "challenge__title", record.text(" – "), "priority__title"),
            of_government=_of_government,
            told_to=_own_until_the_close("challenge__edition"),
            unsaid=frozenset({"challenge_id", "priority_id", "government_id"}),
        )
    )
