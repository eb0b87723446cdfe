from __future__ import annotations

from django.db.models import CharField, Q
from django.db.models.functions import Cast, Coalesce, Concat

from members.models import User
from mixportal.changes.histories.editions import KIND_OF_ENTRY
from mixportal.changes.history import VERBS, Events, History, Row, events_of_government, literal, own_events
from mixportal.notes.models import Note
from mixportal.notes.visibility import readable_by
from mixportal.summaries.share_links import ShareLink
from priorities.models import Investment


def _visible_notes(events: Events, user: User) -> Events:
    """Return those of the user's government, and for curators those of notes they may read."""
    if not user.is_curator:
        return events.filter(own_events(user))
    readable = Note.objects.filter(readable_by(user), withdrawn_at__isnull=True)
    return events.filter(own_events(user) | Q(pgh_obj__in=readable.values("pk")))


def _visible_investments(events: Events, user: User) -> Events:
    """Leave out what other governments wrote for themselves only."""
    return events.filter(own_events(user) | ~Q(audience=Investment.Audience.GOVERNMENT))


def _own_links(events: Events, user: User) -> Events:
    return events.filter(own_events(user))


def _link_verb(label: str, before: Row | None, after: Row) -> str:
    if label == "update" and after["revoked_at"] and not (before or {}).get("revoked_at"):
        return "ended"
    return "made" if label == "insert" else VERBS[label]


HISTORIES = (
    History(
        Note,
        Concat(
            Coalesce("government__name", literal("A curator")),
            literal(": "),
            Coalesce("entry__title", "about"),
            literal(", "),
            Cast("entry__annual_list__edition__year", CharField()),
        ),
        singular="note on a {singular}",
        kind=KIND_OF_ENTRY,
        for_government=events_of_government,
        visible_events=_visible_notes,
        hidden_fields=frozenset({"version", "about"}),
    ),
    History(
        Investment,
        Concat(
            "government__name",
            literal(": "),
            "priority__title",
            literal(", "),
            Cast("priority__annual_list__edition__year", CharField()),
        ),
        for_government=events_of_government,
        visible_events=_visible_investments,
        hidden_fields=frozenset({"version"}),
    ),
    History(ShareLink, "label", for_government=events_of_government, visible_events=_own_links, verb=_link_verb),
)
