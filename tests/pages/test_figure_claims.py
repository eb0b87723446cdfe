"""The archive, the profile of a government and the groups of like-minded ones say what the ballots bear out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from members.models import User
from mixportal.editions.models import Kind, slug_for
from tests.pages.test_archive import files
from tests.reading import page, text, with_testid
from tests.results.claims import number
from tests.results.random_worlds import ALL_TITLES, Draw, Network, World, network_of, worlds
from tests.worlds import CONSENTED

pytestmark = pytest.mark.django_db
NETWORKS = settings(suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
TITLES = {slug_for(title): title for title in ALL_TITLES}
Ranks = Mapping[str, float]  # by title
WORLDS = [
    World(1, 12, Draw(8, 12, "steady", level=3), Draw(3, 12, "few")),
    World(2, 30, Draw(8, 30, "divided"), Draw(5, 0, "random")),
    World(3, 21, Draw(8, 21, "equal"), Draw(2, 9, "level")),
    World(4, 2, Draw(8, 1, "ties"), Draw(1, 2, "random")),
    World(5, 1, Draw(7, 0, "random"), Draw(3, 1, "alike")),
    World(6, 40, Draw(13, 38, "random", level=1), Draw(5, 40, "ties")),
]
ONE_OF_MANY = re.compile(
    r".{0,60}(?<![\d,.])1 (?:governments|ballots|entries|priorities|challenges|lists|others|pairs|places|people|groups|seats"
    r"|cities|counties|notes|days|years)\b.{0,30}"
)


def ranks_of(row: Mapping[str, str], titles: list[str]) -> Ranks | None:
    """Return the place that each entry counts on a ballot of the archive, or None if the ballot orders nothing."""
    places = [int(row[title] or 10**6) for title in titles]
    if len(set(places)) == 1:
        return None
    return {
        title: sum(each < place for each in places) + (places.count(place) + 1) / 2
        for title, place in zip(titles, places, strict=True)
    }


def ranks_by_government(archive: Mapping[str, list[dict[str, str]]], kind: Kind) -> dict[str, Ranks]:
    titles = [row["title"] for row in archive[f"{kind}.csv"]]
    found = {row["government"]: ranks_of(row, titles) for row in archive.get(f"{kind}-ballots.csv", ())}
    return {name: ranks for name, ranks in found.items() if ranks}


def mean(ranks: list[Ranks], title: str) -> float:
    return sum(each[title] for each in ranks) / len(ranks)


def check_archive(archive: Mapping[str, list[dict[str, str]]], network: Network) -> None:
    for kind in Kind:
        turnout = [row for row in archive["turnout.csv"] if row[f"cast {kind}"] == "yes"]
        ballots = archive.get(f"{kind}-ballots.csv", [])
        assert [row["government"] for row in ballots] == [row["government"] for row in turnout]
        cast = {
            government.name
            for government, order in zip(network.governments, network.orders[kind], strict=True)
            if order
        }
        assert {row["government"] for row in ballots} == cast
        counted = list(ranks_by_government(archive, kind).values())
        results = archive.get(f"{kind}-results.csv", [])
        assert bool(results) is bool(counted)
        means = {row["title"]: mean(counted, row["title"]) for row in results}
        for row in results:
            title, own = row["title"], means[row["title"]]
            assert float(row["average place"]) == pytest.approx(own, abs=0.051)
            assert int(row["place"]) == 1 + sum(other < own - 1e-9 for other in means.values())
            assert (row["joint"] == "yes") is (sum(abs(other - own) < 1e-9 for other in means.values()) > 1)
            assert int(row["from"]) <= int(row["to"])
            assert int(row["ballots"]) == len(counted)
            assert int(row["ranked by"]) == sum(bool(each[title]) for each in ballots if ranks_of(each, list(means)))


def check_profiles(client: Client, network: Network) -> str:
    said = ""
    for index, government in enumerate(network.governments[:3]):
        root = page(client.get(f"/governments/{government.slug}/"))
        said += text(root)
        assert f"Holds seat {government.seat} of 64." in text(root)
        part = next(each for each in root.iter("section") if each.get("class") == "part")
        for kind, shown in zip(Kind, part.find("div"), strict=True):
            order = network.orders[kind][index]
            assert ("Cast a ballot." if order else "Cast no ballot.") in text(shown)
            listed = [text(item).split(maxsplit=1) for item in shown.iter("li")]
            assert sorted(listed) == sorted([str(place), TITLES[slug]] for slug, place in order.items())
            assert [int(place) for place, _ in listed] == sorted(order.values())
    return said


def check_groups(root: Element, ranks: Mapping[str, Ranks], own: str) -> None:
    section = with_testid(root, "like-minded")
    if section is None:
        assert len(ranks) < 10 or len(next(iter(ranks.values()))) < 8
        return
    words = text(section)
    groups = list(section.iter("article"))
    assert int(re.search(r"The (\d+) ballots", words)[1]) == len(ranks)
    assert ("do not fall into groups" in words) is not bool(groups)
    if not groups:
        return
    assert number(re.search(r"fall into (\w+) groups", words)[1]) == len(groups)
    apart: dict[str, float] = {}
    named: list[str] = []
    for group in groups:
        names = text(group.findall(".//details/p")[0]).rstrip(".").split(", ")
        named += names
        inside = [ranks[name] for name in names]
        outside = [each for name, each in ranks.items() if name not in names]
        told, kinds = re.search(r"(\d+) governments ?: (.+?)\. ", text(group)).groups()
        assert int(told) == len(names) == sum(map(int, re.findall(r"\d+", kinds)))
        assert ("You are in this group." in text(group)) is (own in names)
        gaps = {title: mean(outside, title) - mean(inside, title) for title in inside[0]}
        shown = re.findall(r"([A-Z][\w ]+?) (\d+\.\d) others (\d+\.\d)", text(group).partition("is this group.")[2])
        for title, here, there in shown:
            assert float(here) == pytest.approx(mean(inside, title), abs=0.051)
            assert float(there) == pytest.approx(mean(outside, title), abs=0.051)
        higher = sorted((gap for gap in gaps.values() if gap >= 1 - 1e-9), reverse=True)[:3]
        assert [gaps[title] for title, _, _ in shown] == pytest.approx(higher)
        heading = text(group.find("h3"))
        assert heading == (f"{shown[0][0]} higher" if shown else "Nothing a whole place higher")
        apart = {title: max(abs(gap), apart.get(title, 0)) for title, gap in gaps.items()}
    assert sorted(named) == sorted(ranks)
    divider = next(title for title in apart if f"What sets them apart most is {title}" in words)
    assert apart[divider] == pytest.approx(max(apart.values()))
    share, chance = map(float, re.search(r"explain (\d+\.\d)% .+ at most (\d+\.\d)%", words).groups())
    assert 0 < chance <= share <= 100


def check(world: World) -> None:
    with network_of(world) as network:
        own = network.governments[0]
        user = User.objects.create_user("own@mix.example", name="Own", role="member", government=own, **CONSENTED)
        client = Client()
        client.force_login(user)
        archive = files(client, network.edition)
        check_archive(archive, network)
        said = check_profiles(client, network)
        for kind in Kind:
            if not archive.get(f"{kind}-ballots.csv"):
                continue
            root = page(client.get(f"/2030/{kind}/compare/"))
            check_groups(root, ranks_by_government(archive, kind), own.name)
            said += text(root) + text(page(client.get(f"/2030/{kind}/map/")))
            said += text(page(client.get(f"/2030/{kind}/compare/cohorts/")))
        for url in ("/", "/2030/", "/2030/hindrances/", "/governments/", "/trends/priorities/"):
            said += text(page(client.get(url)))
        assert ONE_OF_MANY.findall(said) == []


@pytest.mark.parametrize("world", WORLDS, ids=range(1, len(WORLDS) + 1))
def test_files_profiles_and_groups_say_what_the_ballots_bear_out(world):
    check(world)


@pytest.mark.slow
@settings(NETWORKS, max_examples=60)
@given(worlds())
def test_files_profiles_and_groups_of_any_network_say_what_the_ballots_bear_out(world: World):
    check(replace(world, earlier=None))
