import secrets
import time
from datetime import timedelta

from allauth.core.internal.cryptokit import compare_user_code, generate_user_code
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from mixportal.mail.encrypted import EncryptedTextField
from mixportal.mail.models import Mail

MAX_TIMES_MAILED = 3


def _current_period() -> int:
    return int(time.time() // settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)


class SignInCodeQuerySet(models.QuerySet["SignInCode"]):
    def get_or_make(self, address: str, *, for_known_device: bool) -> "SignInCode":
        self.expired().delete()
        code, _ = self.get_or_create(
            address=address.lower(),
            for_known_device=for_known_device,
            period=_current_period(),
            defaults={"code": generate_user_code()},
        )
        if not code.code:
            code.code = generate_user_code()
            code.save(update_fields=["code"])
        return code

    def expired(self) -> "SignInCodeQuerySet":
        return self.filter(period__lt=_current_period() - 1)

    def spend(self, address: str, typed: str) -> bool:
        """Return whether a valid code was typed, and then void all codes of the address."""
        valid = self.filter(address=address.lower(), period__gte=_current_period() - 1)
        if not any(compare_user_code(actual=typed, expected=each.code) for each in valid):
            return False
        deleted, _ = valid.delete()
        return deleted > 0


class SignInCode(models.Model):
    """The code of one mailbox for one period, valid until the next period ends.

    It is the same for every browser, so a stranger cannot invalidate the owner's. A known device
    has its own.
    """

    address = models.EmailField()
    for_known_device = models.BooleanField()
    period = models.PositiveIntegerField()
    code = EncryptedTextField()
    times_mailed = models.PositiveSmallIntegerField(default=0)

    objects = SignInCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "address", "for_known_device"], name="sign_in_code_one_per_period"
            ),
            models.CheckConstraint(
                name="sign_in_code_mailed_a_few_times",
                condition=Q(times_mailed__lte=MAX_TIMES_MAILED),
            ),
        ]

    def __str__(self) -> str:
        return f"code for {self.address}"

    def enqueue(self, to: str) -> Mail | None:
        unused = SignInCode.objects.filter(pk=self.pk, times_mailed__lt=MAX_TIMES_MAILED)
        if not unused.update(times_mailed=F("times_mailed") + 1):
            return None
        return Mail.objects.enqueue(
            "sign_in_code",
            to,
            cause=f"sign-in:{secrets.token_hex(8)}",
            context={"code": self.code},
            not_after=timezone.now() + timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT),
        )
