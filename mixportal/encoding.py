from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class EncodingMiddleware:
    """Read every request as UTF-8. Of other charsets that a Content-Type can name, some cannot decode a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.encoding = "utf-8"
        return self.get_response(request)
