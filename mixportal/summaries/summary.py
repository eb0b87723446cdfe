from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.utils.safestring import SafeString

from members.models import Viewer
from mixportal.comparison.groups import counted_kinds
from mixportal.consensus.words import MIN_ITEMS_FOR_WORD
from mixportal.editions.models import Edition, Entry, Kind
from mixportal.results import charts
from mixportal.results.results import Band, EntryResult, Results, results_of_each
from mixportal.results.splits import RosterRow
from mixportal.summaries.movement import PlaceChange, SinceLast, since_last_list
from mixportal.summaries.wordlist import Term, terms_in
from mixportal.tables.text import listed


@dataclass(frozen=True)
class Fact:
    name: str
    figure: int | None  # None if it is over 90 %
    of: int
    rows: Sequence[EntryResult] = ()
    is_over_90: bool = False

    @property
    def is_on_half(self) -> bool:
        return self.figure is None or 2 * self.figure >= self.of

    @property
    def picture(self) -> SafeString | None:
        if self.figure is None:
            return None
        return charts.squares(f"{self.figure} of {self.of} squares filled", self.figure, self.of)


@dataclass(frozen=True)
class SummaryList:
    kind: Kind
    entries: list[Entry]
    results: Results | None

    @property
    def is_long(self) -> bool:
        return len(self.entries) >= MIN_ITEMS_FOR_WORD


@dataclass(frozen=True)
class Summary:
    edition: Edition
    lists: list[SummaryList]

    @cached_property
    def since(self) -> SinceLast | None:
        return since_last_list(self.leading) if self.leading else None

    @property
    def leading(self) -> Results | None:
        return self.lists[0].results if self.lists else None

    @property
    def ladder(self) -> list[tuple[EntryResult, Band, str, PlaceChange | None]]:
        if self.leading is None:
            return []
        changes = {change.entry.pk: change for change in self.since.places} if self.since else {}
        return [
            (row, band, tier, changes.get(row.entry.pk))
            for band in self.leading.bands
            for row, tier in zip(band.rows, band.tiers, strict=True)
        ]

    @property
    def ladder_picture(self) -> str:
        averages = [row.average for row, *_ in self.ladder]
        brackets = [len(band.rows) for band in self.leading.bands] if self.leading else []
        return charts.ladder(averages, brackets)

    @cached_property
    def roster(self) -> list[RosterRow]:
        rows: dict[str, RosterRow] = {}
        for part in self.lists:
            for government in part.results.tally.roster if part.results else ():
                known = rows.get(government["slug"], government)
                rows[government["slug"]] = {**known, "cast": known["cast"] or government["cast"]}
        return list(rows.values())

    @property
    def seats(self) -> int:
        return len(self.roster)

    @property
    def took_part(self) -> int:
        return sum(1 for government in self.roster if government["cast"])

    @property
    def turnout_picture(self) -> SafeString:
        return charts.squares(f"{self.took_part} of {self.seats} squares filled", self.took_part, self.seats)

    @property
    def took_part_by_kind(self) -> str:
        return listed(counted_kinds([government["kind"] for government in self.roster if government["cast"]]))

    @property
    def ranked_lists(self) -> list[SummaryList]:
        return [part for part in self.lists if part.results]

    @property
    def words(self) -> tuple[Term, ...]:
        entries = [entry for part in self.lists for entry in part.entries]
        texts = [text for entry in entries for text in (entry.plain, entry.for_leaders)]
        return terms_in("\n".join(texts), tuple(entry.title for entry in entries))

    @property
    def facts(self) -> list[Fact]:
        results = self.leading
        if results is None or not results.shows_figures:
            return []
        first = max(results.rows, key=lambda row: (*row.top3_count.size, -row.place))
        on_half = [row for row in results.rows if row is not first and row.top3_count.is_half]
        count = first.top3_count
        facts = []
        if count.figure:
            facts.append(Fact("top_three", count.number, count.of, [first, *on_half], count.is_over_90))
        if results.same_order_in_100 is not None:
            facts.append(Fact("same_order", results.same_order_in_100, 100))
        return facts


def summary_for(edition: Edition, user: Viewer) -> Summary:
    entries = Prefetch("entries", Entry.objects.with_earlier_entries())
    annual_lists = list(edition.lists.in_order().prefetch_related(entries))
    results_of = results_of_each(annual_lists, user)
    lists = []
    for annual_list in annual_lists:
        results = results_of.get(annual_list.pk)
        if results is not None and not results.is_counted:
            results = None
        in_order = [row.entry for row in results.rows] if results else list(annual_list.entries.all())
        lists.append(SummaryList(annual_list.words, in_order, results))
    return Summary(edition, lists)
