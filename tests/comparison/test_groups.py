"""The groups of like-minded governments on the compare page."""

from __future__ import annotations

import random

import pytest

from mixportal.comparison.groups import MIN_GAP, like_minded_groups
from mixportal.comparison.network import network_for
from mixportal.editions.models import Kind
from mixportal.results.models import Tally
from mixportal.tables.text import spelled
from tests.reading import page, said, text, with_testid
from tests.worlds import PRIORITIES, cast_at_once, closed, seat_governments

URL = "/2030/priorities/compare/"


@pytest.fixture
def groups(network):
    return like_minded_groups(network_for(network.edition.list_of(Kind.PRIORITIES), network.member_a))


def test_each_group_ranks_apart_and_nobody_is_in_two(network, groups):
    named = [government for group in groups["groups"] for government in group.governments]
    assert len(named) == len({each.pk for each in named}) == 25
    assert [len(group.governments) for group in groups["groups"]] == sorted(
        (len(group.governments) for group in groups["groups"]), reverse=True
    )
    assert all(group.higher for group in groups["groups"])


def test_the_page_says_how_many_and_what_sets_each_apart_by_its_own_figures(network, groups, sign_in):
    told = said(sign_in(network.member_a).get(URL), "like-minded")
    assert f"The 25 ballots fall into {spelled(len(groups['groups']))} groups." in told
    assert f"What sets them apart most is {groups['divider'].title}" in told
    for group in groups["groups"]:
        assert f"{len(group.governments)} governments" in told
        assert sum(int(kind.split()[0]) for kind in group.kinds) == len(group.governments)
        for gap in group.higher:
            assert gap.others - gap.inside >= MIN_GAP
            assert f"{gap.entry.title} {gap.inside:.1f} others {gap.others:.1f}" in told
    assert told.count("You are in this group.") == 1
    share = float(told.split("These groups explain ")[1].split("%")[0])
    chance = float(told.split("explain at most ")[1].split("%")[0])
    assert share > chance


def test_each_government_is_named_once_and_only_those_that_voted(network, sign_in):
    told = said(sign_in(network.curator).get(URL), "like-minded")
    assert "You are in this group" not in told
    assert told.count("Halloran County") == 1
    assert "Town 03" not in told  # it abstained
    assert "Lone Key" not in told


def test_where_chance_explains_the_ballots_the_page_says_so(world, sign_in):
    draw = random.Random(4)
    members = [world.member_a, world.member_b, *seat_governments(14)]
    cast_at_once(
        world.edition, Kind.PRIORITIES, {each: tuple(draw.sample(PRIORITIES, len(PRIORITIES))) for each in members}
    )
    closed(world.edition)
    told = said(sign_in(world.member_a).get(URL), "like-minded")
    assert "The 16 ballots do not fall into groups of at least 5" in told
    assert "Names of the" not in told


def test_beside_chosen_governments_and_on_short_lists_there_are_no_groups(network, sign_in):
    client = sign_in(network.member_a)
    for address in (f"{URL}?g=town-05", "/2030/challenges/compare/"):
        assert 'data-testid="like-minded"' not in client.get(address).content.decode()


def test_leaders_and_visitors_learn_of_no_group(network, sign_in, client):
    public = Tally.objects.get_or_compute(network.edition.list_of(Kind.PRIORITIES)).public
    assert "like_minded" not in str(public)
    for viewer in (sign_in(network.leader_a), client):
        for address in (URL, "/2030/priorities/", "/2030/priorities/results/", "/2030/priorities/results.json"):
            assert "think alike" not in viewer.get(address, follow=True).content.decode().replace(
                "Who thinks alike", ""
            )


def test_a_name_from_people_is_escaped(network, groups, sign_in):
    network.port.name = "<b>Port"
    network.port.save()
    shown = with_testid(page(sign_in(network.member_a).get(URL)), "like-minded")
    assert "<b>Port" in text(shown)
