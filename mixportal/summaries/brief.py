"""Build the leaders' page of one government, which reveals no other ballot and names no other government."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from django.db.models import OuterRef, Subquery

from challenges.obstacles import HindranceSummary, hindrances_of
from members.models import Government
from mixportal.ballots.models import Placement
from mixportal.ballots.order import standing
from mixportal.consensus import Profile
from mixportal.consensus.words import place_words
from mixportal.editions.models import AnnualList, Edition, Entry, Kind
from mixportal.notes.markdown import plain_text
from mixportal.notes.models import Note
from mixportal.results.computing import PublicCohorts
from mixportal.results.models import Tally
from mixportal.results.results import EntryResult, Results
from mixportal.results.splits import SPLITS, Part
from priorities.investments import InvestmentSummary, investments_of

MAX_NEAR_DISTANCE = 1
MIN_FAR_DISTANCE = 2
MAX_SHOWN = 3
_MENTION = re.compile(r"@[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Stand:
    """Compare an entry's place on the government's ballot and in the network.

    `own` and `network` are a place and whether it is joint. `rank` is the government's mid-rank.
    """

    title: str
    own: tuple[int, bool] | None
    rank: float
    network: tuple[int, bool]

    def __str__(self) -> str:
        return self.title

    @property
    def higher(self) -> float:
        """Return by how many of the places shown we put it higher. What we left off shares the last ones."""
        return self.network[0] - (self.own[0] if self.own else self.rank)

    @property
    def own_words(self) -> str:
        return place_words(*self.own) if self.own else "not ranked"

    @property
    def network_words(self) -> str:
        return place_words(*self.network)


@dataclass(frozen=True)
class OwnList:
    kind: Kind
    results: Results | None
    entries: list[Entry]
    places: dict[str, int]
    reasons: dict[int, str]
    stands: list[Stand]
    public: PublicCohorts | None = None
    moved: frozenset[int] = frozenset()  # since their reason was written

    @property
    def has_cast(self) -> bool:
        return bool(self.places)

    @cached_property
    def rows(self) -> list[tuple[Entry, Stand, str, bool]]:
        """Return what we ranked, with our reason, and whether the entry has moved since it was written."""
        if self.results is None:
            return []
        pairs = [(row.entry, stand) for row, stand in zip(self.results.rows, self.stands, strict=True) if stand.own]
        pairs.sort(key=lambda pair: (pair[1].rank, pair[0].position))
        return [(entry, stand, self.reasons.get(entry.pk, ""), entry.pk in self.moved) for entry, stand in pairs]

    @property
    def network(self) -> list[tuple[EntryResult, Stand]]:
        rows = self.results.rows if self.results else []
        return list(zip(rows, self.stands, strict=True))

    @property
    def ranked(self) -> list[Stand]:
        return [stand for stand in self.stands if stand.own]

    @property
    def left_off(self) -> list[Stand]:
        return [stand for stand in self.stands if not stand.own]

    @property
    def first(self) -> list[Stand]:
        return [stand for stand in self.ranked if stand.own and stand.own[0] == 1]

    @property
    def network_first(self) -> list[Stand]:
        return [stand for stand in self.stands if stand.network[0] == 1]

    @property
    def higher(self) -> list[Stand]:
        found = [stand for stand in self.ranked if stand.higher >= MIN_FAR_DISTANCE]
        return sorted(found, key=lambda stand: -stand.higher)[:MAX_SHOWN]

    @property
    def lower(self) -> list[Stand]:
        found = [stand for stand in self.stands if stand.higher <= -MIN_FAR_DISTANCE]
        return sorted(found, key=lambda stand: stand.higher)[:MAX_SHOWN]

    @property
    def near(self) -> list[Stand]:
        found = [stand for stand in self.ranked if abs(stand.higher) <= MAX_NEAR_DISTANCE]
        return sorted(found, key=lambda stand: stand.rank)

    @cached_property
    def same_pairs(self) -> tuple[int, int]:
        """Return how many pairs both lists order the same way, and how many both order."""
        same = both = 0
        for one, other in combinations(self.stands, 2):
            ours, theirs = one.rank - other.rank, one.network[0] - other.network[0]
            if ours and theirs and (one.own or other.own):
                both += 1
                same += (ours < 0) == (theirs < 0)
        return same, both


@dataclass(frozen=True)
class PeerAverage:
    title: str
    part: Part
    size: int
    average: float


@dataclass(frozen=True)
class Question:
    name: str
    stands: Sequence[Stand] = ()
    text: str = ""


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
    def peers(self) -> PeerAverage | None:
        own = self.leading
        apart = [*own.higher, *own.lower]
        if own.results is None or not own.public or not apart:
            return None
        furthest = max(apart, key=lambda stand: abs(stand.higher))
        facts = next((each for each in own.results.tally.roster if each["id"] == self.government.pk), None)
        index = next(row.index for row in own.results.rows if row.entry.title == furthest.title)
        by_key = {split.key: split for split in SPLITS}
        for found in own.public["parts"]:
            part = Part(by_key[found["split"]], tuple(found["values"]))
            average = found["average"][index]
            if facts is not None and part.holds(facts) and average is not None:
                return PeerAverage(furthest.title, part, found["size"], average)
        return None

    @property
    def questions(self) -> list[Question]:
        raised = [question for part in (self.investments, self.hindrances) if part for question in part.questions]
        return questions_about(self.leading, raised)


def questions_about(own: OwnList, raised: Sequence[str]) -> list[Question]:
    """Return three questions: first raised ones, then those from the list, then general ones."""
    asked = [Question("raised", text=text) for text in raised[:2]]
    asked += [Question("higher", [stand]) for stand in own.higher[:1]]
    asked += [Question("lower", [stand]) for stand in own.lower[:1]]
    if own.first:
        asked.append(Question("first", own.first[:MAX_SHOWN]))
    else:
        if own.network_first:
            asked.append(Question("network_first", own.network_first[:MAX_SHOWN]))
        asked.append(Question("unranked"))
    return [*asked, Question("decision"), Question("room"), Question("next_year")][:3]


def brief_for(government: Government, edition: Edition) -> Brief:
    """Return the brief. Raises WindowClosedError before the close."""
    lists = []
    for annual_list in edition.lists.in_order():
        annual_list.edition = edition  # with `read_at`
        lists.append(_own_list(annual_list, government))
    ranked = [(entry, stand.own[0]) for entry, stand, *_ in lists[0].rows if stand.own]
    investments = investments_of(government, edition, ranked)
    return Brief(government, edition, lists, investments, hindrances_of(government, edition))


def _own_list(annual_list: AnnualList, government: Government) -> OwnList:
    tally = Tally.objects.get_or_compute(annual_list)
    counts = any(each["id"] == government.pk and each["cast"] for each in tally.roster)
    own = Placement.objects.filter(ballot__government=government, ballot__cast_at__isnull=False)
    of_entry: dict[str, Subquery] = {
        "own_place": Subquery(own.filter(entry=OuterRef("pk")).values("cast_place")[:1]),
        "own_reason": _reason_of(government, "body"),
        "place_then": _reason_of(government, "place_then"),
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
    counted = results if entries and results.is_counted else None
    standings = {entry.pk: standing(places, entry.slug) for entry in entries}
    is_leading = annual_list.kind == Kind.PRIORITIES
    return OwnList(
        kind=annual_list.words,
        results=counted,
        entries=entries,
        places=places,
        reasons={entry.pk: reason for entry in entries if (reason := _without_names(entry.own_reason))},
        stands=_stands(counted, places) if counted else [],
        public=tally.public["cohorts"] if is_leading and entries else None,
        moved=frozenset(entry.pk for entry in entries if (at := standings[entry.pk]) and at[0] != entry.place_then),
    )


def _stands(results: Results, places: dict[str, int]) -> list[Stand]:
    slugs = results.figures["alternatives"]
    profile = Profile.from_places(slugs, [[places.get(slug) for slug in slugs]])
    # Entries that are all level share the middle place.
    ranks = profile.ranks[0].tolist() if len(profile.rows) else [(len(slugs) + 1) / 2] * len(slugs)
    return [
        Stand(
            title=row.entry.title,
            own=row.mine,
            rank=ranks[row.index],
            network=(row.place, row.joint),
        )
        for row in results.rows
    ]


def _reason_of(government: Government, field: str) -> Subquery:
    given = Note.objects.active().filter(kind="reason", government=government, entry=OuterRef("pk"))
    return Subquery(given.filter(audience__in=["government", "curators", "public"]).values(field)[:1])


def _without_names(body: str | None) -> str:
    return _MENTION.sub("another government", plain_text(body)) if body else ""
