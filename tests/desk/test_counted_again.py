"""The ballots of a published edition are counted again, beside the first count."""

from __future__ import annotations

import pytest

from mixportal.editions.models import Kind
from mixportal.results.models import Tally
from tests.curating import do, notices
from tests.reading import page, text
from tests.worlds import rank

pytestmark = pytest.mark.django_db


def words(answer) -> str:
    assert answer.status_code == 200
    return text(page(answer))


def test_ballots_counted_again_stand_beside_the_first_count_for_everyone(phases, sign_in):
    first = Tally.objects.get_or_compute(phases.published.list_of(Kind.PRIORITIES))
    curator, visitor = sign_in(phases.curator), sign_in(None)
    assert do(curator, phases.published, "again", reason=" ").status_code == 422
    assert notices(do(curator, phases.published, "again", reason="Ties were miscounted.")) == (
        "2028: ballots counted again."
    )
    newest = Tally.objects.get_or_compute(phases.published.list_of(Kind.PRIORITIES))
    assert (newest.number, newest.reason, newest.decided_by) == (2, "Ties were miscounted.", phases.curator)
    assert newest.digest == first.digest
    shown = words(visitor.get("/2028/priorities/"))
    assert "counted again on" in shown
    assert "as Cora Curator decided. The reason: “Ties were miscounted.”" in shown
    said = words(visitor.get("/2028/summary/"))
    assert "The ballots of priorities were counted again" in said
    assert "as Cora Curator decided. The reason: “Ties were miscounted.”" in said
    assert "It is count 2 of these ballots" in words(visitor.get("/2028/priorities/data/"))
    earlier = words(visitor.get("/2028/priorities/?tally=1"))
    assert "This is count 1 of these ballots" in earlier
    assert visitor.get("/2028/priorities/results.json").json()["count"] == 2
    assert visitor.get("/2028/priorities/results.json?tally=1").json()["count"] == 1
    for senseless in ("3", "0", "x", "\x00", "²", "9" * 40, ""):
        assert visitor.get("/2028/priorities/", {"tally": senseless}).status_code == 404
    assert visitor.get("/2030/priorities/?tally=1").status_code == 404


def test_an_open_edition_has_no_first_count_to_ask_for(world, sign_in):
    rank(world.edition, world.member_a, "Data")
    for who in (world.member_b, world.curator):
        assert sign_in(who).get("/2030/priorities/?tally=1").status_code == 404
