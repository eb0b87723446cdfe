from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pghistory
from django.db import transaction

from mixportal.editions.list_entries import ListedEntry
from mixportal.editions.models import Edition, Entry, Kind, slug_for
from mixportal.tables.reader import Problem, TableError

NEW, CHANGED, MOVED, SAME, LEFT = "new", "changed", "moved", "unchanged", "not in the list, left as it is"


@dataclass(frozen=True)
class EntryChange:
    kind: Kind
    title: str
    slug: str
    what: str
    values: dict[str, str | int]
    fields: tuple[str, ...] = ()  # those that change
    entry: Entry | None = None  # None when new
    continues: Entry | None = None  # an earlier entry of the same title, whose line a new one gets

    def __str__(self) -> str:
        said = f"{self.kind.singular:<9}  {self.what:<9}  {self.title}"
        if self.continues:
            return f"{said} (continues {self.continues.edition})"
        return f"{said} ({self.fields_in_words})" if self.fields else said

    @property
    def fields_in_words(self) -> str:
        return ", ".join(field.replace("_", " ") for field in self.fields)


@dataclass(frozen=True)
class ImportPlan:
    year: int
    edition: Edition | None  # None when the year is new
    changes: tuple[EntryChange, ...]

    @property
    def has_changes(self) -> bool:
        return self.edition is None or any(change.what in (NEW, CHANGED, MOVED) for change in self.changes)

    def counts(self) -> dict[str, int]:
        return {
            what: sum(1 for change in self.changes if change.what == what) for what in (NEW, CHANGED, MOVED, SAME, LEFT)
        }

    @transaction.atomic
    def apply(self, *, reason: str) -> Edition:
        """Write the plan in one transaction. A new year becomes an edition in drafting."""
        with pghistory.context(reason=reason):
            edition = self.edition or Edition.objects.create(year=self.year)
            for annual_list in edition.lists.in_order():
                changes = [change for change in self.changes if change.kind == annual_list.kind]
                for change in changes:
                    if change.entry is not None and change.fields:
                        for field in change.fields:
                            setattr(change.entry, field, change.values[field])
                        change.entry.save(update_fields=change.fields)
                annual_list.add_entries(
                    Entry(slug=change.slug, line=change.continues.line if change.continues else None, **change.values)
                    for change in changes
                    if change.what == NEW
                )
        return edition


def plan_import(year: int, entries: Iterable[ListedEntry]) -> ImportPlan:
    """Return what importing `entries` into the edition of `year` would change, without writing.

    Listed entries take the order of the list, and stored entries that it does not name come after
    them. Optional texts that the list leaves out are kept. A new entry continues the entry of the
    same title on the previous list. Raises TableError unless the edition is in drafting.
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
        named = {change.slug for change in changes if change.kind is kind}
        left = [entry for slug, entry in stored.items() if slug not in named]
        for position, entry in enumerate(left, start=len(listed) + 1):
            fields = ("position",) if entry.position != position else ()
            changes.append(EntryChange(kind, entry.title, entry.slug, LEFT, {"position": position}, fields, entry))
    return ImportPlan(year, edition, tuple(changes))


def _list_before(year: int, kind: Kind) -> Iterable[Entry]:
    earlier = Entry.objects.filter(annual_list__kind=kind, annual_list__edition__year__lt=year)
    newest = earlier.order_by("-annual_list__edition__year").values("annual_list")[:1]
    return earlier.filter(annual_list__in=newest).select_related("line", "annual_list__edition")


def _change(
    kind: Kind, listed: ListedEntry, position: int, stored: dict[str, Entry], earlier: dict[str, Entry]
) -> EntryChange:
    values: dict[str, str | int] = {"title": listed.title, "description": listed.description, "position": position}
    if listed.in_plain_words:
        values["in_plain_words"] = listed.in_plain_words
    if listed.more:
        values["for_leaders"] = listed.more
    slug = slug_for(listed.title)
    known = stored.get(slug)
    if known is None:
        return EntryChange(kind, listed.title, slug, NEW, values, continues=earlier.get(slug))
    fields = tuple(field for field, value in values.items() if getattr(known, field) != value)
    what = SAME if not fields else MOVED if fields == ("position",) else CHANGED
    return EntryChange(kind, listed.title, slug, what, values, fields, known)
