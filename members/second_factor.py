import base64
import secrets
from urllib.parse import urlencode

import segno
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.contrib import messages
from django.dispatch import Signal, receiver
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString

from members.models import User
from members.security import log_event
from mixportal.mail.encrypted import decrypt, encrypt

AFTER = "after_second_factor"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That is not the code, or it has been used. Wait for the app’s next one.",
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a random secret if no key fits, so that no code is accepted."""
        return decrypt(encrypted_text) or base64.b32encode(secrets.token_bytes(20)).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def build_totp_svg(self, url: str) -> str:
        return SafeString(segno.make_qr(url).svg_inline(scale=5, light="#fff", svgclass=None, lineclass=None))


def is_proved(request: HttpRequest) -> bool:
    if not settings.CURATORS_NEED_SECOND_FACTOR:
        return True
    shown = any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
    return shown and Authenticator.objects.filter(user=request.user, type__in=FACTORS).exists()


def lead_to_proof(request: HttpRequest, after: str) -> HttpResponse:
    methods = get_adapter().get_reauthentication_methods(request.user)
    if methods:
        return redirect(f"{methods[0]['url']}?{urlencode({'next': after})}")
    request.session[AFTER] = after
    messages.warning(request, "Curators need a second factor: add a passkey or an authenticator app, then go on.")
    return redirect("account")


@receiver(authentication_failed)
def log_refused_code(user: User, **kwargs: object) -> None:
    log_event("second factor refused", account=user.pk)


@receiver([authenticator_added, authenticator_removed])
def log_changed_factors(signal: Signal, user: User, **kwargs: object) -> None:
    log_event(f"second factor {'added' if signal is authenticator_added else 'removed'}", account=user.pk)


class _Credential:
    """Treat a malformed passkey as an invalid form."""

    def full_clean(self) -> None:
        try:
            if "\\u0000" in self.data.get("credential", ""):  # type: ignore[attr-defined]
                raise ValueError("Postgres stores no NUL")
            super().full_clean()  # type: ignore[misc]
        except (
            ArithmeticError,
            AttributeError,
            LookupError,
            RecursionError,
            TypeError,
            ValueError,
        ):
            self._errors = ErrorDict()
            self.cleaned_data: dict[str, object] = {}
            self.add_error("credential", "That passkey does not belong to your account.")  # type: ignore[attr-defined]
        if self._errors:
            log_event("passkey refused")


class PasskeyForm(_Credential, LoginWebAuthnForm):
    pass


class SecondFactorPasskeyForm(_Credential, AuthenticateWebAuthnForm):
    pass


class ConfirmPasskeyForm(_Credential, ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(_Credential, AddWebAuthnForm):
    name = forms.CharField(required=False, max_length=60)
