"""A ballot can start from the order that the government cast in an earlier year, along the lineage of its entries."""

from __future__ import annotations

import pytest

from mixportal.ballots.models import Ballot
from mixportal.editions.models import Edition, Kind, Lineage
from tests.reading import buttons, page, said, text, with_testid
from tests.worlds import PRIORITIES, closed, entry_of, make_edition, open_edition, rank

URL = "/2030/priorities/ballot/"


@pytest.fixture
def earlier(world):
    """2028, whose priorities are on the lines of 2030's, but Social Media and Governance are on lines of their own."""
    edition = make_edition(2028)
    for title in PRIORITIES:
        slug = title.lower().replace(" ", "-")
        if title not in ("Social Media", "Governance"):
            edition.list_of(Kind.PRIORITIES).entries.filter(slug=slug).update(line=entry_of(2030, slug).line)
    return open_edition(edition)


def lineage(kind: str, *, earlier: str, later: str) -> None:
    Lineage.objects.create(earlier=entry_of(2028, earlier), later=entry_of(2030, later), type=kind)


def test_the_earlier_order_is_offered_and_fills_in_what_is_on_the_same_line(world, earlier, at_ballot):
    rank(earlier, world.member_a, "Workforce", ("Data", "Social Media"), "Governance", "Cybersecurity")
    closed(earlier)
    screen = at_ballot(world.member_a)
    assert "Start from your 2028 order" in said(screen.answer, "earlier-order")
    assert "3 of the 8 priorities" in said(screen.answer, "earlier-order")
    screen.press("last-year")
    assert screen.order == ["workforce", "data", "cybersecurity"]
    assert with_testid(page(screen.answer), "earlier-order") is None


def test_it_replaces_the_order_and_can_be_undone(world, earlier, at_ballot):
    rank(earlier, world.member_a, "Workforce", "Data")
    closed(earlier)
    rank(world.edition, world.member_a, "Citizen Engagement", action="save")
    screen = at_ballot(world.member_a)
    assert "last-year" in buttons(page(screen.answer))
    answer = screen.press("last-year", fragment=True)
    assert "Your 2028 order is in place. 2 of 8 ranked." in text(page(answer))
    screen.press("undo")
    assert screen.order == ["citizen-engagement"]


def test_a_merged_entry_takes_the_best_place_and_split_ones_tie(world, earlier, at_ballot):
    rank(earlier, world.member_a, "Social Media", "Workforce", "Governance", "Data")
    lineage("merged", earlier="social-media", later="data")
    lineage("split", earlier="governance", later="governance")
    lineage("split", earlier="governance", later="social-media")
    closed(earlier)
    screen = at_ballot(world.member_a)
    screen.press("last-year")
    assert screen.order == ["data", "workforce", "governance=social-media"]


def test_a_renamed_entry_is_shown_with_its_earlier_title(world, earlier, at_ballot):
    earlier_list = earlier.list_of(Kind.PRIORITIES)
    rank(earlier, world.member_a, "Workforce", "Data")
    earlier_list.entries.get(slug="data").correct(reason="a slip", title="Data Sharing")
    closed(earlier)
    assert "Data Data Sharing in 2028" in said(at_ballot(world.member_a).answer, "earlier-order")


@pytest.mark.parametrize("action", ["save", "cast"])
def test_only_an_order_that_was_cast_is_offered_and_only_to_its_government(world, earlier, at_ballot, action):
    rank(earlier, world.member_a, "Workforce", action=action)
    closed(earlier)
    offered = [with_testid(page(at_ballot(user).answer), "earlier-order") for user in (world.member_a, world.member_b)]
    assert [each is not None for each in offered] == [action == "cast", False]


def test_the_newest_earlier_ballot_is_offered(world, earlier, at_ballot):
    rank(earlier, world.member_a, "Workforce")
    closed(earlier)
    later = make_edition(2029)
    line = entry_of(2030, "data").line
    later.list_of(Kind.PRIORITIES).entries.filter(slug="data").update(line=line)
    later = open_edition(Edition.objects.get(pk=later.pk))
    rank(later, world.member_a, "Data")
    closed(later)
    assert "Start from your 2029 order" in said(at_ballot(world.member_a).answer, "earlier-order")


def test_without_an_earlier_ballot_the_action_changes_nothing(world, at_ballot):
    screen = at_ballot(world.member_a)
    assert "last-year" not in buttons(page(screen.answer))
    assert screen.press("last-year").status_code == 409
    assert not Ballot.objects.exists()
