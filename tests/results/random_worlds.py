"""Networks of any size whose ballots are drawn: what the tests of claims feed to the pages."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.core.cache import caches
from django.db import connection, transaction
from hypothesis import strategies as st

from members.models import Government, User
from mixportal.ballots.models import Ballot, Placement
from mixportal.editions.models import Edition, Entry, Kind, database_now, slug_for
from mixportal.results.models import Tally
from tests.results.claims import Fed
from tests.worlds import CHALLENGES, PRIORITIES

TITLES = (*PRIORITIES, "Cloud", "Digital Equity", "Disaster Recovery", "Innovation", "Artificial Intelligence")
ALL_TITLES = (*TITLES, *CHALLENGES, "Public Trust", "Investment in Infrastructure")
FORMS = ("council_manager", "mayor_council", "commission")
STATES = ("AZ", "NC", "OH", "ME")
CLERK = "clerk@mix.example"
STYLES = ("random", "alike", "divided", "equal", "few", "ties", "level", "steady")
Style = Literal["random", "alike", "divided", "equal", "few", "ties", "level", "steady"]


@dataclass(frozen=True)
class Draw:
    """Describe one drawn list: its entries, ballots, their style, and how many put everything level."""

    entries: int
    ballots: int
    style: str
    level: int = 0
    kept: int = 0  # entries on the line of an earlier year's, if there is one


@dataclass(frozen=True)
class World:
    seed: int
    seats: int
    priorities: Draw
    challenges: Draw
    earlier: Draw | None = None


@dataclass
class Network:
    edition: Edition
    governments: list[Government]
    orders: Mapping[Kind, list[Mapping[str, int]]]  # by government, as cast
    fed: Fed


def draws(entries: st.SearchStrategy[int], seats: int) -> st.SearchStrategy[Draw]:
    return st.builds(
        Draw,
        entries=entries,
        ballots=st.one_of(st.integers(0, seats), st.just(seats)),
        style=st.sampled_from(STYLES),
        level=st.sampled_from((0, 0, 0, 1, 3)),
        kept=st.sampled_from((0, 2, 6, 8)),
    )


@st.composite
def worlds(draw: st.DrawFn, seats: Sequence[int] = (1, 2, 9, 10, 12, 21, 30, 64)) -> World:
    governments = draw(st.sampled_from(seats))
    return World(
        seed=draw(st.integers(0, 2**16)),
        seats=governments,
        priorities=draw(draws(st.sampled_from((2, 7, 8, 8, 13)), governments)),
        challenges=draw(draws(st.sampled_from((1, 2, 3, 5)), governments)),
        earlier=draw(st.one_of(st.none(), draws(st.just(8), governments))),
    )


def drawn_order(style: str, slugs: list[str], pick: random.Random, number: int) -> dict[str, int]:
    """One government's places; none for an entry that it leaves off."""
    order = list(slugs)
    if style == "equal":
        return {slug: place for place, slug in enumerate(order[: max(1, len(order) - 3)], 1)}
    if style == "divided" and number % 2:
        order.reverse()
    elif style == "random" or style in ("few", "ties"):
        pick.shuffle(order)
    elif style == "level":
        return dict.fromkeys(order, 1)
    elif style == "alike":
        order.sort(key=lambda slug: slugs.index(slug) + pick.gauss(0, 2))
    if style == "few":
        order = order[: pick.randint(1, 3)]
    if style == "ties":
        return {slug: pick.randint(1, 3) for slug in order[: pick.randint(1, len(order))]}
    if style in ("random", "alike") and pick.random() < 0.4:
        order = order[: pick.randint(1, len(order))]
    return {slug: place for place, slug in enumerate(order, 1)}


@contextmanager
def without_triggers() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def network_of(world: World) -> Iterator[Network]:
    """The world in the database, its list of 2030 published; nothing of it stays."""
    caches["pages"].clear()
    with transaction.atomic():
        yield _made(world)
        transaction.set_rollback(True)


def _made(world: World) -> Network:
    pick = random.Random(world.seed)
    governments = Government.objects.bulk_create(
        Government(
            name=f"Town {chr(65 + number // 26)}{chr(97 + number % 26)}",
            slug=f"town-{number}",
            seat=number + 1,
            kind=pick.choice(("city", "city", "county", "consolidated")),
            state=pick.choice(STATES),
            population=pick.choice((90_000, 300_000, 900_000)),
            population_year=2025,
            form_of_government=pick.choice(FORMS),
        )
        for number in range(world.seats)
    )
    User.objects.create_user(CLERK, name="Clerk")
    now = database_now()
    before = _edition(2029, {Kind.PRIORITIES: TITLES[:8]}) if world.earlier else None
    earlier: list[Mapping[str, int]] = []
    if before and world.earlier:
        earlier = _rank(before, Kind.PRIORITIES, world.earlier, governments, pick)
        _publish(before, now - timedelta(days=400))
    titles = TITLES[: world.priorities.entries] if world.earlier is None else _later_titles(world)
    edition = _edition(2030, {Kind.PRIORITIES: titles, Kind.CHALLENGES: _challenges(world)})
    shared = _continue(before, edition, world.priorities.kept) if before else []
    orders = {
        kind: _rank(edition, kind, draw, governments, pick)
        for kind, draw in ((Kind.PRIORITIES, world.priorities), (Kind.CHALLENGES, world.challenges))
    }
    entries = {Kind.PRIORITIES: world.priorities.entries, Kind.CHALLENGES: world.challenges.entries}
    fed = _fed(governments, orders, earlier, shared, entries)
    return Network(_publish(edition, now - timedelta(days=3)), governments, orders, fed)


