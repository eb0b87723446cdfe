"""Store public pages for a minute, only for requests without a session, so that no page depends on its reader."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from typing import Any, TypeGuard

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from mixportal.pages.models import StoredPage

KEPT_HEADERS = (
    "Content-Type", "Content-Disposition", "Content-Security-Policy", "Cache-Control", "Vary", "Link",
    "Access-Control-Allow-Origin",
)  # fmt: skip


class VersionedRequest(HttpRequest):
    page_version: str


class PageCacheMiddleware:
    """The innermost middleware, so that the others still add their headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        version = getattr(request, "page_version", None)
        if version is None or not _may_be_stored(response, request):
            return response
        page = StoredPage(
            path=request.path,
            version=version,
            etag=f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"',
            headers={name: response[name] for name in KEPT_HEADERS if response.has_header(name)},
            body=gzip.compress(response.content, 6, mtime=0),
        )
        try:
            StoredPage.objects.store(page)
        except DatabaseError:
            return response  # the database is read-only
        return _answer(request, page)

    def process_view(self, request: VersionedRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not getattr(view, "stored", False) or not _is_anonymous_page_request(request):
            return None
        try:
            version, page = StoredPage.objects.get_current(request.path)
        except DatabaseError:
            return None  # the view fails in the same way
        if page is None:
            request.page_version = version
            return None
        return _answer(request, page)


def _is_anonymous_page_request(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not request.headers.get("HX-Request")
    )


def _may_be_stored(response: HttpResponseBase, request: HttpRequest) -> TypeGuard[HttpResponse]:
    return (
        response.status_code == 200
        and isinstance(response, HttpResponse)
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and "public" in response.get("Cache-Control", "")
    )


def _answer(request: HttpRequest, page: StoredPage) -> HttpResponseBase:
    body = bytes(page.body)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(body, headers={**page.headers, "Content-Encoding": "gzip"})
    else:
        response = HttpResponse(gzip.decompress(body), headers=page.headers)
    response["ETag"] = page.etag
    response.xframe_options_exempt = "Content-Security-Policy" in page.headers
    patch_vary_headers(response, ["Accept-Encoding"])
    return get_conditional_response(request, etag=page.etag, response=response) or response
