"""The leaders' page of one government in one edition.

It contains only what leaders may see: the government's own ballot and texts, and aggregates that reveal no ballot. It
names no other government.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Subquery

from challenges.obstacles import HindranceSummary, hindrances_of
from members.models import Government
from mixportal.ballots.models import Placement
from mixportal.consensus import Profile
from mixportal.editions.models import AnnualList, Edition, Entry, Kind
from mixportal.notes.markdown import plain_text
from mixportal.notes.models import Note
from mixportal.results.models import Tally
from mixportal.results.results import EntryResult, Results
from mixportal.results.splits import SPLITS, Part
from mixportal.summaries import brief_words
from mixportal.summaries.brief_words import Stand
from mixportal.tables.text import counted
from priorities.investments import InvestmentSummary, investments_of

_MENTION = re.compile(r"@[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class OwnList:
    kind: Kind
    results: Results | None
    entries: list[Entry]
    places: dict[str, int]
    reasons: dict[int, str]
    public: dict[str, Any] | None = None

    @property
    def has_cast(self) -> bool:
        return bool(self.places)

    @cached_property
    def stands(self) -> list[Stand]:
        if self.results is None:
            return []
        slugs = self.results.figures["alternatives"]
        profile = Profile.from_places(slugs, [[self.places.get(slug) for slug in slugs]])
        # Entries that are all level share the middle place.
        ranks = profile.ranks[0].tolist() if len(profile.rows) else [(len(slugs) + 1) / 2] * len(slugs)
        return [
            Stand(
                title=row.entry.title,
                own=row.mine,
                rank=ranks[row.index],
                network=(row.place, row.joint),
                average=row.average if self.results.shows_figures else None,
            )
            for row in self.results.rows
        ]

    @cached_property
    def rows(self) -> list[tuple[Entry, Stand, str]]:
        if self.results is None:
            return []
        pairs = [(row.entry, stand) for row, stand in zip(self.results.rows, self.stands, strict=True) if stand.own]
        pairs.sort(key=lambda pair: (pair[1].rank, pair[0].position))
        return [(entry, stand, self.reasons.get(entry.pk, "")) for entry, stand in pairs]

    @property
    def network(self) -> list[tuple[EntryResult, Stand]]:
        rows = self.results.rows if self.results else []
        return list(zip(rows, self.stands, strict=True))

    @property
    def ranked(self) -> str:
        return brief_words.ranked(self.stands, self.kind.singular, self.kind.plural)

    @property
    def alike(self) -> list[str]:
        return brief_words.alike(self.stands, self.kind.plural)

    @property
    def higher(self) -> list[str]:
        return brief_words.higher(self.stands)

    @property
    def lower(self) -> list[str]:
        return brief_words.lower(self.stands)


@dataclass(frozen=True)
class Brief:
    government: Government
    edition: Edition
    lists: list[OwnList]
    investments: InvestmentSummary | None
    hindrances: HindranceSummary | None

    @property
    def leading(self) -> OwnList:
        return self.lists[0]

    @property
    def others(self) -> list[OwnList]:
        return self.lists[1:]

    @property
    def deck(self) -> str:
        leading = self.leading
        return brief_words.deck(leading.stands, leading.kind.plural, self.edition.year)

    @property
    def turnout(self) -> str:
        results = self.leading.results
        return f"{counted(results.cast, 'government', 'governments')} of {results.seats}" if results else ""

    @property
    def peers(self) -> str:
        leading = self.leading
        apart = [*brief_words.above(leading.stands), *brief_words.below(leading.stands)]
        if leading.results is None or not leading.public or not apart:
            return ""
        furthest = max(apart, key=lambda stand: abs(stand.higher))
        facts = next((each for each in leading.results.tally.roster if each["id"] == self.government.pk), None)
        index = next(row.index for row in leading.results.rows if row.entry.title == furthest.title)
        by_key = {split.key: split for split in SPLITS}
        for found in leading.public["parts"]:
            part = Part(by_key[found["split"]], tuple(found["values"]))
            average = found["average"][index]
            if facts is not None and part.holds(facts) and average is not None:
                return brief_words.peers(furthest.title, part.words, found["size"], average, leading.results.m)
        return ""

    @property
    def questions(self) -> list[str]:
        raised = [question for part in (self.investments, self.hindrances) if part for question in part.questions]
        return brief_words.questions(self.leading.stands, raised, self.leading.kind.plural)


def brief_for(government: Government, edition: Edition) -> Brief:
    """Return the brief. Raises WindowClosedError before the close."""
    lists = []
    for annual_list in edition.lists.in_order():
        annual_list.edition = edition  # with `read_at`
        lists.append(_own_list(annual_list, government))
    first = [entry for entry, _, _ in lists[0].rows]
    investments = investments_of(government, edition, first)
    return Brief(government, edition, lists, investments, hindrances_of(government, edition))


def _own_list(annual_list: AnnualList, government: Government) -> OwnList:
    tally = Tally.objects.get_or_compute(annual_list)
    counts = any(each["id"] == government.pk and each["cast"] for each in tally.roster)
    own = Placement.objects.filter(ballot__government=government, ballot__cast_at__isnull=False)
    of_entry: dict[str, Subquery] = {
        "own_place": Subquery(own.filter(entry=OuterRef("pk")).values("cast_place")[:1]),
        "own_reason": _reason_of(government),
    }
    entries = list(annual_list.entries.in_order().annotate(**of_entry))
    places = {entry.slug: entry.own_place for entry in entries if counts and entry.own_place is not None}
    results = Results(
        annual_list=annual_list,
        tally=tally,
        entries=entries,
        is_insider=False,
        own=places or None,
        own_name=government.name,
    )
    is_leading = annual_list.kind == Kind.PRIORITIES
    return OwnList(
        kind=annual_list.words,
        results=results if entries and results.is_counted else None,
        entries=entries,
        places=places,
        reasons={entry.pk: reason for entry in entries if (reason := _without_names(entry.own_reason))},
        public=tally.public if is_leading and entries else None,
    )


def _reason_of(government: Government) -> Subquery:
    given = Note.objects.active().filter(kind="reason", government=government, entry=OuterRef("pk"))
    return Subquery(given.filter(audience__in=["government", "curators", "public"]).values("body")[:1])


def _without_names(body: str | None) -> str:
    return _MENTION.sub("another government", plain_text(body)) if body else ""
