"""Tests that the figures on members’ and curators’ pages equal what these pages list."""

from __future__ import annotations

import random
import re
from xml.etree.ElementTree import Element

import pytest

from mixportal.ballots.models import Ballot, receipt_of
from mixportal.editions.models import Kind, slug_for
from tests.challenges.conftest import answers_at_once
from tests.curating import EDITIONS
from tests.drawing import cast_at_random, draw_order
from tests.proposals.proposing import propose
from tests.reading import fields, glued_words, page, text
from tests.worlds import CHALLENGES, PRIORITIES, TITLES, closed, make_edition, seat_governments

pytestmark = pytest.mark.django_db
SEEDS = range(2)
LIST_PAGES = ("ballot/", "ballot/reasons/", "compare/?g=halloran-county", "compare/cohorts/", "map/")


def all_with_testid(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if element.get("data-testid") == name]


def of_class(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if name in (element.get("class") or "").split()]


def figures(pattern: str, words: str) -> list[int]:
    found = re.search(pattern, words)
    assert found, (pattern, words)
    return [int(each) for each in found.groups()]


@pytest.fixture
def drawn(world):
    """`drawn(seed)`: six governments at the open ballots, some of which have cast."""

    def draw(seed: int):
        world.voters = [world.member_a, world.member_b, *seat_governments(4)]
        cast_at_random(world.edition, world.voters, seed)
        return world

    return draw


@pytest.mark.parametrize("seed", SEEDS)
def test_turnout_is_the_number_of_the_names_and_squares_beside_it(drawn, sign_in, seed):
    world = drawn(seed)
    for who, url in ((world.member_a, "/"), (world.voters[3], "/2030/"), (world.curator, "/")):
        root = page(sign_in(who).get(url))
        shown = zip(all_with_testid(root, "turnout"), of_class(root, "seats"), Kind, strict=True)
        for words, seats, kind in shown:
            cast, in_all = figures(rf"(\d+) of (\d+) governments ha(?:s|ve) cast a ballot of {kind}", text(words))
            names = [text(each).split(": ", 1)[1] for each in words.iter("p") if "Have cast:" in text(each)]
            waiting = [text(each).split(": ", 1)[1] for each in words.iter("p") if "Still to come:" in text(each)]
            counts = [0 if each.startswith("no one") else each.count(",") + 1 for each in (*names, *waiting)]
            assert counts == [cast, in_all - cast], (url, kind)
            squares = [(each.get("class") or "").split() for each in seats.iter("i")]
            assert (len(squares), sum("on" in each for each in squares)) == (in_all, cast)
            label = seats.get("aria-label")
            assert figures(r"(\d+) of (\d+) governments", label) == [cast, in_all]
            mine = [each for each in squares if "me" in each]
            assert ("yours" in label, "yours among them" in label) == (bool(mine), any("on" in each for each in mine))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_desks_turnout_adds_up(drawn, sign_in, seed):
    world = drawn(seed)
    root = page(sign_in(world.curator).get(f"{EDITIONS}{world.edition.pk}/desk/"))
    [section] = [each for each in root.iter("section") if each.get("id") == "turnout"]
    totals = re.findall(r"(\d+) of (\d+) governments ha(?:s|ve) cast a ballot of (\w+)", text(section))
    assert [kind for *_, kind in totals] == list(Kind)
    for table in [each for each in section.iter("table") if each.find("caption").get("class") is None]:
        rows = [[text(cell) for cell in row.iter("td")] for row in table.find("tbody").iter("tr")]
        for number, (cast, in_all, _) in enumerate(totals):
            parts = [figures(r"(\d+) of (\d+)", row[number]) for row in rows]
            assert [sum(each) for each in zip(*parts, strict=True)] == [int(cast), int(in_all)]
    waiting = [row for table in section.iter("table") if table.find("caption").get("class") for row in table.iter("td")]
    still = sum(figures(r"(\d+) governments? ha(?:s|ve) a ballot missing", text(section)))
    assert still == len(waiting) // 3
    not_yet = [sum(text(cell) == "not yet" for cell in waiting[number + 1 :: 3]) for number in range(2)]
    assert not_yet == [int(in_all) - int(cast) for cast, in_all, _ in totals]
    done = re.search(r"Have cast every ballot: (\d+) (.*?)(?: \d+ p|$)", text(section))
    assert still + (int(done[1]) if done else 0) == int(totals[0][1])
    assert not done or done[2].count(";") + 1 == int(done[1])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_ballot_page_counts_what_it_lists(drawn, sign_in, seed):
    world, chance = drawn(seed), random.Random(seed)
    client = sign_in(world.member_a)
    for kind, titles in TITLES.items():
        url = f"/2030/{kind}/ballot/"
        for action in ("save", "cast", "save"):
            version = fields(page(client.get(url)))["version"]
            order = {f"rank-{slug_for(title)}": place for title, place in draw_order(chance, titles).items()}
            client.post(url, {"version": version, "action": action, "consent": "yes"} | order)
            check_ballot(page(client.get(url)), len(titles))
            check_task(page(client.get("/")), page(client.get(url)), kind)


