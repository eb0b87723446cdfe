"""The part of the compare page about the user's government."""

from __future__ import annotations

import pytest

from mixportal.editions.models import Edition, Kind
from mixportal.results.publishing import publish
from tests.comparison.conftest import join_lines
from tests.reading import page, text
from tests.worlds import PRIORITIES, TITLES, cast_at_once, closed, make_edition, open_edition


@pytest.fixture
def moved(phases):
    join_lines(phases.published, phases.closed, *[title for title in PRIORITIES if title != "Workforce"])
    return phases


def test_places_are_followed_along_lines_from_the_last_list_that_was_ranked(moved, sign_in):
    told = text(page(sign_in(moved.member_a).get("/2029/priorities/compare/")))
    assert "What you moved since 2028" in told
    assert "Data 2028: 3rd 2029: 3rd the same place" in told
    assert "New on this list: Workforce." in told


@pytest.mark.parametrize("kind", Kind)
def test_an_entry_is_followed_under_another_title_past_years_without_a_result(world, sign_in, kind):
    """A year that was not ranked, an open one with a ballot of their own and a drafted one are between."""
    *kept, last = titles = TITLES[kind]
    early = open_edition(make_edition(2028))
    cast_at_once(early, kind, {world.member_a: titles})
    closed(early)
    publish(make_edition(2029))
    cast_at_once(world.edition, kind, {world.member_a: titles})
    make_edition(2031)
    late = make_edition(2032)
    for edition in Edition.objects.filter(year__range=(2029, 2032)).order_by("year"):
        join_lines(early, edition, *titles, kind=kind)
    late.list_of(kind).entries.filter(title=last).update(title="Renamed")
    late = open_edition(late)
    cast_at_once(late, kind, {world.member_a: ("Renamed", *kept)})
    closed(late)
    told = text(page(sign_in(world.member_a).get(f"/2032/{kind}/compare/")))
    assert "What you moved since 2028" in told
    assert f"Renamed renamed from {last} 2028: {len(titles)}" in told
    assert f"2032: 1st up {len(kept)} places" in told
    assert "New on this list" not in told


def test_an_open_list_is_nothing_to_have_moved_from(moved, sign_in):
    told = text(page(sign_in(moved.member_a).get("/2028/priorities/compare/")))
    assert "What you moved" not in told


def test_a_short_list_names_nobody_as_alike(network, sign_in):
    told = text(page(sign_in(network.members[4]).get("/2030/challenges/compare/")))
    assert "A list of 3 is too short to say" in told
    assert "Closest" not in told


def test_nobody_is_called_close_within_reach_of_chance(network, sign_in):
    told = text(page(sign_in(network.member_a).get("/2030/priorities/compare/")))
    assert "No government is closer than that, so any match here may be luck" in told
    told = text(page(sign_in(network.members[3]).get("/2030/priorities/compare/")))
    assert "governments are closer than that, so this is more than luck" in told
