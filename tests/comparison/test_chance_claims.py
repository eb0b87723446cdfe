"""Tests that the map and the compare page call governments alike only where their figures say so."""

from __future__ import annotations

import re
from math import comb
from xml.etree.ElementTree import Element

import pytest

from mixportal.editions.models import Entry, Kind, slug_for
from tests.comparison.test_compare_claims import columns_of, pairs_alike
from tests.drawing import cast_at_random, cast_drawn
from tests.reading import page, text, with_testid
from tests.worlds import CHALLENGES, TITLES, closed, make_edition, open_edition, seat_governments

pytestmark = pytest.mark.django_db
TAU = r"(−?[01]\.[0-9]{2})"
FEWEST_TO_TELL = 8
SVG = "{http://www.w3.org/2000/svg}svg"


def tau(words: str) -> float:
    return float(words.replace("−", "-"))


def cells_of(row: Element) -> list[str]:
    return [text(cell) for cell in row if cell.tag in ("th", "td")]


def check_verdict(words: str, likeness: float, chance: float, total: int) -> None:
    """Figures that are the same when rounded may be either."""
    if total < FEWEST_TO_TELL:
        assert "too short a list to tell" in words
        return
    if likeness != chance:
        assert (re.search("more (?:alike )?than chance", words) is not None) is (likeness > chance), (words, chance)
    assert "less alike than chance" not in words or likeness < 0


def check_map(root: Element, total: int) -> int:
    [caption] = [text(each) for each in with_testid(root, "neighbors").iter("caption")]
    rows = [cells_of(row) for row in with_testid(root, "neighbors").find("tbody")]
    used, shown = int(caption.split()[0]), {}
    assert used == len(rows)
    for row in rows:
        name = row[0].removesuffix(" (you)").removesuffix(" (marked)")
        if row[2] == "too little ranked to tell":
            continue
        nearest = row[2].removeprefix("closest: ")
        same, both = map(int, re.match(r"([0-9]+) of ([0-9]+)", row[3]).groups())
        likeness, chance = tau(re.search(TAU, row[4])[1]), tau(re.search(rf"\({TAU}\)", row[5])[1])
        shown[name] = nearest, (same, both), likeness
        assert same <= both <= comb(total, 2)
        assert (likeness > 0) == (2 * same > both) or not likeness
        check_verdict(row[5], likeness, chance, total)
    for name, (nearest, pairs, likeness) in shown.items():
        back, same_pairs, at_least = shown[nearest]
        assert at_least >= likeness
        assert back != name or (same_pairs, at_least) == (pairs, likeness)
    words = text(root)
    assert int(re.search(r"bring the closest of ([0-9]+) others?\.", words)[1]) == used - 1
    if total < FEWEST_TO_TELL:
        assert f"A list of {total} is too short to say who thinks alike" in words
    else:
        told = re.search(
            r"([0-9]+) of ([0-9]+) governments ha(?:s|ve) a neighbor .* it would be about ([0-9]+)\.", words
        )
        beyond = sum("more than chance" in row[-1] for row in rows)
        assert tuple(map(int, told.groups())) == (beyond, used, max(1, round(used / 20)))
    check_picture(root, used)
    return len(shown)


def check_picture(root: Element, used: int) -> None:
    [figure] = root.iter("figure")
    [drawn] = [each for each in figure.iter(SVG) if "plane" in each.get("class", "")]
    label = drawn.get("aria-label")
    assert label.startswith(f"{used} governments as points")
    for side in re.findall(r"(?:[↑←↓] |^)([^↑←↓→]+?) placed higher", text(figure)):
        assert side in label
    for percent in re.findall(r"([0-9]+) %", text(figure)):
        assert 0 <= int(percent) <= 100


@pytest.mark.parametrize("seed", range(2))
def test_the_map_calls_alike_what_its_own_figures_do(world, sign_in, seed):
    voters = [world.member_a, world.member_b, *seat_governments(6)]
    cast_at_random(world.edition, voters, seed)
    closed(world.edition)
    checked = [
        check_map(page(sign_in(world.member_a).get(f"/2030/{kind}/map/?g=town-05")), len(titles))
        for kind, titles in TITLES.items()
    ]
    assert checked[0] > 3


Verdicts = dict[str, tuple[tuple[int, int], float, str]]


