"""What each kind's ballots, placements and tally share. The concrete models add their own foreign keys."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Collate, Lower, Now

from members.models import Government
from mixportal import consensus
from mixportal.ballots import announce, order
from mixportal.ballots.outside import ENTERED_WITH_A_REASON, FromOutside
from mixportal.ballots.refusals import NothingRanked, NotSeated, Stale
from mixportal.ballots.triggers import BALLOT_ONLY_WHILE_OPEN, TALLY_STANDS
from mixportal.editions.models import Edition, WindowClosed, database_now
from mixportal.editions.saving import save_while_open

SAVE, CAST, UNCAST = "save", "cast", "uncast"


class BallotQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The seal (DESIGN rules 1, 2): before the close a ballot is its own government's alone, curators included."""
        if not user.is_authenticated:
            return self.none()
        own = Q(government=user.government_id) if user.government_id else Q(pk__in=[])
        after_close = Q(edition__closes_at__lte=Now())
        if user.is_insider:
            cast_by_anyone = after_close & Q(cast_at__isnull=False)
            return self.filter((own if user.is_voter else Q(pk__in=[])) | cast_by_anyone)
        if user.is_leader:
            return self.filter(own & after_close & Q(cast_at__isnull=False))
        return self.none()

    def cast(self) -> Self:
        return self.filter(cast_at__isnull=False)

    def with_placements(self) -> Self:
        """With the government and, in editorial order, the placements and their entries."""
        placements = self.model.placements.rel.related_model.objects.select_related("entry")
        return self.select_related("government").prefetch_related(
            models.Prefetch("placements", placements.order_by("entry__position"))
        )

    def own_counted(self, user: Any, edition: Edition) -> order.Places | None:
        """The cast order of the user's government, by slug, as far as the user may see it; None without one."""
        if not (user.is_authenticated and user.government_id):
            return None
        placed = self.visible_to(user).cast().filter(edition=edition, government=user.government_id)
        pairs = placed.values_list("placements__entry__slug", "placements__cast_place")
        counted = {slug: place for slug, place in pairs if place is not None}
        return counted or None

    def by_government(self) -> Self:
        return self.order_by(Collate(Lower("government__name"), "C"))


