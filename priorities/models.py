"""Priorities: what governments put first, and what they do about it. The abstract half is in mixportal/."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from members.models import Government
from mixportal.ballots.models import Ballot, NotSeated, Placement, Tally
from mixportal.ballots.triggers import placement_only_while_open
from mixportal.comparison.models import Comparison, Crosswalk
from mixportal.editions.models import Edition, Entry, Lineage, database_now
from mixportal.editions.saving import explain_refusal
from mixportal.editions.triggers import lineage_runs_forward
from mixportal.notes.models import Mention, Note, Same
from mixportal.notes.triggers import note_keeps_its_place
from mixportal.proposals.models import Proposal, Support
from mixportal.proposals.triggers import proposal_only_while_drafting, support_only_while_drafting
from priorities.triggers import INVESTMENT_OF_A_CURRENT_LIST


@pghistory.track()
class Priority(Entry):
    investments_involved = models.TextField(blank=True, help_text="For leaders: what money is spent on here.")
    more_field = "investments_involved"

    class Meta(Entry.Meta):
        abstract = False
        verbose_name_plural = "priorities"


@pghistory.track()
class PriorityLineage(Lineage):
    later = models.ForeignKey(Priority, models.CASCADE, related_name="continues")
    earlier = models.ForeignKey(Priority, models.PROTECT, related_name="continued_by")

    class Meta(Lineage.Meta):
        abstract = False
        verbose_name_plural = "lineage of priorities"
        triggers: ClassVar = [lineage_runs_forward("priorities_priority")]


@pghistory.track()
class PriorityBallot(Ballot):
    class Meta(Ballot.Meta):
        abstract = False
        verbose_name = "ballot of priorities"
        verbose_name_plural = "ballots of priorities"


@pghistory.track()
class PriorityPlacement(Placement):
    ballot = models.ForeignKey(PriorityBallot, models.CASCADE, related_name="placements")
    entry = models.ForeignKey(Priority, models.PROTECT, related_name="placements")

    class Meta(Placement.Meta):
        abstract = False
        triggers: ClassVar = [placement_only_while_open("priorities_priorityballot", "priorities_priority")]


@pghistory.track()
class PriorityTally(Tally):
    ballot_model = PriorityBallot

    class Meta(Tally.Meta):
        abstract = False
        verbose_name = "tally of priorities"
        verbose_name_plural = "tallies of priorities"


@pghistory.track()
class PriorityProposal(Proposal):
    entry = models.ForeignKey(Priority, models.SET_NULL, null=True, editable=False, related_name="proposals")
    into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged_in")

    class Meta(Proposal.Meta):
        abstract = False
        verbose_name = "proposed priority"
        verbose_name_plural = "proposed priorities"
        triggers: ClassVar = [proposal_only_while_drafting("priorities_priorityproposal", "priorities_priority")]


@pghistory.track()
class PrioritySupport(Support):
    proposal = models.ForeignKey(PriorityProposal, models.CASCADE, related_name="supports")

    class Meta(Support.Meta):
        abstract = False
        triggers: ClassVar = [support_only_while_drafting("priorities_priorityproposal")]


class ListIsPast(Exception):
    """A later list is published: what was told for this one stands."""


class Overtaken(Exception):
    """Somebody else saved since; `stored` is what stands now, None once removed. Nothing was written."""

    def __init__(self, stored: Investment | None) -> None:
        super().__init__("The investment has changed since this page was loaded.")
        self.stored = stored


class InvestmentQuerySet(models.QuerySet["Investment"]):
    def visible_to(self, user: Any) -> InvestmentQuerySet:
        """By audience, in the editions that the user sees.

        A government's own: its members, delegates and leaders see all it told. What is for members: members,
        delegates and curators, of every government. What is public: everybody who sees the edition.
        """
        seen = self.filter(priority__edition__in=Edition.objects.visible_to(user).values("pk"))
        return seen.filter(audience_admits(user))

    def of(self, edition: Edition) -> InvestmentQuerySet:
        return self.filter(priority__edition=edition)

    def newest_first(self) -> InvestmentQuerySet:
        """The newest list first, each in editorial order."""
        return self.order_by("-priority__edition__year", "priority__position")


def audience_admits(user: Any, prefix: str = "") -> Q:
    """Whether an investment's audience includes the user; `prefix` leads to the investment from elsewhere."""
    audiences = [Investment.Audience.PUBLIC]
    if user.is_authenticated and user.is_insider:
        audiences.append(Investment.Audience.MEMBERS)
    admitted = Q(**{f"{prefix}audience__in": audiences})
    if user.is_authenticated and (user.is_voter or user.is_leader):
        admitted |= Q(**{f"{prefix}government": user.government_id})
    return admitted


