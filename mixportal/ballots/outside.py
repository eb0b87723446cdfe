"""Ballots that come on paper or by phone: a curator casts them for the government."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from members.models import Government
from mixportal.ballots import announce, order
from mixportal.ballots.refusals import AlreadyCast, NothingRanked
from mixportal.editions.models import Edition, database_now
from mixportal.editions.saving import save_while_open

ENTERED_WITH_A_REASON = models.CheckConstraint(
    name="%(app_label)s_%(class)s_entered_with_a_reason",
    condition=Q(entered_by__isnull=True, entered_reason="")
    | (Q(entered_by__isnull=False, cast_by__isnull=False, cast_by=models.F("entered_by")) & ~Q(entered_reason="")),
)


class FromOutside(models.Model):
    """What a Ballot has of it: who entered it and why, both empty once the government casts itself."""

    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    entered_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    _held: ClassVar[Any]

    class Meta:
        abstract = True

    @classmethod
    def enter(
        cls,
        *,
        edition: Edition,
        government: Government,
        curator: Any,
        places: Mapping[str, int],
        reason: str,
        replace: bool = False,
    ) -> tuple[Self, bool]:
        """Casts for a government what came on paper or by phone; the ballot as stored, and whether that changed it.

        The government's people are told by mail. What they have saved and not cast stays as their working order. A
        ballot that the government has cast itself raises AlreadyCast unless `replace`, before anything is compared: who
        enters a ballot learns nothing of the one that is there. Raises as `record` does otherwise.
        """
        return save_while_open(
            edition, lambda: cls._enter(edition, government, curator, order.close_gaps(places), reason, replace)
        )

    @classmethod
    def _enter(
        cls, edition: Edition, government: Government, curator: Any, places: order.Places, reason: str, replace: bool
    ) -> tuple[Self, bool]:
        ballot = cls._held(edition, government)
        if not places:
            raise NothingRanked
        by_themselves = ballot.is_cast and ballot.entered_by_id is None
        if by_themselves and not replace:
            raise AlreadyCast
        working, counted = ballot.working, ballot.counted
        if counted == places and not by_themselves:
            return ballot, False
        ballot._place(places if working in ({}, counted) else working, places)
        ballot.version += 1
        ballot.cast_at = ballot.updated_at = database_now()
        ballot.cast_by = ballot.updated_by = ballot.entered_by = curator
        ballot.entered_reason = reason
        ballot._save()
        announce.tell_entered(ballot)
        return ballot, True
