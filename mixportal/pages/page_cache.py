"""Public pages as visitors see them, kept for a minute in the database: built once, then handed out as they are.

Only for those who bring no session, so nothing in a stored page is about its reader. A change of any table that public
pages show makes all of them anew.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from mixportal.pages.models import StoredPage

KEPT_HEADERS = (
    "Content-Type", "Content-Disposition", "Content-Security-Policy", "Cache-Control", "Vary", "Link",
    "Access-Control-Allow-Origin",
)  # fmt: skip


class StoredPagesMiddleware:
    """Answers for views declared `stored`; stands innermost, so that every header of the portal is still added."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        version = getattr(request, "made_of", None)
        if version is None or not _may_be_stored(request, response):
            return response
        page = StoredPage(
            path=request.path,
            version=version,
            etag=f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"',
            headers={name: response[name] for name in KEPT_HEADERS if response.has_header(name)},
            body=gzip.compress(response.content, 6, mtime=0),
        )
        try:
            StoredPage.objects.keep(page)
        except DatabaseError:
            return response  # read-only for now: the page is as good without being kept
        return _answer(request, page)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not getattr(view, "stored", False) or not _asks_for_the_public_page(request):
            return None
        try:
            request.made_of, page = StoredPage.objects.at(request.path)
        except DatabaseError:
            return None  # the view meets the same trouble, and answers with the page that says so
        if page is None:
            return None
        del request.made_of
        return _answer(request, page)


def _asks_for_the_public_page(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not request.headers.get("HX-Request")
    )


def _may_be_stored(request: HttpRequest, response: HttpResponseBase) -> bool:
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
