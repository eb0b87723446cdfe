from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, Subquery
from django.db.models.functions import JSONObject

from members.models import Viewer
from mixportal.editions.models import AnnualList, Entry, Lineage

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
    continues: list[LineageLink]
    continued_by: list[LineageLink]
    on_line: list[Entry]


def lineage_of(entry: Entry, user: Viewer, annotations: Mapping[str, Subquery] | None = None) -> EntryLineage:
    return lineages_of([entry], user, annotations)[entry.pk]


def lineages_of(
    entries: Sequence[Entry], user: Viewer, annotations: Mapping[str, Subquery] | None = None
) -> dict[int, EntryLineage]:
    """Ask one query, whose rows all hold the lineage and the years of such lists."""
    rows = Lineage.objects.filter(Q(earlier__in=entries) | Q(later__in=entries))
    lists = AnnualList.objects.visible_to(user).filter(kind=entries[0].kind, entries__isnull=False)
    on_all_rows = {
        "lineage_rows": ArraySubquery(
            rows.visible_to(user).values_list(JSONObject(type="type", earlier="earlier", later="later"))
        ),
        "list_years": ArraySubquery(lists.values("edition__year").distinct()),
    }
    on_lines = Q(line__in=[entry.line_id for entry in entries])
    at_other_end = Q(pk__in=rows.values("earlier")) | Q(pk__in=rows.values("later"))
    related = Entry.objects.visible_to(user).filter(on_lines | at_other_end).with_list()
    related = related.annotate(**on_all_rows, **(annotations or {}))
    by_key = {other.pk: other for other in related.order_by("annual_list__edition__year")}
    on_line = {entry.pk: [other for other in by_key.values() if other.line_id == entry.line_id] for entry in entries}
    years = {year for other in by_key.values() for year in other.list_years}
    links = [
        LineageLink(_type_on_line(earlier, later, years), earlier, later)
        for entry in entries
        for earlier, later in _neighbors(entry, on_line[entry.pk])
    ]
    rows_found = next((other.lineage_rows for other in by_key.values()), [])
    links += [LineageLink(row["type"], by_key[row["earlier"]], by_key[row["later"]]) for row in rows_found]
    links.sort(key=lambda link: (link.earlier.edition.year, link.later.edition.year, link.earlier.position))
    return {
        entry.pk: EntryLineage(
            continues=[link for link in reversed(links) if link.later.pk == entry.pk],
            continued_by=[link for link in links if link.earlier.pk == entry.pk],
            on_line=on_line[entry.pk],
        )
        for entry in entries
    }


def _neighbors(entry: Entry, others: list[Entry]) -> list[tuple[Entry, Entry]]:
    before = [other for other in others if other.edition.year < entry.edition.year]
    after = [other for other in others if other.edition.year > entry.edition.year]
    return [(earlier, entry) for earlier in before[-1:]] + [(entry, later) for later in after[:1]]


def _type_on_line(earlier: Entry, later: Entry, years: set[int]) -> str:
    if not years.isdisjoint(range(earlier.edition.year + 1, later.edition.year)):
        return "returned"
    return "continued" if earlier.title.casefold() == later.title.casefold() else "renamed"


def pairs_between(earlier: Sequence[Entry], later: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    of_line = {entry.line_id: entry for entry in later}
    by_key = {entry.pk: entry for entry in (*earlier, *later)}
    found = [(entry, of_line[entry.line_id]) for entry in earlier if entry.line_id in of_line]
    rows = Lineage.objects.filter(earlier__in=earlier, later__in=later).values_list("earlier", "later")
    found += [(by_key[one], by_key[other]) for one, other in rows]
    return sorted(found, key=lambda pair: (pair[0].position, pair[1].position))