def check_ballot(root: Element, total: int) -> None:
    typed = {name: int(value) for name, value in fields(root).items() if name.startswith("rank-") and value}
    words = text(root)
    count = f"All {total}" if len(typed) == total else f"{len(typed)} of {total}"
    assert f"{count} ranked" in words
    for row in of_class(root, "rank"):
        place = typed.get(f"rank-{row.get('id').removeprefix('row-')}")
        told = re.search(r"ranked (tied )?(\d+)(?:st|nd|rd|th)", text(row))
        assert bool(told) is (place is not None)
        if told:
            assert (int(told[2]), bool(told[1])) == (place, list(typed.values()).count(place) > 1)
    assert (of_class(root, "rank-split")[0].get("hidden") is None) is (len(typed) < total)


def check_task(home: Element, ballot: Element, kind: Kind) -> None:
    tasks = [text(each) for each in home.iter("li") if re.search(rf"(ballot of|Rank the) {kind}", text(each))]
    state = next(text(each) for each in ballot.iter() if each.get("data-save-word") is not None)
    headlines = {
        "Cast, counts as it stands": f"Your ballot of {kind} is cast",
        "Saved, not yet cast again": f"Cast your changed ballot of {kind}",
        "Saved, not yet cast": f"Cast your ballot of {kind}",
    }
    assert tasks[0].startswith(headlines[state])
    told = re.search(r"(\d+) of (\d+) ranked", tasks[0])
    if told:
        assert list(map(int, told.groups())) == figures(r"(\d+) of (\d+) ranked", text(ballot))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_receipt_is_the_digest_of_the_order_beside_it(drawn, sign_in, seed):
    world = drawn(seed)
    closed(world.edition)
    for voter in world.voters:
        root = page(sign_in(voter).get("/2030/priorities/ballot/"))
        ballot = Ballot.objects.filter(government=voter.government, annual_list__kind=Kind.PRIORITIES).first()
        if ballot is None:
            assert "so none counts" in text(root)
            continue
        [ranked, total] = figures(r"As cast (\d+) of (\d+) ranked", text(root))
        shown = [text(each) for each in of_class(root, "cmp")[0].iter("li")]
        assert (len(shown), total) == (ranked, len(PRIORITIES))
        places = {each: re.fullmatch(r"(?:joint )?(\d+)\w\w (.+)", each).groups() for each in shown}
        dense = {place: number for number, place in enumerate(sorted({int(p) for p, _ in places.values()}), start=1)}
        order = {slug_for(title): dense[int(place)] for place, title in places.values()}
        assert text(of_class(root, "digest")[0]) == receipt_of(voter.government.slug, order)


@pytest.mark.parametrize("seed", SEEDS)
def test_reasons_are_counted_as_they_are_shown(drawn, sign_in, write, seed):
    world, chance = drawn(seed), random.Random(seed)
    entries = list(world.edition.list_of(Kind.PRIORITIES).entries.in_order())
    for voter in world.voters:
        for entry in chance.sample(entries, 3):
            audience = chance.choice(("members", "government", "public"))
            write(voter, f"Why {entry} of {voter.government}.", kind="reason", audience=audience, entry=entry)
    own = page(sign_in(world.member_a).get("/2030/priorities/ballot/reasons/"))
    assert figures(r"gave a reason for (\d+) of (\d+)", text(own)) == [
        len(all_with_testid(own, "note")),
        len(of_class(own, "why-row")),
    ]
    closed(world.edition)
    for who in (world.member_a, world.leader_a):
        for entry in chance.sample(entries, 4):
            root = page(sign_in(who).get(f"{entry.get_absolute_url()}?all=why"))
            [section] = [each for each in root.iter("section") if each.get("id") == "why"] or [Element("section")]
            shown = all_with_testid(section, "note")
            told = re.search(r"(\d+) governments? gave a reason", text(section))
            assert (int(told[1]) if told else 0) == len(shown), (who, entry)
            if more := re.search(r"(\d+) more reasons?, from the highest", text(section)):
                assert int(more[1]) == len(all_with_testid(next(section.iter("details")), "note"))
            for place, notes in placed_highest_and_lowest(section):
                assert place == sorted(place, reverse=notes == "lowest")


