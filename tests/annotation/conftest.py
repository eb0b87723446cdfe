from __future__ import annotations

import pytest

from priorities.models import Priority


def entry_of(year: int = 2030, slug: str = "data", model=Priority):
    return model.objects.select_related("edition").get(edition__year=year, slug=slug)


@pytest.fixture
def write():
    """`write(user, body, kind=, audience=, reply_to=, entry=)`: a note as the model records it."""

    def written(user, body="Words.", *, kind="note", audience="members", reply_to=None, entry=None):
        entry = entry or (reply_to.entry if reply_to else entry_of())
        model = entry.notes.model
        return model.write(entry=entry, user=user, kind=kind, body=body, audience=audience, reply_to=reply_to)

    return written
