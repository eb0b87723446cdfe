"""Setting up a second factor: a passkey, or an authenticator app."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from members.sessions import SIGNED_IN_AT

FRESH = 15 * 60  # seconds


class _SetsUp:
    """Setting a factor up. The first one asks for a fresh sign-in, as there is no factor yet to ask for.

    Whoever has just set one up holds it, and is not asked for it again at once.
    """

    request: HttpRequest
    factor: Authenticator.Type

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_fresh = time.time() - request.session.get(SIGNED_IN_AT, 0) < FRESH
        if not is_fresh and not Authenticator.objects.filter(user=request.user).exists():
            door = f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}"
            return render(request, "account/sign_in_again.html", {"door": door}, status=403)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        newest = Authenticator.objects.filter(user=self.request.user, type=self.factor).latest("created_at")
        post_authentication(self.request, newest, reauthenticated=True)
        return response


class AddPasskey(_SetsUp, AddWebAuthnView):
    factor = Authenticator.Type.WEBAUTHN


class ActivateApp(_SetsUp, ActivateTOTPView):
    factor = Authenticator.Type.TOTP
