from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from members.models import Viewer
from mixportal.editions.models import AnnualList, Entry, Kind, Lineage

WORDS = {
    "continued": "continues",
    "renamed": "renamed from",
    "returned": "returns from",
    "merged": "merged from",
    "split": "split from",
}


@dataclass(frozen=True)
class LineageLink:
    type: str
    earlier: Entry
    later: Entry

    @property
    def words(self) -> str:
        return WORDS[self.type]


@dataclass(frozen=True)
class EntryLineage:
    continues: list[LineageLink]  # newest first
    continued_by: list[LineageLink]  # oldest first


def lineage_of(entry: Entry, user: Viewer) -> EntryLineage:
    return lineages_of([entry], user)[entry.pk]


def lineages_of(entries: Sequence[Entry], user: Viewer) -> dict[int, EntryLineage]:
    on_lines: dict[int, list[Entry]] = {entry.line_id: [] for entry in entries}
    for other in Entry.objects.visible_to(user).filter(line__in=on_lines).with_list():
        on_lines[other.line_id].append(other)
    neighbors = []
    for entry in entries:
        others = sorted(on_lines[entry.line_id], key=lambda other: other.edition.year)
        neighbors += _neighbors(entry, [other for other in others if other.pk != entry.pk])
    gaps = [range(earlier.edition.year + 1, later.edition.year) for earlier, later in neighbors]
    held = _years_with_entries(entries[0].kind, user) if any(gaps) else set()
    links = [
        LineageLink(_type_on_line(earlier, later, not held.isdisjoint(gap)), earlier, later)
        for (earlier, later), gap in zip(neighbors, gaps, strict=True)
    ]
    rows = Lineage.objects.visible_to(user).filter(Q(earlier__in=entries) | Q(later__in=entries))
    rows = rows.select_related("earlier__annual_list__edition", "later__annual_list__edition")
    links += [LineageLink(row.type, row.earlier, row.later) for row in rows]
    links.sort(key=lambda link: (link.earlier.edition.year, link.later.edition.year, link.earlier.position))
    return {
        entry.pk: EntryLineage(
            continues=[link for link in reversed(links) if link.later.pk == entry.pk],
            continued_by=[link for link in links if link.earlier.pk == entry.pk],
        )
        for entry in entries
    }


def _neighbors(entry: Entry, others: list[Entry]) -> list[tuple[Entry, Entry]]:
    before = [other for other in others if other.edition.year < entry.edition.year]
    after = [other for other in others if other.edition.year > entry.edition.year]
    return [(earlier, entry) for earlier in before[-1:]] + [(entry, later) for later in after[:1]]


def _years_with_entries(kind: Kind, user: Viewer) -> set[int]:
    lists = AnnualList.objects.visible_to(user).filter(kind=kind, entries__isnull=False)
    return set(lists.values_list("edition__year", flat=True))


def _type_on_line(earlier: Entry, later: Entry, was_away: bool) -> str:
    if was_away:
        return "returned"
    return "continued" if earlier.title.casefold() == later.title.casefold() else "renamed"


def links_between(earlier: AnnualList, entries: Sequence[Entry]) -> list[LineageLink]:
    of_line = {entry.line_id: entry for entry in entries}
    found = []
    for entry in earlier.entries.filter(line__in=of_line):
        later = of_line[entry.line_id]
        same_title = entry.title.casefold() == later.title.casefold()
        found.append(LineageLink("continued" if same_title else "renamed", entry, later))
    by_key = {entry.pk: entry for entry in entries}
    rows = Lineage.objects.filter(later__in=by_key, earlier__annual_list=earlier).select_related("earlier")
    found += [LineageLink(row.type, row.earlier, by_key[row.later_id]) for row in rows]
    return sorted(found, key=lambda link: (link.earlier.position, link.later.position))
