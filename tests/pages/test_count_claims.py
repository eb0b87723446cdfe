"""Tests that the counts of directory, search, histories and people’s pages equal what they list."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

import pghistory
import pytest

from members.models import MAX_SEATS, Government
from mixportal.editions.models import Kind, slug_for
from mixportal.summaries.models import ShareLink
from tests.changes.test_history import deeds
from tests.members.inviting import invite
from tests.reading import links, page, text, with_testid
from tests.worlds import CHALLENGES, PRIORITIES, closed, make_government, seat_governments

pytestmark = pytest.mark.django_db
PORT = "/governments/port-merrow-county/"
OURS = "/2030/hindrances/ours/"


def figures(pattern: str, words: str) -> list[int]:
    found = re.search(pattern, words)
    assert found, (pattern, words)
    return [int(each) for each in found.groups(default="0")]


def all_with_testid(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if element.get("data-testid") == name]


def found_line(root: Element) -> str:
    return next(text(each) for each in root.iter("p") if "found" in (each.get("class") or "").split())


def test_the_directory_counts_what_it_lists(world, sign_in):
    chance = random.Random(1)
    seat_governments(chance.randint(3, 9))
    for number in range(chance.randint(2, 5)):
        make_government(f"Old {number}", None, state=chance.choice(("AZ", "OH")))
    client = sign_in(None)
    for asked in ("", "?state=AZ", "?q=old", "?q=old+1&state=OH", "?kind=county", "?q=nowhere"):
        root = page(client.get(f"/governments/{asked}"))
        seated = [row for table in root.iter("table") for row in table.find("tbody")]
        others = [each for section in root.iter("section") for each in section.iter("li")]
        held, seats, free = figures(
            r"([0-9]+) of ([0-9]+) seats (?:is|are) held(?:; ([0-9]+) (?:is|are) free)?", text(root)
        )
        assert (seats, free) == (MAX_SEATS, MAX_SEATS - held)
        line = found_line(root)
        if asked:
            assert figures("([0-9]+) of ([0-9]+) seated", line) == [len(seated), held]
            assert figures("and ([0-9]+) of the [0-9]+ in the record", line) == [len(others)]
            assert ("None of" in text(root)) is not seated or bool(seated)
        else:
            assert figures("All ([0-9]+) seated .* and ([0-9]+) in the record", line) == [len(seated), len(others)]
            assert len(seated) == held
    assert len(Government.objects.seated()) == held


def test_a_directory_of_one_does_not_say_all(db, sign_in):
    make_government("Only One", 1)
    root = page(sign_in(None).get("/governments/"))
    assert "1 of 64 seats is held; 63 are free" in text(root)
    assert found_line(root).startswith("1 seated government.")


def results_of(client, asked: str) -> tuple[list[str], str]:
    """The types of the results on all pages, and the line that counts them."""
    types: list[str] = []
    for number in range(1, 9):
        root = page(client.get(f"/search/?{asked}&page={number}"))
        shown = all_with_testid(root, "result")
        if number == 1:
            line, told = found_line(root), re.search("Page 1 of ([0-9]+)", text(root))
            pages = int(told[1]) if told else 1
        assert bool(shown) is (number <= pages and bool(types or shown)), (asked, number)
        if number > pages:
            assert not types or "past the last result" in text(with_testid(root, "none"))
            break
        types += [next(text(tag) for tag in each.iter("span") if tag.get("class") == "tag") for each in shown]
    return types, line


def test_search_counts_what_it_finds_on_all_its_pages(world, write, sign_in):
    chance, voters = random.Random(2), [world.member_a, world.member_b, *seat_governments(2)]
    entries = list(world.edition.list_of(Kind.PRIORITIES).entries.in_order())
    for number in range(23):
        word = chance.choice(("vault", "ladder", "data"))
        write(chance.choice(voters), f"{word} {number}", audience="public", entry=chance.choice(entries))
    closed(world.edition)
    client = sign_in(world.member_a)
    types, line = results_of(client, "")
    assert figures("All ([0-9]+) notes", line) == [len(types)] == [23]
    for asked in ("q=data", "type=entry", "q=nowhere", "government=town-03"):
        types, line = results_of(client, asked)
        notes = sum(each not in ("entry", "investment") for each in types)
        assert figures("([0-9]+) of ([0-9]+) notes that you may read", line) == [notes, 23]
        others = re.search("and ([0-9]+) other results?", line)
        assert (int(others[1]) if others else 0) == len(types) - notes, asked


@pytest.mark.parametrize(("count", "said"), [(0, "0 notes that you may read."), (1, "1 note that you may read.")])
def test_search_does_not_say_all_of_none_or_one(world, write, sign_in, count, said):
    for _ in range(count):
        write(world.member_a, "Alone.")
    assert found_line(page(sign_in(world.member_a).get("/search/"))) == said


@pytest.mark.parametrize(("who", "url"), [("member_a", f"{PORT}history/"), ("curator", "/admin/record/")])
def test_a_history_counts_the_actions_on_all_its_pages(world, sign_in, who, url):
    for population in range(400_000, 400_055):
        with pghistory.context(user=world.curator.pk):
            world.port.population = population
            world.port.save()
    client = sign_in(getattr(world, who))
    for asked in ("what=members.government", "what=editions.edition", "what=members.government&who=nobody"):
        totals, listed, number = set(), 0, 1
        while number:
            answer = client.get(f"{url}?{asked}&page={number}")
            shown, words = len(deeds(answer)), text(page(answer))
            if shown:
                first, last, total = figures("([0-9]+) to ([0-9]+) of ([0-9]+) actions?, the newest first", words)
                assert (first, last) == (listed + 1, listed + shown)
                assert (" 1 actions" in words, " 1 action," in words) == (False, total == 1)
                totals.add(total)
            listed += shown
            has_more = any(f"page={number + 1}" in each for each in links(page(answer)))
            assert has_more is (listed < max(totals, default=0))
            number = number + 1 if has_more else 0
        assert totals == ({listed} if listed else set())


def day_of(words: str) -> datetime:
    return datetime.strptime(re.search(r"[A-Z][a-z]+ [0-9]+, 20[0-9]{2}", words)[0], "%B %d, %Y")


def test_an_invitation_is_good_for_as_many_days_as_the_form_says(world, sign_in):
    invite(world, name="Nora New")
    root = page(sign_in(world.member_a).get(f"{PORT}people/"))
    [days] = figures("a link that is good for ([0-9]+) days", text(root))
    [invited] = [text(each) for each in all_with_testid(root, "invited")]
    sent, until = invited.split("the link is good until")
    assert day_of(until) - day_of(sent) == timedelta(days=days)


@pytest.mark.parametrize("days", [1, 30, 365])
def test_a_share_link_is_open_for_as_many_days_as_were_asked_for(world, sign_in, days):
    closed(world.edition)
    client = sign_in(world.member_a)
    client.post(f"{PORT}shares/", {"action": "make", "label": "Council", "year": 2030, "days": days})
    root, link = page(client.get(f"{PORT}shares/")), ShareLink.objects.get()
    [most] = figures("At most ([0-9]+)", text(root))
    assert days <= most
    told = re.search("Open until ([A-Z][a-z]+ [0-9]+)(, 20[0-9]{2})?", text(root))
    day = datetime.strptime(f"{told[1]}{told[2] or ', 2030'}", "%B %d, %Y").date()
    assert day == link.expires_at.astimezone(link.edition.zone).date()
    assert round((link.expires_at - link.created_at) / timedelta(days=1), 2) == days


def ticked(root: Element) -> set[str]:
    return {box.get("value") for box in root.iter("input") if box.get("checked") is not None}


def pairs_in(element: Element) -> set[str]:
    told = [re.fullmatch("(.+) in the way of (.+)", text(each)) for each in element.iter("li")]
    return {f"{slug_for(each[1])}:{slug_for(each[2])}" for each in told if each}


@pytest.mark.parametrize("count", [0, 5])
def test_what_a_government_says_of_hindrances_is_what_its_page_ticks(world, sign_in, count):
    chance = random.Random(count)
    pairs = [f"{slug_for(challenge)}:{slug_for(priority)}" for challenge in CHALLENGES for priority in PRIORITIES]
    theirs = set(chance.sample(pairs, count))
    mine = {*sorted(theirs)[:2], *chance.sample(sorted(set(pairs) - theirs), 3)}
    one, other = sign_in(world.member_a), sign_in(world.delegate_a)
    other.post(OURS, {"version": 0, "stands": sorted(theirs)})
    assert ticked(page(one.get(OURS))) == theirs
    stale = page(one.post(OURS, {"version": 0, "stands": sorted(mine)}))
    [version] = figures("saved version ([0-9]+)", text(with_testid(stale, "conflict")))
    alone = [pairs_in(each) for each in with_testid(stale, "conflict").iter("ul")]
    assert (version, ticked(stale), alone) == (1, mine, [mine - theirs, theirs - mine])
    closed(world.edition)
    shown = page(one.get(OURS))
    table = next((each for each in shown.iter("table")), None)
    marked = sum(text(each) == "yes" for each in shown.iter("span")) if table is not None else 0
    assert (marked, "That no challenge stands in the way" in text(shown)) == (len(theirs), not theirs)
