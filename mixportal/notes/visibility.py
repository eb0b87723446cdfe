from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from members.models import User, Viewer
from mixportal.ballots.sight import sees_everything, wrote


class NoteAudience(models.TextChoices):
    GOVERNMENT = "government", "My government"
    CURATORS = "curators", "The curators"
    MEMBERS = "members", "Members"
    PUBLIC = "public", "Everyone"

    @property
    def reply_audiences(self) -> list[NoteAudience]:
        return list(NoteAudience)[: list(NoteAudience).index(self) + 1]


# Reasons are sealed until the close, whatever their audience.
SEALED = "reason"


def own_of(user: Viewer) -> Q:
    """Keep this equal to Note.is_own_of."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    own = Q(government=user.government_id) if user.is_voter else Q(pk__in=[])
    return own | Q(government__isnull=True, author=user.pk) if user.is_curator else own


def readable_by(user: Viewer) -> Q:
    """An answer needs a readable parent, unless it is one's own and answers no sealed reason."""
    own = own_of(user) & ~Q(reply_to__kind=SEALED, entry__annual_list__edition__closes_at__gt=Now())
    return _readable(user, "") & (Q(reply_to__isnull=True) | _readable(user, "reply_to__") | own)


def _readable(user: Viewer, prefix: str) -> Q:
    edition = "entry__annual_list__edition__"  # a note and its answers share an entry
    published = Q(**{f"{edition}published_at__isnull": False})
    is_no_reason = ~Q(**{f"{prefix}kind": SEALED})
    unsealed = is_no_reason | Q(**{f"{edition}closes_at__lte": Now()})
    public = Q(**{f"{prefix}audience": NoteAudience.PUBLIC})
    if user.is_authenticated and user.is_insider:
        audiences = [NoteAudience.MEMBERS, NoteAudience.PUBLIC]
        if user.is_curator:
            audiences.append(NoteAudience.CURATORS)
        shared = unsealed & Q(**{f"{prefix}audience__in": audiences})
        if not user.is_voter:
            return shared
        return shared | _of_government(user, prefix) & (
            is_no_reason | sees_everything(user, edition) | wrote(user, prefix)
        )
    if user.is_authenticated and user.is_leader:
        opened = published | Q(**{f"{edition}opens_at__lte": Now()})
        for_own = Q(**{f"{prefix}audience__in": [NoteAudience.GOVERNMENT, NoteAudience.CURATORS]})
        return opened & unsealed & (public | for_own & _of_government(user, prefix))
    return published & unsealed & public


def _of_government(user: User, prefix: str) -> Q:
    own = Q(**{f"{prefix}government": user.government_id})
    return own if prefix else own | Q(government__isnull=True, reply_to__government=user.government_id)
