from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from members.models import Government, NotSeatedError, User, Viewer
from mixportal.editions.models import (
    Edition,
    Entry,
    EntryQuerySet,
    Kind,
    database_now,
    is_visible_to,
)
from mixportal.editions.saving import StaleError, Versioned, explain_refusal
from mixportal.editions.triggers import require_kind
from mixportal.tables.search_text import search_vector
from priorities.triggers import INVESTMENT_OF_A_CURRENT_LIST


class PriorityQuerySet(EntryQuerySet["Priority"]):
    pass


PriorityManagerBase = models.Manager.from_queryset(PriorityQuerySet)


class PriorityManager(PriorityManagerBase["Priority"]):
    def get_queryset(self) -> PriorityQuerySet:
        return PriorityQuerySet(self.model, using=self._db).filter(annual_list__kind=Kind.PRIORITIES)


class Priority(Entry):
    objects: ClassVar[PriorityManager] = PriorityManager()

    class Meta:
        proxy = True
        verbose_name_plural = "priorities"


class ListIsPastError(Exception):
    pass


class InvestmentQuerySet(models.QuerySet["Investment"]):
    def visible_to(self, user: Viewer) -> InvestmentQuerySet:
        current = self.filter(withdrawn_at__isnull=True)
        return current.filter(is_visible_to(user, "priority__annual_list__edition__"), audience_admits(user))

    def for_edition(self, edition: Edition) -> InvestmentQuerySet:
        return self.filter(priority__annual_list__edition=edition)

    def newest_first(self) -> InvestmentQuerySet:
        return self.order_by("-priority__annual_list__edition__year", "priority__position")


def audience_admits(user: Viewer, prefix: str = "") -> Q:
    audiences = [Investment.Audience.PUBLIC]
    if user.is_authenticated and user.is_insider:
        audiences.append(Investment.Audience.MEMBERS)
    admitted = Q(**{f"{prefix}audience__in": audiences})
    if user.is_authenticated and (user.is_voter or user.is_leader):
        admitted |= Q(**{f"{prefix}government": user.government_id})
    return admitted


