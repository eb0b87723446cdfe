"""The page of cohorts."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from mixportal.consensus import Profile
from mixportal.editions.models import Kind
from mixportal.results import computing
from mixportal.results.publishing import publish
from mixportal.results.splits import public_parts
from tests.reading import page, said, text

URL = "/2030/priorities/compare/cohorts/"


def sizes(shown) -> dict[str, list[tuple[str, ...]]]:
    return {key: [part.values for part in parts] for key, parts in shown.items()}


def test_small_parts_are_merged_before_they_are_shown(roster):
    kinds = ["city"] * 20 + ["county"] * 12 + ["consolidated"] * 3 + ["other"]
    governments = [roster(number, kind=kind) for number, kind in enumerate(kinds)]
    assert sizes(public_parts(governments, seed=1)) == {"kind": [("city",), ("county", "consolidated", "other")]}


@pytest.mark.parametrize(("cities", "shown"), [(9, {}), (10, {"kind": [("city",), ("county",)]})])
def test_no_part_of_fewer_than_ten_ballots_is_shown(roster, cities, shown):
    governments = [roster(number, kind="city" if number < cities else "county") for number in range(40)]
    assert sizes(public_parts(governments, seed=1)) == shown


def test_bands_merge_with_their_neighbors_and_the_unknown_stand_last(roster):
    bands = ["small"] * 4 + ["medium"] * 15 + ["large"] * 10 + [None] * 2
    governments = [roster(number, band=band) for number, band in enumerate(bands)]
    assert sizes(public_parts(governments, seed=1)) == {"population": [("small", "medium"), ("large", "")]}


def test_a_split_that_singles_out_few_beside_another_is_left_out(roster):
    """All 14 counties and one city are in the South: the South less the counties is that city."""
    governments = [roster(number, kind="county", region="south") for number in range(14)]
    governments += [roster(14, region="south"), *(roster(number, region="west") for number in range(15, 32))]
    assert sizes(public_parts(governments, seed=1)) == {"kind": [("city",), ("county",)]}


def test_what_nearly_all_of_a_part_place_alike_is_worded_away_with_one_more(roster):
    """Eleven of twelve cities put the first entry first: neither its average is shown, nor what would give it away."""
    rows = [[1, 2, 3, 4]] * 11 + [[2, 1, 3, 4]] + [[4, 3, 1, 2], [3, 4, 2, 1], [2, 1, 4, 3], [1, 3, 2, 4]] * 3
    governments = [roster(number, kind="city" if number < 12 else "county") for number in range(24)]
    found = computing.for_everyone(Profile.from_places("abcd", rows), governments, seed=1)
    for part in found["parts"]:
        assert part["average"] == [None] * 4  # the cities agree on all of them
        assert not any(part["clear"])
    rows = [[1, *row] for row in ([2, 3, 4], [3, 4, 2], [4, 2, 3])] * 4 + rows[12:]
    found = computing.for_everyone(Profile.from_places("abcd", rows), governments, seed=1)
    assert [sum(average is None for average in part["average"]) for part in found["parts"]] == [2, 2]
    assert {part["average"][0] for part in found["parts"]} == {None}


def test_members_see_every_part_and_which_differences_are_clear(network, sign_in):
    told = said(sign_in(network.member_a).get(f"{URL}?split=kind"), "cohorts")
    assert "Cities put Emergency Communications at an average place of 8.0 of 8, everybody else at" in told
    assert "there is no clear difference, which doesn’t mean that there is none" in told
    assert "Each difference with its range" in told
    assert "(14)" in told


def test_leaders_and_visitors_see_averages_and_no_ranges(network, sign_in):
    assert sign_in(None).get(URL).status_code == 404  # closed, not published
    assert sign_in(network.leader_a).get(URL).status_code == 200
    publish(network.edition)
    visitor = sign_in(None).get(URL)
    told = text(page(visitor))
    assert "Each difference with its range" not in told
    assert "(11)" in told  # twelve cities, of which one abstained
    assert "Groups with fewer than ten ballots are joined" in told
    for name in ("Town", "Port Merrow", "Halloran"):
        assert name not in told
    # the cities all put Emergency Communications last, which its average would tell of each
    assert "No averages are shown for" in told
    assert "Emergency Communications" in told.partition("No averages are shown for")[2][:200]


def test_two_ballots_tell_visitors_nothing_of_groups(phases, sign_in):
    told = text(page(sign_in(None).get("/2028/priorities/compare/cohorts/")))
    assert "Fewer than ten ballots were cast." in told
    tally = phases.published.list_of(Kind.PRIORITIES).tallies.get()
    assert tally.public["cohorts"]["parts"] == []


@pytest.mark.parametrize("kind", Kind)
def test_publishing_computes_what_visitors_read(phases, kind):
    assert phases.published.list_of(kind).tallies.get().seed == 2028


def test_what_is_computed_does_not_change(network, sign_in):
    sign_in(network.member_a).get(URL)
    stored = network.edition.list_of(Kind.PRIORITIES).tallies
    assert stored.count() == 1
    for field in ("comparison", "public"):
        with pytest.raises(IntegrityError, match="cannot change"), transaction.atomic():
            stored.update(**{field: {}})


def test_too_few_ballots_are_shown_without_a_test(roster):
    rows = [[1, 2, 3], [3, 2, 1], [1, 3, 2]]
    governments = [roster(number, kind="city" if number else "county") for number in range(3)]
    found = computing.for_members(Profile.from_places("abc", rows), governments, seed=1)["cohorts"]
    assert found["p"] is None
    assert found["parts"]["kind-county"]["average"] == [1, 2, 3]
    assert found["parts"]["kind-county"]["clear"] == [False] * 3


def test_of_two_parts_the_second_mirrors_the_first(roster):
    rows = [[1, 2, 3], [1, 3, 2], [2, 1, 3]] * 4 + [[3, 2, 1], [3, 1, 2], [2, 3, 1]] * 4
    governments = [roster(number, kind="city" if number < 12 else "county") for number in range(24)]
    parts = computing.for_members(Profile.from_places("abc", rows), governments, seed=1)["cohorts"]["parts"]
    one, other = parts["kind-city"], parts["kind-county"]
    assert one["clear"] == other["clear"]
    assert one["clear"][0]
    assert one["low"] == [-high for high in other["high"]]
    assert one["average"] == other["others"]
