"""Signing in as people do it: a code out of a message, the digits of an authenticator app."""

from __future__ import annotations

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.test import Client

LOGIN, CODE, FACTOR = "/account/login/", "/account/login/code/", "/account/login/second-factor/"


def code_in(message) -> str:
    return re.search(r"^ +(\S{4}-\S{4})$", message.body, re.M).group(1)


def ask_for_code(client: Client, email: str, after: str = "") -> str:
    """The code that the newest message carries."""
    client.post(LOGIN, {"email": email, "next": after})
    return code_in(mail.outbox[-1])


def sign_in_by_code(client: Client, email: str, after: str = ""):
    return client.post(CODE, {"code": ask_for_code(client, email, after), "next": after})


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def give_app(user) -> str:
    """Sets an authenticator app up for `user`; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def digits(secret: str, steps: int = 0) -> str:
    """What the app shows now, or some steps of 30 seconds later.

    An app's clock may be a step off, so a test that needs two different codes takes this step's and the next: the step
    before would be out of date when a half minute ends between asking and checking.
    """
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def recovery_codes(user) -> list[str]:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