@pghistory.track()
class Investment(Versioned):
    """Unlike ballots, investments are not sealed while voting is open."""

    class Status(models.TextChoices):
        IN_PLACE = "in_place", "In place"
        UNDER_WAY = "under_way", "Under way"
        PLANNED = "planned", "Planned"
        NOT_PLANNED = "not_planned", "Not planned"

    class Cost(models.TextChoices):
        NOT_STATED = "", "Not stated"
        TO_100K = "to_100k", "Under $100,000"
        TO_500K = "to_500k", "$100,000 to $500,000"
        TO_2M = "to_2m", "$500,000 to $2 million"
        TO_10M = "to_10m", "$2 to $10 million"
        ABOVE_10M = "above_10m", "Above $10 million"

    class Audience(models.TextChoices):
        GOVERNMENT = "government", "Our government alone"
        MEMBERS = "members", "All members of MIX"
        PUBLIC = "public", "Everybody"

    government = models.ForeignKey(Government, models.PROTECT, related_name="investments")
    priority = models.ForeignKey(Priority, models.PROTECT, related_name="investments")
    status = models.CharField(max_length=12, choices=Status.choices)
    cost = models.CharField(max_length=12, choices=Cost.choices, blank=True)
    staff = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    to_year = models.PositiveSmallIntegerField(null=True, blank=True)
    summary = models.CharField(max_length=800, blank=True)
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.MEMBERS)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = InvestmentQuerySet.as_manager()

    FACTS: ClassVar = ("status", "cost", "staff", "from_year", "to_year", "summary", "audience")

    class Meta:
        triggers: ClassVar = [require_kind("priority", "priorities"), INVESTMENT_OF_A_CURRENT_LIST]
        indexes: ClassVar = [GinIndex(search_vector("summary"), name="investment_words", fastupdate=False)]
        constraints = [
            models.UniqueConstraint(fields=["government", "priority"], name="investment_once_per_government"),
            models.CheckConstraint(
                name="investment_words_are_known",
                condition=Q(status__in=["planned", "under_way", "in_place", "not_planned"])
                & Q(cost__in=["", "to_100k", "to_500k", "to_2m", "to_10m", "above_10m"])
                & Q(audience__in=["government", "members", "public"]),
            ),
            models.CheckConstraint(
                name="investment_years_plausible",
                condition=(Q(from_year__isnull=True) | Q(from_year__range=(1966, 2200)))
                & (Q(to_year__isnull=True) | Q(to_year__range=(1966, 2200))),
                violation_error_message="Years are from 1966 to 2200.",
            ),
            models.CheckConstraint(
                name="investment_years_in_order",
                condition=Q(from_year__isnull=True) | Q(to_year__isnull=True) | Q(to_year__gte=models.F("from_year")),
                violation_error_message="The last year comes before the first.",
            ),
            models.CheckConstraint(
                name="investment_staff_not_negative",
                condition=Q(staff__isnull=True) | Q(staff__gte=0),
                violation_error_message="Staff are 0 or more.",
            ),
            models.CheckConstraint(
                name="investment_summary_is_one_paragraph",
                condition=~Q(summary__contains="\n"),
                violation_error_message="The summary is one paragraph.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.government}: {self.priority}"

    @property
    def years(self) -> str:
        first, last = self.from_year, self.to_year
        if first and last:
            return str(first) if first == last else f"{first} to {last}"
        return f"since {first}" if first else f"until {last}" if last else ""

    @property
    def details(self) -> list[str]:
        found = [self.get_cost_display()] if self.cost else []
        if self.staff is not None:
            found.append(f"staff: {self.staff.normalize():f}")
        return [*found, self.years] if self.years else found

    @property
    def shown_to(self) -> str:
        return {"government": "our government", "members": "members", "public": "public"}[self.audience]

    @staticmethod
    def can_change_in(edition: Edition) -> bool:
        return not (edition.is_published and Edition.objects.published().filter(year__gt=edition.year).exists())

    @classmethod
    def from_last_year(cls, priority: Priority, government: Government) -> Investment | None:
        earlier = cls.objects.filter(
            government=government,
            priority__in=priority.earlier_on_line(),
            withdrawn_at__isnull=True,
        )
        return earlier.select_related("priority__annual_list__edition").newest_first().first()

    @classmethod
    def record(
        cls,
        *,
        priority: Priority,
        government: Government,
        user: User,
        facts: dict[str, Any],
        version: int,
    ) -> Investment:
        """Save a value for each of FACTS. `version` is the one that the page showed, 0 for none.

        Raises ListIsPastError, NotSeatedError or StaleError.
        """
        with explain_refusal(lambda: cls._require_current_list(priority)):
            return cls._record(priority, government, user, facts, version)

    @classmethod
    def _record(
        cls,
        priority: Priority,
        government: Government,
        user: User,
        facts: dict[str, Any],
        version: int,
    ) -> Investment:
        investment = cls._get_locked(priority, government)
        now = database_now()
        if investment is None and version == 0:
            new = cls(
                priority=priority,
                government=government,
                version=1,
                updated_at=now,
                updated_by=user,
                **facts,
            )
            try:
                with transaction.atomic():
                    new.save(force_insert=True)
                return new
            except IntegrityError:
                investment = cls._get_locked(priority, government)
                if investment is None:
                    raise
        if investment is None:
            raise StaleError(cls(priority=priority, government=government))
        if investment.withdrawn_at is None and investment.facts == facts:
            return investment
        investment.advance(version)
        for name, value in facts.items():
            setattr(investment, name, value)
        investment.withdrawn_at, investment.updated_at, investment.updated_by = None, now, user
        investment.save()
        return investment

    @classmethod
    def withdraw(cls, *, priority: Priority, government: Government, user: User, version: int) -> None:
        """Raises as `record` does."""
        with explain_refusal(lambda: cls._require_current_list(priority)):
            investment = cls._get_locked(priority, government)
            if investment is None or investment.withdrawn_at is not None:
                return
            investment.advance(version)
            investment.withdrawn_at = investment.updated_at = database_now()
            investment.updated_by = user
            investment.save()

    @classmethod
    def _require_current_list(cls, priority: Priority) -> None:
        """Read the edition again, because a later list may be published now."""
        if not cls.can_change_in(Edition.objects.get(pk=priority.edition.pk)):
            raise ListIsPastError

    @classmethod
    def _get_locked(cls, priority: Priority, government: Government) -> Investment | None:
        priority.edition.lock_for_share()
        if not cls.can_change_in(priority.edition):
            raise ListIsPastError
        if not Government.objects.seated().filter(pk=government.pk).exists():
            raise NotSeatedError
        held = cls.objects.select_for_update(of=("self",)).select_related("updated_by")
        return held.filter(priority=priority, government=government).first()

    @property
    def facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.FACTS}
