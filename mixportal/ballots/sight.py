"""Which ballots and reasons of their own government voters see before the close.

A voter from before the opening, or whom such a voter let in, sees everything. Others see what they
saved themselves.
"""

from functools import lru_cache

from django.db.models import DateTimeField, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from members.models import User


def sees_everything(user: User, edition: str) -> Q:
    return began_before(user, edition) | Q(**{f"{edition}closes_at__lte": Now()})


def began_before(user: User, edition: str) -> Q:
    return Q(**{f"{edition}opens_at__gt": _moment(user.pk, "sees_since")})


def saved_working(user: User) -> Q:
    return Q(updated_by=user.pk, updated_at__gte=_moment(user.pk, "voter_since"))


def saved_cast(user: User) -> Q:
    return Q(cast_at__isnull=True) | Q(cast_by=user.pk, cast_at__gte=_moment(user.pk, "voter_since"))


def wrote(user: User, note: str = "") -> Q:
    return Q(**{f"{note}author": user.pk, f"{note}created_at__gte": _moment(user.pk, "voter_since")})


@lru_cache
def _moment(user_id: int, field: str) -> RawSQL:
    """Ask the database, where another session may just have set it."""
    return RawSQL(f"SELECT {field} FROM members_user WHERE id = %s", [user_id], DateTimeField())  # noqa: S608, S611
