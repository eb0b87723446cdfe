from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import TypeAlias

from django.db.models import CharField, F, Model, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from pghistory.models import MiddlewareEvents

from members.models import Government, User
from mixportal.changes.histories import HISTORY_OF, ROW_NAMES, History
from mixportal.changes.visibility import event_model, visible_events
from mixportal.editions.models import AnnualList, Entry
from mixportal.tables.values import value_in_words

MAX_VALUE_LENGTH = 90
PORTAL_NAME = "the portal"
NEWEST_FIRST = ("-pgh_created_at", "pgh_obj_model", "-pgh_id")
KINDS = {AnnualList: F("kind"), Entry: F("annual_list__kind")}

Names: TypeAlias = dict[tuple[str, object], tuple[str, str | None]]  # name and kind, by label and key


@dataclass(frozen=True)
class FieldChange:
    field: str
    before: str = ""
    after: str = ""
    is_hidden: bool = False

    @property
    def short_before(self) -> str:
        return _short(self.before)

    @property
    def short_after(self) -> str:
        return _short(self.after)


@dataclass(frozen=True)
class HistoryEntry:
    at: datetime
    who: str
    did: str
    what: str
    subject: str
    reason: str
    changes: list[FieldChange]


def find_events(
    user: User,
    histories: Iterable[History],
    *,
    government: Government | None = None,
    obj: Model | None = None,
    what: str = "",
    who: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[MiddlewareEvents]:
    visible, shown, tables = visible_events(user), Q(pk__in=[]), []
    for history in histories:
        if what in ("", history.key) and (government is None or history.government):
            table = event_model(history.model)
            tables.append(table)
            condition = visible.get(history.model, Q())
            if government:
                condition &= history.of_government(government)
            fitting = Q(pgh_id__in=QuerySet(table).filter(condition).values("pgh_id")) if condition else Q()
            shown |= Q(fitting, pgh_obj_model=history.model._meta.label)
    found = MiddlewareEvents.objects.across(*tables)
    events: QuerySet[MiddlewareEvents] = found.tracks(obj) if obj else found
    if who:
        events = events.filter(user__name__icontains=who)
    if since:
        events = events.filter(pgh_created_at__date__gte=since)
    if until:
        events = events.filter(pgh_created_at__date__lte=until)
    return events.filter(shown).order_by(*NEWEST_FIRST)


def entries_of(events: QuerySet[MiddlewareEvents], user: User) -> list[HistoryEntry]:
    """Read the details of these events only, because their differences are slow to compute."""
    keys = list(events.values_list("pgh_obj_model", "pgh_id", "pgh_slug"))
    if not keys:
        return []
    labels, ids, slugs = (set(column) for column in zip(*keys, strict=True))
    tables = [event_model(HISTORY_OF[label].model) for label in labels]
    details = MiddlewareEvents.objects.across(*tables).filter(pgh_id__in=ids, pgh_slug__in=slugs)
    found = list(details.select_related("user").order_by(*NEWEST_FIRST))
    names = _names_in(found)
    return [_entry(event, names, user) for event in found]


def _entry(event: MiddlewareEvents, names: Names, user: User) -> HistoryEntry:
    history, row = HISTORY_OF[event.pgh_obj_model], event.pgh_data
    name, _ = names.get((event.pgh_obj_model, row["id"]), ("", None))
    kind = None
    if history.kind_of:
        label = history.references[history.kind_of]._meta.label
        _, kind = names.get((label, row[history.kind_of]), ("", None))
    return HistoryEntry(
        at=event.pgh_created_at,
        who=event.user.name if event.user else PORTAL_NAME,
        did=history.verb(event.pgh_label, row, event.pgh_diff or {}),
        what=history.noun(kind),
        subject=name or history.name_in(row),
        reason=(event.pgh_context or {}).get("reason") or "",
        changes=list(_changes(history, event, names, user)),
    )


def _changes(history: History, event: MiddlewareEvents, names: Names, user: User) -> Iterator[FieldChange]:
    row, diff = event.pgh_data, event.pgh_diff or {}
    for column, field in history.fields.items():
        if event.pgh_label == "update":
            if column not in diff:
                continue
            before, after = diff[column]
        else:
            before, after = None, row[column]
            if after in (None, "", False):
                continue
        title = str(field.verbose_name)
        if field.name in history.private_fields and not user.is_curator:
            yield FieldChange(title, is_hidden=True)
        else:
            yield FieldChange(title, _text(history, column, before, names), _text(history, column, after, names))


def _text(history: History, column: str, value: object, names: Names) -> str:
    model = history.references.get(column)
    if model is None or value is None:
        return value_in_words(history.fields[column], value)
    name, _ = names.get((model._meta.label, value), ("", None))
    return name or f"no. {value}"


def _names_in(events: Iterable[MiddlewareEvents]) -> Names:
    """Ask one query for the names of rows and of those that they refer to."""
    wanted: dict[type[Model], set[object]] = {}
    for event in events:
        history, row, diff = HISTORY_OF[event.pgh_obj_model], event.pgh_data, event.pgh_diff or {}
        wanted.setdefault(history.model, set()).add(row["id"])
        for column, model in history.references.items():
            wanted.setdefault(model, set()).update({row[column], *diff.get(column, ())} - {None})
    named: list[QuerySet[Model, tuple[str, int, str, str | None]]] = [
        QuerySet(model)
        .filter(pk__in=keys)
        .order_by()
        .values_list(
            Value(model._meta.label, CharField()),
            "pk",
            _in_sql(ROW_NAMES[model]),
            Cast(KINDS.get(model, Value(None)), CharField()),
        )
        for model, keys in wanted.items()
        if model in ROW_NAMES
    ]
    rows = named[0].union(*named[1:], all=True) if named[1:] else named[0]
    return {(label, pk): (name, kind) for label, pk, name, kind in rows}


def _in_sql(name: str | Combinable) -> Combinable:
    if not isinstance(name, str):
        return name
    parts: list[Combinable] = [Value("")]
    for text, path, _, _ in Formatter().parse(name):
        parts += [Value(text), Cast(path, CharField())] if path else [Value(text)]
    return Concat(*parts)


def _short(value: str) -> str:
    return value if len(value) <= MAX_VALUE_LENGTH else f"{value[:MAX_VALUE_LENGTH].rstrip()}…"
