from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from members.models import Government, User
from mixportal.ballots.models import Ballot
from mixportal.editions.models import Edition, Kind


@dataclass(frozen=True)
class Task:
    kind: Kind
    url: str
    total: int
    ballot: Ballot | None

    @property
    def ranked(self) -> int:
        return self.ballot.ranked if self.ballot else 0

    @property
    def is_done(self) -> bool:
        return self.ballot is not None and self.ballot.is_cast and not self.ballot.edited


@dataclass(frozen=True)
class Turnout:
    kind: Kind
    cast: list[Government]
    waiting: list[Government]
    own_slug: str

    @property
    def seats(self) -> int:
        return len(self.cast) + len(self.waiting)

    @property
    def squares(self) -> list[str]:
        own = [government for government in (*self.cast, *self.waiting) if government.slug == self.own_slug]
        squares = []
        if own:
            squares.append("me on" if own[0] in self.cast else "me")
        squares += ["on"] * sum(1 for government in self.cast if government.slug != self.own_slug)
        squares += [""] * sum(1 for government in self.waiting if government.slug != self.own_slug)
        return squares

    @property
    def own_has_cast(self) -> bool | None:
        """Return None without a seat."""
        if any(government.slug == self.own_slug for government in self.cast):
            return True
        return False if any(government.slug == self.own_slug for government in self.waiting) else None


def tasks_for(edition: Edition, user: User) -> list[Task]:
    placed, differs = Q(placements__place__isnull=False), ~Q(placements__place=F("placements__cast_place"))
    one_sided = placed ^ Q(placements__cast_place__isnull=False)
    own = Ballot.objects.visible_to(user).filter(annual_list__edition=edition, government=user.government_id)
    counts = {
        "ranked": Count("placements", filter=placed),
        "edited": Count("placements", filter=one_sided | placed & differs),
    }
    ballots = {ballot.annual_list_id: ballot for ballot in own.annotate(**counts)}
    size = {"total": Count("entries")}
    return [
        Task(
            kind=annual_list.words,
            url=reverse("ballot", args=[edition.year, annual_list.kind]),
            total=annual_list.total,
            ballot=ballots.get(annual_list.pk),
        )
        for annual_list in edition.lists.in_order().annotate(**size)
    ]


def turnouts_of(edition: Edition, user: User) -> list[Turnout]:
    """Show the result to insiders only."""
    cast = Ballot.objects.cast().filter(annual_list__edition=edition, government=OuterRef("pk"))
    have_cast = {f"cast_{kind.value}": Exists(cast.filter(annual_list__kind=kind)) for kind in Kind}
    seated = list(Government.objects.seated().by_name().annotate(**have_cast))
    return [
        Turnout(
            kind=kind,
            cast=[government for government in seated if getattr(government, f"cast_{kind.value}")],
            waiting=[government for government in seated if not getattr(government, f"cast_{kind.value}")],
            own_slug=user.government.slug if user.government else "",
        )
        for kind in Kind
    ]
