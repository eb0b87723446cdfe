"""Undo what a curator did in one request, until anyone but a curator opens a page, the list opens,
or the same rows change again.

`User.seen_at` tells of visits. What sent mail or changed other tables is not undone.
"""

from collections.abc import Iterable
from uuid import UUID

import pghistory
from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet
from pghistory.models import Event, MiddlewareEvents

from members.models import Government, Office, User
from mixportal.changes.events import Action, HistoryEntry
from mixportal.changes.histories import HISTORIES
from mixportal.changes.visibility import event_model
from mixportal.editions.models import Edition, Entry, Kind, Lineage
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries

ENTRIES = tuple(f"{kind.plural}.change_{kind.singular}" for kind in Kind)
# in the order of their references
UNDOABLE: dict[type[Model], tuple[str, ...]] = {
    Government: ("members.change_government",),
    Office: ("members.change_office",),
    Edition: ("editions.change_edition",),
    Entry: ENTRIES,
    Lineage: ENTRIES,
    OutsideSeries: ("trends.change_outsideseries",),
    OutsideList: ("trends.change_outsidelist",),
    OutsideItem: ("trends.change_outsideitem",),
}
LABELS = {model._meta.label: model for model in UNDOABLE}


class CannotUndoError(Exception):
    """Its argument is "unknown", "more", "open", "changed" or "seen"."""


def undo(request_id: UUID, curator: User) -> list[type[Model]]:
    """Put back what was there before, as new versions. Return the models of which rows were removed."""
    with transaction.atomic(), pghistory.context(reason="undo") as context:
        rows = rows_before(request_id, curator)
        removed = [(model, pk) for model, pk, before in reversed(rows) if before is None]
        for model, pk in removed:
            QuerySet(model).filter(pk=pk).delete()
        for _, _, before in rows:
            if before is not None:
                before.revert()
        connection.check_constraints()
        if any(event.pgh_obj_model not in LABELS for event in _events_of(context.id)):
            raise CannotUndoError("changed")  # another row refers to one that was removed
        return [model for model, _ in removed]


@transaction.atomic
def rows_before(request_id: UUID, curator: User) -> list[tuple[type[Model], int, Event | None]]:
    """Lock what the curator changed in the request, and return each row as it was. Raises CannotUndoError."""
    events = list(_events_of(request_id).filter(user=curator))
    models = {LABELS.get(event.pgh_obj_model) for event in events}
    if not events or not all(model is None or curator.has_perms(UNDOABLE[model]) for model in models):
        raise CannotUndoError("unknown")
    if None in models:
        raise CannotUndoError("more")
    lists = {event.pgh_data["annual_list_id"] for event in events if event.pgh_obj_model == Entry._meta.label}
    own = {event.pgh_data["id"] for event in events if event.pgh_obj_model == Edition._meta.label}
    for edition in Edition.objects.filter(Q(pk__in=own) | Q(lists__in=lists)).distinct().order_by("pk"):
        if not edition.lock_for_update().is_drafting:
            raise CannotUndoError("open")
    seen_at = User.objects.latest_visit()
    if seen_at and seen_at >= events[0].pgh_created_at:
        raise CannotUndoError("seen")
    rows: list[tuple[type[Model], int, Event | None]] = []
    for label, model in LABELS.items():
        first: dict[int, int] = {}
        for event in events:
            if event.pgh_obj_model == label:
                first.setdefault(event.pgh_data["id"], event.pgh_id)
        list(QuerySet(model).select_for_update().filter(pk__in=first).order_by("pk"))
        others: QuerySet[Event] = QuerySet(event_model(model))
        others = others.filter(Q(pgh_obj__in=first)).exclude(Q(pgh_context_id=request_id))
        newest = others.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
        before = {vars(event)["pgh_obj_id"]: event for event in newest}
        if any(event.pgh_id > first[pk] for pk, event in before.items()):
            raise CannotUndoError("changed")
        there = {pk: event for pk, event in before.items() if event.pgh_label != "delete"}
        rows += [(model, pk, there.get(pk)) for pk in first]
    return rows


def mark_undoable(actions: Iterable[Action], curator: User) -> None:
    """Mark the curator's own actions that no member has seen, and no later one of these `actions` has changed."""
    seen_at, changed = User.objects.latest_visit(), set[tuple[str, object]]()
    drafts = set(map(str, Edition.objects.drafting().values_list("year", flat=True)))
    for action in actions:
        rows = {(entry.history.key, entry.row_id) for entry in action.entries}
        action.is_undoable = (
            action.user_id == curator.pk
            and action.request_id is not None
            and (seen_at is None or seen_at < action.first.at)
            and all(_can_be_undone(entry, drafts) for entry in action.entries)
            and not rows & changed
        )
        changed |= rows


def _can_be_undone(entry: HistoryEntry, drafts: set[str]) -> bool:
    if entry.history.model is Edition:
        return entry.row.name in drafts
    return entry.history.model in UNDOABLE and (entry.history.model is not Entry or entry.row.year in {"", *drafts})


def _events_of(request_id: UUID) -> QuerySet[MiddlewareEvents]:
    found = MiddlewareEvents.objects.across(*(event_model(history.model) for history in HISTORIES))
    events: QuerySet[MiddlewareEvents] = found.filter(pgh_context_id=request_id).order_by("pgh_id")
    return events
