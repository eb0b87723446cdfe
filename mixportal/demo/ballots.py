from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pgtrigger

from members.models import Government, User
from mixportal.ballots.models import Ballot, Placement
from mixportal.ballots.order import renumber
from mixportal.demo.simulation import Candidate, SimulatedBallot, load_center, simulate, voters
from mixportal.demo.world import World
from mixportal.editions.models import AnnualList, Edition, Lineage, slug_for

Places = Mapping[str, int]

CAST_OF_OPEN = {"priorities": 38, "challenges": 33}
SAVED_ONLY = 5
EDITED_SINCE_CAST = 2
EDITED_AFTER = timedelta(minutes=20)

SAVED_BY_A = {
    "priorities": {
        "Emergency Communications": 1,
        "Cybersecurity": 2,
        "Technology Infrastructure": 3,
        "Workforce": 3,
        "Data": 5,
        "IT System Modernization": 6,
        "Business Continuity and Disaster Recovery": 7,
    }
}


@dataclass(frozen=True)
class Voter:
    government: Government
    people: list[User]

    def caster(self, index: int) -> User:
        return self.people[-1] if index % 4 == 3 else self.people[0]


@dataclass
class Network:
    """Opinions of one list influence those of the next."""

    world: World
    voters: Mapping[str, Voter]
    seed: int
    opinions: dict[str, dict[str, SimulatedBallot]] = field(default_factory=dict)

    def think(self, annual_list: AnnualList) -> dict[str, SimulatedBallot]:
        kind, year = annual_list.kind, annual_list.edition.year
        entries = list(annual_list.entries.in_order())
        earlier = {entry.slug: tuple(entry.earlier_on_line().values_list("slug", flat=True)[:1]) for entry in entries}
        for link in Lineage.objects.filter(later__in=entries).select_related("later", "earlier").order_by("pk"):
            earlier[link.later.slug] += (link.earlier.slug,)
        center = load_center(kind, year)
        candidates = [
            replace(
                center.get(entry.title, Candidate("")),
                slug=entry.slug,
                earlier=earlier.get(entry.slug, ()),
            )
            for entry in entries
        ]
        self.opinions[kind] = simulate(
            candidates,
            self.world.governments,
            f"{self.seed}/{year}/{kind}",
            previous=self.opinions.get(kind),
        )
        return self.opinions[kind]


def enter_past_ballots(edition: Edition, network: Network) -> None:
    world = network.world
    always = (world.government_a.slug, world.government_b.slug)
    casting = voters(world.governments, f"{network.seed}/{edition.year}", always=always)
    assert edition.closes_at
    with pgtrigger.ignore("ballots.Ballot:only_while_open", "ballots.Placement:only_while_open"):
        for annual_list in edition.lists.in_order():
            _cast(annual_list, casting, network, network.think(annual_list), until=edition.closes_at)


def enter_present_ballots(edition: Edition, network: Network, now: datetime) -> None:
    a, b = network.world.government_a, network.world.government_b
    others = [government for government in network.world.governments if government not in (a, b)]
    in_turn = [b.slug, *voters(others, f"{network.seed}/{edition.year}", len(others))]
    for annual_list in edition.lists.in_order():
        opinions = network.think(annual_list)
        count = CAST_OF_OPEN[annual_list.kind]
        _cast(annual_list, in_turn[:count], network, opinions, until=now, edited=EDITED_SINCE_CAST)
        saved: dict[str, Places] = {slug: opinions[slug].places for slug in in_turn[count : count + SAVED_ONLY]}
        if annual_list.kind in SAVED_BY_A:
            saved[a.slug] = {slug_for(title): place for title, place in SAVED_BY_A[annual_list.kind].items()}
        _save(annual_list, saved, network, at=now - timedelta(hours=1))


def _cast(
    annual_list: AnnualList,
    casting: Sequence[str],
    network: Network,
    opinions: Mapping[str, SimulatedBallot],
    *,
    until: datetime,
    edited: int = 0,
) -> None:
    """Leave uncast changes in the last `edited` ballots."""
    opens_at = annual_list.edition.opens_at
    assert opens_at
    ballots, working = [], []
    for index, slug in enumerate(casting):
        at = opens_at + (until - opens_at) * (index + 1) / (len(casting) + 1)
        is_edited = index >= len(casting) - edited
        caster = network.voters[slug].caster(index)
        ballots.append(
            Ballot(
                annual_list=annual_list,
                government=network.voters[slug].government,
                version=2 if is_edited else 1,
                cast_at=at,
                cast_by=caster,
                updated_at=at + EDITED_AFTER if is_edited else at,
                updated_by=caster,
            )
        )
        working.append(_swap_first_two(opinions[slug].places) if is_edited else opinions[slug].places)
    Ballot.objects.bulk_create(ballots)
    _place(annual_list, ballots, working, [opinions[slug].places for slug in casting])


def _save(annual_list: AnnualList, saved: Mapping[str, Places], network: Network, *, at: datetime) -> None:
    ballots = [
        Ballot(
            annual_list=annual_list,
            government=network.voters[slug].government,
            version=1,
            updated_at=at,
            updated_by=network.voters[slug].people[0],
        )
        for slug in saved
    ]
    Ballot.objects.bulk_create(ballots)
    _place(annual_list, ballots, list(saved.values()), [{}] * len(ballots))


def _place(
    annual_list: AnnualList,
    ballots: Sequence[Ballot],
    working: Sequence[Places],
    counted: Sequence[Places],
) -> None:
    entries = {entry.slug: entry for entry in annual_list.entries.in_order()}
    Placement.objects.bulk_create(
        Placement(ballot=ballot, entry=entries[slug], place=place, cast_place=cast.get(slug))
        for ballot, places, cast in zip(ballots, map(renumber, working), map(renumber, counted), strict=True)
        for slug, place in places.items()
    )


def _swap_first_two(places: Places) -> Places:
    return {slug: {1: 2, 2: 1}.get(place, place) for slug, place in places.items()}
