"""How the history of ballots is told (members/record.py), and what the seal leaves out of it.

Before the close others learn no more of a ballot than that it has been cast or withdrawn, which is turnout: neither
that it was saved or cast again, nor any placement. Placements are told to their own government alone, after the close
too: what counts is shown on the ballot itself, and what was changed before is nobody else's.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Concat, Now

from members import record
from mixportal.editions import kinds
from mixportal.editions.models import Edition


def _turnout_of_others(events: QuerySet, user: Any) -> QuerySet:
    own = Q(government=user.government_id) if user.is_voter else Q(pk__in=[])
    closed = Exists(Edition.objects.filter(pk=OuterRef("edition_id"), closes_at__lte=Now()))
    events = events.annotate(was_cast_at=record.previous(events.model, F("cast_at")))
    turned = Q(cast_at__isnull=False, was_cast_at__isnull=True) | Q(cast_at__isnull=True, was_cast_at__isnull=False)
    return events.filter(own | closed | turned)


def _own_alone(events: QuerySet, user: Any) -> QuerySet:
    return events.filter(ballot__government=user.government_id) if user.is_voter else events.none()


def _of(path: str) -> Any:
    return lambda events, government: events.filter(**{path: government})


def _verb(label: str, before: record.Row | None, after: record.Row) -> str:
    was, now = (before or {}).get("cast_at"), after["cast_at"]
    if label == "delete":
        return "removed"
    if now and now != was:
        return "cast again" if was else "cast"
    if was and not now:
        return "withdrew"
    return "began" if label == "insert" else "saved"


def _ranked(label: str, before: record.Row | None, after: record.Row) -> str:
    return {"insert": "ranked", "update": "moved", "delete": "took out"}[label]


def register() -> None:
    name = Concat(Cast("edition__year", CharField()), record.text(", "), "government__name")
    for kind in kinds.registered():
        record.register(
            record.Chapter(
                kind.ballot,
                name,
                of_government=_of("government"),
                told_to=_turnout_of_others,
                unsaid=frozenset(
                    {"edition_id", "government_id", "version", "cast_at", "cast_by_id", "updated_at", "updated_by_id"}
                ),
                reads=("cast_at",),
                verb=_verb,
                permission="editions.view_edition",
            )
        )
        record.register(
            record.Chapter(
                kind.placement,
                Concat("entry__title", record.text(", "), Cast("ballot__edition__year", CharField())),
                singular=kind.singular,
                plural=f"places of {kind.plural}",
                verb=_ranked,
                of_government=_of("ballot__government"),
                told_to=_own_alone,
                unsaid=frozenset({"ballot_id", "entry_id"}),
                permission="editions.view_edition",
            )
        )
        record.register(
            record.Chapter(
                kind.tally,
                Cast("edition__year", CharField()),
                unsaid=frozenset({"edition_id", "seed", "roster", "result"}),
                permission="editions.view_edition",
            )
        )
