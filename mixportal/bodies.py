from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]


def encoding_middleware(get_response: Answer) -> Answer:
    """Some other charsets cannot decode a form."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        request.encoding = "utf-8"
        return get_response(request)

    return answer


def upload_limit_middleware(get_response: Answer) -> Answer:
    """Refuse bodies that are too large or declare no length before they are read.

    Django's own limit does not count files.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        length = request.headers.get("Content-Length", "")
        is_too_large = length.isdecimal() and int(length[:20]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if is_too_large or "Transfer-Encoding" in request.headers:
            raise RequestDataTooBig("The body is over the limit, or does not declare its length.")
        return get_response(request)

    return answer
