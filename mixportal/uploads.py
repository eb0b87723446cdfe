from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase


class UploadLimitMiddleware:
    """Refuse bodies that are too large or declare no length before they are read.

    Django's own limit does not count files.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.headers.get("Content-Length", "")
        is_too_large = length.isdecimal() and int(length[:20]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if is_too_large or "Transfer-Encoding" in request.headers:
            raise RequestDataTooBig("The body is over the limit, or does not declare its length.")
        return self.get_response(request)
