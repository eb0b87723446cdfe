from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.urls import reverse

from members.models import Government, User
from mixportal.ballots.models import Ballot
from mixportal.editions.models import Edition, Kind
from mixportal.results.turnout import NewVoter, turnout_of


@dataclass(frozen=True)
class Task:
    kind: Kind
    url: str
    total: int
    ballot: Ballot | None

    @property
    def ranked(self) -> int:
        return self.ballot.ranked if self.ballot and self.ballot.sees_working else 0

    @property
    def is_sealed(self) -> bool:
        return self.ballot is not None and not (self.ballot.sees_working and self.ballot.sees_cast)

    @property
    def is_done(self) -> bool:
        return self.ballot is not None and self.ballot.is_cast and (self.is_sealed or not self.ballot.edited)


@dataclass(frozen=True)
class ListTurnout:
    kind: Kind
    cast: list[Government]
    waiting: list[Government]
    new_voters: list[NewVoter]

    @property
    def seats(self) -> int:
        return len(self.cast) + len(self.waiting)


def tasks_for(edition: Edition, user: User) -> list[Task]:
    placed, differs = Q(placements__place__isnull=False), ~Q(placements__place=F("placements__cast_place"))
    one_sided = placed ^ Q(placements__cast_place__isnull=False)
    own = Ballot.objects.of_voter(user).filter(annual_list__edition=edition).select_related("cast_by", "updated_by")
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


def turnouts_of(edition: Edition) -> list[ListTurnout]:
    """Show the result to insiders only."""
    turnout = turnout_of(edition)
    seats = turnout.seats if turnout else []
    return [
        ListTurnout(
            kind,
            cast=[seat.government for seat in seats if seat.cast[number]],
            waiting=[seat.government for seat in seats if not seat.cast[number]],
            new_voters=turnout.new_voters if turnout else [],
        )
        for number, kind in enumerate(Kind)
    ]
