from __future__ import annotations

from collections.abc import Set
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from challenges.triggers import HINDRANCE_ONLY_WHILE_OPEN, RESPONSE_ONLY_WHILE_OPEN
from members.models import Government, NotSeatedError, User, Viewer
from mixportal.editions.models import Edition, Entry, EntryQuerySet, Kind, database_now
from mixportal.editions.saving import Versioned, save_while_open
from priorities.models import Priority

Pair = tuple[str, str]  # slugs of a challenge and a priority


class ChallengeQuerySet(EntryQuerySet["Challenge"]):
    pass


ChallengeManagerBase = models.Manager.from_queryset(ChallengeQuerySet)


class ChallengeManager(ChallengeManagerBase["Challenge"]):
    def get_queryset(self) -> ChallengeQuerySet:
        return ChallengeQuerySet(self.model, using=self._db).filter(annual_list__kind=Kind.CHALLENGES)


class Challenge(Entry):
    objects: ClassVar[ChallengeManager] = ChallengeManager()

    class Meta:
        proxy = True
        verbose_name_plural = "challenges"


def visible_hindrances(user: Viewer, response: str) -> Q:
    if not user.is_authenticated:
        return Q(pk__in=[])
    own = Q(**{f"{response}government": user.government_id})
    closed = Q(**{f"{response}edition__closes_at__lte": Now()})
    if user.is_insider:
        return own | closed if user.is_voter else closed
    return own & closed if user.is_leader else Q(pk__in=[])


class HindranceResponseQuerySet(models.QuerySet["HindranceResponse"]):
    def visible_to(self, user: Viewer) -> HindranceResponseQuerySet:
        return self.filter(visible_hindrances(user, ""))


@pghistory.track()
class HindranceResponse(Versioned):
    """It is sealed like a ballot, and may be without hindrances."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="hindrance_responses")
    government = models.ForeignKey(Government, models.PROTECT, related_name="hindrance_responses")
    updated_at = models.DateTimeField(null=True, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = HindranceResponseQuerySet.as_manager()

    class Meta:
        triggers: ClassVar = [RESPONSE_ONLY_WHILE_OPEN]
        constraints = [models.UniqueConstraint(fields=["edition", "government"], name="hindrance_response_once")]

    def __str__(self) -> str:
        return f"{self.government}, {self.edition}"

    @classmethod
    def record(
        cls,
        *,
        edition: Edition,
        government: Government,
        user: User,
        marked: Set[Pair],
        version: int,
    ) -> HindranceResponse:
        """Save the marked pairs. `version` is the one that the page showed, 0 for none.

        Raises WindowClosedError, NotSeatedError or StaleError.
        """

        def save() -> HindranceResponse:
            return cls._get_or_create_locked(edition, government)._record(user, marked, version)

        return save_while_open(edition, save)

    @classmethod
    def _get_or_create_locked(cls, edition: Edition, government: Government) -> HindranceResponse:
        edition.lock_for_share()
        edition.require_open()
        if not Government.objects.seated().filter(pk=government.pk).exists():
            raise NotSeatedError
        cls.objects.bulk_create([cls(edition=edition, government=government)], ignore_conflicts=True)
        held = cls.objects.select_for_update(of=("self",)).select_related("updated_by")
        response = held.get(edition=edition, government=government)
        response.edition = edition
        edition.require_open()  # it may have closed while this waited
        return response

    def _record(self, user: User, marked: Set[Pair], version: int) -> HindranceResponse:
        stored = self.marked
        if stored == marked and self.version:
            return self
        self.advance(version)
        entries = Entry.objects.filter(annual_list__edition=self.edition).select_related("annual_list")
        by_slug = {(entry.annual_list.kind, entry.slug): entry.pk for entry in entries}
        for challenge, priority in stored - marked:
            self.hindrances.filter(challenge__slug=challenge, priority__slug=priority).delete()
        Hindrance.objects.bulk_create(
            Hindrance(
                response=self,
                challenge_id=by_slug[Kind.CHALLENGES, challenge],
                priority_id=by_slug[Kind.PRIORITIES, priority],
            )
            for challenge, priority in sorted(marked - stored)
        )
        self.updated_at, self.updated_by = database_now(), user
        self.save(update_fields=["version", "updated_at", "updated_by"])
        return self

    @property
    def marked(self) -> set[Pair]:
        return set(self.hindrances.values_list("challenge__slug", "priority__slug"))


class HindranceQuerySet(models.QuerySet["Hindrance"]):
    def visible_to(self, user: Viewer) -> HindranceQuerySet:
        return self.filter(visible_hindrances(user, "response__"))


@pghistory.track()
class Hindrance(models.Model):
    response = models.ForeignKey(HindranceResponse, models.CASCADE, related_name="hindrances")
    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="hindrances")
    priority = models.ForeignKey(Priority, models.PROTECT, related_name="hindered_by")

    objects = HindranceQuerySet.as_manager()

    class Meta:
        triggers: ClassVar = [HINDRANCE_ONLY_WHILE_OPEN]
        constraints = [models.UniqueConstraint(fields=["response", "challenge", "priority"], name="hindrance_once")]

    def __str__(self) -> str:
        return f"{self.challenge} stands in the way of {self.priority}"
