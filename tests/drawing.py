"""Random networks, whose pages must not claim what their own figures deny."""

from __future__ import annotations

import random
from collections.abc import Mapping

from members.models import User
from mixportal.ballots.models import Ballot, Placement
from mixportal.editions.models import Edition, Kind, database_now
from tests.worlds import TITLES


def draw_order(chance: random.Random, titles: tuple[str, ...]) -> dict[str, int]:
    """Places by title: some ranked, some tied, some in one order that many share."""
    shown = [title for title in titles if chance.random() < chance.choice((0.5, 0.9, 1))] or [titles[0]]
    if chance.random() < 0.6:
        chance.shuffle(shown)
    places, place = {}, 0
    for title in shown:
        place += not places or chance.random() < 0.8
        places[title] = place
    return places


def cast_drawn(edition: Edition, kind: Kind, orders: Mapping[User, Mapping[str, int]]) -> None:
    now, annual_list = database_now(), edition.list_of(kind)
    entries = {entry.title: entry for entry in annual_list.entries.in_order()}
    for user, places in orders.items():
        cast = {"version": 1, "cast_at": now, "cast_by": user, "updated_at": now, "updated_by": user}
        stored = Ballot.objects.create(annual_list=annual_list, government=user.government, **cast)
        Placement.objects.bulk_create(
            Placement(ballot=stored, entry=entries[title], place=place, cast_place=place)
            for title, place in places.items()
        )


def cast_at_random(edition: Edition, voters: list[User], seed: int) -> None:
    chance = random.Random(seed)
    for kind, titles in TITLES.items():
        casting = [voter for voter in voters if chance.random() < 0.85] or voters[:1]
        cast_drawn(edition, kind, {voter: draw_order(chance, titles) for voter in casting})
