"""What pages show of the history of one model, and to whom."""

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

Row: TypeAlias = dict[str, Any]  # a stored row, as JSON has it
VERBS = {"insert": "added", "update": "changed", "delete": "removed"}


def all_events(events: QuerySet, user: User) -> QuerySet:
    return events


def plain_verb(label: str, before: Row | None, after: Row) -> str:
    return VERBS[label]


@dataclass(frozen=True)
class History:
    """How one model's history is shown. `name` is the field or expression that names a row on pages."""

    model: type[Model]
    name: str | Combinable
    singular: str = ""  # may say {singular} or {plural} of the kind of list
    plural: str = ""  # what the filter calls it
    kind: Subquery | None = None  # the kind of list that an event is about
    of_government: Callable[[QuerySet, Government], QuerySet] | None = None  # the events that are a government's own
    visible_events: Callable[[QuerySet, User], QuerySet] = all_events
    hidden_fields: frozenset[str] = frozenset()
    private_fields: frozenset[str] = frozenset()  # only curators read their values
    fields_for_verb: tuple[str, ...] = ()  # what `verb` needs to know, hidden or not
    verb: Callable[[str, Row | None, Row], str] = plain_verb
    permissions: tuple[str, ...] = ()  # a curator needs one of them to read it in the admin

    @property
    def key(self) -> str:
        return self.model._meta.label_lower

    @property
    def title(self) -> str:
        title = self.plural or self.what("")
        return title[0].upper() + title[1:]

    def what(self, kind: str | None) -> str:
        """Return what a row is called; a row whose list is gone goes by its model's name."""
        if self.kind is None and self.singular:
            return self.singular
        if kind and self.singular:
            return self.singular.format(singular=Kind(kind).singular, plural=Kind(kind).plural)
        return str(self.model._meta.verbose_name)

    def can_be_read_by(self, curator: User) -> bool:
        """Return whether the curator may read it in the admin."""
        own = f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"
        return any(curator.has_perm(permission) for permission in self.permissions or (own,))

    @cached_property
    def event(self) -> type[Event]:
        return self.model.pgh_event_model

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The fields that pages show, by their name in the stored event."""
        return {
            field.attname: field
            for field in self.event._meta.concrete_fields
            if not field.name.startswith("pgh_") and not {field.name, field.attname} & {"id", *self.hidden_fields}
        }

    @property
    def names_its_row(self) -> bool:
        """Whether its events say which row they are of; those of a table between two others do not."""
        return any(field.name == "pgh_obj" for field in self.event._meta.fields)


def previous(event: type[Model], value: Any) -> Subquery:
    """Return `value` as the event before this one of the same row has it; None for the first."""
    earlier = QuerySet(event).filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    return Subquery(earlier.order_by("-pgh_id").values(stood=value)[:1])


def text(words: str) -> Value:
    """Return a part of a name that is joined from several."""
    return Value(words, CharField())


def is_own(user: User, government: str = "government") -> Q:
    """Return whether an event is of the government that the user votes for; `government` leads to it."""
    if user.is_voter:
        return Q(**{government: user.government_id})
    return Q(pk__in=[])


def of_government(events: QuerySet, government: Government) -> QuerySet:
    return events.filter(government=government)
