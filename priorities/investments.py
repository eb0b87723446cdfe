"""Leaders and visitors see no figures below ten answers, and only those of investments they see."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.db.models import Exists, FilteredRelation, Q, Value
from django.utils.safestring import SafeString

from members.models import Government, PopulationBand, Viewer
from mixportal.editions.models import Edition, Entry
from mixportal.results import charts
from mixportal.results.disclosure import MIN_BALLOTS_FOR_FIGURES
from mixportal.tables.values import grouped
from priorities.models import Investment, audience_admits

Status = Investment.Status
BAR_CLASSES = (
    "bar-s",
    "bar",
    "bar-p",
    "bar-q",
    "bar-n",
)  # the last is for those that said nothing
KIND_PLURALS = {
    "city": "Cities",
    "county": "Counties",
    "consolidated": "City and county in one",
    "other": "Others",
}
MIN_GOVERNMENTS_DRAWN = 5


@dataclass(frozen=True)
class InvestmentGroup:
    title: str
    answers: Counter[str]
    of: int
    of_all: int  # of the longest bar

    @property
    def name(self) -> str:
        return f"{self.title} ({self.of})"

    @property
    def cells(self) -> list[int]:
        return [self.answers[status] for status in Status.values]

    @property
    def silent(self) -> int:
        return self.of - sum(self.cells)

    @property
    def bar(self) -> SafeString:
        counts = zip(BAR_CLASSES, [*self.cells, self.silent], strict=True)
        return charts.divided_bar(list(counts), self.of_all)


class InvestmentOverview:
    statuses = Status

    def __init__(self, priority: Entry, governments: list[Government], user: Viewer) -> None:
        self.priority, self.edition = priority, priority.edition
        self.is_insider = user.is_authenticated and user.is_insider
        self.seated = [government for government in governments if government.seat is not None]
        self.told: list[Investment] = []
        for government in governments:
            investment: Investment | None = getattr(government, "told_here", None)
            if investment is not None:
                investment.government = government
                self.told.append(investment)
        mine = user.government_id if user.is_authenticated else None
        self.own = next((each for each in self.told if each.government_id == mine), None)
        list_is_past = any(getattr(each, "list_is_past", False) for each in governments)
        self.may_tell = user.is_authenticated and user.is_voter and not list_is_past

    @cached_property
    def counted(self) -> list[Investment]:
        audiences = {"public", "members"} if self.is_insider else {"public"}
        return [each for each in self.told if each.government.seat is not None and each.audience in audiences]

    @property
    def shows_figures(self) -> bool:
        return bool(self.counted) and (self.is_insider or len(self.counted) >= MIN_BALLOTS_FOR_FIGURES)

    @cached_property
    def all(self) -> InvestmentGroup:
        return self._group("All governments", self.seated)

    @cached_property
    def _said(self) -> dict[int, str]:
        return {each.government_id: each.status for each in self.counted}

    def _group(self, title: str, members: Sequence[Government]) -> InvestmentGroup:
        """Count out of all seated governments for insiders, else out of public answers."""
        said = [self._said[government.pk] for government in members if government.pk in self._said]
        in_all = len(self.seated if self.is_insider else self._said)
        return InvestmentGroup(title, Counter(said), len(members if self.is_insider else said), in_all)

    @cached_property
    def by_kind(self) -> list[InvestmentGroup]:
        by_kind = grouped((government.kind, government) for government in self.seated)
        groups = [self._group(name, by_kind[kind]) for kind, name in KIND_PLURALS.items() if kind in by_kind]
        if self.is_insider:
            return groups
        groups = [group for group in groups if group.of]
        large = all(group.of >= MIN_BALLOTS_FOR_FIGURES for group in groups)
        return groups if large and len(groups) > 1 else []

    @cached_property
    def by_population(self) -> list[InvestmentGroup]:
        if not self.is_insider:
            return []
        by_band = grouped((government.population_band, government) for government in self.seated)
        return [self._group(band.label, by_band[band]) for band in PopulationBand if band in by_band]

    @property
    def groups(self) -> list[InvestmentGroup]:
        return [self.all, *self.by_kind, *self.by_population]

    @property
    def drawn(self) -> list[InvestmentGroup]:
        return [self.all, *(group for group in self.by_kind if group.of >= MIN_GOVERNMENTS_DRAWN)]

    @property
    def drawn_by_population(self) -> list[InvestmentGroup]:
        return [group for group in self.by_population if group.of >= MIN_GOVERNMENTS_DRAWN]

    def investor(self, slug: str) -> Government | None:
        return next((each.government for each in self.told if each.government.slug == slug), None)

    @cached_property
    def listed(self) -> list[Investment]:
        order = list(Status.values)
        return sorted(self.told, key=lambda each: (each is not self.own, order.index(each.status)))

    @cached_property
    def with_words(self) -> list[Investment]:
        return [each for each in self.listed if each.summary or each is self.own]

    @property
    def without_words(self) -> list[tuple[str, list[Government]]]:
        rest = [each for each in self.listed if not (each.summary or each is self.own)]
        by_status = groupby(rest, key=lambda each: each.get_status_display())
        return [(label, [each.government for each in found]) for label, found in by_status]


def governments_beside(edition: Edition) -> list[Government]:
    return list(Government.objects.annotate(list_is_past=_is_past(edition)).by_name())


def _is_past(edition: Edition) -> Exists | Value:
    later = Edition.objects.published().filter(year__gt=edition.year)
    return Exists(later) if edition.is_published else Value(False)


def investments_in(
    priority: Entry, user: Viewer, governments: list[Government] | None = None
) -> InvestmentOverview | None:
    """Ask one query, which takes half the time with `governments_beside`."""
    if governments is None:
        governments = _governments_with_told(priority, user)
    else:
        told = {each.government_id: each for each in Investment.objects.visible_to(user).filter(priority=priority.pk)}
        for government in governments:
            setattr(government, "told_here", told.get(government.pk))  # noqa: B010  as annotated
    overview = InvestmentOverview(priority, governments, user)
    return overview if overview.told or overview.may_tell else None


def _governments_with_told(priority: Entry, user: Viewer) -> list[Government]:
    told_here: str = "told_here"  # a variable for mypy
    relations: dict[str, FilteredRelation | Exists | Value] = {
        told_here: FilteredRelation(
            "investments",
            condition=Q(investments__priority=priority, investments__withdrawn_at__isnull=True)
            & audience_admits(user, "investments__"),
        ),
        "list_is_past": _is_past(priority.edition),
    }
    governments = Government.objects.annotate(**relations)
    known = governments.filter(Q(seat__isnull=False) | Q(told_here__isnull=False))
    return list(known.by_name().select_related(told_here))


def portfolio_of(government: Government, user: Viewer) -> dict[str, object] | None:
    told = Investment.objects.visible_to(user).filter(government=government)
    told = told.select_related("priority__annual_list__edition").newest_first()
    lists = [(edition, list(found)) for edition, found in groupby(told, key=lambda each: each.priority.edition)]
    is_own = user.is_authenticated and user.is_voter and user.government_id == government.pk
    return {"lists": lists, "is_own": is_own} if lists or is_own else None


def investments_of(government: Government, edition: Edition) -> dict[int, Investment]:
    told = Investment.objects.for_edition(edition).filter(government=government, withdrawn_at__isnull=True)
    return {each.priority_id: each for each in told}
