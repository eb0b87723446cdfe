from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import pghistory
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Collate, Lower, Now

from members.models import Government, NotSeatedError, User, Viewer
from mixportal.ballots import mails, order
from mixportal.ballots.sight import saved_cast, saved_working, sees_everything
from mixportal.ballots.triggers import (
    BALLOT_ONLY_WHILE_OPEN,
    PLACEMENT_ONLY_WHILE_OPEN,
    SECOND_FACTOR_BEGINS_A_NEW_VOTE,
)
from mixportal.editions.models import AnnualList, Edition, Entry
from mixportal.editions.saving import Versioned, save_while_open

SAVE, CAST, UNCAST, START_OVER = "save", "cast", "uncast", "start-over"
UNDO, REVERT, LAST_YEAR = "undo", "revert", "last-year"
STAMPS = ("cast_at", "cast_by_id", "updated_at", "updated_by_id", "entered_by_id", "entered_reason")
EDITION = "annual_list__edition__"
CAST_AND_CLOSED = Q(annual_list__edition__closes_at__lte=Now(), cast_at__isnull=False)


class NothingRankedError(Exception):
    problem = "nothing ranked"  # in ballots/_error.html


class NothingToUndoError(Exception):
    problem = "nothing to undo"


class SealedError(Exception):
    pass


class AlreadyCastError(Exception):
    pass


class BallotQuerySet(models.QuerySet["Ballot"]):
    def visible_to(self, user: Viewer) -> BallotQuerySet:
        """Return the ballots that the user may see. This keeps the seal.

        Before the close, only voters see their own government's ballot, as far as `sight` says.
        After it, members, delegates and curators see all cast ballots, and leaders their
        government's.
        """
        if not user.is_authenticated:
            return self.none()
        own = Q(government=user.government_id) if user.government_id else Q(pk__in=[])
        if user.is_voter:
            seen = sees_everything(user, EDITION) | saved_working(user) & saved_cast(user)
            return self.filter(CAST_AND_CLOSED | own & seen)
        if user.is_curator:
            return self.filter(CAST_AND_CLOSED)
        if user.is_leader:
            return self.filter(own & CAST_AND_CLOSED)
        return self.none()

    def of_voter(self, user: User) -> BallotQuerySet:
        return self.filter(government=user.government_id).with_sight_of(user)

    def with_sight_of(self, user: User) -> BallotQuerySet:
        seen = sees_everything(user, EDITION)
        parts = {"sees_working": seen | saved_working(user), "sees_cast": seen | saved_cast(user)}
        return self.annotate(**{name: ExpressionWrapper(part, models.BooleanField()) for name, part in parts.items()})

    def cast(self) -> BallotQuerySet:
        return self.filter(cast_at__isnull=False)

    def with_placements(self) -> BallotQuerySet:
        return self.select_related("government").prefetch_related(placements_in_order())

    def cast_orders_of(self, user: Viewer) -> dict[int, order.Places]:
        """Return the own government's orders by list, once all its people may see them."""
        if not (user.is_authenticated and user.government_id):
            return {}
        own = self.filter(CAST_AND_CLOSED, government=user.government_id)
        placements = own.values_list("annual_list", "placements__entry__slug", "placements__cast_place")
        orders: dict[int, order.Places] = {}
        for annual_list, slug, place in placements:
            if place is not None:
                orders.setdefault(annual_list, {})[slug] = place
        return orders

    def before(self, annual_list: AnnualList, government: Government) -> BallotQuerySet:
        own = self.filter(CAST_AND_CLOSED, government=government, annual_list__kind=annual_list.kind)
        earlier = own.filter(annual_list__edition__year__lt=annual_list.edition.year)
        return earlier.select_related("annual_list__edition").order_by("-annual_list__edition__year")

    def by_government(self) -> BallotQuerySet:
        return self.order_by(Collate(Lower("government__name"), "C"))


def placements_in_order() -> models.Prefetch[str]:
    return models.Prefetch("placements", Placement.objects.select_related("entry").order_by("entry__position"))


