"""What governments say they do: on a priority's page, and on the page of one government.

Everything counted here also stands below the figure by name, for the same reader: leaders and visitors are shown, and
counted, what is public; members, delegates and curators what is for members too. So no figure tells more than the list.
What a government keeps to itself is in nobody's figure, its own included. Under ten answers leaders and visitors get
words alone, as with ballots (DESIGN rule 3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.db.models import Exists, FilteredRelation, Q, Value
from django.utils.safestring import SafeString

from members.models import Government, PopulationBand, Viewer
from mixportal.editions.models import Edition, Entry
from mixportal.results import charts
from mixportal.results.results import MIN_BALLOTS_FOR_FIGURES
from mixportal.tables.text import counted, listed
from priorities.models import Investment, audience_admits

Status = Investment.Status
CLASSES = {"in_place": "bar-s", "under_way": "bar", "planned": "bar-q", "not_planned": "bar-n"}
PLURALS = {"city": "Cities", "county": "Counties", "consolidated": "City and county in one", "other": "Others"}
UNFOLDED = 4  # governments whose words are read without unfolding


@dataclass(frozen=True)
class Group:
    """A cohort, or all: how many of its governments give each answer, out of `of`."""

    name: str
    answers: Counter
    of: int

    @property
    def cells(self) -> list[int]:
        return [self.answers[status] for status in Status.values]

    @property
    def silent(self) -> int:
        return self.of - sum(self.cells)

    @property
    def words(self) -> str:
        return f"{self.name}: {self.answers[Status.IN_PLACE]} in place, {self.answers[Status.UNDER_WAY]} under way"


class InvestmentOverview:
    """What the network does about one priority, for one viewer."""

    statuses = Status

    def __init__(self, priority: Entry, governments: Iterable[Government], user: Viewer, status: str = "") -> None:
        self.priority, self.edition = priority, priority.edition
        self.is_insider = user.is_authenticated and user.is_insider
        governments = list(governments)
        self.seated = [government for government in governments if government.seat is not None]
        self.told = [government for government in governments if government.told is not None]
        self.status = status if status in Status.values else ""
        mine = user.government_id if user.is_authenticated else None
        self.own = next((g.told for g in self.told if g.pk == mine), None)
        is_past = any(government.list_is_past for government in governments)
        self.may_tell = user.is_authenticated and user.is_voter and not is_past

    @cached_property
    def counted(self) -> list[Government]:
        audiences = {"public", "members"} if self.is_insider else {"public"}
        return [g for g in self.seated if g.told is not None and g.told.audience in audiences]

    @property
    def shows_figures(self) -> bool:
        return bool(self.counted) and (self.is_insider or len(self.counted) >= MIN_BALLOTS_FOR_FIGURES)

    @cached_property
    def all(self) -> Group:
        return self._group("All governments", self.seated)

    def _group(self, name: str, members: Iterable[Government]) -> Group:
        """Of all that hold a seat for insiders; for others of those that said so publicly."""
        members = list(members)
        said = [government for government in members if government in self.counted]
        of = len(members if self.is_insider else said)
        return Group(f"{name} ({of})", Counter(government.told.status for government in said), of)

    @cached_property
    def groups(self) -> list[Group]:
        """By kind and by population. For leaders and visitors by kind alone, where each part has ten answers."""
        kinds = [(PLURALS[kind], [g for g in self.seated if g.kind == kind]) for kind in Government.Kind.values]
        by_kind = [self._group(name, members) for name, members in kinds if members]
        if self.is_insider:
            bands = [
                (
                    label if number else f"Population {label.lower()}",
                    [g for g in self.seated if g.population_band == band],
                )
                for number, (band, label) in enumerate(PopulationBand.choices)
            ]
            return [self.all, *by_kind, *(self._group(name, members) for name, members in bands if members)]
        by_kind = [group for group in by_kind if group.of]
        large = all(group.of >= MIN_BALLOTS_FOR_FIGURES for group in by_kind)
        return [self.all, *by_kind] if large and len(by_kind) > 1 else [self.all]

    @property
    def sentence(self) -> str:
        if not self.counted:
            return ""
        if not self.shows_figures:
            return (
                f"Fewer than {MIN_BALLOTS_FOR_FIGURES} governments have said in public what they do, "
                "so nothing is counted."
            )
        have = "has" if self.all.answers["under_way"] == 1 else "have"
        of = f" of {counted(self.all.of, 'government', 'governments')}" if self.is_insider else ""
        parts = [f"{self.all.answers['under_way']}{of} {have} it under way", f"{self.all.answers['in_place']} in place"]
        for status, words in (("planned", "planned"), ("not_planned", "not planned")):
            if self.all.answers[status]:
                parts.append(f"{self.all.answers[status]} {words}")
        said = listed(parts)
        if not self.is_insider:
            return f"Of the {len(self.counted)} governments that said so publicly, {said}."
        return f"{said}. {counted(self.all.silent, 'has', 'have')} not said." if self.all.silent else f"{said}."

    @property
    def picture(self) -> SafeString:
        rows = [
            (group.words, [(CLASSES[status], group.answers[status]) for status in Status.values], group.of)
            for group in self.groups
        ]
        said = "; ".join(f"{group.words} of {group.of}" for group in self.groups)
        return charts.shares(f"{self.priority.title}: {said}.", rows)

    @property
    def filters(self) -> list[tuple[str, str, int]]:
        """(status, words, how many) of those listed."""
        found = Counter(g.told.status for g in self.told)
        return [(status, str(label), found[status]) for status, label in Status.choices if found[status]]

    @cached_property
    def listed(self) -> list[Government]:
        """One's own first, then by how far it is, by name."""
        order = list(Status.values)
        shown = [g for g in self.told if not self.status or g.told.status == self.status]
        return sorted(shown, key=lambda g: (g.told is not self.own, order.index(g.told.status)))

    @property
    def with_words(self) -> list[Government]:
        return [g for g in self.listed if g.told.summary or g.told is self.own]

    @property
    def first_words(self) -> list[Government]:
        return self.with_words[:UNFOLDED]

    @property
    def more_words(self) -> list[Government]:
        return self.with_words[UNFOLDED:]

    @property
    def without_words(self) -> list[tuple[str, list[Government]]]:
        rest = [g for g in self.listed if g not in self.with_words]
        return [(label, list(found)) for label, found in groupby(rest, key=lambda g: g.told.get_status_display())]


