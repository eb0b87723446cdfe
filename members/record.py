"""The record: who did what, when and why, read from the events that the database's triggers write.

Each room registers how the history of its models is told (`register`), and to whom; a model that nobody registered is
told to nobody, and tests/members/test_history.py asks for each one of them. What a viewer may not see is left out of
the query itself, so no page, count or export of the record can show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import CharField, F, JSONField, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from members.words import value_in_words

PAGE = 50
LONGEST = 90  # characters of a value on a page
USER = "members.user"
NOBODY = "the portal"  # a command, or a statement of the operator's
VERBS = {"insert": "added", "update": "changed", "delete": "removed"}

Row = dict[str, Any]


def _everything(events: QuerySet, user: Any) -> QuerySet:
    return events


def _verb(label: str, before: Row | None, after: Row) -> str:
    return VERBS[label]


@dataclass(frozen=True)
class Chapter:
    """How one model's history is told. `name` is the field or expression that names a row on pages."""

    model: type[models.Model]
    name: Any
    singular: str = ""
    plural: str = ""  # what filters call it
    of_government: Callable[[QuerySet, Any], QuerySet] | None = None  # the events that are a government's own
    told_to: Callable[[QuerySet, Any], QuerySet] = _everything  # the events that a viewer may know of
    unsaid: frozenset[str] = frozenset()  # fields that no page tells
    private: frozenset[str] = frozenset()  # fields whose values curators alone read
    reads: tuple[str, ...] = ()  # what `verb` asks for, told or not
    verb: Callable[[str, Row | None, Row], str] = _verb
    permission: str = ""  # what a curator needs to read it in the admin

    @property
    def key(self) -> str:
        return self.model._meta.label_lower

    @property
    def what(self) -> str:
        return self.singular or str(self.model._meta.verbose_name)

    @property
    def title(self) -> str:
        title = self.plural or self.what
        return title[0].upper() + title[1:]

    @property
    def needs(self) -> str:
        return self.permission or f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"

    @cached_property
    def event(self) -> type[models.Model]:
        return event_model(self.model)

    @cached_property
    def fields(self) -> dict[str, models.Field]:
        """What a page tells of a row, by the name in the stored event; columns of the event itself stay out."""
        return {
            each.attname: each
            for each in self.event._meta.concrete_fields
            if not each.name.startswith("pgh_") and not {each.name, each.attname} & {"id", *self.unsaid}
        }

    @property
    def is_linked(self) -> bool:
        """Whether its events say which row they are of; those of a table between two others do not."""
        return any(each.name == "pgh_obj" for each in self.event._meta.fields)


_chapters: dict[str, Chapter] = {}
_left_out: set[type[models.Model]] = set()
_names: dict[type[models.Model], Any] = {}


def register(chapter: Chapter) -> None:
    _chapters[chapter.key] = chapter
    name(chapter.model, chapter.name)


def leave_out(model: type[models.Model]) -> None:
    """For a tracked model whose history is nobody's to read here; the line that calls this says why."""
    _left_out.add(model)


def left_out() -> set[type[models.Model]]:
    return set(_left_out)


def name(model: type[models.Model], by: Any) -> None:
    """Says how rows of a model that has no chapter are named where others refer to them."""
    _names[model] = by


def chapter_of(model: type[models.Model]) -> Chapter | None:
    return _chapters.get(model._meta.label_lower)


def registered() -> list[Chapter]:
    return sorted(_chapters.values(), key=lambda chapter: chapter.what)


def event_models() -> dict[type[models.Model], type[models.Model]]:
    """Each tracked model's event model, whether a chapter tells of it or not."""
    return {
        model.pgh_tracked_model: model
        for model in apps.get_models()
        if getattr(model, "pgh_tracked_model", None) is not None
    }


def event_model(model: type[models.Model]) -> type[models.Model]:
    return event_models()[model]


def previous(event: type[models.Model], value: Any) -> Subquery:
    """`value` as the same row's event before this one has it; None for the first."""
    earlier = QuerySet(event).filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    return Subquery(earlier.order_by("-pgh_id").values(stood=value)[:1])


@dataclass(frozen=True)
class Line:
    """One field of a deed; a value that the viewer may not read is None."""

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
class Deed:
    """One event in words."""

    at: datetime
    who: str
    did: str
    what: str
    subject: str
    reason: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """What a reader filters by; blank means all."""

    what: str = ""
    who: str = ""
    since: date | None = None
    until: date | None = None


