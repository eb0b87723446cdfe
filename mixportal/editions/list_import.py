from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pghistory
from django.db import transaction

from mixportal.editions.list_entries import ListedEntry
from mixportal.editions.models import Edition, Entry, Kind, slug_for
from mixportal.tables.imports import Action, Change
from mixportal.tables.reader import Problem, TableError


@dataclass(frozen=True)
class EntryChange(Change[Entry]):
    kind: Kind = field(kw_only=True)
    continues: Entry | None = None  # whose line a new entry gets

    def __str__(self) -> str:
        said = f"{self.kind.singular:<9}  {self.action:<9}  {self.instance.title}"
        if self.continues:
            return f"{said} (continues {self.continues.edition})"
        is_stored = self.action is not Action.NEW
        return f"{said} ({self.fields_in_words})" if self.fields and is_stored else said

    @property
    def before(self) -> dict[str, object]:
        """The wording that is stored now, or that of the entry that a new one continues."""
        if self.action is Action.NEW:
            return {name: getattr(self.continues, name, "") for name in ("title", "description")}
        stored = {name: getattr(self.instance, name) for name in ("title", "description")}
        return stored | {name: old for name, (old, _) in self.fields.items() if name in stored}

    @property
    def has_new_wording(self) -> bool:
        return self.action is Action.NEW or not self.fields.keys().isdisjoint(Entry.WORDING)

    @property
    def fields_in_words(self) -> str:
        return ", ".join(name.replace("_", " ") for name in self.fields)


@dataclass(frozen=True)
class ImportPlan:
    year: int
    edition: Edition | None  # None for a new year
    changes: tuple[EntryChange, ...]

    @property
    def has_changes(self) -> bool:
        written = (Action.NEW, Action.CHANGED, Action.MOVED)
        return self.edition is None or any(change.action in written for change in self.changes)

    @transaction.atomic
    def apply(self, *, reason: str) -> Edition:
        """Write the plan in one transaction."""
        with pghistory.context(reason=reason):
            edition = self.edition or Edition.objects.create(year=self.year)
            for annual_list in edition.lists.in_order():
                changes = [change for change in self.changes if change.kind == annual_list.kind]
                for change in changes:
                    if change.action is not Action.NEW and change.fields:
                        change.instance.save(update_fields=list(change.fields))
                annual_list.add_entries(change.instance for change in changes if change.action is Action.NEW)
        return edition


def plan_import(year: int, entries: Iterable[ListedEntry]) -> ImportPlan:
    """Return what importing `entries` would change, without writing.

    Stored entries that the list does not name come last, and texts that it omits stay. A new entry
    continues the previous list's of the same title. Raises TableError unless the edition is in drafting.
    """
    edition = Edition.objects.filter(year=year).first()
    entries = list(entries)
    if edition is not None and not edition.is_drafting:
        line = min((entry.line for entry in entries), default=1)
        raise TableError([Problem(line, f"the edition of {year} is {edition.phase}: its list stands as it is")])
    changes: list[EntryChange] = []
    for kind in Kind:
        listed = [entry for entry in entries if entry.kind == kind]
        if not listed:
            continue
        stored = {entry.slug: entry for entry in edition.list_of(kind).entries.in_order()} if edition else {}
        taken = {entry.line_id for entry in stored.values()}
        earlier = {slug_for(entry.title): entry for entry in _list_before(year, kind) if entry.line_id not in taken}
        for position, listed_entry in enumerate(listed, start=1):
            changes.append(_change(kind, listed_entry, position, stored, earlier))
        for position, entry in enumerate(stored.values(), start=len(listed) + 1):
            fields = _give(entry, {"position": position})
            changes.append(EntryChange(0, Action.LEFT, entry, fields, kind=kind))
    return ImportPlan(year, edition, tuple(changes))


def _list_before(year: int, kind: Kind) -> Iterable[Entry]:
    earlier = Entry.objects.filter(annual_list__kind=kind, annual_list__edition__year__lt=year)
    newest = earlier.order_by("-annual_list__edition__year").values("annual_list")[:1]
    return earlier.filter(annual_list__in=newest).select_related("line", "annual_list__edition")


def _change(
    kind: Kind, listed: ListedEntry, position: int, stored: dict[str, Entry], earlier: dict[str, Entry]
) -> EntryChange:
    """Plan the entry, and take it out of `stored`."""
    values: dict[str, str | int] = {"title": listed.title}
    if listed.description:
        values["description"] = listed.description
    values["position"] = position
    if listed.in_plain_words:
        values["in_plain_words"] = listed.in_plain_words
    if listed.more:
        values["for_leaders"] = listed.more
    slug = slug_for(listed.title)
    entry = stored.pop(slug, None)
    if entry is None:
        continues = earlier.get(slug)
        entry = Entry(slug=slug, line=continues.line if continues else None)
        fields = _give(entry, values)
        return EntryChange(listed.line, Action.NEW, entry, fields, kind=kind, continues=continues)
    fields = _give(entry, values)
    action = Action.UNCHANGED if not fields else Action.MOVED if list(fields) == ["position"] else Action.CHANGED
    return EntryChange(listed.line, action, entry, fields, kind=kind)


def _give(entry: Entry, values: dict[str, str | int]) -> dict[str, tuple[str | int, str | int]]:
    """Set the values, and return (old, new) of each changed field."""
    fields = {name: (getattr(entry, name), new) for name, new in values.items() if getattr(entry, name) != new}
    for name, (_, new) in fields.items():
        setattr(entry, name, new)
    return fields