def placed_highest_and_lowest(section: Element) -> list[tuple[list[int], str]]:
    found = []
    for side in [side for pair in of_class(section, "pairs") for side in pair]:
        words = [text(each.find("header")) for each in all_with_testid(side, "note")]
        places = [int(number[1]) if (number := re.search(r"(\d+)(?:st|nd|rd|th)", each)) else 99 for each in words]
        found.append((places, "lowest" if "lowest" in text(side) else "highest"))
    if found:
        (highest, _), (lowest, _) = found
        assert not lowest or max(highest) <= min(lowest)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_proposals_are_counted_as_they_are_listed(world, sign_in, seed):
    chance, edition = random.Random(seed), make_edition(2031)
    voters = [world.member_a, world.member_b, *seat_governments(4)]
    proposals = [
        propose(edition, chance.choice(voters), f"Thing {number}", kind=chance.choice(list(Kind)))
        for number in range(chance.randint(1, 6))
    ]
    for proposal in proposals:
        for voter in chance.sample(voters, chance.randint(0, 5)):
            if voter.government != proposal.government:
                proposal.support(voter)
    client = sign_in(world.member_a)
    room = page(client.get("/2031/room/"))
    told = figures(r"(\d+) proposals? by (\d+) governments?, supported (\d+) time", text(room))
    counts = [int(text(each.find("b"))) for each in of_class(room, "board-count")]
    governments = {text(each.find("small")) for each in of_class(room, "board-title")}
    assert told == [len(counts), len(governments), sum(counts)]
    listed = page(client.get("/2031/proposals/"))
    for each in all_with_testid(listed, "proposal"):
        [count] = figures(r"(\d+) governments? supports? it", text(each))
        supporters = of_class(each, "supporters")
        assert count == (len(list(supporters[0].iter("li"))) if supporters else 0)
        assert ("yours among them" in text(each)) is bool(
            of_class(each, "supporters") and of_class(supporters[0], "mine")
        )
    assert figures(r"(\d+) proposals? so far", text(page(client.get("/2031/")))) == [len(proposals)]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_table_of_hindrances_bears_out_its_headline(world, sign_in, seed):
    chance = random.Random(seed)
    voters = [world.member_a, world.member_b, *seat_governments(12)]
    pairs = [(slug_for(challenge), slug_for(priority)) for challenge in CHALLENGES for priority in PRIORITIES]
    for voter in voters[: chance.choice((1, 11, 14))]:
        answers_at_once([voter], world.edition, *chance.sample(pairs, chance.randint(0, 6)))
    client = sign_in(world.member_a)
    [answered] = figures(r"(\d+) governments? ha(?:s|ve) answered so far", text(page(client.get("/2030/hindrances/"))))
    closed(world.edition)
    for who in (world.member_a, world.leader_a):
        root = page(sign_in(who).get("/2030/hindrances/"))
        deck = text(of_class(root, "deck")[0])
        tables = of_class(root, "cross")
        if not tables:
            assert "Fewer than 10 governments answered" in deck
            continue
        challenges = [text(each) for each in tables[0].find("thead").iter("th")][1:]
        cells = {
            (challenge, text(row.find("th"))): text(of_class(cell, "cross-no")[0])
            for row in tables[0].find("tbody").iter("tr")
            for challenge, cell in zip(challenges, row.iter("td"), strict=True)
        }
        assert f"of the {answered} governments" in text(root)
        named = re.match(r"Named most often(, with others)?: (.+) stands in the way of (.+), say (.+) of (\d+) g", deck)
        counts = {pair: int(count) if count.isdecimal() else 0 for pair, count in cells.items()}
        most = [pair for pair, count in counts.items() if count == max(counts.values())]
        assert bool(named) is (max(counts.values()) > 0)
        if named:
            assert (named[2], named[3]) in most
            assert (int(named[4]), int(named[5])) == (counts[most[0]], answered)
            assert bool(named[1]) is (len(most) > 1)


def test_no_words_are_glued_together_on_pages_of_members(network, sign_in):
    client = sign_in(network.member_a)
    urls = ["/", "/2030/", "/2030/hindrances/", *(f"/2030/{kind}/{url}" for kind in Kind for url in LIST_PAGES)]
    glued = {url: words for url in urls if (words := glued_words(page(client.get(url))))}
    assert sorted({word for words in glued.values() for word in words}) == []


def test_groups_differ_in_words_as_in_the_table(network, sign_in):
    client, found_any = sign_in(network.member_a), False
    for kind in Kind:
        for split in ("kind", "population", "region", "form", "it"):
            found_any |= check_groups(
                page(client.get(f"/2030/{kind}/compare/cohorts/?split={split}")), len(TITLES[kind])
            )
    assert found_any


def check_groups(root: Element, total: int) -> bool:
    sections = [each for each in root.iter("section") if each.get("data-testid") == "cohorts"]
    if not sections:
        return False
    [section] = sections
    table = of_class(section, "heat")[0]
    clear = of_class(table, "sure")
    found = re.findall(r"put (.+?) at an average place of ([0-9.]+) of (\d+)", text(section))
    assert bool(found) is bool(clear)
    for title, average, of in found:
        row = next(each for each in table.find("tbody").iter("tr") if text(each.find("th")) == title)
        assert average in [text(cell).split()[0] for cell in of_class(row, "sure")]
        assert int(of) == total
    rows = [row for row in table.find("tbody").iter("tr") if not of_class(row, "sure")]
    other = re.search(r"On the other (\d+)", text(section))
    assert (int(other[1]) if other else len(rows) if not found else 0) == len(rows)
    deck = text(of_class(root, "deck")[0])
    assert "No clear difference" not in deck or not clear
    return bool(found)
