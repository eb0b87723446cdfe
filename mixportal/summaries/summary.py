from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from members.models import Viewer
from mixportal.editions.models import Edition, Entry, Kind
from mixportal.results.results import Results, results_of_each
from mixportal.results.rows import EntryResult
from mixportal.summaries.movement import Movement, movement_for
from mixportal.summaries.wordlist import Term, terms_in
from mixportal.tables.text import counted, listed

MAX_UNFOLDED = 5
_KINDS_OF_GOVERNMENT = (
    ("city", "city", "cities"),
    ("county", "county", "counties"),
    ("consolidated", "that is both", "that are both"),
    ("other", "other", "others"),
)


@dataclass(frozen=True)
class Fact:
    figure: str
    of: str
    sentence: str


@dataclass(frozen=True)
class SummaryList:
    """`entries` are in the order of the results, or else in editorial order."""

    kind: Kind
    entries: list[Entry]
    results: Results | None

    @property
    def is_long(self) -> bool:
        return len(self.entries) >= 8


@dataclass(frozen=True)
class Summary:
    edition: Edition
    lists: list[SummaryList]
    moves: Movement | None = None

    @property
    def leading(self) -> Results | None:
        return self.lists[0].results if self.lists else None

    @property
    def is_ranked(self) -> bool:
        return any(part.results is not None for part in self.lists)

    @property
    def roster(self) -> dict[str, dict[str, Any]]:
        roster: dict[str, dict[str, Any]] = {}
        for part in self.lists:
            if part.results is not None:
                for government in part.results.tally.roster:
                    known = roster.setdefault(government["slug"], {**government})
                    known["cast"] = known["cast"] or government["cast"]
        return roster

    @property
    def seats(self) -> int:
        return len(self.roster)

    @property
    def took_part(self) -> int:
        return sum(1 for government in self.roster.values() if government["cast"])

    @property
    def squares(self) -> list[bool]:
        return [True] * self.took_part + [False] * (self.seats - self.took_part)

    @property
    def took_part_by_kind(self) -> str:
        count = Counter(government["kind"] for government in self.roster.values() if government["cast"])
        return listed([counted(count[key], one, more) for key, one, more in _KINDS_OF_GOVERNMENT if count[key]])

    @property
    def ranked_what(self) -> str:
        return listed(
            [counted(len(part.entries), part.kind.singular, part.kind.plural) for part in self.lists if part.results]
        )

    @property
    def words(self) -> list[Term]:
        entries = [entry for part in self.lists for entry in part.entries]
        texts = [text for entry in entries for text in (entry.plain, entry.for_leaders)]
        return terms_in(texts, [entry.title for entry in entries])

    @property
    def facts(self) -> list[Fact]:
        results = self.leading
        if results is None or not results.shows_figures:
            return []
        facts = [self._leader(results)]
        if results.same_order_in_100 is not None:
            facts.append(
                Fact(
                    str(results.same_order_in_100),
                    "in 100",
                    f"times, two governments chosen by lot put two {results.kind.plural} that both ranked in the same "
                    "order. By chance it would be 50.",
                )
            )
        if results.m >= 8:
            facts.append(self._divided(results))
        return facts

    @staticmethod
    def _leader(results: Results) -> Fact:
        most = max(results.rows, key=lambda row: (row.top3, -row.place))
        others = [row for row in results.rows if row is not most and 2 * row.top3 >= results.used]
        if others:
            are = "is" if len(others) == 1 else "are"
            rest = f"{listed([row.entry.title for row in others])} {are} there on half of the lists or more."
        else:
            rest = f"No other {results.kind.singular} is there on half of the lists."
        words = results.of_all(most.top3)
        figure, _, of = words.partition(" of ") if " of " in words else (words, "", "")
        return Fact(figure, f"of {of}" if of else "", f"put {most.entry.title} among their top three. {rest}")

    @staticmethod
    def _divided(results: Results) -> Fact:
        divided: list[EntryResult] = results.divided
        names = listed([row.entry.title for row in divided])
        of = f"of {results.m}"
        plural, singular = results.kind.plural, results.kind.singular
        if not divided:
            return Fact("0", of, f"{plural} divide the network: none is put high by some and low by others.")
        if len(divided) == 1:
            return Fact("1", of, f"{plural} divides the network: {names}. Some put it high, others low.")
        return Fact(
            str(len(divided)), of, f"{plural} divide the network: {names}. Some put each {singular} high, others low."
        )


def summary_for(edition: Edition, user: Viewer, *, moves: bool = False) -> Summary:
    """`moves` adds what moved since the last ranked list."""
    annual_lists = list(edition.lists.in_order().prefetch_related("entries"))
    for annual_list in annual_lists:
        annual_list.edition = edition  # with `read_at`
    results_of = results_of_each(annual_lists, user)
    lists = []
    for annual_list in annual_lists:
        results = results_of.get(annual_list.pk)
        if results is not None and not results.is_counted:
            results = None
        entries = [row.entry for row in results.rows] if results else list(annual_list.entries.all())
        lists.append(SummaryList(annual_list.words, entries, results))
    leading = lists[0].results if lists else None
    return Summary(edition, lists, movement_for(leading) if moves and leading else None)
