from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q

from mixportal.mail.kinds import MAIL_KINDS, MailKind

if TYPE_CHECKING:
    from members.models import User

SALT = "members.mail-stop"
AT_ONCE, DIGEST, OFF = "at_once", "digest", "off"


class MailPreferenceQuerySet(models.QuerySet["MailPreference"]):
    def turned_off(self, kind: str, people: Iterable[User]) -> set[int]:
        if not MAIL_KINDS[kind].can_be_off:
            return set()
        return set(self.filter(kind=kind, how=OFF, user__in=people).values_list("user_id", flat=True))

    def set(self, user: User, kind: MailKind, how: str) -> None:
        if how == AT_ONCE:
            self.filter(user=user, kind=kind.key).update(how=how)
        else:
            self.update_or_create(user=user, kind=kind.key, defaults={"how": how})


@pghistory.track()
class MailPreference(models.Model):
    HOW = [
        (AT_ONCE, "At once"),
        (DIGEST, "Daily digest"),
        (OFF, "Off"),
    ]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_preferences")
    kind = models.CharField(max_length=40)
    how = models.CharField(max_length=10, choices=HOW)

    objects = MailPreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="mail_preference_once_per_person_and_kind"),
            models.CheckConstraint(name="mail_preference_is_known", condition=Q(how__in=["at_once", "digest", "off"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_how_display()}"


def read_unsubscribe_token(token: str) -> tuple[int, MailKind] | None:
    try:
        pk, key = signing.loads(token, salt=SALT)
        return int(pk), MAIL_KINDS[key]
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
