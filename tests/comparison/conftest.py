from __future__ import annotations

from mixportal.editions.models import Edition, Kind


def join_lines(earlier: Edition, later: Edition, *titles: str, kind: Kind = Kind.PRIORITIES) -> None:
    """Put the entries of these titles on two lists on one line each."""
    entries = {entry.title: entry for entry in later.list_of(kind).entries.select_related("line")}
    for entry in earlier.list_of(kind).entries.filter(title__in=titles).select_related("line"):
        entry.line.join(entries[entry.title].line, reason="the same in both years")
