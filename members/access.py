import enum
from collections.abc import Callable, Iterable
from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.deprecation import MiddlewareMixin  # not itself deprecated
from django_htmx.middleware import HtmxDetails

from members.models import User, Viewer

View = Callable[..., HttpResponseBase]
UNDECLARED = frozenset({"GET", "HEAD", "POST"})  # the admin's views


class PortalRequest(HttpRequest):
    htmx: HtmxDetails


class UserRequest(PortalRequest):
    user: User


class Audience(enum.Enum):
    EVERYONE = "everyone"
    SIGNED_IN = "everyone signed in"
    INSIDERS = "members, delegates, curators"
    VOTERS = "members and delegates"

    def admits(self, user: Viewer) -> bool:
        if self is Audience.EVERYONE or not user.is_authenticated:
            return self is Audience.EVERYONE
        if self is Audience.INSIDERS:
            return user.is_insider
        return user.is_voter or self is Audience.SIGNED_IN


def open_to(audience: Audience, *, methods: Iterable[str] = ("GET",), stored: bool = False) -> Callable[[View], View]:
    """Declare the audience and methods of a view, and enforce the audience.

    A user without access gets 404. A visitor's posted fragment gets 401, so that the input stays.
    `stored` pages are cached for visitors.
    """
    allowed = frozenset(methods) | ({"HEAD"} if "GET" in methods else set())

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: PortalRequest, *args: object, **kwargs: object) -> HttpResponseBase:
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


class MethodMiddleware(MiddlewareMixin):
    def process_view(self, request: HttpRequest, view: View, args: object, kwargs: object) -> HttpResponseBase | None:
        allowed = getattr(view, "methods", UNDECLARED)
        if request.method in allowed:
            return None
        return HttpResponseNotAllowed(sorted(allowed))


def _ask_to_sign_in(request: PortalRequest) -> HttpResponseBase:
    if not request.headers.get("HX-Request"):
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        return render(request, "components/_signed_out.html", {"sign_in": settings.LOGIN_URL}, status=401)
    where = redirect_to_login(_page_of_fragment(request) or request.get_full_path())
    return HttpResponse(status=204, headers={"HX-Redirect": where["Location"]})


def _page_of_fragment(request: PortalRequest) -> str | None:
    try:
        return request.htmx.current_url_abs_path
    except ValueError:
        return None


def _mark_for_caches(request: HttpRequest, response: HttpResponseBase, audience: Audience) -> HttpResponseBase:
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