def investments_in(priority: Entry, user: Viewer, status: str = "") -> InvestmentOverview | None:
    """Return what governments do about a priority as far as the user may know; None with nothing to show or to say.

    One query: every government that holds a seat or has said something, with what it said.
    """
    told = FilteredRelation(
        "investments",
        condition=Q(investments__priority=priority, investments__withdrawn_at__isnull=True)
        & audience_admits(user, "investments__"),
    )
    later = Edition.objects.published().filter(year__gt=priority.edition.year)
    is_past = Exists(later) if priority.edition.is_published else Value(False)
    governments = Government.objects.annotate(told_here=told, list_is_past=is_past).select_related("told_here")
    known = governments.filter(Q(seat__isnull=False) | Q(told_here__isnull=False)).by_name()
    found = list(known)
    for government in found:
        government.told = getattr(government, "told_here", None)
    overview = InvestmentOverview(priority, found, user, status)
    return overview if overview.told or overview.may_tell else None


@dataclass(frozen=True)
class Portfolio:
    """What one government does, list by list, as far as the viewer may know."""

    government: Government
    lists: list[tuple[Edition, list[Investment]]]
    is_own: bool


def portfolio_of(government: Government, user: Viewer) -> Portfolio | None:
    """Return what a government does as far as the user may know; None with nothing to show or to say."""
    told = Investment.objects.visible_to(user).filter(government=government)
    told = told.select_related("priority__annual_list__edition").newest_first()
    lists = [(edition, list(found)) for edition, found in groupby(told, key=lambda each: each.priority.edition)]
    is_own = user.is_authenticated and user.is_voter and user.government_id == government.pk
    return Portfolio(government, lists, is_own) if lists or is_own else None


@dataclass(frozen=True)
class InvestmentSummary:
    """What one government does about the priorities of one list, for its own leaders: all it told, in its order."""

    told: list[Investment]
    first: Sequence[Entry]

    @property
    def sentence(self) -> str:
        found = Counter(each.status for each in self.told)
        parts = [f"{found[status]} {label.lower()}" for status, label in Status.choices if found[status]]
        return f"Of {counted(len(self.told), 'priority', 'priorities')} we have said what we do: {listed(parts)}."

    @property
    def questions(self) -> list[str]:
        """Of our first three, the first that nothing is done about as far as we have said."""
        stands = {each.priority_id: each.status for each in self.told}
        for number, priority in enumerate(self.first[:3]):
            where = "first on our list" if number == 0 else "among our first three"
            if priority.pk not in stands:
                return [f"{priority.title} stands {where}. What are we doing about it?"]
            if stands[priority.pk] == Status.NOT_PLANNED:
                return [f"{priority.title} stands {where}, and nothing is planned. What would a first step cost?"]
        return []


def investments_of(government: Government, edition: Edition, first: Sequence[Entry]) -> InvestmentSummary | None:
    """Return what a government does about the priorities of an edition, in its own order `first`."""
    order = {priority.pk: number for number, priority in enumerate(first)}
    told = (
        Investment.objects.for_edition(edition)
        .filter(government=government, withdrawn_at__isnull=True)
        .select_related("priority")
    )
    found = sorted(told, key=lambda each: (order.get(each.priority_id, len(order)), each.priority.position))
    return InvestmentSummary(found, first) if found or first else None
