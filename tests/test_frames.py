"""The frames of a request lie in one piece of memory."""

from __future__ import annotations

import sys

from mixportal.frames import WORDS, one_piece_middleware


def test_what_answers_a_request_runs_above_a_frame_of_half_a_megabyte(settings, rf):
    assert settings.MIDDLEWARE[0].endswith(one_piece_middleware.__name__)
    answer = one_piece_middleware(lambda request: (request, sys._getframe(1).f_code.co_stacksize))
    request = rf.get("/")
    assert answer(request) == (request, WORDS)
