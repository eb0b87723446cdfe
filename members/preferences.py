"""Which mails somebody wants, and how: at once, gathered into a daily digest, or not at all."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse

from mixportal.mail.kinds import MAIL_KINDS, MailKind

SALT = "members.mail-stop"
AT_ONCE, DIGEST, OFF = "at_once", "digest", "off"


class MailPreferenceQuerySet(models.QuerySet["MailPreference"]):
    def set(self, user: Any, kind: MailKind, how: str) -> None:
        """Stores what differs from "at once", which is what everybody begins with; an unchanged one writes nothing."""
        stored = self.filter(user=user, kind=kind.key).first()
        if stored is None and how != AT_ONCE:
            self.create(user=user, kind=kind.key, how=how)
        elif stored is not None and stored.how != how:
            stored.how = how
            stored.save(update_fields=["how"])


@pghistory.track()
class MailPreference(models.Model):
    class How(models.TextChoices):
        AT_ONCE = AT_ONCE, "At once"
        DIGEST = DIGEST, "Daily digest"
        OFF = OFF, "Off"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_preferences")
    kind = models.CharField(max_length=40)
    how = models.CharField(max_length=10, choices=How.choices)

    objects: ClassVar[Any] = MailPreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="mail_preference_once_per_person_and_kind"),
            models.CheckConstraint(name="mail_preference_is_known", condition=Q(how__in=["at_once", "digest", "off"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_how_display()}"


class GetsMail:
    """What a User can say of the mails it wants."""

    mail_preferences: Any
    pk: Any

    def mail_preference(self, kind: str) -> str:
        """at_once, digest or off; at once for what cannot be switched off. Raises KeyError for an unknown kind."""
        return self.mail_preferences_of_all()[kind]

    def mail_preferences_of_all(self) -> dict[str, str]:
        """By the key of each registered kind. One query."""
        chosen: dict[str, str] = dict(self.mail_preferences.values_list("kind", "how"))
        return {each.key: chosen.get(each.key, AT_ONCE) if each.can_be_off else AT_ONCE for each in MAIL_KINDS.values()}

    def wants(self, kind: str) -> bool:
        """Whether such a mail goes out at all, at once or in the digest."""
        return self.mail_preference(kind) != OFF

    def unsubscribe_address(self, kind: str) -> str:
        """A whole address that ends this kind of mail by one POST, whoever is signed in; "" where it cannot end."""
        if not MAIL_KINDS[kind].can_be_off:
            return ""
        token = signing.dumps([self.pk, kind], salt=SALT)
        return settings.PORTAL_URL + reverse("mail-stop", args=[token])


def whose_mail(token: str) -> tuple[int, MailKind] | None:
    """The person's key and the kind that a token of `unsubscribe_address` names; None for any other text."""
    try:
        pk, key = signing.loads(token, salt=SALT)
        return int(pk), MAIL_KINDS[key]
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
