"""Give all frames of a request one piece of memory.

CPython keeps frames in pieces of 16 KB. A template's loop across the end of a piece maps and unmaps
memory at each call.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

WORDS = 70_000  # 8 bytes each; pieces double until a frame fits


def one_piece_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    def answer(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    answer.__code__ = answer.__code__.replace(co_stacksize=WORDS)
    return answer
