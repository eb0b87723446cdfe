"""What each kind's comparison shares (the concrete models name their kind's tally as `tally_model`), and outside lists.

An outside list is what another body published; a crosswalk says which of our entries an item of it means.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from mixportal import consensus
from mixportal.ballots.models import ComputedOnceManager
from mixportal.ballots.triggers import TALLY_STANDS
from mixportal.comparison import computing, outside_words
from mixportal.editions.models import Edition, database_now


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


class Certainty(models.TextChoices):
    """How well something is known."""

    STATED = "stated", "stated by the source"
    INFERRED = "inferred", "inferred"
    UNSURE = "unsure", "unsure"


class OutsideListQuerySet(models.QuerySet["OutsideList"]):
    def visible_to(self, user: Any) -> OutsideListQuerySet:
        """Curators see all; everybody else what is published."""
        if user.is_authenticated and user.is_curator:
            return self
        return self.filter(published_at__isnull=False)


@pghistory.track()
class OutsideList(models.Model):
    """One list that another body published in one year."""

    source = models.CharField(max_length=160, help_text="Who published it, in full.")
    short_name = models.CharField(
        max_length=60, help_text="As in: 2nd on the … list of 2018. For example: state CIOs’, National Counties’"
    )
    name = models.CharField(max_length=160, blank=True, help_text="Where a source has several lists in one year.")
    year = models.PositiveSmallIntegerField()
    url = models.URLField(max_length=400, blank=True, help_text="Where it can be read.")
    how_made = models.CharField(max_length=400, blank=True, help_text="Who was asked, and how it was counted.")
    licence = models.CharField(max_length=160, blank=True, help_text="What allows us to show it.")
    note = models.CharField(max_length=400, blank=True)
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="From when everybody sees it here; until then curators alone."
    )

    objects: ClassVar[Any] = OutsideListQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "source", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "name", "year"],
                name="outside_list_once",
                violation_error_message="That source’s list of that name and year is kept already.",
            ),
            models.CheckConstraint(
                name="outside_list_year_plausible",
                condition=Q(year__range=(1966, 2200)),
                violation_error_message="Years are from 1966 to 2200.",
            ),
            models.CheckConstraint(
                name="outside_list_is_a_web_address",
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
                violation_error_message="The address begins with https://",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {f'{self.name}, ' if self.name else ''}{self.year}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def publish(self) -> None:
        """From now on everybody sees it."""
        if not self.items.exists():
            raise ValidationError(f"{self} has no items: there is nothing to show.")
        if self.published_at is None:
            self.published_at = database_now()
            self.save(update_fields=["published_at"])


@pghistory.track()
class OutsideItem(models.Model):
    """One thing on an outside list: with a place, or how many named it, or neither where the list has no order."""

    list = models.ForeignKey(OutsideList, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=1, help_text="The order in which the source lists it.")
    title = models.CharField(max_length=200, help_text="As the source words it.")
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    tied = models.BooleanField(
        default=False,
        help_text="It shares its place with one that is not kept here. Equal places are seen as joint anyway.",
    )
    percent = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, blank=True, help_text="Of those asked, how many named it."
    )
    certainty = models.CharField(max_length=8, choices=Certainty.choices, default=Certainty.STATED)
    is_disputed = models.BooleanField("disputed", default=False, help_text="Sources contradict each other.")
    note = models.CharField(max_length=400, blank=True, help_text="What is disputed or inferred, and by whom.")

    class Meta:
        ordering = ("list", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["list", "title"],
                name="outside_item_once",
                violation_error_message="The list has an item of that title already.",
            ),
            models.CheckConstraint(
                name="outside_item_place_or_percent",
                condition=Q(place__isnull=True) | Q(percent__isnull=True),
                violation_error_message="Give a place or a percentage, not both.",
            ),
            models.CheckConstraint(
                name="outside_item_place_from_1",
                condition=Q(place__isnull=True) | Q(place__range=(1, 999)),
                violation_error_message="Places are from 1 to 999.",
            ),
            models.CheckConstraint(
                name="outside_item_tied_in_a_place",
                condition=Q(tied=False) | Q(place__isnull=False),
                violation_error_message="Only a place can be shared.",
            ),
            models.CheckConstraint(
                name="outside_item_percent_of_a_hundred",
                condition=Q(percent__isnull=True) | Q(percent__range=(0, 100)),
                violation_error_message="A percentage is from 0 to 100.",
            ),
            models.CheckConstraint(
                name="outside_item_certainty_known",
                condition=Q(certainty__in=["stated", "inferred", "unsure"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.list})"


class CrosswalkQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(item__list__in=OutsideList.objects.visible_to(user).values("pk"))

    def told(self) -> Self:
        """With item, list and entry at hand, and whether the item shares its place; the newest list first."""
        alike = OutsideItem.objects.filter(list=OuterRef("item__list"), place=OuterRef("item__place"))
        found = self.annotate(shares_place=Exists(alike.exclude(pk=OuterRef("item")))).select_related(
            "item__list", "entry"
        )
        return found.order_by("-item__list__year", "item__list__source", "item__position", "pk")


class Crosswalk(models.Model):
    """That an item of an outside list means one of our entries. Concrete models add `entry`."""

    item = models.ForeignKey(OutsideItem, models.CASCADE, related_name="%(class)ss")
    certainty = models.CharField(
        max_length=8,
        choices=Certainty.choices,
        default=Certainty.STATED,
        help_text="How sure it is that both mean the same.",
    )

    objects: ClassVar[Any] = CrosswalkQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "item"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message="That crosswalk is kept already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_certainty_known",
                condition=Q(certainty__in=["stated", "inferred", "unsure"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.title}: {self.entry}"

    # As pages say it; read with `told()`.

    @property
    def is_joint(self) -> bool:
        return self.item.tied or self.shares_place

    @property
    def words(self) -> str:
        """2nd on the state CIOs’ list of 2018."""
        item = self.item
        return outside_words.standing(
            item.place, item.percent, item.list.short_name, item.list.year, joint=self.is_joint
        )

    @property
    def doubts(self) -> str:
        """What is not certain of it; empty where all is."""
        return outside_words.doubts(self.item.certainty, self.certainty, disputed=self.item.is_disputed)

    @property
    def told(self) -> str:
        """Both in one line, for exports."""
        return f"{self.words} ({self.doubts[:1].lower()}{self.doubts[1:]})" if self.doubts else self.words
