"""What awaits a member: the open ballots, who has cast, and the newest published list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from members.models import Government
from mixportal.editions import kinds
from mixportal.editions.models import Edition


@dataclass(frozen=True)
class Task:
    """One of the year's ballots as its government left it. `ballot` is None when not begun."""

    kind: Any
    url: str
    total: int
    ballot: Any

    @property
    def ranked(self) -> int:
        return self.ballot.ranked if self.ballot else 0

    @property
    def is_done(self) -> bool:
        """Cast, and not changed since."""
        return self.ballot is not None and self.ballot.is_cast and not self.ballot.edited


@dataclass(frozen=True)
class Turnout:
    """Which of the seated governments have cast one kind of ballot; who ranked what stays sealed."""

    kind: Any
    cast: list[Government]
    waiting: list[Government]
    own_slug: str

    @property
    def seats(self) -> int:
        return len(self.cast) + len(self.waiting)

    @property
    def squares(self) -> list[str]:
        """A class for each seat: the viewer's first, then those that have cast."""
        own = [government for government in (*self.cast, *self.waiting) if government.slug == self.own_slug]
        squares = []
        if own:
            squares.append("me on" if own[0] in self.cast else "me")
        squares += ["on"] * sum(1 for government in self.cast if government.slug != self.own_slug)
        squares += [""] * sum(1 for government in self.waiting if government.slug != self.own_slug)
        return squares

    @property
    def own_has_cast(self) -> bool | None:
        """None for a viewer without a seat."""
        if any(government.slug == self.own_slug for government in self.cast):
            return True
        return False if any(government.slug == self.own_slug for government in self.waiting) else None


def _entries_of(edition: Edition) -> dict[str, int]:
    """How many entries each list has, by the kind's key. One query."""
    counts = {
        kind.key: Subquery(
            kind.entry.objects.filter(edition=OuterRef("pk"))
            .order_by()
            .values("edition")
            .annotate(n=Count("pk"))
            .values("n")
        )
        for kind in kinds.registered()
    }
    found = Edition.objects.filter(pk=edition.pk).values(**counts).get()
    return {key: number or 0 for key, number in found.items()}


def tasks_for(edition: Edition, user: Any) -> list[Task]:
    """The open edition's ballots of the user's government."""
    placed, differs = Q(placements__place__isnull=False), ~Q(placements__place=F("placements__cast_place"))
    tasks = []
    totals = _entries_of(edition)
    for kind in kinds.registered():
        ballots = kind.ballot.objects.visible_to(user).filter(edition=edition, government=user.government_id)
        one_sided = placed ^ Q(placements__cast_place__isnull=False)
        tasks.append(
            Task(
                kind=kind,
                url=kind.ballot_url(edition),
                total=totals[kind.key],
                ballot=ballots.annotate(
                    ranked=Count("placements", filter=placed),
                    edited=Count("placements", filter=one_sided | placed & differs),
                ).first(),
            )
        )
    return tasks


def turnouts_of(edition: Edition, user: Any) -> list[Turnout]:
    """For members, delegates and curators (DESIGN rule 1). One query, whatever the number of kinds."""
    have_cast = {
        f"cast_{kind.key}": Exists(kind.ballot.objects.cast().filter(edition=edition, government=OuterRef("pk")))
        for kind in kinds.registered()
    }
    seated = list(Government.objects.seated().by_name().annotate(**have_cast))
    return [
        Turnout(
            kind=kind,
            cast=[government for government in seated if getattr(government, f"cast_{kind.key}")],
            waiting=[government for government in seated if not getattr(government, f"cast_{kind.key}")],
            own_slug=user.government.slug if user.government_id else "",
        )
        for kind in kinds.registered()
    ]