class Record:
    """The events that `user` may know of, the newest first: all, one government's own, or one object's."""

    def __init__(
        self,
        user: Any,
        chapters: Iterable[Chapter],
        *,
        government: Any = None,
        obj: models.Model | None = None,
        asked: Asked | None = None,
    ) -> None:
        self.user, self.government, self.obj, self.asked = user, government, obj, asked or Asked()
        self.chapters = [chapter for chapter in chapters if not self.asked.what or chapter.key == self.asked.what]
        if government is not None:
            self.chapters = [chapter for chapter in self.chapters if chapter.of_government]

    def __len__(self) -> int:
        found = self._keys()
        return 0 if found is None else found.count()

    def page(self, number: int) -> tuple[list[Deed], bool]:
        """One page of deeds, and whether there is another. Three queries, whatever there is to read."""
        found = self._keys()
        if found is None:
            return [], False
        first = (number - 1) * PAGE
        rows = list(found.order_by("-pgh_created_at", "chapter", "-pgh_id")[first : first + PAGE + 1])
        of_chapter: dict[str, list[int]] = {}
        for key, pgh_id, _ in rows[:PAGE]:
            of_chapter.setdefault(key, []).append(pgh_id)
        branches = [
            self._told(_chapters[key], QuerySet(_chapters[key].event).filter(pgh_id__in=ids))
            for key, ids in of_chapter.items()
        ]
        return self._deeds(branches), len(rows) > PAGE

    def all(self) -> list[Deed]:
        """Every deed. Two queries."""
        return self._deeds([self._told(chapter, self._events(chapter)) for chapter in self.chapters])

    def _events(self, chapter: Chapter) -> QuerySet:
        events = chapter.told_to(QuerySet(chapter.event), self.user)
        if self.government is not None and chapter.of_government:
            events = chapter.of_government(events, self.government)
        if self.obj is not None:
            events = events.filter(pgh_obj_id=self.obj.pk)
        if self.asked.who:
            events = events.filter(pgh_context__user__in=self._named)
        if self.asked.since:
            events = events.filter(pgh_created_at__gte=_midnight(self.asked.since))
        if self.asked.until:
            events = events.filter(pgh_created_at__lt=_midnight(self.asked.until + timedelta(days=1)))
        return events.order_by()

    @cached_property
    def _named(self) -> list[int]:
        people = QuerySet(apps.get_model(USER)).filter(name__icontains=self.asked.who)
        return list(people.values_list("pk", flat=True))

    def _keys(self) -> Any:
        return _union(
            self._events(chapter)
            .annotate(chapter=Value(chapter.key, TextField()))
            .values_list("chapter", "pgh_id", "pgh_created_at")
            for chapter in self.chapters
        )

    def _told(self, chapter: Chapter, events: QuerySet) -> QuerySet:
        """Each event whole, with what stood before it, as columns that all chapters have."""
        row = JSONObject(**{attname: F(attname) for attname in ["id", *chapter.reads, *chapter.fields]})
        before = previous(chapter.event, row) if chapter.is_linked else Value(None, JSONField())
        return events.annotate(
            chapter=Value(chapter.key, TextField()), after=row, before=Cast(before, JSONField())
        ).values_list("chapter", "pgh_id", "pgh_created_at", "pgh_label", "pgh_context", "after", "before")

    def _deeds(self, branches: list[QuerySet]) -> list[Deed]:
        found = _union(branches)
        rows = [] if found is None else list(found.order_by("-pgh_created_at", "chapter", "-pgh_id"))
        names = _names_of(rows)
        return [self._deed(_chapters[row[0]], row, names) for row in rows]

    def _deed(self, chapter: Chapter, row: Any, names: dict[tuple[str, int], str]) -> Deed:
        _, _, at, label, context, after, before = row
        context = context or {}
        own_name = names.get((chapter.key, after["id"])) or (
            after.get(chapter.name, "") if isinstance(chapter.name, str) else ""
        )
        return Deed(
            at=at,
            who=names.get((USER, context.get("user") or 0), NOBODY),
            did=chapter.verb(label, before, after),
            what=chapter.what,
            subject=str(own_name or ""),
            reason=str(context.get("reason") or ""),
            lines=self._lines(chapter, label, before or {}, after, names),
        )

    def _lines(
        self, chapter: Chapter, label: str, before: Row, after: Row, names: dict[tuple[str, int], str]
    ) -> list[Line]:
        def words(each: models.Field, value: Any) -> str:
            if each.remote_field and value is not None:
                return names.get((each.remote_field.model._meta.label_lower, value), f"no. {value}")
            return value_in_words(each, value)

        lines = []
        for attname, each in chapter.fields.items():
            then, now = (before.get(attname) if label == "update" else None), after.get(attname)
            if then == now or (label != "update" and now in (None, "", False)):
                continue
            title = str(each.verbose_name)
            if each.name in chapter.private and not self.user.is_curator:
                lines.append(Line(title, None, None))
            else:
                lines.append(Line(title, words(each, then), words(each, now)))
        return lines


def _names_of(rows: Iterable[Any]) -> dict[tuple[str, int], str]:
    """How everything that the rows name is called, by model and key. One query."""
    wanted: dict[type[models.Model], set[int]] = {}
    people = apps.get_model(USER)
    for key, _, _, _, context, after, before in rows:
        chapter = _chapters[key]
        wanted.setdefault(chapter.model, set()).add(after["id"])
        if isinstance((context or {}).get("user"), int):
            wanted.setdefault(people, set()).add(context["user"])
        for attname, each in chapter.fields.items():
            if each.remote_field:
                values = {(before or {}).get(attname), after.get(attname)} - {None}
                wanted.setdefault(each.remote_field.model, set()).update(values)
    found = _union(
        QuerySet(model)
        .filter(pk__in=ids)
        .order_by()
        .annotate(of=Value(model._meta.label_lower, TextField()), called=Cast(_names[model], TextField()))
        .values_list("of", "pk", "called")
        for model, ids in wanted.items()
        if _names.get(model)
    )
    return {} if found is None else {(of, pk): called for of, pk, called in found}


def _short(value: str) -> str:
    """As much as a page shows of it; exports have the whole."""
    return value if len(value) <= LONGEST else f"{value[:LONGEST].rstrip()}…"


def text(words: str) -> Value:
    """A part of a name that is joined from several."""
    return Value(words, CharField())


def _union(branches: Iterable[QuerySet]) -> Any:
    """All rows of all branches; None without a branch."""
    first, *others = [*branches] or [None]
    return first if first is None or not others else first.union(*others, all=True)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))
