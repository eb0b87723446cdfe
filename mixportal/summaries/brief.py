"""The leaders' page of one government, which reveals no other ballot or name."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from django.db.models import OuterRef, Prefetch, Subquery
from django.utils.safestring import SafeString

from challenges.obstacles import hindrances_of
from members.models import Government, User
from mixportal.ballots.models import Placement
from mixportal.ballots.order import standing
from mixportal.comparison.cohorts import cohorts_for
from mixportal.consensus import Profile
from mixportal.consensus.words import place_words
from mixportal.editions.models import AnnualList, Edition, Entry, Kind
from mixportal.notes.markdown import plain_text
from mixportal.notes.models import Note
from mixportal.results import charts
from mixportal.results.models import Tally
from mixportal.results.results import Results
from priorities.investments import investments_of
from priorities.models import Investment

MIN_FAR_DISTANCE = 2
MAX_SHOWN = 3
_MENTION = re.compile(r"@[a-z0-9][a-z0-9-]*")

Status = Investment.Status


@dataclass(frozen=True)
class BriefRow:
    """An entry's place on the government's ballot and in the network, and whether it is joint.

    `rank` is the government's mid-rank. `network` is None if no government ranked the list.
    """

    entry: Entry
    own: tuple[int, bool] | None = None
    rank: float = 0.0
    network: tuple[int, bool] | None = None
    network_range: tuple[int, int] | None = None
    of: int = 0
    reason: str = ""
    has_moved: bool = False  # since the reason was written
    investment: Investment | None = None
    hinders: Sequence[Entry] = ()

    def __str__(self) -> str:
        return self.entry.title

    @property
    def higher(self) -> float:
        """Return by how many places we put it higher. What we left off shares the last ones."""
        return self.network[0] - (self.own[0] if self.own else self.rank) if self.network else 0

    @property
    def own_words(self) -> str:
        return place_words(*self.own) if self.own else "not ranked"

    @property
    def network_words(self) -> str:
        return place_words(*self.network) if self.network else ""

    @property
    def picture(self) -> str:
        if self.network is None:
            return ""
        return charts.dots(self.own[0] if self.own else None, self.network[0], self.network_range, self.of)


@dataclass(frozen=True)
class OwnList:
    kind: Kind
    results: Results | None
    has_cast: bool
    rows: list[BriefRow]  # in our order, then in the network's

    @property
    def is_counted(self) -> bool:
        return any(row.network for row in self.rows)

    @property
    def shown(self) -> list[BriefRow]:
        return [row for row in self.rows if row.investment or row.own] if self.has_cast else self.rows

    @property
    def has_ranges(self) -> bool:
        return any(row.network_range for row in self.rows)

    @property
    def ranked(self) -> list[BriefRow]:
        return [row for row in self.rows if row.own]

    @property
    def left_off(self) -> list[BriefRow]:
        return [row for row in self.rows if not row.own]

    @property
    def first(self) -> list[BriefRow]:
        return [row for row in self.rows if row.own and row.own[0] == 1]

    @property
    def network_first(self) -> list[BriefRow]:
        return [row for row in self.rows if row.network and row.network[0] == 1]

    @property
    def higher(self) -> list[BriefRow]:
        found = [row for row in self.ranked if row.higher >= MIN_FAR_DISTANCE]
        return sorted(found, key=lambda row: (-row.higher, row.network))[:MAX_SHOWN]

    @property
    def lower(self) -> list[BriefRow]:
        found = [row for row in self.rows if row.higher <= -MIN_FAR_DISTANCE]
        return sorted(found, key=lambda row: (row.higher, row.network))[:MAX_SHOWN]

    @cached_property
    def same_pairs(self) -> tuple[int, int]:
        same = both = 0
        for one, other in combinations(self.rows, 2):
            if one.network and other.network and (one.own or other.own):
                ours, theirs = one.rank - other.rank, one.network[0] - other.network[0]
                both += bool(ours and theirs)
                same += ours * theirs > 0
        return same, both

    @property
    def same_pairs_picture(self) -> SafeString:
        return charts.share_bar(*self.same_pairs)

    @property
    def ranked_picture(self) -> SafeString:
        return charts.cells(len(self.ranked), len(self.rows))


Question = tuple[str, Sequence[BriefRow]]  # name, subjects


@dataclass(frozen=True)
class Work:
    statuses: list[str]
    of: int

    @property
    def figure(self) -> int:
        return len(self.statuses) - self.not_planned

    @property
    def answers(self) -> list[str]:
        found = Counter(status for status in self.statuses if status != Status.NOT_PLANNED)
        return [f"{found[status]} {label.lower()}" for status, label in Status.choices if found[status]]

    @property
    def not_planned(self) -> int:
        return self.statuses.count(Status.NOT_PLANNED)

    @property
    def picture(self) -> SafeString:
        order = sorted(self.statuses, key=list(Status.values).index)
        return charts.states(["" if status == Status.NOT_PLANNED else status for status in order], self.of)


@dataclass(frozen=True)
class Brief:
    government: Government
    edition: Edition
    lists: list[OwnList]
    contact: User | None

    @property
    def leading(self) -> OwnList:
        return self.lists[0]

    @property
    def challenges(self) -> OwnList:
        return self.lists[1]

    @property
    def work(self) -> Work:
        rows = self.leading.ranked or self.leading.rows
        return Work([row.investment.status for row in rows if row.investment], len(rows))

    @property
    def peers(self) -> dict[str, object] | None:
        own = self.leading
        apart = [*own.higher, *own.lower]
        if own.results is None or not apart:
            return None
        furthest = max(apart, key=lambda row: abs(row.higher))
        facts = next((each for each in own.results.tally.roster if each["id"] == self.government.pk), None)
        index = next(row.index for row in own.results.rows if row.entry == furthest.entry)
        for cohort in (each for result in cohorts_for(own.results).split_results for each in result.cohorts):
            average = cohort.average[index]
            if facts is not None and cohort.part.holds(facts) and average is not None:
                low = 1 + sum(each is not None and each < average for each in cohort.average)
                high = sum(each is None or each <= average for each in cohort.average)
                if high - low >= MAX_SHOWN:
                    return None
                return {"title": str(furthest), "part": cohort.part, "size": cohort.size, "low": low, "high": high}
        return None

    @property
    def questions(self) -> list[Question]:
        hindered = [row for row in self.challenges.rows if row.hinders]
        return questions_about(self.leading, [*_about_work(self.leading.ranked), *_about_hindrances(hindered)])


def _about_work(rows: Sequence[BriefRow]) -> list[Question]:
    for row in rows[:MAX_SHOWN]:
        if row.investment is None:
            return [("no_work", [row])]
        if row.investment.status == Status.NOT_PLANNED:
            return [("not_planned", [row])]
    return []


def _about_hindrances(rows: Sequence[BriefRow]) -> list[Question]:
    return [("hindrance", [max(rows, key=lambda row: len(row.hinders))])] if rows else []


def questions_about(own: OwnList, raised: Sequence[Question]) -> list[Question]:
    asked = list(raised[:2])
    asked += [("lower", [row]) for row in own.lower[:1]]
    asked += [("higher", [row]) for row in own.higher[:1]]
    if own.first:
        asked.append(("first", own.first[:MAX_SHOWN]))
    else:
        if own.network_first:
            asked.append(("network_first", own.network_first[:MAX_SHOWN]))
        asked.append(("unranked", []))
    return [*asked, ("decision", []), ("room", []), ("next_year", [])][:3]


def brief_for(government: Government, edition: Edition) -> Brief:
    """Raises WindowClosedError before the close."""
    investments = investments_of(government, edition)
    hinders = hindrances_of(government, edition)
    own = Placement.objects.filter(ballot__government=government, ballot__cast_at__isnull=False)
    of_entry: dict[str, Subquery] = {
        "own_place": Subquery(own.filter(entry=OuterRef("pk")).values("cast_place")[:1]),
        "own_reason": _reason_of(government, "body"),
        "place_then": _reason_of(government, "place_then"),
    }
    entries = Entry.objects.in_order().annotate(**of_entry)
    lists = list(edition.lists.in_order().prefetch_related(Prefetch("entries", entries)))
    tallies = Tally.objects.get_or_compute_each(lists, without=["figures"])
    own_lists = [_own_list(each, tallies[each.pk], government, investments, hinders) for each in lists]
    return Brief(government, edition, own_lists, government.current_member)


def _own_list(
    annual_list: AnnualList,
    tally: Tally,
    government: Government,
    investments: Mapping[int, Investment],
    hinders: Mapping[int, Sequence[Entry]],
) -> OwnList:
    counts = any(each["id"] == government.pk and each["cast"] for each in tally.roster)
    entries = list(annual_list.entries.all())
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
    ranks = _mid_ranks(entries, places) if counted else {}
    result_of = {row.entry: row for row in counted.rows} if counted else {}
    rows = []
    for entry in result_of or entries:
        at, result = standing(places, entry.slug), result_of.get(entry)
        shows_range = result and result.results.shows_figures and not result.is_steady
        rows.append(
            BriefRow(
                entry,
                own=at if result else None,
                rank=ranks.get(entry.slug, 0.0),
                network=(result.place, result.joint) if result else None,
                network_range=result.range if result and shows_range else None,
                of=len(entries),
                reason=_without_names(entry.own_reason),
                has_moved=bool(places) and (at[0] if at else None) != entry.place_then,
                investment=investments.get(entry.pk),
                hinders=hinders.get(entry.pk, ()),
            )
        )
    if counted:
        rows.sort(key=lambda row: row.rank)
    return OwnList(annual_list.words, counted, bool(places), rows)


def _mid_ranks(entries: Sequence[Entry], places: Mapping[str, int]) -> dict[str, float]:
    slugs = [entry.slug for entry in entries]
    profile = Profile.from_places(slugs, [[places.get(slug) for slug in slugs]])
    ranks = profile.ranks[0].tolist() if len(profile.rows) else [(len(slugs) + 1) / 2] * len(slugs)
    return dict(zip(slugs, ranks, strict=True))


def _reason_of(government: Government, field: str) -> Subquery:
    given = Note.objects.active().filter(kind="reason", government=government, entry=OuterRef("pk"))
    return Subquery(given.filter(audience__in=["government", "curators", "public"]).values(field)[:1])


def _without_names(body: str | None) -> str:
    return _MENTION.sub("another government", plain_text(body)) if body else ""
