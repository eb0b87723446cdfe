"""How the history of notes is told (members/record.py), and what of them a government takes home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast, Concat

from members import record, records
from mixportal.editions import kinds
from mixportal.notes.visibility import readable_by

COLUMNS = (
    "edition", "list", "slug", "title", "kind", "text", "audience", "answers", "created_at", "edited_at",
    "withdrawn_at", "hidden_reason",
)  # fmt: skip


def _as_the_note_is_read(events: QuerySet, user: Any) -> QuerySet:
    """A government's own; of others to curators alone, and of those no more than they may read as it stands now."""
    own = Q(government=user.government_id) if user.is_voter else Q(pk__in=[])
    if not user.is_curator:
        return events.filter(own)
    notes = events.model._meta.get_field("pgh_obj").related_model.objects
    readable = notes.filter(readable_by(user), withdrawn_at__isnull=True)
    return events.filter(own | Q(pgh_obj__in=readable.values("pk")))


def _notes(government: Any, user: Any) -> Iterator[tuple[object, ...]]:
    for kind in kinds.registered():
        notes = kind.note.objects.visible_to(user).filter(government=government)
        notes = notes.select_related("entry__edition", "reply_to__government")
        for note in notes.order_by("entry__edition__year", "entry__position", "created_at"):
            times = (note.created_at, note.edited_at, note.withdrawn_at)
            yield (
                note.entry.edition.year, kind.key, note.entry.slug, note.entry.title, note.get_kind_display(),
                note.body, note.get_audience_display(), str(note.reply_to.government) if note.reply_to else "",
                *(at.isoformat(timespec="seconds") if at else "" for at in times), note.hidden_reason,
            )  # fmt: skip


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
    records.register(records.Part("notes", "what it wrote on entries.", COLUMNS, _notes))