@pghistory.track()
class Ballot(Versioned):
    """A government's weak order of a list. `place` is the working order; `cast_place` counts."""

    annual_list = models.ForeignKey(AnnualList, models.PROTECT, related_name="ballots")
    government = models.ForeignKey(Government, models.PROTECT, related_name="ballots")
    cast_at = models.DateTimeField(null=True, blank=True)
    cast_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(null=True, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # For a paper or phone ballot. Cleared when the government casts itself.
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    entered_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    objects = BallotQuerySet.as_manager()

    sees_working = sees_cast = True  # by with_sight_of
    locked_at: datetime  # by _lock_or_create
    pgh_event_model: ClassVar[type[models.Model]]

    class Meta:
        triggers: ClassVar = [BALLOT_ONLY_WHILE_OPEN]
        constraints = [
            models.UniqueConstraint(fields=["annual_list", "government"], name="ballot_once"),
            models.CheckConstraint(
                name="ballot_cast_by_someone",
                condition=Q(cast_at__isnull=True, cast_by__isnull=True)
                | Q(cast_at__isnull=False, cast_by__isnull=False),
            ),
            models.CheckConstraint(
                name="ballot_entered_with_a_reason",
                condition=Q(entered_by__isnull=True, entered_reason="")
                | Q(entered_by__isnull=False, cast_by__isnull=False, cast_by=F("entered_by")) & ~Q(entered_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.government}, {self.annual_list}"

    @property
    def edition(self) -> Edition:
        return self.annual_list.edition

    @property
    def is_cast(self) -> bool:
        return self.cast_at is not None

    @property
    def working(self) -> order.Places:
        return {p.entry.slug: p.place for p in self.placements.all() if p.place is not None}

    @property
    def counted(self) -> order.Places:
        return {p.entry.slug: p.cast_place for p in self.placements.all() if p.cast_place is not None}

    @property
    def has_edits_since_cast(self) -> bool:
        return self.is_cast and self.sees_cast and any(p.place != p.cast_place for p in self.placements.all())

    @property
    def receipt(self) -> str:
        return receipt_of(self.government.slug, self.counted)

    @classmethod
    def record(
        cls,
        *,
        annual_list: AnnualList,
        government: Government,
        user: User,
        places: Mapping[str, int],
        version: int,
        action: str = SAVE,
    ) -> Ballot:
        """Save, cast, withdraw, start over, undo or revert (`action`).

        `version` is the one that the page showed, 0 for no ballot. A repeat is accepted. Raises
        WindowClosedError, NotSeatedError, NothingRankedError, SealedError, NothingToUndoError or
        StaleError.
        """
        places = {} if action == START_OVER else order.renumber(places)

        def save() -> Ballot:
            ballot = cls._lock_or_create(annual_list, government, user, version)
            return ballot._undo(user, version) if action == UNDO else ballot._record(user, places, version, action)

        return save_while_open(annual_list.edition, save)

    @classmethod
    def enter(
        cls,
        *,
        annual_list: AnnualList,
        government: Government,
        curator: User,
        places: Mapping[str, int],
        reason: str,
    ) -> bool:
        """Cast a paper or phone ballot. Return whether that changes it.

        Raises AlreadyCastError, before any comparison, if the government has cast itself.
        """
        places = order.renumber(places)
        return save_while_open(
            annual_list.edition,
            lambda: cls._lock_or_create(annual_list, government, curator)._enter(curator, places, reason),
        )

    @classmethod
    def _lock_or_create(cls, annual_list: AnnualList, government: Government, user: User, version: int = 0) -> Ballot:
        """Lock the window and the ballot. Create it first where `version` 0 says that it is new."""
        edition = annual_list.edition
        edition.lock_for_share()
        held = cls.objects.select_for_update(of=("self",)).prefetch_related("placements").with_sight_of(user)
        held = held.select_related("government").filter(annual_list=annual_list, government=government)
        ballot = held.first() if version else None
        if ballot is None:
            cls.objects.bulk_create([cls(annual_list=annual_list, government=government)], ignore_conflicts=True)
            ballot = held.get()
        ballot.annual_list = annual_list
        ballot.locked_at = edition.require_open()  # the lock may be granted after the close
        if ballot.government.seat is None:
            raise NotSeatedError
        prefetch_related_objects([annual_list], "entries")
        entries = {entry.pk: entry for entry in annual_list.entries.all()}
        for placement in ballot.placements.all():
            placement.entry = entries[placement.entry_id]
        return ballot

    def _record(self, user: User, places: order.Places, version: int, action: str) -> Ballot:
        working, counted = self.working, self.counted
        if action == CAST and not places:
            raise NothingRankedError
        if action in (UNCAST, REVERT) and not self.sees_cast:
            raise SealedError
        if action == REVERT:
            if not self.is_cast:
                raise NothingToUndoError
            places = counted
        cast_wanted = {CAST: places, UNCAST: {}}.get(action, counted)
        is_as_wanted = working == places and counted == cast_wanted
        becomes_own = action == CAST and self.entered_by_id is not None
        sees_all = self.sees_working and self.sees_cast  # a guess at a sealed order is no repeat
        if is_as_wanted and sees_all and not becomes_own:
            return self  # a repeat, with any version
        self.advance(version)
        self._place(places, cast_wanted)
        self.updated_at, self.updated_by, self.sees_working = self.locked_at, user, True
        if action in (CAST, UNCAST):
            self.cast_at, self.cast_by = (self.locked_at, user) if action == CAST else (None, None)
            self.entered_by, self.entered_reason, self.sees_cast = None, "", True
        self.save()
        if action in (CAST, UNCAST, START_OVER):
            mails.notify_other_voters(self, user, action)
        return self

    def before_last_action(self) -> dict[str, Any] | None:
        """Return the stamps before the newest version if `updated_by` saved that, else None.

        Each save is newer than the one before it; an undo and most paper ballots are not.
        """
        earlier: QuerySet[models.Model] = QuerySet(self.pgh_event_model).filter(
            pgh_obj=self.pk, version__lt=self.version
        )
        before = earlier.order_by("-version", "-pgh_id").values(*STAMPS).first() if self.updated_at else None
        is_saved_last = before and (before["updated_at"] is None or before["updated_at"] < self.updated_at)
        return before if is_saved_last else None

    def _orders_at(self, version: int) -> tuple[order.Places, order.Places]:
        history: QuerySet[models.Model] = QuerySet(Placement.pgh_event_model).filter(
            ballot=self.pk, version__lte=version
        )
        newest = history.order_by("pgh_obj", "-pgh_id").distinct("pgh_obj")
        rows = list(newest.values_list("entry__slug", "place", "cast_place"))
        return {slug: at for slug, at, _ in rows if at}, {slug: at for slug, _, at in rows if at}

    def takes_back_last_move(self) -> bool:
        """Return whether the last save put back this person's order of two saves ago.

        Another's is not compared, since a guess would reveal it.
        """
        saves: QuerySet[models.Model] = QuerySet(self.pgh_event_model).filter(
            pgh_obj=self.pk, version__gte=self.version - 2
        )
        earlier = set(saves.values_list("updated_by", "cast_at"))
        is_alone = earlier == {(self.updated_by_id, self.cast_at)}
        return is_alone and self._orders_at(self.version - 2)[0] == self.working

    def _undo(self, user: User, version: int) -> Ballot:
        """Put back order, cast order and stamps, so that what was sealed is sealed again."""
        before = self.before_last_action()
        if version == self.version - 1 and before is None:
            return self
        self.advance(version)
        if before is None or self.updated_by_id != user.pk:
            raise NothingToUndoError
        was_cast = self.is_cast, self.cast_at
        if before["entered_by_id"] and self.is_cast:  # which no paper ballot replaces
            Ballot.objects.filter(pk=self.pk).update(cast_at=None, cast_by=None)
        self._place(*self._orders_at(self.version - 2))
        for name, value in before.items():
            setattr(self, name, value)
        self.save()
        mails.notify_of_undo(self, user, changes_what_counts=was_cast != (self.is_cast, self.cast_at))
        return self

    def _enter(self, curator: User, places: order.Places, reason: str) -> bool:
        if not places:
            raise NothingRankedError
        if self.is_cast and self.entered_by_id is None:
            raise AlreadyCastError
        working, counted = self.working, self.counted
        if counted == places:
            return False
        self.advance(self.version)
        self.cast_at, self.cast_by = self.locked_at, curator
        self.entered_by, self.entered_reason = curator, reason
        if working in ({}, counted):
            working = places
            self.updated_at, self.updated_by = self.cast_at, curator
        self._place(working, places)
        self.save()
        mails.notify_of_paper_ballot(self)
        return True

    def _place(self, working: order.Places, counted: order.Places) -> None:
        stored = {p.entry.slug: p for p in self.placements.all()}
        changed = []
        for slug, known in stored.items():
            wanted = working.get(slug), counted.get(slug)
            if (known.place, known.cast_place) != wanted:
                known.place, known.cast_place = wanted
                known.version = self.version
                changed.append(known)
        added = (working.keys() | counted.keys()) - stored.keys()
        new = [
            Placement(
                ballot=self,
                entry=entry,
                place=working.get(entry.slug),
                cast_place=counted.get(entry.slug),
                version=self.version,
            )
            for entry in self.annual_list.entries.all()
            if entry.slug in added
        ]
        Placement.objects.bulk_create(
            sorted(changed + new, key=lambda each: each.entry.position),  # so that its history is in that order
            update_conflicts=True,
            unique_fields=["ballot", "entry"],
            update_fields=["place", "cast_place", "version"],
        )
        in_order = sorted([*stored.values(), *new], key=lambda each: each.entry.position)
        self._prefetched_objects_cache = {"placements": in_order}


def receipt_of(government: str, counted: Mapping[str, int]) -> str:
    """Return the hexadecimal SHA-256 of the slug and the sorted lines `slug,place`."""
    lines = [government, *(f"{slug},{place}" for slug, place in sorted(counted.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@pghistory.track()
class Placement(models.Model):
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="placements")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="placements")
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    cast_place = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, db_default=0, help_text="The ballot's version that placed it so.")

    pgh_event_model: ClassVar[type[models.Model]]

    class Meta:
        triggers: ClassVar = [PLACEMENT_ONLY_WHILE_OPEN]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "entry"], name="placement_once"),
            models.CheckConstraint(
                name="placement_places_from_1",
                condition=(Q(place__isnull=True) | Q(place__gte=1))
                & (Q(cast_place__isnull=True) | Q(cast_place__gte=1)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.place or 'not ranked'}"


class SecondFactor(Authenticator):  # type: ignore[misc]  # allauth has no types
    """Begin a new vote of a user whose second factors another person changes."""

    class Meta:
        proxy = True
        triggers: ClassVar = [SECOND_FACTOR_BEGINS_A_NEW_VOTE]
