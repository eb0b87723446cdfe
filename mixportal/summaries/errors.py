"""The pages that say no, in the portal's look. None of them asks the database."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mixportal.summaries.trouble import is_trouble, trouble


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(request, "errors/413.html", status=413)
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Trouble with the database that arose before any view (in a middleware) ends here too."""
    exception = sys.exc_info()[1]
    if is_trouble(exception):
        return trouble(request, exception)  # type: ignore[arg-type]
    return render(request, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is of an older session; what was typed is still in the browser's page."""
    return render(request, "errors/csrf.html", status=403)
