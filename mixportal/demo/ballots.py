"""Enters simulated ballots: those of editions that have closed, and the mixed state of the open one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pgtrigger

from members.models import Government, User
from mixportal.demo.simulation import Candidate, Simulated, load_centre, simulate, voters
from mixportal.demo.world import World
from mixportal.editions import kinds
from mixportal.editions.models import Edition, slug_for

Places = Mapping[str, int]

CAST_OF_OPEN = {"priorities": 38, "challenges": 33}
SAVED_ONLY = 5  # governments that have saved and not cast, besides that of the first persona
EDITED_SINCE_CAST = 2
EDITED_AFTER = timedelta(minutes=20)

# What the first persona finds saved, not cast, in the open edition: 7 of 13 priorities, with a tie.
SAVED_BY_A = {
    "priorities": {
        "Emergency Communications": 1,
        "Cybersecurity": 2,
        "Technology Infrastructure": 3,
        "Workforce": 3,
        "Data": 4,
        "IT System Modernization": 5,
        "Business Continuity and Disaster Recovery": 6,
    }
}


@dataclass(frozen=True)
class Voter:
    """A government and those who may cast its ballot, the member first."""

    government: Government
    people: list[User]

    def caster(self, index: int) -> User:
        """Every fourth ballot is cast by the delegate, where there is one."""
        return self.people[-1] if index % 4 == 3 else self.people[0]


@dataclass
class Network:
    """The voting governments, and what each thought of the latest list simulated: it carries over into the next."""

    world: World
    voters: Mapping[str, Voter]
    seed: int
    opinions: dict[str, dict[str, Simulated]] = field(default_factory=dict)

    def think(self, kind: kinds.Kind, edition: Edition) -> dict[str, Simulated]:
        """What every government thinks of one list, whether it casts a ballot or not."""
        earlier: dict[str, tuple[str, ...]] = {}
        links = kind.lineage.objects.filter(later__edition=edition).select_related("later", "earlier")
        for link in links.order_by("pk"):
            earlier[link.later.slug] = (*earlier.get(link.later.slug, ()), link.earlier.slug)
        centre = load_centre(kind.key, edition.year)
        candidates = [
            replace(centre.get(entry.title, Candidate("")), slug=entry.slug, earlier=earlier.get(entry.slug, ()))
            for entry in kind.entry.objects.of(edition)
        ]
        self.opinions[kind.key] = simulate(
            candidates,
            self.world.governments,
            f"{self.seed}/{edition.year}/{kind.key}",
            previous=self.opinions.get(kind.key),
        )
        return self.opinions[kind.key]


def enter_past_ballots(edition: Edition, network: Network) -> None:
    """About 52 governments have ranked both lists, those of the personas among them."""
    world = network.world
    always = (world.government_a.slug, world.government_b.slug)
    casting = voters(world.governments, f"{network.seed}/{edition.year}", always=always)
    for kind in kinds.registered():
        opinions = network.think(kind, edition)
        with _window_ignored(kind):
            _cast(kind, edition, casting, network, opinions, until=edition.closes_at)


def enter_present_ballots(edition: Edition, network: Network, now: datetime) -> None:
    """Some have cast, some have saved only, the rest have not begun; the first persona has saved SAVED_BY_A."""
    a, b = network.world.government_a, network.world.government_b
    others = [government for government in network.world.governments if government not in (a, b)]
    in_turn = [b.slug, *voters(others, f"{network.seed}/{edition.year}", len(others))]
    for kind in kinds.registered():
        opinions = network.think(kind, edition)
        count = CAST_OF_OPEN[kind.key]
        _cast(kind, edition, in_turn[:count], network, opinions, until=now, edited=EDITED_SINCE_CAST)
        saved: dict[str, Places] = {slug: opinions[slug].places for slug in in_turn[count : count + SAVED_ONLY]}
        if kind.key in SAVED_BY_A:
            saved[a.slug] = {slug_for(title): place for title, place in SAVED_BY_A[kind.key].items()}
        _save(kind, edition, saved, network, at=now - timedelta(hours=1))


def _cast(
    kind: kinds.Kind,
    edition: Edition,
    casting: Sequence[str],
    network: Network,
    opinions: Mapping[str, Simulated],
    *,
    until: datetime,
    edited: int = 0,
) -> None:
    """Cast ballots, spread over the days from the opening; the last `edited` have been changed since."""
    ballots, working = [], []
    for index, slug in enumerate(casting):
        at = edition.opens_at + (until - edition.opens_at) * (index + 1) / (len(casting) + 1)
        is_edited = index >= len(casting) - edited
        caster = network.voters[slug].caster(index)
        ballots.append(
            kind.ballot(
                edition=edition,
                government=network.voters[slug].government,
                version=2 if is_edited else 1,
                cast_at=at,
                cast_by=caster,
                updated_at=at + EDITED_AFTER if is_edited else at,
                updated_by=caster,
            )
        )
        working.append(_turned_round(opinions[slug].places) if is_edited else opinions[slug].places)
    kind.ballot.objects.bulk_create(ballots)
    _place(kind, edition, ballots, working, [opinions[slug].places for slug in casting])


def _save(kind: kinds.Kind, edition: Edition, saved: Mapping[str, Places], network: Network, *, at: datetime) -> None:
    """Ballots saved and not cast."""
    ballots = [
        kind.ballot(
            edition=edition,
            government=network.voters[slug].government,
            version=1,
            updated_at=at,
            updated_by=network.voters[slug].people[0],
        )
        for slug in saved
    ]
    kind.ballot.objects.bulk_create(ballots)
    _place(kind, edition, ballots, list(saved.values()), [{}] * len(ballots))


def _place(
    kind: kinds.Kind, edition: Edition, ballots: Sequence[Any], working: Sequence[Places], counted: Sequence[Places]
) -> None:
    entries = {entry.slug: entry for entry in kind.entry.objects.of(edition)}
    kind.placement.objects.bulk_create(
        kind.placement(ballot=ballot, entry=entries[slug], place=place, cast_place=cast.get(slug))
        for ballot, places, cast in zip(ballots, working, counted, strict=True)
        for slug, place in places.items()
    )


def _turned_round(places: Places) -> Places:
    """First and second have changed places."""
    return {slug: {1: 2, 2: 1}.get(place, place) for slug, place in places.items()}


@contextmanager
def _window_ignored(kind: kinds.Kind) -> Iterator[None]:
    with pgtrigger.ignore(*(f"{model._meta.label}:only_while_open" for model in (kind.ballot, kind.placement))):
        yield
