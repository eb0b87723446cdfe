"""What awaits a member: the open ballots, who has cast, and the newest published list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from members.models import Government
from mixportal.editions import kinds
from mixportal.editions.models import Edition


@dataclass(frozen=True)
class Task:
    """One of the year's ballots as its government left it."""

    kind: Any
    url: str
    total: int
    ranked: int
    ballot: Any  # None when not begun

    @property
    def is_done(self) -> bool:
        return self.ballot is not None and self.ballot.is_cast and not self.ballot.has_edits_since_cast


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


def tasks_for(edition: Edition, user: Any) -> list[Task]:
    """The open edition's ballots of the user's government."""
    tasks = []
    for kind in kinds.registered():
        ballot = (
            kind.ballot.objects.visible_to(user)
            .filter(edition=edition, government=user.government_id)
            .with_placements()
            .first()
        )
        tasks.append(
            Task(
                kind=kind,
                url=kind.ballot_url(edition),
                total=kind.entry.objects.filter(edition=edition).count(),
                ranked=len(ballot.working) if ballot else 0,
                ballot=ballot,
            )
        )
    return tasks


def turnouts_of(edition: Edition, user: Any) -> list[Turnout]:
    """For members, delegates and curators (DESIGN rule 1)."""
    seated = list(Government.objects.seated().by_name())
    own_slug = user.government.slug if user.government_id else ""
    turnouts = []
    for kind in kinds.registered():
        have_cast = set(kind.ballot.objects.filter(edition=edition).cast().values_list("government_id", flat=True))
        turnouts.append(
            Turnout(
                kind=kind,
                cast=[government for government in seated if government.pk in have_cast],
                waiting=[government for government in seated if government.pk not in have_cast],
                own_slug=own_slug,
            )
        )
    return turnouts
