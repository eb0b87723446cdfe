"""Rows of other bodies' lists against those in the portal: what is new, changed or the same, and writing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from mixportal.comparison.models import OutsideItem, OutsideList
from mixportal.comparison.outside_csv import Row
from mixportal.editions import kinds
from mixportal.editions.listed import ListRefused, Problem, quoted

NEW, CHANGED, SAME = "new", "changed", "unchanged"


@dataclass(frozen=True)
class Change:
    """A list, an item or a crosswalk as it will be. `fields` are those that change; all of them where it is new."""

    line: int
    thing: models.Model
    what: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f"{self.thing._meta.verbose_name:<24}  {self.what:<9}  {self.thing}"
        named = [field.removeprefix("is_").replace("_", " ") for field in self.fields]
        return f"{said} ({', '.join(named)})" if self.what == CHANGED else said


@dataclass(frozen=True)
class ImportPlan:
    changes: tuple[Change, ...]

    @property
    def changes_anything(self) -> bool:
        return any(change.what != SAME for change in self.changes)

    @property
    def told(self) -> list[Change]:
        return [change for change in self.changes if change.what != SAME]

    @property
    def counts(self) -> str:
        """3 new, 1 changed."""
        counts = {what: sum(1 for change in self.changes if change.what == what) for what in (NEW, CHANGED, SAME)}
        return ", ".join(f"{count} {what}" for what, count in counts.items() if count)

    def apply(self, *, reason: str) -> None:
        """Writes what is new or changed, the reason kept in the history. New lists are not published.

        Raises ListRefused, and writes nothing, where somebody else has written the same meanwhile.
        """
        try:
            with transaction.atomic(), pghistory.context(reason=reason):
                for change in self.told:
                    self._write(change)
        except IntegrityError:
            raise ListRefused([Problem(0, "Somebody changed the same lists meanwhile. Look again.")]) from None

    @staticmethod
    def _write(change: Change) -> None:
        if change.what == CHANGED:
            change.thing.save(update_fields=change.fields)
            return
        for name in ("list", "item"):  # what it belongs to has its key by now
            if hasattr(change.thing, name):
                setattr(change.thing, name, getattr(change.thing, name))
        change.thing.save(force_insert=True)


def plan_import(rows: Sequence[Row]) -> ImportPlan:
    """What importing `rows` would do; writes nothing. Raises ListRefused with every line that cannot be.

    A list is known by its source, name and year, an item by its title. A column that the file leaves out leaves what is
    stored. Items and crosswalks that the file does not name stay.
    """
    problems: list[Problem] = []
    years = {row.year for row in rows}
    lists = {(x.source, x.name, x.year): x for x in OutsideList.objects.filter(year__in=years)}
    items = {(x.list_id, x.title.casefold()): x for x in OutsideItem.objects.filter(list__year__in=years)}
    entries, crosswalks = _entries(rows), _crosswalks(rows)
    given = _of_lists(rows, problems)
    seen: dict[tuple[str, str, int], OutsideList] = {}
    positions: dict[tuple[str, str, int], int] = {}
    changes: list[Change] = []
    for row in rows:
        if row.key not in seen:
            stored = lists.get(row.key)
            blank = OutsideList(source=row.source, name=row.name, year=row.year, short_name=row.source[:60])
            seen[row.key] = stored or blank
            changes.append(_change(row.line, seen[row.key], stored is None, given[row.key], problems))
        owner = seen[row.key]
        positions[row.key] = positions.get(row.key, 0) + 1
        stored_item = items.get((owner.pk, row.title.casefold())) if owner.pk else None
        item = stored_item or OutsideItem(list=owner, title=row.title)
        values = {**row.values, "title": row.title, "position": positions[row.key]}
        if stored_item and values.get("place") is not None and "percent" not in values:
            values["percent"] = None
        changes.append(_change(row.line, item, stored_item is None, values, problems))
        for means in row.means:
            entry = entries.get((means.kind, means.year, means.slug))
            if entry is None:
                problems.append(Problem(row.line, f"{means.kind} has no {quoted(f'{means.year}/{means.slug}')}."))
                continue
            known = crosswalks.get((means.kind, item.pk, entry.pk)) if item.pk else None
            crosswalk = known or kinds.get(means.kind).crosswalk(item=item, entry=entry)
            changes.append(_change(row.line, crosswalk, known is None, {"certainty": means.certainty}, problems))
    if problems:
        raise ListRefused(problems)
    return ImportPlan(tuple(changes))


def _change(line: int, thing: models.Model, is_new: bool, values: dict[str, Any], problems: list[Problem]) -> Change:
    fields = tuple(name for name, value in values.items() if getattr(thing, name) != value)
    for name in fields:
        setattr(thing, name, values[name])
    if is_new or fields:
        try:
            thing.clean_fields(exclude={"list", "item", "entry"})
            thing.validate_constraints(exclude={"list", "item", "entry"})
        except ValidationError as wrong:
            for name, messages in wrong.message_dict.items():
                head = "" if name == "__all__" else f"{name}: "
                problems.extend(Problem(line, f"{head}{message}") for message in messages)
    return Change(line, thing, NEW if is_new else CHANGED if fields else SAME, fields)


def _of_lists(rows: Sequence[Row], problems: list[Problem]) -> dict[tuple[str, str, int], dict[str, str]]:
    """What the rows of each list say of the list itself: all the same, or nothing."""
    given: dict[tuple[str, str, int], dict[str, str]] = {}
    for row in rows:
        known = given.setdefault(row.key, {})
        for name, value in row.of_list.items():
            if known.setdefault(name, value) != value:
                problems.append(Problem(row.line, f"{name} is another on an earlier row of this list."))
    return given


def _entries(rows: Sequence[Row]) -> dict[tuple[str, int, str], Any]:
    """The entries that the rows name, by kind, year and slug."""
    years = {means.year for row in rows for means in row.means}
    found: dict[tuple[str, int, str], Any] = {}
    if years:
        for kind in kinds.registered():
            for entry in kind.entry.objects.filter(edition__year__in=years).select_related("edition"):
                found[kind.key, entry.edition.year, entry.slug] = entry
    return found


def _crosswalks(rows: Sequence[Row]) -> dict[tuple[str, int, int], Any]:
    """Those stored for the lists of these years, by kind, item and entry."""
    years = {row.year for row in rows}
    return {
        (kind.key, each.item_id, each.entry_id): each
        for kind in kinds.registered()
        for each in kind.crosswalk.objects.filter(item__list__year__in=years).select_related("item__list", "entry")
    }
