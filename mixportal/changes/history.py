from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from django.db.models import CharField, Field, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from pghistory.models import Event

from members.models import Government, User
from mixportal.editions.models import Kind

Row: TypeAlias = dict[str, Any]
Events: TypeAlias = "QuerySet[Any]"  # the event models differ
VERBS = {"insert": "added", "update": "changed", "delete": "removed"}


def all_events(events: Events, user: User) -> Events:
    return events


def plain_verb(label: str, before: Row | None, after: Row) -> str:
    return VERBS[label]


@dataclass(frozen=True)
class History:
    model: type[Model]
    name: str | Combinable
    singular: str = ""  # may contain {singular} or {plural}
    plural: str = ""
    kind: Subquery | None = None
    for_government: Callable[[Events, Government], Events] | None = None
    visible_events: Callable[[Events, User], Events] = all_events
    hidden_fields: frozenset[str] = frozenset()
    private_fields: frozenset[str] = frozenset()  # for curators only
    fields_for_verb: tuple[str, ...] = ()  # read by `verb`
    verb: Callable[[str, Row | None, Row], str] = plain_verb
    permissions: tuple[str, ...] = ()  # any one, in the admin

    @property
    def key(self) -> str:
        return self.model._meta.label_lower

    @property
    def title(self) -> str:
        title = self.plural or self.noun("")
        return title[0].upper() + title[1:]

    def noun(self, kind: str | None) -> str:
        if self.kind is None and self.singular:
            return self.singular
        if kind and self.singular:
            return self.singular.format(singular=Kind(kind).singular, plural=Kind(kind).plural)
        return str(self.model._meta.verbose_name)

    def can_be_read_by(self, curator: User) -> bool:
        own = f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"
        return any(curator.has_perm(permission) for permission in self.permissions or (own,))

    @cached_property
    def event(self) -> type[Event]:
        event: type[Event] = self.model.pgh_event_model  # type: ignore[attr-defined]  # set by pghistory
        return event

    @cached_property
    def fields(self) -> dict[str, Field[Any, Any]]:
        return {
            field.attname: field
            for field in self.event._meta.concrete_fields
            if not field.name.startswith("pgh_") and not {field.name, field.attname} & {"id", *self.hidden_fields}
        }

    @property
    def has_row_keys(self) -> bool:
        """Return whether events hold their row's key, unlike those of many-to-many tables."""
        return any(field.name == "pgh_obj" for field in self.event._meta.fields)


def previous_value(event: type[Event], value: Combinable) -> Subquery:
    """Return `value` of the row's event before this one."""
    earlier: Events = QuerySet(event).filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    return Subquery(earlier.order_by("-pgh_id").values(stood=value)[:1])


def literal(words: str) -> Value:
    return Value(words, CharField())


def own_events(user: User, government: str = "government") -> Q:
    if user.is_voter:
        return Q(**{government: user.government_id})
    return Q(pk__in=[])


def events_of_government(events: Events, government: Government) -> Events:
    return events.filter(government=government)
