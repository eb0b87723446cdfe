from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class EncodingMiddleware:
    """Some other charsets cannot decode a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.encoding = "utf-8"
        return self.get_response(request)
