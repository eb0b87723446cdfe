"""How the history of notes is told (members/record.py)."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast, Concat

from members import record
from mixportal.editions import kinds
from mixportal.notes.visibility import readable_by


def _as_the_note_is_read(events: QuerySet, user: Any) -> QuerySet:
    """A government's own; of others to curators alone, and of those no more than they may read as it stands now."""
    own = Q(government=user.government_id) if user.is_voter else Q(pk__in=[])
    if not user.is_curator:
        return events.filter(own)
    notes = events.model._meta.get_field("pgh_obj").related_model.objects
    readable = notes.filter(readable_by(user), withdrawn_at__isnull=True)
    return events.filter(own | Q(pgh_obj__in=readable.values("pk")))


def register() -> None:
    for kind in kinds.registered():
        record.register(
            record.Chapter(
                kind.note,
                Concat(
                    "government__name",
                    record.text(": "),
                    "entry__title",
                    record.text(", "),
                    Cast("entry__edition__year", CharField()),
                ),
                of_government=lambda events, government: events.filter(government=government),
                told_to=_as_the_note_is_read,
                unsaid=frozenset({"version", "search"}),
            )
        )
        record.leave_out(kind.note.sames.rel.related_model)  # the note itself says who says the same
