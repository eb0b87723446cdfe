"""Cache public pages for a minute, for requests without a session.

Each worker has its own copies and asks the database which version is current.
"""

import gzip
import hashlib
from collections.abc import Callable
from typing import TypeGuard

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from mixportal.pages.models import PageVersion


class VersionedRequest(HttpRequest):
    page_version: int


class PageCacheMiddleware:
    """This must be innermost, so that other middleware adds its headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        version = getattr(request, "page_version", None)
        is_from_cache = response.has_header("ETag")
        if version is None or is_from_cache or not _is_whole_page(request) or not _may_be_cached(response, request):
            return response
        response["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        if _accepts_gzip(request):
            response.content = gzip.compress(response.content, 9, mtime=0)
            response["Content-Encoding"] = "gzip"
        patch_vary_headers(response, ["Accept-Encoding"])
        caches["pages"].set(_key(request), response, version=version)
        return _answer(request, response)

    def process_view(
        self,
        request: VersionedRequest,
        view: Callable[..., HttpResponseBase],
        args: object,
        kwargs: object,
    ) -> HttpResponseBase | None:
        """Read the version before the view reads; templates cache parts of pages by it."""
        if not getattr(view, "stored", False) or not _is_of_visitor(request):
            return None
        try:
            request.page_version = PageVersion.current()
        except DatabaseError:
            return None
        if not _is_whole_page(request):
            return None
        response: HttpResponse | None = caches["pages"].get(_key(request), version=request.page_version)
        return None if response is None else _answer(request, response)


def _is_of_visitor(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and settings.SESSION_COOKIE_NAME not in request.COOKIES


def _is_whole_page(request: HttpRequest) -> bool:
    return not request.META.get("QUERY_STRING") and not request.headers.get("HX-Request")


def _may_be_cached(response: HttpResponseBase, request: HttpRequest) -> TypeGuard[HttpResponse]:
    return (
        response.status_code == 200
        and isinstance(response, HttpResponse)
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and "public" in response.get("Cache-Control", "")
    )


def _key(request: HttpRequest) -> str:
    return f"{'gzip' if _accepts_gzip(request) else 'plain'}:{request.path}"


def _accepts_gzip(request: HttpRequest) -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")


def _answer(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
