"""Leaders and visitors read Tally.public and the roster alone: a canary in each private column never reaches them."""

from __future__ import annotations

import pgtrigger
import pytest
from django.urls import reverse

from mixportal.editions.models import Kind
from mixportal.results.models import Tally
from mixportal.results.publishing import publish
from mixportal.summaries.models import ShareLink
from tests.worlds import PRIORITIES, closed, rank, seat_governments

CANARY = "canary-in-a-private-column"
# figures that are computed of two years' ballots, in trends/moves.py
READ_FOR_MOVES = {"governments", "places"}


@pytest.fixture
def with_canaries(world):
    members = [world.member_a, world.member_b, *seat_governments(22)]
    for number, member in enumerate(members):
        turn = number % 8
        rank(world.edition, member, *PRIORITIES[turn:], *PRIORITIES[:turn][: 8 - number % 3])
        rank(world.edition, member, ("Shadow IT", "IT Governance")[number % 2], kind=Kind.CHALLENGES)
    edition = closed(world.edition)
    for kind in Kind:
        tally = Tally.objects.get_or_compute(edition.list_of(kind))
        comparison = {
            key: value if key in READ_FOR_MOVES else CANARY for key, value in [*tally.comparison.items(), (CANARY, 1)]
        }
        with pgtrigger.ignore("results.Tally:stands"):
            Tally.objects.filter(pk=tally.pk).update(
                digest=CANARY,
                figures=dict.fromkeys([*tally.figures, CANARY], CANARY),
                comparison=comparison,
                roster=[{**row, CANARY: CANARY} for row in tally.roster],
            )
    return edition


def addresses(world) -> list[str]:
    year = world.edition.year
    found = [
        "/", "/data/", "/feed/", "/sitemap.xml", "/governments/",
        "/governments/port-merrow-county/", "/search/?q=data",
        *(reverse(name, args=[year]) for name in ("edition", "summary", "hindrances")),
    ]  # fmt: skip
    for kind in Kind:
        names = ("list", "results", "results-csv", "results-json", "cohorts")
        found += [reverse(name, args=[year, kind]) for name in names]
        found += [reverse(name, args=[kind]) for name in ("trends", "trends-csv")]
        found += [f"/trends/{kind}/?cohort=kind-county"]
        found += [
            reverse("entry", args=[year, kind, entry.slug]) for entry in world.edition.list_of(kind).entries.all()
        ]
    return found


def test_no_canary_reaches_a_leader_or_a_visitor(world, with_canaries, sign_in):
    leader = sign_in(world.leader_a)
    for address in [*addresses(world), reverse("brief", args=["port-merrow-county", 2030])]:
        answer = leader.get(address)
        assert answer.status_code == 200, address
        assert CANARY.encode() not in answer.content, address
    publish(with_canaries)
    _, token = ShareLink.objects.make(world.port, with_canaries, by=world.member_a, days=9, label="Council")
    visitor = sign_in(None)
    once_published = [reverse(name, args=[2030]) for name in ("embed", "slides")]
    for address in [*addresses(world), *once_published, reverse("shared-brief", args=[token])]:
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        assert CANARY.encode() not in answer.content, address


def test_members_read_the_private_columns(world, with_canaries, sign_in):
    tally = Tally.objects.get(annual_list__kind=Kind.PRIORITIES)
    assert CANARY in tally.figures
    assert CANARY in tally.comparison
