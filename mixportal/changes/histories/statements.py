"""The histories of what governments say: notes, investments, and the links by which they share a summary.

Endorsement has none: the note itself shows who endorses it.
"""

from __future__ import annotations

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, Concat

from members.models import User
from mixportal.changes.history import VERBS, History, Row, is_own, of_government, text
from mixportal.editions.models import Entry
from mixportal.notes.models import Note
from mixportal.notes.visibility import readable_by
from mixportal.summaries.share_links import ShareLink
from priorities.models import Investment

OF_ENTRY = Subquery(Entry.objects.filter(pk=OuterRef("entry_id")).values("annual_list__kind"))


def _visible_notes(events: QuerySet, user: User) -> QuerySet:
    """A government's own; to curators also those of others that they may read as the note stands now."""
    if not user.is_curator:
        return events.filter(is_own(user))
    readable = Note.objects.filter(readable_by(user), withdrawn_at__isnull=True)
    return events.filter(is_own(user) | Q(pgh_obj__in=readable.values("pk")))


def _visible_investments(events: QuerySet, user: User) -> QuerySet:
    """Without what another government said only to itself."""
    return events.filter(is_own(user) | ~Q(audience=Investment.Audience.GOVERNMENT))


def _own_links(events: QuerySet, user: User) -> QuerySet:
    return events.filter(is_own(user))


def _link_verb(label: str, before: Row | None, after: Row) -> str:
    if label == "update" and after["revoked_at"] and not (before or {}).get("revoked_at"):
        return "ended"
    return "made" if label == "insert" else VERBS[label]


HISTORIES = (
    History(
        Note,
        Concat(
            "government__name",
            text(": "),
            Coalesce("entry__title", "about"),
            text(", "),
            Cast("entry__annual_list__edition__year", CharField()),
        ),
        singular="note on a {singular}",
        kind=OF_ENTRY,
        of_government=of_government,
        visible_events=_visible_notes,
        hidden_fields=frozenset({"version", "about"}),
    ),
    History(
        Investment,
        Concat(
            "government__name",
            text(": "),
            "priority__title",
            text(", "),
            Cast("priority__annual_list__edition__year", CharField()),
        ),
        of_government=of_government,
        visible_events=_visible_investments,
        hidden_fields=frozenset({"version"}),
    ),
    History(ShareLink, "label", of_government=of_government, visible_events=_own_links, verb=_link_verb),
)
