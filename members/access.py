"""Who may open which page: one decorator, which every view of the portal carries.

It answers for the request as a whole (DESIGN section 5). Which objects somebody sees inside the page is the business
of each queryset's `visible_to(user)`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers

View = Callable[..., HttpResponseBase]
UNDECLARED = frozenset({"GET", "HEAD", "POST"})  # the admin's views declare nothing


class Audience(enum.Enum):
    EVERYONE = "everyone"
    SIGNED_IN = "everyone signed in"
    INSIDERS = "members, delegates, curators"
    VOTERS = "members and delegates"

    def admits(self, user) -> bool:
        return {
            Audience.EVERYONE: True,
            Audience.SIGNED_IN: user.is_authenticated,
            Audience.INSIDERS: user.is_authenticated and user.is_insider,
            Audience.VOTERS: user.is_authenticated and user.is_voter,
        }[self]


def open_to(audience: Audience, *, methods: Iterable[str] = ("GET",), stored: bool = False) -> Callable[[View], View]:
    """Declares a view's audience and methods, and holds it to the audience (MethodMiddleware to the methods).

    `stored` pages are kept for visitors, by their address alone (mixportal.pages.page_cache).

    Strangers to a closed page: anonymous ones are led to sign-in (302; a fragment 204 with HX-Redirect, a posted
    fragment 401 with a notice that keeps what was typed); signed-in ones get 404, which confirms nothing.
    """
    allowed = frozenset(methods) | ({"HEAD"} if "GET" in methods else set())

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
            if audience is not Audience.EVERYONE and not request.user.is_authenticated:
                response = _ask_to_sign_in(request)
            elif not audience.admits(request.user):
                raise Http404
            else:
                response = view(request, *args, **kwargs)
            return _mark_for_caches(request, response, audience)

        guarded.audience = audience  # type: ignore[attr-defined]
        guarded.methods = allowed  # type: ignore[attr-defined]
        guarded.stored = stored  # type: ignore[attr-defined]
        return guarded

    return declare


class MethodMiddleware:
    """Refuses a method that the view does not declare before anything else is asked of it, a CSRF token included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase | None:
        allowed = getattr(view, "methods", UNDECLARED)
        if request.method in allowed:
            return None
        return HttpResponseNotAllowed(sorted(allowed))


def _ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if not request.headers.get("HX-Request"):
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        return render(request, "components/_signed_out.html", {"sign_in": settings.LOGIN_URL}, status=401)
    where = redirect_to_login(_page_of_fragment(request) or request.get_full_path())
    return HttpResponse(status=204, headers={"HX-Redirect": where["Location"]})


def _page_of_fragment(request: HttpRequest) -> str | None:
    """The page that asked for a fragment, where it is one of ours; the header may hold anything."""
    try:
        return request.htmx.current_url_abs_path
    except ValueError:
        return None


def _mark_for_caches(request: HttpRequest, response: HttpResponseBase, audience: Audience) -> HttpResponseBase:
    """Public pages may be kept for a minute by anyone; what a signed-in person sees is kept by nobody."""
    patch_vary_headers(response, ["Cookie", "HX-Request"])
    if response.has_header("Cache-Control"):
        return response
    public = (
        audience is Audience.EVERYONE
        and response.status_code == 200
        and request.method in ("GET", "HEAD")
        and not request.user.is_authenticated
        and not response.cookies
    )
    if public:
        patch_cache_control(response, public=True, max_age=60)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response