class Ballot(FromOutside, models.Model):
    """One government's weak order of one edition's entries of one kind.

    `place` on its placements is the working order, `cast_place` the order that counts; they differ after an edit.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="%(class)ss")
    government = models.ForeignKey(Government, models.PROTECT, related_name="%(class)ss")
    version = models.PositiveIntegerField(default=0)
    cast_at = models.DateTimeField(null=True, blank=True)
    cast_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(null=True, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = BallotQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers: ClassVar = [BALLOT_ONLY_WHILE_OPEN]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "government"], name="%(app_label)s_%(class)s_one_per_government"
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_cast_by_someone",
                condition=Q(cast_at__isnull=True, cast_by__isnull=True)
                | Q(cast_at__isnull=False, cast_by__isnull=False),
            ),
            ENTERED_WITH_A_REASON,
        ]

    def __str__(self) -> str:
        return f"{self.government}, {self.edition}"

    @property
    def is_cast(self) -> bool:
        return self.cast_at is not None

    @property
    def working(self) -> order.Places:
        """The working order by slug."""
        return {p.entry.slug: p.place for p in self.placements.all() if p.place is not None}

    @property
    def counted(self) -> order.Places:
        """The cast order by slug: what the tally uses."""
        return {p.entry.slug: p.cast_place for p in self.placements.all() if p.cast_place is not None}

    @property
    def has_edits_since_cast(self) -> bool:
        return self.is_cast and self.working != self.counted

    @property
    def receipt(self) -> str:
        """SHA-256 of the cast order; the row of ballots.csv gives the same (`receipt_of`)."""
        return receipt_of(self.government.slug, self.counted)

    @classmethod
    def record(
        cls,
        *,
        edition: Edition,
        government: Government,
        user: Any,
        places: Mapping[str, int],
        version: int,
        action: str = SAVE,
    ) -> Self:
        """Saves, casts or withdraws (`action`) a government's order and returns the ballot as stored.

        `places` maps slugs of the edition's entries to places, `version` is what the page saw (0: no ballot yet).
        Raises WindowClosed, NotSeated, NothingRanked or Stale, and writes nothing then; a repeat of what is stored
        already is answered as saved. A deadlock is tried again, at most three times (DESIGN rules 4 and 5).
        """
        return save_while_open(
            edition, lambda: cls._record(edition, government, user, order.close_gaps(places), version, action)
        )

    @classmethod
    def _held(cls, edition: Edition, government: Government) -> Self:
        """The ballot, made if need be and locked, in an open window that does not move until the transaction ends."""
        edition.hold()
        edition.require_open()
        if not Government.objects.seated().filter(pk=government.pk).exists():
            raise NotSeated
        cls.objects.bulk_create([cls(edition=edition, government=government)], ignore_conflicts=True)
        ballot = (
            cls.objects.select_for_update(of=("self",))
            .select_related("updated_by", "cast_by", "entered_by")
            .with_placements()  # read once the lock is held
            .get(edition=edition, government=government)
        )
        ballot.edition = edition
        edition.require_open()  # again: the lock may have been waited for across the close
        return ballot

    @classmethod
    def _record(
        cls, edition: Edition, government: Government, user: Any, places: order.Places, version: int, action: str
    ) -> Self:
        ballot = cls._held(edition, government)
        working, counted = ballot.working, ballot.counted
        if action == CAST and not places:
            raise NothingRanked
        cast_wanted = {SAVE: counted, CAST: places, UNCAST: {}}[action]
        is_cast_wanted = {SAVE: ballot.is_cast, CAST: True, UNCAST: False}[action]
        becomes_own = action == CAST and ballot.entered_by_id is not None
        as_wanted = working == places and counted == cast_wanted and ballot.is_cast == is_cast_wanted
        if as_wanted and not becomes_own:
            return ballot  # a repeat, whatever version it saw
        if ballot.version != version:
            raise Stale(ballot)
        ballot._place(places, cast_wanted)
        ballot.version += 1
        ballot.updated_at, ballot.updated_by = database_now(), user
        if action == CAST:
            ballot.cast_at, ballot.cast_by = ballot.updated_at, user
        elif action == UNCAST:
            ballot.cast_at = ballot.cast_by = None
        if action != SAVE:
            ballot.entered_by, ballot.entered_reason = None, ""
        ballot._save()
        if action != SAVE:
            announce.tell_the_other(ballot, user)
        return ballot

    def _save(self) -> None:
        self.save(
            update_fields=[
                "version", "updated_at", "updated_by", "cast_at", "cast_by", "entered_by", "entered_reason",
            ]
        )  # fmt: skip

    def _place(self, working: order.Places, counted: order.Places) -> None:
        """Writes the placements that differ, and no other."""
        placement = self.placements.model
        stored = {p.entry.slug: p for p in self.placements.all()}
        changed = []
        for slug, known in stored.items():
            wanted = working.get(slug), counted.get(slug)
            if (known.place, known.cast_place) != wanted:
                known.place, known.cast_place = wanted
                changed.append(known)
        entries = placement.entry.field.related_model.objects.filter(edition=self.edition_id)
        new = [
            placement(ballot=self, entry=entry, place=working.get(entry.slug), cast_place=counted.get(entry.slug))
            for entry in entries.filter(slug__in=(working.keys() | counted.keys()) - stored.keys())
        ]
        placement.objects.bulk_update(changed, ["place", "cast_place"])
        placement.objects.bulk_create(new)
        placements = sorted([*stored.values(), *new], key=lambda each: each.entry.position)
        self._prefetched_objects_cache = {"placements": placements}


def receipt_of(government: str, counted: Mapping[str, int]) -> str:
    """SHA-256, in hexadecimal, of `government` and the lines `slug,place` by slug: the same for page and export."""
    lines = [government, *(f"{slug},{place}" for slug, place in sorted(counted.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class Placement(models.Model):
    """One entry's place on a ballot. Concrete models add `ballot` and `entry`, both related as `placements`."""

    place = models.PositiveSmallIntegerField(null=True, blank=True)
    cast_place = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["ballot", "entry"], name="%(app_label)s_%(class)s_once_per_entry"),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_places_from_1",
                condition=(Q(place__isnull=True) | Q(place__gte=1))
                & (Q(cast_place__isnull=True) | Q(cast_place__gte=1)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.place or 'not ranked'}"


