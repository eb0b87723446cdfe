from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from members.models import User, Viewer
from mixportal.ballots.sight import began_before, wrote
from mixportal.editions.models import Edition, is_visible_to


class NoteAudience(models.TextChoices):
    GOVERNMENT = "government", "My government"
    CURATORS = "curators", "The curators"
    MEMBERS = "members", "Members"
    PUBLIC = "public", "Everyone"

    @property
    def reply_audiences(self) -> list["NoteAudience"]:
        return list(NoteAudience)[: list(NoteAudience).index(self) + 1]


# Reasons are sealed until the close, whatever their audience.
SEALED = "reason"
EDITION = "entry__annual_list__edition__"  # a note and its answers share an entry


def own_of(user: Viewer) -> Q:
    """Return `Note.is_own_of` as a condition. Change both together."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    own = Q(government=user.government_id) if user.is_voter else Q(pk__in=[])
    return own | Q(government__isnull=True, author=user.pk) if user.is_curator else own


def readable_by(user: Viewer, edition: Edition | None = None) -> Q:
    """An answer needs a readable parent, unless it is the user's own.

    If all the notes are of one `edition` that has closed, nothing is sealed.
    """
    admitted = is_visible_to(user, EDITION) & _is_for(user, "")
    admitted &= Q(reply_to__isnull=True) | _is_for(user, "reply_to__") | own_of(user)
    if edition is not None and edition.has_results:
        return admitted
    is_closed = Q(**{f"{EDITION}closes_at__lte": Now()})
    return admitted & (is_closed | _is_unsealed(user, "") & _is_unsealed(user, "reply_to__"))


def _is_for(user: Viewer, prefix: str) -> Q:
    public = Q(**{f"{prefix}audience": NoteAudience.PUBLIC})
    if user.is_authenticated and user.is_insider:
        audiences = [NoteAudience.MEMBERS, NoteAudience.PUBLIC]
        if user.is_curator:
            audiences.append(NoteAudience.CURATORS)
        shared = Q(**{f"{prefix}audience__in": audiences})
        return shared | _of_government(user, prefix) if user.is_voter else shared
    if user.is_authenticated and user.is_leader:
        for_own = Q(**{f"{prefix}audience__in": [NoteAudience.GOVERNMENT, NoteAudience.CURATORS]})
        return public | for_own & _of_government(user, prefix)
    return public


def _is_unsealed(user: Viewer, prefix: str) -> Q:
    unsealed = ~Q(**{f"{prefix}kind": SEALED})
    if not (user.is_authenticated and user.is_voter):
        return unsealed
    own = Q(**{f"{prefix}government": user.government_id})
    return unsealed | own & (began_before(user, EDITION) | wrote(user, prefix))


def _of_government(user: User, prefix: str) -> Q:
    own = Q(**{f"{prefix}government": user.government_id})
    return own if prefix else own | Q(government__isnull=True, reply_to__government=user.government_id)
