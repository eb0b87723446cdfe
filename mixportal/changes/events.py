"""Read history events. The query leaves out what the user may not see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeAlias

from django.db.models import F, Field, JSONField, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from members.models import Government, User
from mixportal.changes.histories import HISTORIES, ROW_NAMES
from mixportal.changes.history import Events, History, Row, previous_value
from mixportal.tables.values import value_in_words

PAGE_SIZE = 50
MAX_VALUE_LENGTH = 90
PORTAL_NAME = "the portal"
BY_KEY = {history.key: history for history in HISTORIES}

Rows: TypeAlias = "QuerySet[Any, Any]"
Names: TypeAlias = dict[tuple[str, int], str]  # by model label and key


@dataclass(frozen=True)
class FieldChange:
    field: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.after is None:
            return self.field
        if self.before:
            return f"{self.field} from {_short(self.before)} to {_short(self.after) or 'nothing'}"
        return f"{self.field}: {_short(self.after)}"


@dataclass(frozen=True)
class HistoryEntry:
    at: datetime
    who: str
    did: str
    what: str
    subject: str
    reason: str
    changes: list[FieldChange] = field(default_factory=list)


@dataclass(frozen=True)
class HistoryFilter:
    what: str = ""
    who: str = ""
    since: date | None = None
    until: date | None = None


class HistoryEvents:
    def __init__(
        self,
        user: User,
        histories: Iterable[History],
        *,
        government: Government | None = None,
        obj: Model | None = None,
        filters: HistoryFilter | None = None,
    ) -> None:
        self.user, self.government, self.obj, self.filters = user, government, obj, filters or HistoryFilter()
        self.histories = [history for history in histories if self.filters.what in ("", history.key)]
        if government is not None:
            self.histories = [history for history in self.histories if history.for_government]

    def __len__(self) -> int:
        found = self._keys()
        return 0 if found is None else found.count()

    def page(self, number: int) -> tuple[list[HistoryEntry], bool]:
        found = self._keys()
        if found is None:
            return [], False
        first = (number - 1) * PAGE_SIZE
        rows = list(found.order_by("-pgh_created_at", "history", "-pgh_id")[first : first + PAGE_SIZE + 1])
        ids_by_history: dict[str, list[int]] = {}
        for key, pgh_id, _ in rows[:PAGE_SIZE]:
            ids_by_history.setdefault(key, []).append(pgh_id)
        branches = [
            self._with_details(BY_KEY[key], QuerySet(BY_KEY[key].event).filter(pgh_id__in=ids))
            for key, ids in ids_by_history.items()
        ]
        return self._entries(branches), len(rows) > PAGE_SIZE

    def all(self) -> list[HistoryEntry]:
        return self._entries([self._with_details(history, self._events(history)) for history in self.histories])

    def _events(self, history: History) -> Events:
        events = history.visible_events(QuerySet(history.event), self.user)
        if self.government is not None and history.for_government:
            events = history.for_government(events, self.government)
        if self.obj is not None:
            events = events.filter(pgh_obj_id=self.obj.pk)
        if self.filters.who:
            events = events.filter(pgh_context__user__in=self._wanted_people)
        if self.filters.since:
            events = events.filter(pgh_created_at__gte=_midnight(self.filters.since))
        if self.filters.until:
            events = events.filter(pgh_created_at__lt=_midnight(self.filters.until + timedelta(days=1)))
        return events.order_by()

    @cached_property
    def _wanted_people(self) -> list[int]:
        return list(QuerySet(User).filter(name__icontains=self.filters.who).values_list("pk", flat=True))

    def _keys(self) -> Rows | None:
        return _union(
            self._events(history)
            .annotate(history=Value(history.key, TextField()))
            .values_list("history", "pgh_id", "pgh_created_at")
            for history in self.histories
        )

    def _with_details(self, history: History, events: Events) -> Rows:
        row = JSONObject(**{attname: F(attname) for attname in ["id", *history.fields_for_verb, *history.fields]})
        before = previous_value(history.event, row) if history.has_row_keys else Value(None, JSONField())
        rows: Rows = events.annotate(
            history=Value(history.key, TextField()),
            of_kind=Cast(history.kind or Value(None, TextField()), TextField()),
            after=row,
            before=Cast(before, JSONField()),
        ).values_list("history", "pgh_id", "pgh_created_at", "pgh_label", "pgh_context", "of_kind", "after", "before")
        return rows

    def _entries(self, branches: list[Rows]) -> list[HistoryEntry]:
        found = _union(branches)
        rows = [] if found is None else list(found.order_by("-pgh_created_at", "history", "-pgh_id"))
        names = _names_of(rows)
        return [self._entry(BY_KEY[row[0]], row, names) for row in rows]

    def _entry(self, history: History, row: Any, names: Names) -> HistoryEntry:
        _, _, at, label, context, kind, after, before = row
        context = context or {}
        own_name = names.get((history.key, after["id"])) or (
            after.get(history.name, "") if isinstance(history.name, str) else ""
        )
        return HistoryEntry(
            at=at,
            who=names.get((User._meta.label_lower, context.get("user") or 0), PORTAL_NAME),
            did=history.verb(label, before, after),
            what=history.noun(kind),
            subject=str(own_name or ""),
            reason=str(context.get("reason") or ""),
            changes=self._changes(history, label, before or {}, after, names),
        )

    def _changes(self, history: History, label: str, before: Row, after: Row, names: Names) -> list[FieldChange]:
        changes = []
        for attname, each in history.fields.items():
            then, now = (before.get(attname) if label == "update" else None), after.get(attname)
            if then == now or (label != "update" and now in (None, "", False)):
                continue
            title = str(each.verbose_name)
            if each.name in history.private_fields and not self.user.is_curator:
                changes.append(FieldChange(title, None, None))
            else:
                changes.append(
                    FieldChange(title, _value_in_words(each, then, names), _value_in_words(each, now, names))
                )
        return changes


def _model_of(reference: Field[Any, Any]) -> type[Model]:
    assert isinstance(reference.related_model, type)
    model = reference.related_model._meta.concrete_model
    assert model is not None
    return model


def _value_in_words(each: Field[Any, Any], value: Any, names: Names) -> str:
    if each.remote_field and value is not None:
        return names.get((_model_of(each)._meta.label_lower, value), f"no. {value}")
    return value_in_words(each, value)


def _names_of(rows: Iterable[Any]) -> Names:
    wanted: dict[type[Model], set[int]] = {}
    for key, _, _, _, context, _, after, before in rows:
        history = BY_KEY[key]
        wanted.setdefault(history.model, set()).add(after["id"])
        if isinstance((context or {}).get("user"), int):
            wanted.setdefault(User, set()).add(context["user"])
        for attname, each in history.fields.items():
            if each.remote_field:
                values = {(before or {}).get(attname), after.get(attname)} - {None}
                wanted.setdefault(_model_of(each), set()).update(values)
    found = _union(
        QuerySet(model)
        .filter(pk__in=ids)
        .order_by()
        .annotate(of=Value(model._meta.label_lower, TextField()), called=Cast(ROW_NAMES[model], TextField()))
        .values_list("of", "pk", "called")
        for model, ids in wanted.items()
        if model in ROW_NAMES
    )
    return {} if found is None else {(of, pk): called for of, pk, called in found}


def _short(value: str) -> str:
    return value if len(value) <= MAX_VALUE_LENGTH else f"{value[:MAX_VALUE_LENGTH].rstrip()}…"


def _union(branches: Iterable[Rows]) -> Rows | None:
    found = list(branches)
    if not found:
        return None
    return found[0].union(*found[1:], all=True) if found[1:] else found[0]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))
