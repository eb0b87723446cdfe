from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pgtrigger

from mixportal.ballots.models import Ballot, Placement
from mixportal.ballots.order import renumber
from mixportal.demo.simulation import Candidate, SimulatedBallot, load_center, simulate, voters
from mixportal.demo.world import A, B, World
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
    },
    "challenges": {},
}


@dataclass
class Network:
    """Opinions of one list influence those of the next."""

    world: World
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
            replace(center.get(entry.title, Candidate("")), slug=entry.slug, earlier=earlier[entry.slug])
            for entry in entries
        ]
        previous, seed = self.opinions.get(kind), f"{self.seed}/{year}/{kind}"
        self.opinions[kind] = simulate(candidates, self.world.governments, seed, previous)
        return self.opinions[kind]


def enter_past_ballots(edition: Edition, network: Network) -> None:
    casting = voters(network.world.governments, f"{network.seed}/{edition.year}", always=(A, B))
    assert edition.closes_at
    with pgtrigger.ignore("ballots.Ballot:only_while_open", "ballots.Placement:only_while_open"):
        for annual_list in edition.lists.in_order():
            _cast(annual_list, casting, network, network.think(annual_list), until=edition.closes_at)


def enter_present_ballots(edition: Edition, network: Network, now: datetime) -> None:
    others = [government for government in network.world.governments if government.slug not in (A, B)]
    in_turn = [B, *voters(others, f"{network.seed}/{edition.year}", len(others))]
    for annual_list in edition.lists.in_order():
        opinions = network.think(annual_list)
        count = CAST_OF_OPEN[annual_list.kind]
        _cast(annual_list, in_turn[:count], network, opinions, until=now, edited=EDITED_SINCE_CAST)
        saved: dict[str, Places] = {slug: opinions[slug].places for slug in in_turn[count : count + SAVED_ONLY]}
        if by_a := SAVED_BY_A[annual_list.kind]:
            saved[A] = {slug_for(title): place for title, place in by_a.items()}
        ballots = [_ballot(annual_list, network, slug, now - timedelta(hours=1)) for slug in saved]
        _store(annual_list, ballots, list(saved.values()), [{}] * len(saved))


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
    ballots = []
    counted = [opinions[slug].places for slug in casting]
    working = [*counted[: len(counted) - edited], *map(_swap_first_two, counted[len(counted) - edited :])]
    for index, slug in enumerate(casting):
        at = opens_at + (until - opens_at) * (index + 1) / (len(casting) + 1)
        ballot = _ballot(annual_list, network, slug, at, index)
        ballot.cast_at, ballot.cast_by = at, ballot.updated_by
        if index >= len(casting) - edited:
            ballot.version, ballot.updated_at = 2, at + EDITED_AFTER
        ballots.append(ballot)
    _store(annual_list, ballots, working, counted)


def _ballot(annual_list: AnnualList, network: Network, slug: str, at: datetime, index: int = 0) -> Ballot:
    seat = network.world.seats[slug]
    return Ballot(
        annual_list=annual_list,
        government=seat.government,
        version=1,
        updated_at=at,
        updated_by=seat.caster(index),
    )


def _store(
    annual_list: AnnualList,
    ballots: Sequence[Ballot],
    working: Sequence[Places],
    counted: Sequence[Places],
) -> None:
    Ballot.objects.bulk_create(ballots)
    entries = {entry.slug: entry for entry in annual_list.entries.in_order()}
    Placement.objects.bulk_create(
        Placement(ballot=ballot, entry=entries[slug], place=place, cast_place=cast.get(slug))
        for ballot, places, cast in zip(ballots, map(renumber, working), map(renumber, counted), strict=True)
        for slug, place in places.items()
    )


def _swap_first_two(places: Places) -> Places:
    return {slug: {1: 2, 2: 1}.get(place, place) for slug, place in places.items()}
