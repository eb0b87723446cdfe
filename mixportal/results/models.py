from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import ClassVar

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from members.models import Government, User, Viewer
from mixportal import consensus
from mixportal.ballots.models import Ballot, BallotQuerySet
from mixportal.editions.models import AnnualList, Edition, WindowClosedError, database_now
from mixportal.results import computing
from mixportal.results.computing import Comparison
from mixportal.results.disclosure import PublicTally, public_tally
from mixportal.results.splits import RosterRow
from mixportal.results.triggers import TALLY_NEVER_CHANGES


class TallyQuerySet(models.QuerySet["Tally"]):
    def latest_for(self, annual_list: AnnualList) -> Tally | None:
        return self.latest_of_each([annual_list]).first()

    def latest_of_each(self, lists: Sequence[AnnualList]) -> TallyQuerySet:
        latest_first = self.filter(annual_list__in=lists).order_by("annual_list", "-number")
        return latest_first.distinct("annual_list").with_decider()

    def with_decider(self) -> TallyQuerySet:
        return self.annotate(decider=F("decided_by__name"))


TallyManagerBase = models.Manager.from_queryset(TallyQuerySet)


class TallyManager(TallyManagerBase["Tally"]):
    def get_or_compute(self, annual_list: AnnualList, *, without: Sequence[str] = ()) -> Tally:
        """Return the latest tally of a list, or compute and store the first one.

        Lock the edition's row, so that only the first of many readers computes. Raises
        WindowClosedError.
        """
        stored = self.latest_of_each([annual_list]).defer(*without).first()
        if stored is not None:
            return stored
        with transaction.atomic():
            edition = annual_list.edition.lock_for_update()
            if not edition.has_results:
                raise WindowClosedError(edition)
            return self.latest_for(annual_list) or Tally.compute(annual_list)

    def counted_ballots(self, annual_list: AnnualList, user: Viewer) -> BallotQuerySet:
        """Return the ballots in the tally that the user may see, by government."""
        counts = [row["id"] for row in self.get_or_compute(annual_list).roster if row["cast"]]
        found = annual_list.ballots.visible_to(user).filter(government__in=counts)
        return found.cast().with_placements().by_government()

    def get_or_compute_each(self, lists: Sequence[AnnualList], *, without: Sequence[str] = ()) -> dict[int, Tally]:
        latest = self.latest_of_each(lists).defer("comparison", *without)
        stored = {tally.annual_list_id: tally for tally in latest}
        return {annual_list.pk: stored.get(annual_list.pk) or self.get_or_compute(annual_list) for annual_list in lists}

    @transaction.atomic
    def count_again(self, annual_list: AnnualList, *, reason: str, user: User) -> Tally:
        """Store another tally of the same ballots. Raises ValidationError."""
        if not reason.strip():
            raise ValidationError({"reason": "Say why the ballots are counted again. Everyone reads the reason."})
        if not annual_list.edition.lock_for_update().has_results:
            raise ValidationError("The ballots have not been counted yet, so they cannot be counted again.")
        stored = self.get_or_compute(annual_list)
        return Tally.compute(annual_list, number=stored.number + 1, reason=reason.strip(), decided_by=user)


@pghistory.track()
class Tally(models.Model):
    annual_list = models.ForeignKey(AnnualList, models.PROTECT, related_name="tallies")
    number = models.PositiveSmallIntegerField(default=1, help_text="2 where the first proved wrong, and so on.")
    reason = models.TextField(blank=True, help_text="Why it was counted again.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    computed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    method_version = models.CharField(max_length=16)
    seed = models.BigIntegerField()
    roster: models.JSONField[Sequence[RosterRow], list[RosterRow]] = models.JSONField(
        help_text="The governments seated at the close, and whether each cast this list."
    )
    figures = models.JSONField(help_text="Aggregates, for viewers who may see ballots.")
    comparison: models.JSONField[Comparison, Comparison] = models.JSONField(
        help_text="Places by government, likeness, map and cohorts. Never sent whole."
    )
    public: models.JSONField[PublicTally, PublicTally] = models.JSONField(
        help_text="What leaders and visitors may see."
    )

    objects: ClassVar[TallyManager] = TallyManager()

    class Meta:
        verbose_name_plural = "tallies"
        triggers: ClassVar = [TALLY_NEVER_CHANGES]
        constraints = [
            models.UniqueConstraint(fields=["annual_list", "number"], name="tally_numbered"),
            models.CheckConstraint(
                name="tally_counted_again_with_a_reason",
                condition=Q(number=1, reason="", decided_by__isnull=True)
                | Q(number__gt=1, decided_by__isnull=False) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Tally of {self.annual_list}"

    @property
    def edition(self) -> Edition:
        return self.annual_list.edition

    @classmethod
    def compute(
        cls,
        annual_list: AnnualList,
        *,
        number: int = 1,
        reason: str = "",
        decided_by: User | None = None,
    ) -> Tally:
        """Count and store the ballots of the governments seated at the close."""
        edition = annual_list.edition
        assert edition.closes_at is not None
        roster = Government.objects.seated_at(edition.closes_at)
        seated = {government["id"]: government for government in roster}
        cast = Ballot.objects.filter(annual_list=annual_list).cast().with_placements().order_by("government__slug")
        ballots = [ballot for ballot in cast if ballot.government_id in seated]
        casting = {ballot.government_id for ballot in ballots}
        entered = {ballot.government_id for ballot in ballots if ballot.entered_by_id is not None}
        roster = [
            {
                **government,
                "cast": government["id"] in casting,
                "entered": government["id"] in entered,
            }
            for government in roster
        ]
        slugs = [entry.slug for entry in annual_list.entries.in_order()]
        orders = [ballot.counted for ballot in ballots]
        profile = consensus.Profile.from_places(slugs, [[places.get(slug) for slug in slugs] for places in orders])
        governments = [seated[ballots[row].government_id] for row in profile.rows.tolist()]
        digest = hashlib.sha256("\n".join(ballot.receipt for ballot in ballots).encode()).hexdigest()
        figures = consensus.count(profile, seed=edition.year, missing=len(roster) - len(ballots))
        return cls.objects.create(
            annual_list=annual_list,
            number=number,
            reason=reason,
            decided_by=decided_by,
            computed_at=database_now(),
            digest=digest,
            method_version=consensus.METHOD_VERSION,
            seed=edition.year,
            roster=roster,
            figures=figures,
            comparison=computing.for_members(profile, governments, seed=edition.year),
            public=public_tally(profile, figures, governments, seed=edition.year, digest=digest),
        )

    @property
    def earlier_numbers(self) -> range:
        return range(1, self.number)

    @property
    def seats(self) -> int:
        return len(self.roster)

    @property
    def cast(self) -> int:
        return sum(1 for government in self.roster if government["cast"])

    @property
    def entered(self) -> int:
        return sum(1 for government in self.roster if government["entered"])
