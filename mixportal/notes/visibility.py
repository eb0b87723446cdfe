"""Who reads a note, as one condition that every query of notes is held to (DESIGN rules 1, 2 and 6)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Audience(models.TextChoices):
    GOVERNMENT = "government", "My government"
    CURATORS = "curators", "The curators"
    MEMBERS = "members", "Members"
    PUBLIC = "public", "Everyone"

    @property
    def readers(self) -> str:
        return {
            Audience.GOVERNMENT: "my government alone, its leaders included",
            Audience.CURATORS: "my government and the curators",
            Audience.MEMBERS: "members, delegates and curators of MIX",
            Audience.PUBLIC: "everyone, leaders and visitors included",
        }[self]

    @property
    def no_wider(self) -> list[Audience]:
        """The audiences that an answer to a note of this one may have."""
        return list(Audience)[: list(Audience).index(self) + 1]


# A reason is sealed like a placement, whatever its audience.
SEALED = "reason"


def readable_by(user: Any) -> Q:
    """A note, and what it answers too: narrowing a note takes its answers along, except for those who wrote them."""
    is_voter = user.is_authenticated and user.is_voter
    whole = Q(reply_to__isnull=True) | _for(user, "reply_to__")
    return _for(user, "") & (whole | Q(government=user.government_id) if is_voter else whole)


def _for(user: Any, note: str) -> Q:
    """`note` leads to the note; an answer is of the same entry as what it answers."""
    published, closed = (
        Q(entry__annual_list__edition__published_at__isnull=False),
        Q(entry__annual_list__edition__closes_at__lte=Now()),
    )
    unsealed = ~Q(**{f"{note}kind": SEALED}) | closed
    public = Q(**{f"{note}audience": Audience.PUBLIC})
    if user.is_authenticated and user.is_insider:
        audiences = [Audience.MEMBERS, Audience.PUBLIC]
        if user.is_curator:
            audiences.append(Audience.CURATORS)
        shared = unsealed & Q(**{f"{note}audience__in": audiences})
        return shared | Q(**{f"{note}government": user.government_id}) if user.is_voter else shared
    if user.is_authenticated and user.is_leader:
        opened = published | Q(entry__annual_list__edition__opens_at__lte=Now())
        for_own = Q(**{f"{note}audience__in": [Audience.GOVERNMENT, Audience.CURATORS]})
        own = for_own & Q(**{f"{note}government": user.government_id})
        return opened & unsealed & (public | own)
    return published & unsealed & public
