from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from members.models import Viewer


class NoteAudience(models.TextChoices):
    GOVERNMENT = "government", "My government"
    CURATORS = "curators", "The curators"
    MEMBERS = "members", "Members"
    PUBLIC = "public", "Everyone"

    @property
    def readers(self) -> str:
        return {
            NoteAudience.GOVERNMENT: "my government alone, its leaders included",
            NoteAudience.CURATORS: "my government and the curators",
            NoteAudience.MEMBERS: "members, delegates and curators of MIX",
            NoteAudience.PUBLIC: "everyone, leaders and visitors included",
        }[self]

    @property
    def reply_audiences(self) -> list[NoteAudience]:
        return list(NoteAudience)[: list(NoteAudience).index(self) + 1]


# Reasons are sealed until the close, like placements, whatever their audience.
SEALED = "reason"


def readable_by(user: Viewer) -> Q:
    """Return what the user may read. An answer needs a readable parent, except for its own government."""
    readable_parent = Q(reply_to__isnull=True) | _readable(user, "reply_to__")
    if user.is_authenticated and user.is_voter:
        readable_parent |= Q(government=user.government_id)
    return _readable(user, "") & readable_parent


def _readable(user: Viewer, prefix: str) -> Q:
    edition = "entry__annual_list__edition__"  # a note and its answers share an entry
    published = Q(**{f"{edition}published_at__isnull": False})
    unsealed = ~Q(**{f"{prefix}kind": SEALED}) | Q(**{f"{edition}closes_at__lte": Now()})
    public = Q(**{f"{prefix}audience": NoteAudience.PUBLIC})
    if user.is_authenticated and user.is_insider:
        audiences = [NoteAudience.MEMBERS, NoteAudience.PUBLIC]
        if user.is_curator:
            audiences.append(NoteAudience.CURATORS)
        shared = unsealed & Q(**{f"{prefix}audience__in": audiences})
        return shared | Q(**{f"{prefix}government": user.government_id}) if user.is_voter else shared
    if user.is_authenticated and user.is_leader:
        opened = published | Q(**{f"{edition}opens_at__lte": Now()})
        for_own = Q(**{f"{prefix}audience__in": [NoteAudience.GOVERNMENT, NoteAudience.CURATORS]})
        own = for_own & Q(**{f"{prefix}government": user.government_id})
        return opened & unsealed & (public | own)
    return published & unsealed & public
