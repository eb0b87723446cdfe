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

MAX_SIGN_IN_AGE = 15 * 60  # seconds


class FactorSetup:
    """Require a fresh sign-in before the first factor. A new factor counts as used in this session."""

    request: HttpRequest
    factor: Authenticator.Type

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_fresh = time.time() - request.session.get(SIGNED_IN_AT, 0) < MAX_SIGN_IN_AGE
        if not is_fresh and not Authenticator.objects.filter(user=request.user).exists():
            door = f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}"
            return render(request, "account/sign_in_again.html", {"door": door}, status=403)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        newest = Authenticator.objects.filter(user=self.request.user, type=self.factor).latest("created_at")
        post_authentication(self.request, newest, reauthenticated=True)
        return response


class AddPasskey(FactorSetup, AddWebAuthnView):
    factor = Authenticator.Type.WEBAUTHN


class ActivateApp(FactorSetup, ActivateTOTPView):
    factor = Authenticator.Type.TOTP
