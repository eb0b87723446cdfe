"""Tests that the sentences of the compare page follow from the places in its table."""

from __future__ import annotations

import csv
import re
from itertools import combinations

import pytest

from mixportal.editions.models import Kind
from mixportal.results.publishing import publish
from tests.drawing import cast_at_random
from tests.reading import content, page, text, with_testid
from tests.worlds import closed, seat_governments

pytestmark = pytest.mark.django_db

PLACE = r"(?:joint )?([0-9]+)(?:st|nd|rd|th)|(not ranked|not on (?:your|its) list)"
Places = dict[str, int | None]


def place_in(words: str) -> int | None:
    found = re.fullmatch(PLACE, words)
    assert found, words
    return int(found[1]) if found[1] else None


def columns_of(root) -> dict[str, Places]:
    """The places in the table, by government and title. "8=" is 8, and a dash is None."""
    rows = [list(row) for row in with_testid(root, "compared").iter("tr")]
    names = [text(next(head.iter("span"))) for head in rows[0][1:]]
    found: dict[str, Places] = {name: {} for name in names if not name.startswith("Average")}
    for title, *cells in rows[1:]:
        for name, cell in zip(names, cells, strict=True):
            if name in found:
                number = re.match(r"[0-9]+", text(cell))
                found[name][text(title)] = int(number[0]) if number else None
    return found


def shown(places: Places) -> dict[str, float]:
    ranked = sum(1 for place in places.values() if place)
    return {title: place or (ranked + 1 + len(places)) / 2 for title, place in places.items()}


def apart(one: Places, other: Places) -> dict[str, float]:
    ours, theirs = shown(one), shown(other)
    least = {title: 0.5 * ((one[title] is None) != (other[title] is None)) for title in one}
    return {title: max(abs(ours[title] - theirs[title]), least[title]) for title in one}


def pairs_alike(one: Places, other: Places) -> tuple[int, int]:
    same = both = 0
    for first, second in combinations(one, 2):
        ours, theirs = ((each[first] or 99) - (each[second] or 99) for each in (one, other))
        if ours and theirs:
            both += 1
            same += (ours < 0) == (theirs < 0)
    return same, both


def check_deck(words: str, mine: Places, network: Places) -> None:
    distance = {title: abs(place - (network[title] or 0)) for title, place in shown(mine).items()}
    if found := re.search(r"You differ most from the network on (.+?): (?:your )?(.+?), the network’s (.+?)\. ", words):
        title, own, theirs = found.groups()
        assert (place_in(own), place_in(theirs)) == (mine[title], network[title])
        assert distance[title] == max(distance.values()) >= 1
    else:
        assert "less than one place apart" in words
        assert max(distance.values()) < 1


def check_pair(words: str, mine: Places, theirs: Places) -> None:
    same, both = pairs_alike(mine, theirs)
    if "nothing can be compared" in words:
        assert both == 0
    elif "on the one pair" in words:
        assert both == 1
        assert (" agree on the one pair" in words) is (same == 1)
    else:
        told = re.search(r"agree on (all|none of the|[0-9]+ of the) ([0-9]+) pairs", words)
        assert told, words
        assert int(told[2]) == both
        assert {"all": both, "none of the": 0}.get(told[1], told[1]) in (same, f"{same} of the")
    distance = apart(mine, theirs)
    most = [title for title in distance if distance[title] == max(distance.values()) > 0]
    if not most:
        assert "place all" in words
    named = re.search(r"differ most on (.+?)\. Both", words)
    assert bool(named) is bool(most)
    if named:
        told = re.findall(rf"([A-Z][\w ]+?) \(({PLACE}) and ({PLACE})\)", named[1])
        assert told
        for title, own, _, _, other, *_ in told:
            assert title.removeprefix("and ") in most
            assert (place_in(own), place_in(other)) == (mine[title], theirs[title])
        further = re.search(r"as far on ([0-9]+) other", named[1])
        assert len(told) + (int(further[1]) if further else 0) == len(most)
    top = {"five": 5, "one": 1}[re.search(r"among the first (five|one)", words)[1]]
    common = [t for t in mine if (mine[t] or 99) <= top and (theirs[t] or 99) <= top]
    assert all(title in words.rpartition("have")[2] for title in common)
    assert ("nothing in common" in words) is not common or not common


def check_outliers(root, mine: Places, network: Places, others: list[Places]) -> int:
    pattern = (
        r"(.+?) : (?:your )?(.+?), the network’s (.+?) \(average ([0-9.]+) of [0-9]+\)\. "
        r"(?:([0-9]+) of|None of) the ([0-9]+) others places? it as (high|low)\."
    )
    found = [re.fullmatch(pattern, text(each)) for each in root.iter("li")]
    for title, own, theirs, _, count, among, way in [each.groups() for each in found if each]:
        assert (place_in(own), place_in(theirs)) == (mine[title], network[title])
        place = shown(mine)[title]
        assert (place < network[title]) is (way == "high")
        places = [each[title] or 99 for each in others]
        as_far = [each for each in places if (each <= place if way == "high" else each >= (mine[title] or 99))]
        assert (int(count or 0), int(among)) == (len(as_far), len(others))
    return sum(1 for each in found if each)


@pytest.mark.parametrize("seed", range(3))
def test_every_sentence_of_the_compare_page_follows_from_its_table(world, sign_in, seed):
    voters = [world.member_a, world.member_b, *seat_governments(4)]
    cast_at_random(world.edition, voters, seed)
    publish(closed(world.edition))
    checked = 0
    for kind in Kind:
        rows = csv.DictReader(content(sign_in(None).get(f"/2030/{kind}/results.csv")).lstrip("\ufeff").splitlines())
        network = {row["title"]: int(row["place"]) for row in rows}
        for viewer in voters[:3]:
            client, url = sign_in(viewer), f"/2030/{kind}/compare/"
            everyone = "&".join(f"g={voter.government.slug}" for voter in voters if voter != viewer)
            root = page(client.get(f"{url}?{everyone}"))
            columns = columns_of(root)
            mine = columns.pop(str(viewer.government), None)
            if mine is None:
                continue
            check_deck(text(root), mine, network)
            for article in [
                each
                for each in root.iter("article")
                if each.find("h3") is not None
                and "versus" in "".join(parent.get("class", "") for parent in root.iter() if each in list(parent))
            ]:
                name = text(article.find("h3"))
                check_pair(text(article).removeprefix(name), mine, columns[name])
                checked += 1
            checked += check_outliers(page(client.get(url)), mine, network, list(columns.values()))
    assert checked > 10