@pghistory.track()
class Investment(models.Model):
    """What a government does about a priority. A living fact: no opinion, so the seal does not cover it."""

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
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = InvestmentQuerySet.as_manager()

    TOLD: ClassVar = ("status", "cost", "staff", "from_year", "to_year", "summary", "audience")

    class Meta:
        triggers: ClassVar = [INVESTMENT_OF_A_CURRENT_LIST]
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
        """2024 to 2027; since 2024; until 2027."""
        first, last = self.from_year, self.to_year
        if first and last:
            return str(first) if first == last else f"{first} to {last}"
        return f"since {first}" if first else f"until {last}" if last else ""

    @property
    def facts(self) -> list[str]:
        """Cost, staff and years, as far as they are told."""
        found = [self.get_cost_display()] if self.cost else []
        if self.staff is not None:
            found.append(f"staff: {self.staff.normalize():f}")
        return [*found, self.years] if self.years else found

    @property
    def shown_to(self) -> str:
        """Its audience as a tag."""
        return {"government": "our government", "members": "members", "public": "public"}[self.audience]

    @staticmethod
    def may_change_in(edition: Edition) -> bool:
        """From the draft of a list until a later one is published."""
        return not (edition.is_published and Edition.objects.published().filter(year__gt=edition.year).exists())

    @classmethod
    def of_last_year(cls, priority: Priority, government: Government) -> Investment | None:
        """What the government told for the entry that this one continues, to keep or change."""
        earlier = cls.objects.filter(government=government, priority__in=priority.continues.values("earlier"))
        return earlier.select_related("priority__edition").newest_first().first()

    @classmethod
    def record(
        cls, *, priority: Priority, government: Government, user: Any, told: dict[str, Any], version: int
    ) -> Investment:
        """Stores what a government tells (`told`: a value for each of TOLD); `version` is what the page saw (0: none).

        Raises ListIsPast, NotSeated or Overtaken, and writes nothing then; a repeat is answered as saved.
        """
        with explain_refusal(lambda: cls._require_current_list(priority)):
            return cls._record(priority, government, user, told, version)

    @classmethod
    def _record(
        cls, priority: Priority, government: Government, user: Any, told: dict[str, Any], version: int
    ) -> Investment:
        stored = cls._held(priority, government)
        if stored is None and version == 0:
            known = cls._meta.get_field("events").related_model.objects.filter(
                priority_id=priority.pk, government_id=government.pk
            )
            # goes on from what was removed: a page that saw that one is still told that it is overtaken
            number = (known.aggregate(newest=models.Max("version"))["newest"] or 0) + 1
            new = cls(priority=priority, government=government, version=number, **told)
            new.updated_at, new.updated_by = database_now(), user
            try:
                with transaction.atomic():
                    new.save(force_insert=True)
                return new
            except IntegrityError:
                stored = cls._held(priority, government)
                if stored is None:
                    raise
        if stored is not None and stored.told == told:
            return stored
        if stored is None or stored.version != version:
            raise Overtaken(stored)
        for name, value in told.items():
            setattr(stored, name, value)
        stored.version += 1
        stored.updated_at, stored.updated_by = database_now(), user
        stored.save()
        return stored

    @classmethod
    def remove(cls, *, priority: Priority, government: Government, version: int) -> None:
        """Takes back what was told; the history keeps it. Raises as `record` does; a repeat is answered as removed."""
        with explain_refusal(lambda: cls._require_current_list(priority)):
            stored = cls._held(priority, government)
            if stored is not None and stored.version != version:
                raise Overtaken(stored)
            if stored is not None:
                stored.delete()

    @classmethod
    def _require_current_list(cls, priority: Priority) -> None:
        """Raises ListIsPast once a later list is published, whatever was read of this one before."""
        if not cls.may_change_in(Edition.objects.get(pk=priority.edition_id)):
            raise ListIsPast

    @classmethod
    def _held(cls, priority: Priority, government: Government) -> Investment | None:
        """What is stored, locked, once it is certain that it may be changed."""
        priority.edition.hold()
        if not cls.may_change_in(priority.edition):
            raise ListIsPast
        if not Government.objects.seated().filter(pk=government.pk).exists():
            raise NotSeated
        found = cls.objects.select_for_update(of=("self",)).select_related("updated_by")
        return found.filter(priority=priority, government=government).first()

    @property
    def told(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.TOLD}


class PriorityComparison(Comparison):
    """Without history: it never changes, and the tally it follows from is tracked."""

    tally_model = PriorityTally

    class Meta(Comparison.Meta):
        abstract = False
        verbose_name = "comparison of priorities"
        verbose_name_plural = "comparisons of priorities"


@pghistory.track()
class PriorityCrosswalk(Crosswalk):
    entry = models.ForeignKey(Priority, models.CASCADE, related_name="crosswalks")

    class Meta(Crosswalk.Meta):
        abstract = False
        verbose_name = "crosswalk of a priority"
        verbose_name_plural = "crosswalks of priorities"


@pghistory.track(exclude=["search"])
class PriorityNote(Note):
    entry = models.ForeignKey(Priority, models.PROTECT, related_name="notes")
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")

    class Meta(Note.Meta):
        abstract = False
        verbose_name = "note on a priority"
        verbose_name_plural = "notes on priorities"
        triggers: ClassVar = [note_keeps_its_place("priorities_prioritynote", "priorities_priority")]


@pghistory.track()
class PrioritySame(Same):
    note = models.ForeignKey(PriorityNote, models.CASCADE, related_name="sames")

    class Meta(Same.Meta):
        abstract = False


class PriorityMention(Mention):
    note = models.ForeignKey(PriorityNote, models.CASCADE, related_name="mentions")

    class Meta(Mention.Meta):
        abstract = False
