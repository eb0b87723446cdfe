"""Tests that the sentences about investments follow from the table and list below them."""

from __future__ import annotations

import random
import re

import pytest

from priorities.investments import MIN_GOVERNMENTS_DRAWN
from priorities.models import Investment
from tests.priorities.conftest import priority, told_at_once
from tests.reading import page, text
from tests.worlds import closed, seat_governments

pytestmark = pytest.mark.django_db
URL = "/2030/priorities/cybersecurity/"


@pytest.mark.parametrize("seed", range(2))
def test_sentences_and_bars_count_as_the_table_does(world, sign_in, seed):
    chance = random.Random(seed)
    voters = [world.member_a, world.member_b, *seat_governments(16)]
    for voter in chance.sample(voters, chance.choice((1, 5, 17))):
        status, audience = chance.choice(Investment.Status.values), chance.choice(("public", "members", "government"))
        told_at_once([voter], priority(world.edition), status=status, audience=audience, summary=f"Of {voter}.")
    closed(world.edition)
    for who in (world.member_a, world.curator, world.leader_a):
        root = page(sign_in(who).get(URL))
        sections = [each for each in root.iter("section") if each.get("id") == "investments"]
        tables = [table for section in sections for table in section.iter("table")]
        if tables:
            check_figures(sections[0], tables[0])
        for section in sections:
            if by_name := re.search(r"(\d+) governments?, by name", text(section)):
                assert int(by_name[1]) == len(list(section.iter("article")))


def check_figures(section, table) -> None:
    heads = [text(each).lower() for each in table.find("thead").iter("th")][1:]
    rows = {}
    for row in table.find("tbody").iter("tr"):
        name, of = re.fullmatch(r"(.+) \((\d+)\)", text(row.find("th"))).groups()
        counts = dict(zip(heads, (int(text(cell)) for cell in row.iter("td")), strict=True))
        assert sum(counts.values()) == int(of), name
        rows[name] = counts
    everyone = rows.pop("All governments")
    words = text(section.find("header"))
    told = {
        "under way": re.search(r"(\d+)(?: of \d+ governments?)? ha(?:s|ve) it under way", words),
        "in place": re.search(r"(\d+) in place", words),
        "planned": re.search(r"(\d+) planned", words),
        "not planned": re.search(r"(\d+) not planned", words),
        "not said": re.search(r"(\d+) ha(?:s|ve) not said", words),
    }
    assert {name: int(found[1]) if found else 0 for name, found in told.items()} == {"not said": 0} | everyone
    of_all = re.search(r"(?:of|Of the) (\d+) governments?", words)
    assert int(of_all[1]) == sum(everyone.values())
    widths = [float(bar.get("width").rstrip("%")) for bar in section.iter() if str(bar.tag).endswith("rect")]
    in_all = sum(everyone.values())
    drawn = [everyone, *(counts for counts in rows.values() if sum(counts.values()) >= MIN_GOVERNMENTS_DRAWN)]
    expected = [100 * count / in_all for counts in drawn for count in counts.values() if count]
    assert sorted(widths) == pytest.approx(sorted(expected), abs=0.35)
