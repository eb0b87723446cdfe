from __future__ import annotations

import pytest

from members.models import Government
from mixportal.editions.models import Edition, Kind
from tests.conftest import CHALLENGES, PRIORITIES, cast_at_once, closed, make_government, rank, seat_governments


def join_lines(earlier: Edition, later: Edition, *titles: str, kind: Kind = Kind.PRIORITIES) -> None:
    """Put the entries of these titles on two lists on one line each."""
    entries = {entry.title: entry for entry in later.list_of(kind).entries.select_related("line")}
    for entry in earlier.list_of(kind).entries.filter(title__in=titles).select_related("line"):
        entry.line.join(entries[entry.title].line, reason="the same in both years")


@pytest.fixture
def network(world):
    """2030 closed: 24 governments, 12 cities that agree and 12 counties that put Emergency Communications first.

    Port Merrow (a county) turns it all around; Halloran ties and leaves out; Town 03 abstains; Lone Key never casts.
    """
    members = seat_governments(24)
    Government.objects.filter(seat__range=(15, 26)).update(kind="county", state="NC", population=90_000)
    make_government("Lone Key", 60)
    counties = {each.pk for each in members[12:]}
    emergency = "Emergency Communications"
    first = [title for title in PRIORITIES if title != emergency]
    orders = {}
    for number, member in enumerate(members[1:]):
        turned = (*first[number % 3 :], *first[: number % 3])
        orders[member] = (emergency, *turned) if member.pk in counties else (*turned, emergency)
    cast_at_once(world.edition, Kind.PRIORITIES, orders)
    cast_at_once(world.edition, Kind.CHALLENGES, dict.fromkeys(members, CHALLENGES))
    rank(world.edition, members[0], tuple(PRIORITIES))
    rank(world.edition, world.member_a, *PRIORITIES[::-1])
    rank(world.edition, world.member_b, "Data", ("Workforce", "Governance"), "Social Media")
    world.members = members
    world.edition = closed(world.edition)
    return world


@pytest.fixture
def roster():
    """`roster(kind="city", ...)`: a government as a roster has it."""

    def government(number: int, **facts) -> dict:
        plain = {
            "kind": "city",
            "band": "small",
            "form": "council_manager",
            "region": "west",
            "it_structure": "federated",
        }
        return {"id": number, "slug": f"town-{number:02}", "seat": number, "cast": True, **plain, **facts}

    return government
