"""What other bodies' lists say of an entry, for its own page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mixportal.editions.kinds import Addition, EntryAddition


def on_entry(crosswalk: Any) -> EntryAddition:
    """An addition to the pages of the entries that `crosswalk` leads from, which are read `with_signs()`."""

    def add(entry: Any, user: Any, asked: Mapping[str, str]) -> Addition | None:
        if not entry.is_elsewhere:
            return None
        told = list(crosswalk.objects.visible_to(user).told().filter(entry=entry))
        return Addition("comparison/_outside_of_entry.html", told) if told else None

    return add
