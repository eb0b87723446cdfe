from __future__ import annotations

import pytest

from mixportal.mail.models import Mail


@pytest.fixture
def post(db):
    """Posts a mail from a template that the portal has, to an address and for a cause of one's own."""

    def posted(to: str = "rosa@port.example", cause: str = "test:1", **more):
        items = [{"line": "A line", "url": "https://portal.example/1/"}]
        return Mail.objects.post("digest", to, cause=cause, context={"items": items}, **more)

    return posted