class ComputedOnceManager(models.Manager):
    """Of a model that `compute(edition)` makes from the ballots that count."""

    def of(self, edition: Edition) -> Any:
        """What is stored for the edition; computed now, once, if the ballots have closed and nobody has asked before.

        Many readers at once: the first holds the edition's row, the others wait and read what it stored. Raises
        WindowClosed while there is nothing to count yet.
        """
        stored = self.latest_of(edition)
        if stored is not None:
            return stored
        with transaction.atomic():
            Edition.objects.select_for_update().get(pk=edition.pk)
            edition = Edition.objects.get(pk=edition.pk)
            if not edition.has_results:
                raise WindowClosed(edition)
            return self.latest_of(edition) or self.model.compute(edition)

    def latest_of(self, edition: Edition) -> Any:
        """None before the first."""
        return self.filter(edition=edition).first()


class TallyManager(ComputedOnceManager):
    def latest_of(self, edition: Edition) -> Any:
        """Of several counts the last one."""
        return self.filter(edition=edition).select_related("decided_by").order_by("-number").first()

    @transaction.atomic
    def again(self, edition: Edition, *, reason: str, user: Any) -> Any:
        """Counts the same ballots once more, for all to see beside the first; neither disappears.

        Raises ValidationError without a reason and before the close.
        """
        if not reason.strip():
            raise ValidationError({"reason": "Say why the ballots are counted again: everyone reads the reason."})
        Edition.objects.select_for_update().get(pk=edition.pk)
        edition = Edition.objects.get(pk=edition.pk)
        if not edition.has_results:
            raise ValidationError("Ballots are counted after their close: there is nothing to count again.")
        stored = self.of(edition)
        return self.model.compute(edition, number=stored.number + 1, reason=reason.strip(), decided_by=user)


class Tally(models.Model):
    """The stored result of one kind in one edition. Concrete models name their kind's ballot as `ballot_model`."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="%(app_label)s_tallies")
    number = models.PositiveSmallIntegerField(default=1, help_text="2 where the first proved wrong, and so on.")
    reason = models.TextField(blank=True, help_text="Why it was counted again.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    computed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    method_version = models.CharField(max_length=16)
    seed = models.BigIntegerField()
    roster = models.JSONField()
    result = models.JSONField()

    ballot_model: ClassVar[Any]

    objects: ClassVar[Any] = TallyManager()

    class Meta:
        abstract = True
        verbose_name_plural = "tallies"
        triggers: ClassVar = [TALLY_STANDS]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="%(app_label)s_%(class)s_numbered"),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_again_with_a_reason",
                condition=Q(number=1, reason="", decided_by__isnull=True)
                | Q(number__gt=1, decided_by__isnull=False) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Tally of {self.edition}"

    @classmethod
    def compute(cls, edition: Edition, **again: Any) -> Self:
        """Counts the cast ballots of the governments seated at the close and stores the result.

        `again` is what sets a later count apart: its number, reason and who decided.
        """
        roster = Government.objects.seated_at(edition.closes_at)
        seated = {government["id"] for government in roster}
        ballots = [
            ballot
            for ballot in cls.ballot_model.objects.filter(edition=edition)
            .cast()
            .with_placements()
            .order_by("government__slug")
            if ballot.government_id in seated
        ]
        cast = {ballot.government_id for ballot in ballots}
        entries = cls.ballot_model.placements.rel.related_model.entry.field.related_model.objects.of(edition)
        slugs = [entry.slug for entry in entries]
        orders = [ballot.counted for ballot in ballots]
        profile = consensus.Profile.from_places(slugs, [[places.get(slug) for slug in slugs] for places in orders])
        return cls.objects.create(
            edition=edition,
            **again,
            computed_at=database_now(),
            digest=hashlib.sha256("\n".join(ballot.receipt for ballot in ballots).encode()).hexdigest(),
            method_version=consensus.METHOD_VERSION,
            seed=edition.year,
            roster=[{**government, "cast": government["id"] in cast} for government in roster],
            result=consensus.count(profile, seed=edition.year),
        )

    @property
    def earlier_numbers(self) -> range:
        """Of the counts that stand beside it."""
        return range(1, self.number)

    @property
    def seats(self) -> int:
        """Governments seated at the close."""
        return len(self.roster)

    @property
    def cast(self) -> int:
        """Governments whose ballot counts."""
        return sum(1 for government in self.roster if government["cast"])
