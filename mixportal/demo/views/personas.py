from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from members.access import Audience, open_to
from members.models import User
from mixportal.demo.models import Marker
from mixportal.demo.world import Persona, build_world


@open_to(Audience.EVERYONE)
@never_cache
def personas(request: HttpRequest) -> HttpResponse:
    return _page(request, request.GET.get("next", ""))


@open_to(Audience.EVERYONE, methods=["POST"])
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    after = request.POST.get("next", "")
    persona = next((each for each in build_world().personas if each.key == request.POST.get("persona")), None)
    if persona is None:
        return _page(request, after, problem="There is no such persona. Choose one of these.", status=422)
    if persona.person is None:
        logout(request)
    else:
        user = User.objects.filter(email=persona.person.email, is_active=True).first()
        if user is None or not Marker.objects.exists():
            return _page(request, after, problem="The demonstration is not loaded, so nobody can sign in.", status=422)
        login(request, user)
    return redirect(after if _is_ours(after, request) else settings.LOGIN_REDIRECT_URL)


def _page(request: HttpRequest, after: str, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "personas": build_world().personas,
        "current": _current(request),
        "after": after if _is_ours(after, request) else "",
        "problem": problem,
    }
    return render(request, "demo/personas.html", context, status=status)


def _current(request: HttpRequest) -> Persona | None:
    email = getattr(request.user, "email", "")
    return next((each for each in build_world().personas if (each.person.email if each.person else "") == email), None)


def _is_ours(address: str, request: HttpRequest) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
