"""My government: what it moved since its last list, along lineage, and who thinks like it."""

from __future__ import annotations

import pytest

from priorities.models import Priority, PriorityLineage
from tests.reading import page, text


@pytest.fixture
def moved(phases):
    """2029 continues 2028, but Data is renamed and Workforce is new."""
    for later in Priority.objects.filter(edition=phases.closed).exclude(slug="workforce"):
        earlier = Priority.objects.get(edition=phases.published, slug=later.slug)
        how = "renamed" if later.slug == "data" else "continued"
        PriorityLineage.objects.create(later=later, earlier=earlier, type=how)
    return phases


def test_places_are_followed_along_lineage_from_the_last_list_that_was_ranked(moved, sign_in):
    told = text(page(sign_in(moved.member_a).get("/2029/priorities/compare/")))
    assert "What you moved since 2028" in told
    assert "Data 2028: 3rd 2029: 3rd the same place" in told
    assert "New on this list: Workforce." in told


def test_an_open_list_is_nothing_to_have_moved_from(moved, sign_in):
    """Only what has closed before counts, and only the own ballots of earlier years."""
    told = text(page(sign_in(moved.member_a).get("/2028/priorities/compare/")))
    assert "What you moved" not in told


def test_a_short_list_names_nobody_as_alike(network, sign_in):
    told = text(page(sign_in(network.members[4]).get("/2030/challenges/compare/")))
    assert "A list of 3 is too short to say" in told
    assert "Closest" not in told


def test_nobody_is_called_close_within_reach_of_chance(network, sign_in):
    told = text(page(sign_in(network.member_a).get("/2030/priorities/compare/")))
    assert "nobody is closer than that, so no likeness here is a finding" in told
    told = text(page(sign_in(network.members[3]).get("/2030/priorities/compare/")))
    assert "governments are closer than that, so this is more than chance" in told
