import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.account.internal.stagekit import clear_login
from allauth.core import context as allauth_context
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from members.codes import SignInCode
from members.models import CURATORS, User
from members.security import log_event
from mixportal.mail.models import Mail
from mixportal.mail.sending import in_background, send_now

DEVICE_SALT = "members.devices"
DEVICE_MAX_AGE = timedelta(days=365)
MAX_ACCOUNTS_OF_DEVICE = 5


class PeopleBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        return None

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("government").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_group_permissions(self, user_obj: Any, obj: models.Model | None = None) -> set[str]:
        granted = super().get_group_permissions(user_obj, obj)
        if obj is None and user_obj.is_curator and user_obj.groups.filter(name=CURATORS).exists():
            granted |= {
                f"{model._meta.app_label}.{get_permission_codename(action, model._meta)}"
                for model in admin.site._registry
                if model is not Group
                for action in model._meta.default_permissions
            }
        return granted


def known_accounts(request: HttpRequest) -> list[int]:
    value = request.get_signed_cookie(settings.DEVICE_COOKIE_NAME, "", salt=DEVICE_SALT, max_age=DEVICE_MAX_AGE)
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
        ".".join(str(pk) for pk in [user.pk, *others][:MAX_ACCOUNTS_OF_DEVICE]),
        salt=DEVICE_SALT,
        max_age=DEVICE_MAX_AGE,
        path=reverse("account_login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class RequestCodeForm(RequestLoginCodeForm):
    """Find the user in any case, without revealing whether the address exists."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        request: HttpRequest = allauth_context.request
        self._user = User.objects.filter(email__iexact=email, is_active=True).first()
        known = is_known_device(request, self._user)
        action = "request_login_code_from_known_device" if known else "request_login_code"
        if not ratelimit.consume(request, action=action, key=limit_key(request, self._user, email)):
            raise SignInAdapter().validation_error("rate_limited")
        return email


class ConfirmCodeForm(ConfirmLoginCodeForm):
    """Accept the codes that were mailed, instead of allauth's in the session."""

    def clean_code(self) -> str:
        request = allauth_context.request
        login = request._login_stage.login
        code: str = self.cleaned_data["code"]
        limit = {"action": "wrong_login_code", "key": limit_key(request, login.user, login.email)}
        if not ratelimit.consume(request, **limit):
            raise self._refused("too_many_login_attempts", login.user)
        if not SignInCode.objects.spend(login.email, code) or login.user is None:
            raise self._refused("incorrect_code", login.user)
        ratelimit.clear(request, **limit)
        return code

    def _refused(self, reason: str, user: User | None) -> ValidationError:
        log_event("sign-in refused", account=user and user.pk, reason=reason)
        refusal: ValidationError = SignInAdapter().validation_error(reason)
        return refusal


class SignInAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": "That is not the code. Check it against the newest message.",
        "too_many_login_attempts": "That was wrong too often. Ask for a new code, or wait some minutes.",
        "rate_limited": "That was asked for too often. Wait a minute, then try again.",
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:  # /readyz warns
            return request.headers["X-Forwarded-For"].rpartition(",")[2].strip()

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        return sorted(
            super().get_reauthentication_methods(user),
            key=lambda method: "webauthn" not in method["id"],
        )

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, "This account is deactivated. Ask a curator of MIX to reactivate it.")
        return redirect("account_login")

    def pre_login(self, request: HttpRequest, user: User, *, email: str | None, **kwargs: Any) -> HttpResponse | None:
        """Refuse a code for an earlier address of the account."""
        if email is not None and email.lower() != user.email.lower():
            clear_login(request)
            messages.error(request, "That code was sent to an address that this account no longer has.")
            return redirect("account_login")
        response: HttpResponse | None = super().pre_login(request, user, email=email, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_device(request, response, user)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        if template_prefix == "account/email/login_code":
            in_background(mail_code, email, known_accounts(self.request))
            return
        message = self.render_mail(template_prefix, email, {"portal_url": settings.PORTAL_URL, **context})
        notice = Mail.objects.create(
            kind="account_notice",
            to=email,
            cause=f"account:{secrets.token_hex(8)}",
            subject=message.subject,
            text=message.body,
        )
        in_background(send_now, notice)


def mail_code(email: str, known: Collection[int]) -> None:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        return
    mail = SignInCode.objects.get_or_make(user.email, for_known_device=user.pk in known).enqueue(user.email)
    if mail is not None:
        send_now(mail)
