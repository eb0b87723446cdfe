from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from members.access import Audience, open_to
from members.models import Session
from members.requests import UserRequest
from members.second_factor import AFTER


@open_to(Audience.SIGNED_IN)
def overview(request: UserRequest) -> HttpResponse:
    found = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    of_type = {kind: [each for each in found if each.type == kind] for kind in Authenticator.Type}
    codes = of_type[Authenticator.Type.RECOVERY_CODES]
    context = {
        "passkeys": of_type[Authenticator.Type.WEBAUTHN],
        "app": next(iter(of_type[Authenticator.Type.TOTP]), None),
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "sessions": Session.objects.for_user(request.user).count(),
        "after": request.session.get(AFTER, ""),
    }
    return render(request, "account/overview.html", context)


@open_to(Audience.SIGNED_IN, methods=("GET", "POST"))
def sessions(request: UserRequest) -> HttpResponse:
    if request.method == "POST":
        Session.objects.filter(user=request.user).delete()
        return _signed_out(request, "home")
    context = {"sessions": Session.objects.for_user(request.user), "here": request.session.session_key}
    return render(request, "account/sessions.html", context)


@open_to(Audience.EVERYONE, methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, or abandon a sign-in that was begun with another address."""
    after = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure())
    return _signed_out(request, after if ours else "home")


def _signed_out(request: HttpRequest, to: str) -> HttpResponse:
    logout(request)
    response = redirect(to)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
