import pghistory
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from members.mails import notify_of_curators
from members.models import User
from members.second_factor import FACTORS


def hand_over_curating(leaving: User, successor: User, *, reason: str) -> None:
    """Give all rights of a curator to another one, who proves a second factor.

    The vote and the government stay with the leaving curator. Raises ValidationError.
    """
    with transaction.atomic(), pghistory.context(reason=reason):
        both = User.objects.select_for_update(of=("self",)).filter(pk__in=[leaving.pk, successor.pk]).order_by("pk")
        found = {user.pk: user for user in both}
        leaving, successor = found[leaving.pk], found[successor.pk]
        _refuse(leaving, successor)
        successor.is_superuser |= leaving.is_superuser
        successor.save(update_fields=["is_superuser"])
        successor.groups.add(*leaving.groups.all())
        successor.user_permissions.add(*leaving.user_permissions.all())
        leaving.is_staff = leaving.is_superuser = False
        leaving.save(update_fields=["is_staff", "is_superuser"])
        leaving.groups.clear()
        leaving.user_permissions.clear()
        notify_of_curators(leaving, successor, User.objects.curators(), reason=reason)


def _refuse(leaving: User, successor: User) -> None:
    if not leaving.is_curator:
        raise ValidationError(f"{leaving} does not curate any more.")
    if successor == leaving or not successor.is_curator:
        raise ValidationError(f"{successor} is not another curator.")
    has_factor = Authenticator.objects.filter(user=successor, type__in=FACTORS).exists()
    if settings.CURATORS_NEED_SECOND_FACTOR and not has_factor:
        raise ValidationError(f"{successor} has no passkey or authenticator app yet, and cannot open the desk.")
