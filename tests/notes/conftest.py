from __future__ import annotations

import pytest

from mixportal.editions.models import AnnualList, Entry, Kind
from mixportal.notes.models import Note


def entry_of(year: int = 2030, slug: str = "data", kind: Kind = Kind.PRIORITIES) -> Entry:
    return AnnualList.objects.for_year(year, kind).entries.get(slug=slug)


@pytest.fixture
def write():
    """`write(user, body, kind=, audience=, reply_to=, entry=)`: a note as the model records it."""

    def written(user, body="Words.", *, kind="note", audience="members", reply_to=None, entry=None):
        entry = entry or (reply_to.entry if reply_to else entry_of())
        return Note.write(entry=entry, user=user, kind=kind, body=body, audience=audience, reply_to=reply_to)

    return written
