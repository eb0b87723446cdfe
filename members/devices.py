from datetime import timedelta

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from members.models import User

SALT = "members.devices"
MAX_AGE = timedelta(days=365)
MAX_ACCOUNTS = 5


def known_accounts(request: HttpRequest) -> list[int]:
    value = request.get_signed_cookie(settings.DEVICE_COOKIE_NAME, "", salt=SALT, max_age=MAX_AGE)
    return [int(pk) for pk in value.split(".")] if value else []


def is_known_device(request: HttpRequest, user: User | None) -> bool:
    return user is not None and user.pk in known_accounts(request)


def limit_key(request: HttpRequest, user: User | None, email: str) -> str:
    """Count by mailbox, and by a device that the account knows, or else by network."""
    known = is_known_device(request, user)
    source = request.COOKIES[settings.DEVICE_COOKIE_NAME] if known else get_ip(request)
    return f"{source} {email.lower()}"


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    others = [pk for pk in known_accounts(request) if pk != user.pk]
    response.set_signed_cookie(
        settings.DEVICE_COOKIE_NAME,
        ".".join(str(pk) for pk in [user.pk, *others][:MAX_ACCOUNTS]),
        salt=SALT,
        max_age=MAX_AGE,
        path=reverse("account_login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