def _fed(
    governments: list[Government],
    orders: Mapping[Kind, list[Mapping[str, int]]],
    earlier: list[Mapping[str, int]],
    shared: list[str],
    entries: Mapping[Kind, int],
) -> Fed:
    counted = [of_kind for kind, of_kind in orders.items() if any(_ranks(order, entries[kind]) for order in of_kind)]
    took_part = [any(of_kind[number] for of_kind in counted) for number in range(len(governments))]
    kinds = Counter(each.kind for each, took in zip(governments, took_part, strict=True) if took)
    both = [
        (then, now)
        for then, now in zip(earlier, orders[Kind.PRIORITIES], strict=False)
        if _ranks(then, 8) and _ranks(now, entries[Kind.PRIORITIES])
    ]
    slugs = [slug_for(title) for title in shared]
    changes = {}
    for title, slug in zip(shared, slugs, strict=True):
        places = [(_middle(slug, then, slugs), _middle(slug, now, slugs)) for then, now in both]
        changes[title] = sum(then > now for then, now in places), sum(then < now for then, now in places)
    return Fed(dict(kinds), bool(earlier), len(both), changes)


def _ranks(order: Mapping[str, int], entries: int) -> bool:
    """Return if it puts anything in order; entries it leaves off are below the rest."""
    return bool(order) and (len(set(order.values())) > 1 or len(order) < entries)


def _middle(slug: str, order: Mapping[str, int], slugs: list[str]) -> float:
    """Its place among `slugs`, ties shared."""
    places = [order.get(each, 10**6) for each in slugs]
    mine = order.get(slug, 10**6)
    return sum(place < mine for place in places) + places.count(mine) / 2


def _later_titles(world: World) -> tuple[str, ...]:
    """The newest titles first, so that what continues is not at the same position."""
    return (*TITLES[8:], *TITLES[:8])[-world.priorities.entries :] if world.priorities.entries < 13 else TITLES


def _challenges(world: World) -> tuple[str, ...]:
    return (*CHALLENGES, "Public Trust", "Investment in Infrastructure")[: world.challenges.entries]


def _edition(year: int, lists: Mapping[Kind, tuple[str, ...]]) -> Edition:
    edition = Edition.objects.create(year=year, mail_previewed_at=database_now())
    for kind, titles in lists.items():
        edition.list_of(kind).add_entries(
            Entry(title=title, slug=slug_for(title), description="What it means.", position=position)
            for position, title in enumerate(titles, start=1)
        )
    return edition


def _continue(before: Edition, edition: Edition, kept: int) -> list[str]:
    lines = dict(before.list_of(Kind.PRIORITIES).entries.in_order().values_list("slug", "line"))
    entries = edition.list_of(Kind.PRIORITIES).entries.in_order().filter(slug__in=lines)[:kept]
    with without_triggers():
        for entry in entries:
            Entry.objects.filter(pk=entry.pk).update(line=lines[entry.slug])
    return [entry.title for entry in entries]


def _rank(
    edition: Edition, kind: Kind, draw: Draw, governments: list[Government], pick: random.Random
) -> list[Mapping[str, int]]:
    annual_list = edition.list_of(kind)
    entries = {entry.slug: entry for entry in annual_list.entries.in_order()}
    now, clerk = database_now(), User.objects.get(email=CLERK)
    cast = {"version": 1, "cast_at": now, "updated_at": now, "cast_by": clerk, "updated_by": clerk}
    voters = sorted(pick.sample(range(len(governments)), draw.ballots)) if entries else []
    orders: list[Mapping[str, int]] = [{} for _ in governments]
    for number, voter in enumerate(voters):
        style = "level" if number < draw.level else draw.style
        orders[voter] = drawn_order(style, list(entries), pick, number)
    with without_triggers():
        ballots = Ballot.objects.bulk_create(
            Ballot(annual_list=annual_list, government=governments[voter], **cast) for voter in voters
        )
        Placement.objects.bulk_create(
            Placement(ballot=ballot, entry=entries[slug], place=place, cast_place=place)
            for ballot, voter in zip(ballots, voters, strict=True)
            for slug, place in orders[voter].items()
        )
    return orders


def _publish(edition: Edition, closed: datetime) -> Edition:
    with without_triggers():
        Edition.objects.filter(pk=edition.pk).update(
            opens_at=closed - timedelta(days=9), closes_at=closed, published_at=closed + timedelta(days=1)
        )
    edition = Edition.objects.get(pk=edition.pk)
    for annual_list in edition.lists.in_order():
        if annual_list.entries.exists():
            annual_list.edition = edition
            Tally.compute(annual_list)
    return edition
