from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import CharField, Count, F, Max, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.timezone import localdate
from pghistory.models import MiddlewareEvents

from members.models import Government, User
from mixportal.changes.histories import HISTORY_OF, NOUNS, ROW_NAMES, History
from mixportal.changes.visibility import event_model, visible_events
from mixportal.editions.models import AnnualList, Entry, Line
from mixportal.tables.values import value_in_words

MAX_EVENTS_READ = 200  # of one action
MAX_INLINE_LENGTH = 60
PORTAL_NAME = "the portal"
LINE_WITHOUT_ENTRIES = "a line of its own"
NEWEST_FIRST = ("-pgh_created_at", "pgh_obj_model", "-pgh_id")
KINDS = {AnnualList: F("kind"), Entry: F("annual_list__kind")}
REQUEST_OR_TRANSACTION = Coalesce(Cast("pgh_context_id", CharField()), Cast("pgh_created_at", CharField()))


class RowName(NamedTuple):
    name: str = ""
    owner: str = ""
    year: str = ""
    kind: str | None = None

    def __str__(self) -> str:
        return ", ".join(filter(None, self[:3]))


Names: TypeAlias = dict[tuple[str, object], RowName]  # by label and key


@dataclass(frozen=True)
class FieldChange:
    field: str
    before: str = ""
    after: str = ""
    is_hidden: bool = False

    def __str__(self) -> str:
        return self.field


@dataclass(frozen=True)
class HistoryEntry:
    at: datetime
    who: str
    did: str
    history: History
    nouns: tuple[str, str]
    row: RowName
    row_id: object
    reason: str
    changes: list[FieldChange]
    is_update: bool

    @property
    def short_change(self) -> FieldChange | None:
        if self.did not in ("changed", "corrected") or len(self.changes) != 1 or self.changes[0].is_hidden:
            return None
        change = self.changes[0]
        values = (change.before, change.after)
        return change if not any(len(value) > MAX_INLINE_LENGTH or value.endswith(".") for value in values) else None


class Action:
    """The events of one person in one request, or in one transaction outside of requests."""

    def __init__(
        self,
        entries: Sequence[HistoryEntry],
        unread: int,
        user_id: int | None,
        request_id: UUID | None,
    ) -> None:
        self.entries, self.unread, self.first = entries, unread, entries[0]
        self.user_id, self.request_id, self.is_undoable = user_id, request_id, False
        self.day = localdate(self.first.at)
        self.reasons = list(dict.fromkeys(entry.reason for entry in entries if entry.reason))
        told = any(not change.is_hidden for entry in entries for change in entry.changes)
        self.has_details = told and (len(entries) > 1 or not self.first.short_change)

    @property
    def parts(self) -> Iterator[tuple[HistoryEntry, int, str, str]]:
        """Leave out owners and years that vary or were just named."""
        parts: dict[tuple[object, ...], dict[object, HistoryEntry]] = {}
        for entry in self.entries:
            parts.setdefault((entry.history.key, entry.did, entry.nouns), {})[entry.row_id] = entry
        named: set[tuple[str, str]] = set()
        for rows in parts.values():
            before, named = named, {(entry.row.owner, entry.row.year) for entry in rows.values()}
            owner, year = next(iter(named)) if len(named) == 1 and named != before else ("", "")
            yield next(iter(rows.values())), len(rows), owner, year


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
    lookups = {
        "user__name__icontains": who,
        "pgh_created_at__date__gte": since,
        "pgh_created_at__date__lte": until,
    }
    wanted = {lookup: value for lookup, value in lookups.items() if value}
    return events.filter(shown, **wanted).order_by(*NEWEST_FIRST)


ActionRow: TypeAlias = tuple[int, list[str], int | None, UUID | None]


def actions_of(events: QuerySet[MiddlewareEvents]) -> QuerySet[MiddlewareEvents, ActionRow]:
    """Return each action's number of events, the keys of the first ones, its user and request."""
    actions = (
        events.order_by()
        .values("user_id", "pgh_context_id", action=REQUEST_OR_TRANSACTION)
        .annotate(
            newest=Max("pgh_created_at"),
            last=Max("pgh_id"),
            total=Count("pk"),
            keys=ArrayAgg("pgh_slug", order_by=("pgh_obj_model", "pgh_id")),
        )
    )
    ordered = actions.order_by("-newest", "-last", "action", "user_id")
    return ordered.values_list("total", F("keys")[:MAX_EVENTS_READ], "user_id", "pgh_context_id")


