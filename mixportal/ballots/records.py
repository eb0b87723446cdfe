"""A government's ballots among the records that it takes home (members/records.py)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from members import records
from mixportal.editions import kinds

COLUMNS = ("edition", "list", "slug", "title", "place", "place_that_counts", "cast_at", "cast_by")


def _ballots(government: Any, user: Any) -> Iterator[tuple[object, ...]]:
    """One row for each entry placed. The working order is its own voters' alone: it may differ from what was cast."""
    own = user.is_voter and user.government_id == government.pk
    for kind in kinds.registered():
        ballots = kind.ballot.objects.visible_to(user).filter(government=government)
        placements = kind.placement.objects.filter(ballot__in=ballots).select_related(
            "entry__edition", "ballot__cast_by"
        )
        for placed in placements.order_by("entry__edition__year", "cast_place", "place", "entry__position"):
            place = placed.place if own else None
            if place is None and placed.cast_place is None:
                continue
            entry, ballot, counts = placed.entry, placed.ballot, placed.cast_place
            cast_at = ballot.cast_at.isoformat(timespec="seconds") if ballot.cast_at else None
            yield (
                entry.edition.year, kind.key, entry.slug, entry.title, place, counts, cast_at, ballot.cast_by,
            )  # fmt: skip


def register() -> None:
    title = "its order of each list, as it stands and as it counts."
    records.register(records.Part("ballots", title, COLUMNS, _ballots))
