"""Leaders and visitors see no count below ten answers, and none over 90 % exactly."""

from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString

from challenges.models import Hindrance, HindranceResponse
from members.models import Government, Viewer
from mixportal.consensus.withholding import is_nearly_all
from mixportal.editions.models import Edition, Entry, Kind
from mixportal.results import charts
from mixportal.results.disclosure import MIN_BALLOTS_FOR_FIGURES
from mixportal.tables.values import grouped


@dataclass(frozen=True)
class HindranceShare:
    count: int
    answered: int
    is_insider: bool
    entry: Entry | None = None

    @property
    def is_nearly_all(self) -> bool:
        return not self.is_insider and is_nearly_all(self.count, self.answered)

    @property
    def words(self) -> str:
        return "over 90 %" if self.is_nearly_all else str(self.count)

    @property
    def shade(self) -> int:
        return 5 - min(4, 5 * self.count // self.answered) if self.count else 0

    @property
    def bar(self) -> SafeString:
        return charts.share_bar(self.answered if self.is_nearly_all else self.count, self.answered)


def answers_in(edition: Edition) -> models.QuerySet[HindranceResponse]:
    return HindranceResponse.objects.filter(edition=edition, version__gt=0)


@dataclass(frozen=True)
class Obstacles:
    entry: Entry
    shares: list[HindranceShare]
    answered: int
    is_insider: bool
    may_answer: bool

    @property
    def shows_figures(self) -> bool:
        return bool(self.answered) and (self.is_insider or self.answered >= MIN_BALLOTS_FOR_FIGURES)

    @property
    def named(self) -> list[HindranceShare]:
        return [share for share in self.shares if share.count]

    @property
    def is_of_challenge(self) -> bool:
        return self.entry.kind == Kind.CHALLENGES

    @property
    def other_kind(self) -> Kind:
        return Kind.PRIORITIES if self.is_of_challenge else Kind.CHALLENGES


def obstacles_of(entry: Entry, user: Viewer) -> Obstacles | None:
    edition = entry.edition
    may_answer = user.is_authenticated and user.is_voter and edition.is_open
    is_insider = user.is_authenticated and user.is_insider
    if not edition.results_visible_to(user):
        return Obstacles(entry, [], 0, is_insider, True) if may_answer else None
    if entry.kind == Kind.CHALLENGES:
        counted_here = models.Count("hindered_by", filter=models.Q(hindered_by__challenge=entry))
    else:
        counted_here = models.Count("hindrances", filter=models.Q(hindrances__priority=entry))
    answered = answers_in(edition).order_by().values("edition").annotate(number=models.Count("pk")).values("number")
    other_kind = Entry.objects.filter(annual_list__edition=edition).exclude(annual_list=entry.annual_list_id)
    counts = other_kind.in_order().annotate(
        count=counted_here,
        answered=Coalesce(models.Subquery(answered), 0, output_field=models.IntegerField()),
    )
    found = sorted(counts, key=lambda other: (-other.count, other.position))
    number = found[0].answered if found else 0
    if not number:
        return None
    shares = [HindranceShare(other.count, number, is_insider, other) for other in found]
    return Obstacles(entry, shares, number, is_insider, False)


class HindranceGrid:
    def __init__(self, edition: Edition, user: Viewer) -> None:
        self.edition = edition
        self.is_insider = user.is_authenticated and user.is_insider
        self.is_voter = user.is_authenticated and user.is_voter
        self.is_known = edition.results_visible_to(user)
        self.knows_turnout = self.is_insider or self.is_known

    @cached_property
    def answered(self) -> int:
        return answers_in(self.edition).count()

    @property
    def shows_figures(self) -> bool:
        return self.is_known and self.answered > 0 and (self.is_insider or self.answered >= MIN_BALLOTS_FOR_FIGURES)

    @cached_property
    def challenges(self) -> list[Entry]:
        return list(self.edition.list_of(Kind.CHALLENGES).entries.in_order())

    @cached_property
    def rows(self) -> list[tuple[Entry, list[tuple[Entry, HindranceShare]]]]:
        found = Hindrance.objects.filter(response__edition=self.edition).values_list("challenge", "priority")
        counts = {(challenge, priority): n for challenge, priority, n in found.annotate(count=models.Count("pk"))}
        return [
            (
                priority,
                [
                    (
                        challenge,
                        HindranceShare(
                            counts.get((challenge.pk, priority.pk), 0),
                            self.answered,
                            self.is_insider,
                        ),
                    )
                    for challenge in self.challenges
                ],
            )
            for priority in self.edition.list_of(Kind.PRIORITIES).entries.in_order()
        ]

    @cached_property
    def most_named(self) -> list[tuple[Entry, Entry, HindranceShare]]:
        cells = [(challenge, priority, share) for priority, row in self.rows for challenge, share in row]
        most = max((share.count for *_, share in cells), default=0)
        return [cell for cell in cells if cell[2].count == most > 0]


def hindrances_of(government: Government, edition: Edition) -> dict[int, list[Entry]]:
    if not edition.has_results:
        return {}
    said = Hindrance.objects.filter(response__government=government, response__edition=edition)
    said = said.select_related("priority").order_by("priority__position")
    return grouped((each.challenge_id, each.priority) for each in said)
