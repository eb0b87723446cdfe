"""What each kind's comparison shares. The concrete models name their kind's tally as `tally_model`."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from mixportal import consensus
from mixportal.comparison import computing
from mixportal.editions.models import Edition, database_now
from mixportal.ranking.models import ComputedOnceManager
from mixportal.ranking.triggers import TALLY_STANDS


class ComparisonManager(ComputedOnceManager):
    """`of(edition)` computes it once, after the close, as that of a tally does."""

    def latest_of(self, edition: Edition) -> Any:
        """There is one, whatever happens to the tally."""
        return self.filter(edition=edition).first()

    def public_of(self, edition: Edition) -> dict[str, Any]:
        """What leaders and visitors may see, read without the rest."""
        stored = self.filter(edition=edition).values_list("public", flat=True).first()
        return self.of(edition).public if stored is None else stored


class Comparison(models.Model):
    """How one edition's ballots of one kind compare: likeness, map, cohorts. Stored beside the tally, and as final.

    `result` holds every government's ballot and is for members, delegates and curators; `public` is for everyone who
    sees the results.
    """

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="%(class)s")
    computed_at = models.DateTimeField()
    method_version = models.CharField(max_length=16)
    seed = models.BigIntegerField()
    result = models.JSONField()
    public = models.JSONField()

    tally_model: ClassVar[Any]

    objects: ClassVar[Any] = ComparisonManager()

    class Meta:
        abstract = True
        triggers: ClassVar = [TALLY_STANDS]

    def __str__(self) -> str:
        return f"Comparison of {self.edition}"

    @classmethod
    def compute(cls, edition: Edition) -> Self:
        """Compares the ballots that the tally counts and stores the result."""
        tally = cls.tally_model.objects.of(edition)
        cast = {government["id"]: government for government in tally.roster if government["cast"]}
        ballots = cls.tally_model.ballot_model.objects.filter(edition=edition, government__in=cast).cast()
        ballots = list(ballots.with_placements().order_by("government__slug"))
        slugs = tally.result["alternatives"]
        orders = [ballot.counted for ballot in ballots]
        profile = consensus.Profile.from_places(slugs, [[order.get(slug) for slug in slugs] for order in orders])
        governments = [cast[ballots[row].government_id] for row in profile.rows.tolist()]
        return cls.objects.create(
            edition=edition,
            computed_at=database_now(),
            method_version=consensus.METHOD_VERSION,
            seed=tally.seed,
            result=computing.for_members(profile, governments, seed=tally.seed),
            public=computing.for_everyone(profile, governments, seed=tally.seed),
        )