def check_compared(root: Element, own: str, total: int) -> tuple[Verdicts, float]:
    columns, words = columns_of(root), text(root)
    mine, verdicts = columns.pop(own), {}
    told = re.search(rf"best match of {TAU} among ([0-9]+) others, so anything in the shaded", words)
    [table] = [each for each in root.iter("table") if "likeness" in each.get("class", "").split()]
    assert int(told[2]) == len(columns)
    chance = tau(told[1])
    for row in table.find("tbody"):
        name, *cells = cells_of(row)
        if "too little" in cells[0]:
            assert min(sum(each is not None for each in places.values()) for places in (mine, columns[name])) < 3
            continue
        pairs = tuple(map(int, re.match(r"([0-9]+) of ([0-9]+)", cells[0]).groups()))
        likeness, on_scale = tau(re.search(TAU, cells[1])[1]), next(row.iter(SVG)).get("aria-label")
        assert pairs == pairs_alike(mine, columns[name])
        assert [tau(each) for each in re.findall(r"[-−]?[01]\.[0-9]{2}", on_scale)] == [likeness, chance]
        check_verdict(cells[3], likeness, chance, total)
        verdicts[name] = pairs, likeness, cells[3]
    assert ("is too short to call any two governments alike" in words) is (total < FEWEST_TO_TELL)
    return verdicts, chance


def check_closest(words: str, verdicts: Verdicts, chance: float) -> int:
    named = re.findall(
        rf"([A-Z][\w ]+?) : ([0-9]+) of ([0-9]+) pairs alike \( tau-b {TAU} \), ((?:more|less) alike than chance|within)",
        words,
    )
    shown_in_order = [tau(likeness) for _, _, _, likeness, _ in named]
    assert shown_in_order == sorted(shown_in_order, reverse=True)
    assert ("In order of tau-b" in words) is bool(named)
    for name, same, both, likeness, verdict in named:
        known = next(each for each in verdicts if name.endswith(each))
        pairs, shown, told = verdicts[known]
        assert ((int(same), int(both)), tau(likeness)) == (pairs, shown)
        assert told.startswith(verdict)
    beyond = [name for name, (_, likeness, told) in verdicts.items() if told == "more alike than chance"]
    told = re.search(rf"best match of {TAU} among [0-9]+ others\. (.+?) (?:is|are) closer than that", words)
    if told:
        assert tau(told[1]) == chance
        number = {"No government": "0"}.get(told[2], re.sub(" governments$", "", told[2]))
        assert number == (beyond[0] if len(beyond) == 1 else str(len(beyond)))
    return len(named)


@pytest.mark.parametrize("seed", range(1))
def test_the_compare_page_calls_alike_what_its_own_figures_do(world, sign_in, seed):
    voters = [world.member_a, world.member_b, *seat_governments(4)]
    cast_at_random(world.edition, voters, seed)
    closed(world.edition)
    checked = 0
    for viewer in voters[:2]:
        everyone = "&".join(f"g={voter.government.slug}" for voter in voters if voter != viewer)
        client, url = sign_in(viewer), "/2030/priorities/compare/"
        root = page(client.get(f"{url}?{everyone}"))
        if str(viewer.government) in columns_of(root):
            verdicts = check_compared(root, str(viewer.government), len(TITLES[Kind.PRIORITIES]))
            checked += check_closest(text(page(client.get(url))), *verdicts)
    assert checked > 3


def test_nobody_is_called_alike_on_a_list_that_is_called_too_short(world, sign_in):
    edition, titles = make_edition(2031), (*CHALLENGES, "Old Systems", "Small Budgets")
    edition.list_of(Kind.CHALLENGES).add_entries(
        Entry(title=title, slug=slug_for(title), description="What it means.", position=number)
        for number, title in enumerate(titles[3:], start=4)
    )
    edition, voters = open_edition(edition), [world.member_a, world.member_b, *seat_governments(2)]
    same = {title: place for place, title in enumerate(titles, start=1)}
    cast_drawn(edition, Kind.CHALLENGES, dict.fromkeys(voters, same))
    closed(edition)
    client = sign_in(world.member_a)
    assert check_map(page(client.get("/2031/challenges/map/")), len(titles)) == 4
    compared = page(client.get("/2031/challenges/compare/?g=halloran-county&g=town-03&g=town-04"))
    assert len(check_compared(compared, str(world.port), len(titles))[0]) == 3