def read_actions(actions: Iterable[ActionRow], user: User) -> list[Action]:
    found = list(actions)
    entries = read_entries([key for _, keys, *_ in found for key in keys], user)
    return [
        Action([entries[key] for key in keys], total - len(keys), user_id, request_id)
        for total, keys, user_id, request_id in found
    ]


def read_entries(keys: Iterable[str], user: User) -> dict[str, HistoryEntry]:
    """Read the details of these events only, because their differences are slow to compute."""
    keys = list(keys)
    if not keys:
        return {}
    labels, ids = (set(column) for column in zip(*(key.split(":") for key in keys), strict=True))
    details = MiddlewareEvents.objects.across(*labels).filter(pgh_id__in=ids, pgh_slug__in=keys)
    found = list(details.select_related("user").order_by(*NEWEST_FIRST))
    names = _names_in(found)
    return {event.pk: _entry(event, names, user) for event in found}


def _entry(event: MiddlewareEvents, names: Names, user: User) -> HistoryEntry:
    history, row = HISTORY_OF[event.pgh_obj_model], event.pgh_data
    model = history.references.get(history.about)
    about = names.get((model._meta.label, row[history.about]), RowName()) if model else RowName()
    named = names.get((event.pgh_obj_model, row["id"]), RowName())
    if history.name and not named.name:  # an entry that it names is gone
        named = named._replace(name=about.name, year=named.year or about.year)
    return HistoryEntry(
        at=event.pgh_created_at,
        who=event.user.name if event.user else PORTAL_NAME,
        did=history.verb(event),
        history=history,
        nouns=history.nouns_of(about.kind),
        row=named,
        row_id=row["id"],
        reason=(event.pgh_context or {}).get("reason") or "",
        changes=list(_changes(history, event, names, user)),
        is_update=event.pgh_label == "update",
    )


def _changes(history: History, event: MiddlewareEvents, names: Names, user: User) -> Iterator[FieldChange]:
    row, diff, is_update = event.pgh_data, event.pgh_diff or {}, event.pgh_label == "update"
    for column, field in history.fields.items():
        before, after = diff.get(column, (None, None)) if is_update else (None, row[column])
        if column not in diff if is_update else after in (None, "", False):
            continue
        title = NOUNS.get(field.name, str(field.verbose_name))
        if field.name in history.private_fields and not user.is_curator:
            yield FieldChange(title, is_hidden=True)
        else:
            yield FieldChange(title, _text(history, column, before, names), _text(history, column, after, names))


def _text(history: History, column: str, value: object, names: Names) -> str:
    model = history.references.get(column)
    if model is None or value is None:
        return value_in_words(history.fields[column], value)
    name = str(names.get((model._meta.label, value), ""))
    return name or (LINE_WITHOUT_ENTRIES if model is Line else f"no. {value}")


def _rows_and_deleted_rows(model: type[Model], keys: set[object]) -> Iterator[tuple[QuerySet[Model], str]]:
    there: QuerySet[Model] = QuerySet(model).filter(pk__in=keys)
    yield there, "pk"
    if hasattr(getattr(model, "pgh_event_model", None), "pgh_obj"):
        deletions: QuerySet[Model] = QuerySet(event_model(model)).filter(pgh_label="delete", pgh_obj__in=keys)
        yield deletions.exclude(pgh_obj__in=there.values("pk")), "pgh_obj_id"


def _names_in(events: Iterable[MiddlewareEvents]) -> Names:
    wanted: dict[type[Model], set[object]] = {}
    for event in events:
        history, row, diff = HISTORY_OF[event.pgh_obj_model], event.pgh_data, event.pgh_diff or {}
        wanted.setdefault(history.model, set()).add(row["id"])
        for column, model in history.references.items():
            wanted.setdefault(model, set()).update({row[column], *diff.get(column, ())} - {None})
    named: list[QuerySet[Model, tuple[str, int, str, str, str, str | None]]] = [
        rows.order_by().values_list(
            Value(model._meta.label, CharField()),
            key,
            *(Coalesce(Cast(part, CharField()), Value("")) if part else Value("") for part in ROW_NAMES[model]),
            Cast(KINDS.get(model, Value(None)), CharField()),
        )
        for model, keys in wanted.items()
        if model in ROW_NAMES
        for rows, key in _rows_and_deleted_rows(model, keys)
    ]
    rows = named[0].union(*named[1:], all=True) if named[1:] else named[0]
    return {(label, pk): RowName(name, owner, year, kind) for label, pk, name, owner, year, kind in rows}
