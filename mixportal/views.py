"""The pages that say no, in the portal's look. None of them asks the database."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from mixportal.summaries.trouble import is_trouble, trouble


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _page(request, "errors/413.html", 413)
    return _page(request, "errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "errors/403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "errors/404.html", 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Trouble with the database that arose before any view (in a middleware) ends here too."""
    exception = sys.exc_info()[1]
    if is_trouble(exception):
        return trouble(request, exception)  # type: ignore[arg-type]
    return _page(request, "errors/500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is of an older session; what was typed is still in the browser's page."""
    return _page(request, "errors/csrf.html", 403)


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """No cache keeps a refusal: what is not there for one reader, or not yet, may be for another or soon."""
    response = render(request, template, status=status)
    patch_cache_control(response, private=True, no_store=True)
    return response
