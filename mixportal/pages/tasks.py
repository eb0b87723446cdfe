from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import BooleanField, F, IntegerField, Prefetch, prefetch_related_objects
from django.db.models.expressions import RawSQL
from django.urls import reverse

from members.models import Government, User
from mixportal.ballots.models import Ballot
from mixportal.editions.models import AnnualList, Edition, Kind
from mixportal.results.turnout import NewVoter, turnout_of

# The ORM composes these slowly.
ENTRIES = "SELECT count(*) FROM editions_entry WHERE annual_list_id = editions_annuallist.id"
RANKED = "SELECT count(place) FROM ballots_placement WHERE ballot_id = ballots_ballot.id"
EDITED = """
    SELECT EXISTS (
        SELECT FROM ballots_placement WHERE ballot_id = ballots_ballot.id AND place IS DISTINCT FROM cast_place
    )
"""


@dataclass(frozen=True)
class Task:
    kind: Kind
    url: str
    total: int
    ballot: Ballot | None
    ranked: int  # if the voter sees it
    is_edited: bool  # since the cast

    @property
    def numbers(self) -> range:
        return range(1, self.total + 1)

    @property
    def is_sealed(self) -> bool:
        return self.ballot is not None and not (self.ballot.sees_working and self.ballot.sees_cast)

    @property
    def is_done(self) -> bool:
        ballot = self.ballot
        return ballot is not None and ballot.is_cast and (self.is_sealed or not self.is_edited)


@dataclass(frozen=True)
class ListTurnout:
    kind: Kind
    cast: list[Government]
    waiting: list[Government]
    new_voters: list[NewVoter]
    own: Government | None
    others_since: int  # other governments that cast since the last visit

    @property
    def seats(self) -> int:
        return len(self.cast) + len(self.waiting)

    @cached_property
    def has_own_cast(self) -> bool:
        return self.own in self.cast

    @cached_property
    def is_own_waiting(self) -> bool:
        return self.own in self.waiting

    @property
    def others_cast(self) -> int:
        return len(self.cast) - self.has_own_cast

    @property
    def others_waiting(self) -> int:
        return len(self.waiting) - self.is_own_waiting

    @property
    def cast_names(self) -> str:
        return ", ".join(map(str, self.cast))

    @property
    def waiting_names(self) -> str:
        return ", ".join(map(str, self.waiting))


def prefetch_lists(editions: Iterable[Edition]) -> None:
    size = {"total": RawSQL(ENTRIES, [], IntegerField())}  # noqa: S611
    prefetch_related_objects(list(editions), Prefetch("lists", AnnualList.objects.in_order().annotate(**size)))


def tasks_for(edition: Edition, user: User) -> list[Task]:
    own = Ballot.objects.of_voter(user).filter(annual_list__edition=edition)
    names = {"cast_by_name": F("cast_by__name"), "updated_by_name": F("updated_by__name")}
    numbers = {
        "ranked": RawSQL(RANKED, [], IntegerField()),  # noqa: S611
        "edited": RawSQL(EDITED, [], BooleanField()),  # noqa: S611
    }
    ballots = {ballot.annual_list_id: ballot for ballot in own.annotate(**names, **numbers)}
    return [_task(edition, annual_list, ballots.get(annual_list.pk)) for annual_list in edition.lists.all()]


def _task(edition: Edition, annual_list: AnnualList, ballot: Ballot | None) -> Task:
    return Task(
        kind=annual_list.words,
        url=reverse("ballot", args=[edition.year, annual_list.kind]),
        total=annual_list.total,
        ballot=ballot,
        ranked=getattr(ballot, "ranked", 0) if ballot and ballot.sees_working else 0,
        is_edited=bool(getattr(ballot, "edited", False)),
    )


def turnouts_of(edition: Edition, own: Government | None, since: datetime | None = None) -> list[ListTurnout]:
    turnout = turnout_of(edition, since=since)
    seats = turnout.seats if turnout else []
    return [
        ListTurnout(
            kind,
            cast=[seat.government for seat in seats if seat.cast[number]],
            waiting=[seat.government for seat in seats if not seat.cast[number]],
            new_voters=turnout.new_voters if turnout else [],
            own=own,
            others_since=sum(kind in seat.cast_since for seat in seats if seat.government != own),
        )
        for number, kind in enumerate(Kind)
    ]
