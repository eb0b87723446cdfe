"""Tests of the page "How sure is this?": access, figures and sentences."""

from __future__ import annotations

import random
import re
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from mixportal.editions.models import Edition, Kind
from mixportal.results.certainty import Certainty
from mixportal.results.models import Tally
from mixportal.results.publishing import publish
from tests.kept_rows import made_once
from tests.markup import parse
from tests.reading import page, said, text, with_testid
from tests.results.test_results import results
from tests.test_queries import asked
from tests.worlds import CHALLENGES, PRIORITIES, closed, rank, seat_governments

URL = "/2030/priorities/results/"
PARTS = ("answers", "agreement", "recounts", "duels", "methods", "missing")


@pytest.fixture
def counted(world):
    """The closed edition of a world in which 24 of 30 governments voted."""
    return made_once("counted", lambda: make_counted(world))


def make_counted(world) -> Edition:
    members = [world.member_a, world.member_b, *seat_governments(28)]
    for number, member in enumerate(members[:24]):
        turned = PRIORITIES[number % 3 :] + PRIORITIES[: number % 3]
        rank(
            world.edition,
            member,
            "Cybersecurity",
            *[title for title in turned if title != "Cybersecurity"][: 7 - number % 2],
        )
        rank(world.edition, member, *CHALLENGES[number % 2 :], kind=Kind.CHALLENGES)
    return closed(world.edition)


def rows_of(root, name: str) -> list[list[str]]:
    """Return the words of each row of the table of that class, its heading first."""
    table = next(each for each in root.iter("table") if name in (each.get("class") or "").split())
    return [[text(cell) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]


# who gets it


def test_members_and_leaders_get_it_from_the_close_and_visitors_once_it_is_published(world, counted, sign_in):
    for user in (world.member_a, world.delegate_a, world.curator, world.leader_a):
        assert with_testid(page(sign_in(user).get(URL)), "detail") is not None
    for user in (None, world.former):
        assert sign_in(user).get(URL).status_code == 404
    publish(counted)
    for user in (None, world.former, world.leader_a, world.member_b):
        assert sign_in(user).get(URL).status_code == 200


def test_while_ballots_are_open_nobody_gets_it(world, sign_in):
    rank(world.edition, world.member_a, *PRIORITIES)
    for user in (world.member_a, world.curator, world.leader_a, None):
        assert sign_in(user).get(URL).status_code == 404
    assert not Tally.objects.exists()


@pytest.mark.parametrize(
    "url", ["/2099/priorities/results/", "/2030/hopes/results/", URL + "?tally=7", URL + "?tally=x"]
)
def test_what_is_unknown_is_not_found(world, counted, sign_in, url):
    assert sign_in(world.member_a).get(url).status_code == 404


def test_a_visitors_page_is_cached_as_other_public_pages_are(counted, client):
    publish(counted)
    assert "public" in client.get(URL)["Cache-Control"]
    assert client.get(URL)["Vary"]


def test_it_asks_the_database_a_few_times(world, counted, sign_in):
    publish(counted)
    assert [asked(sign_in(user), URL) for user in (None, world.leader_a, world.member_a)] == [4, 7, 6]


def test_an_earlier_count_keeps_its_page(world, counted, sign_in):
    annual_list = counted.list_of(Kind.PRIORITIES)
    Tally.objects.get_or_compute(annual_list)
    Tally.objects.count_again(annual_list, reason="A ballot was read wrong.", user=world.curator)
    client = sign_in(world.member_a)
    assert "A ballot was read wrong." in said(client.get(URL), "counts")
    assert "?tally=1" in client.get(URL).content.decode()
    assert "This is count 1" in said(client.get(f"{URL}?tally=1"), "counts")
    publish(counted)
    for url, words in ((URL, "count 2 of these ballots; the earlier one is kept."), (f"{URL}?tally=1", "is kept.")):
        told = text(page(client.get(url)))
        assert words in told
        assert "computed once" not in told


def test_of_fewer_than_ten_ballots_leaders_see_no_figure(world, sign_in):
    for member in [world.member_a, world.member_b, *seat_governments(4)]:
        rank(world.edition, member, *PRIORITIES)
    closed(world.edition)
    assert with_testid(page(sign_in(world.leader_a).get(URL)), "detail") is None
    assert with_testid(page(sign_in(world.member_a).get(URL)), "detail") is not None


def test_the_list_the_summary_and_the_site_map_lead_to_it(counted, client):
    publish(counted)
    for name, args in (("list", [2030, "priorities"]), ("summary", [2030]), ("sitemap", [])):
        assert URL in client.get(reverse(name, args=args)).content.decode(), name


# members see the recounts, leaders and visitors what is public


def test_members_see_how_often_each_place_came_and_others_its_range_alone(world, counted, sign_in):
    root = page(sign_in(world.member_a).get(URL))
    tally = Tally.objects.get(annual_list__kind=Kind.PRIORITIES)
    heading, *rows = rows_of(root, "strips")
    assert heading[1:] == [str(place) for place in range(1, 9)]
    for row, index in zip(rows, tally.figures["order"], strict=True):
        counts = tally.figures["resampled_places"][index]
        shown = [0.0 if not cell else 0.25 if cell == "<1" else float(cell.strip(">")) for cell in row[1:]]
        assert shown == [pytest.approx(count / 20, abs=0.51) for count in counts]
    others = page(sign_in(world.leader_a).get(URL))
    assert not [each for each in others.iter("table") if each.get("class") == "strips"]


def test_a_withheld_count_is_shown_as_withheld(world, counted, sign_in):
    member, leader = (rows_of(page(sign_in(user).get(URL)), "matrix") for user in (world.member_a, world.leader_a))
    assert member[1][2:] == ["24"] * 7  # all put Cybersecurity first
    assert set(leader[1][2:]) == {">90% more than 90 %"}
    assert {row[1] for row in leader[2:]} == {"– withheld"}
    public = Tally.objects.get(annual_list__kind=Kind.PRIORITIES).public
    shown = [[int(cell) if cell.isdigit() else None for cell in row[1:]] for row in leader[1:]]
    for at, row in enumerate(shown):
        counts = public["support"][public["order"][at]]
        expected = [None if other == public["order"][at] else counts[other] for other in public["order"]]
        assert row == expected


# what it says follows from what it shows


def read(found, name: str) -> str:
    edition = SimpleNamespace(year=2030, is_published=True)
    context = {"results": found, "certainty": Certainty(found), "kind": found.kind, "edition": edition}
    return render_to_string(f"results/_certainty_{name}.html", context)


def root_of(found):
    return parse("".join(read(found, name) for name in PARTS))


def random_results(seed: int, *, insider: bool):
    draw = random.Random(seed)
    items = "abcdefghij"[: draw.randint(2, 10)]
    noise = draw.choice([0.05, 0.3, 0.8])
    ballots = []
    for _ in range(draw.choice([10, 12, 25, 40])):
        order = list(items)
        for _ in range(int(noise * len(items) * 3)):
            at = draw.randrange(len(items) - 1)
            order[at : at + 2] = reversed(order[at : at + 2])
        ballots.append(" ".join(order[: draw.randint(1, len(order))]))
    return results(*ballots, items=items, insider=insider)


@pytest.mark.parametrize("insider", [True, False])
@pytest.mark.parametrize("seed", range(12))
def test_every_claim_follows_from_the_tables(seed, insider):
    found = random_results(seed, insider=insider)
    root = root_of(found)
    words = text(root)
    matrix = rows_of(root, "matrix")[1:]
    titles = [row.entry.title for row in found.rows]
    beaten = {}
    for duel in (duel for each in Certainty(found).rows for duel in each.duels):
        beaten[duel.row.entry.title, duel.other.entry.title] = duel.margin_sign > 0
    for i, row in enumerate(matrix):
        for j, cell in enumerate(row[1:]):
            back = matrix[j][i + 1]
            if cell.isdigit() and back.isdigit():
                assert (int(cell) > int(back)) is beaten[titles[i], titles[j]]
    winners = [title for title in titles if all(beaten[title, other] for other in titles if other != title)]
    assert (f"beats each of the other {len(titles) - 1}." in words) is bool(winners)
    if winners:
        assert f"{winners[0]} beats each of the other" in words
    against = [
        (above, below) for i, above in enumerate(titles) for below in titles[i + 1 :]
        if beaten[below, above] and found.rows[i].place < found.rows[titles.index(below)].place
    ]  # fmt: skip
    assert ("No result goes against the order." in words) is not bool(against)
    for above, below in against[:3]:
        assert re.search(rf"{below} \(\d+\w\w\) beats {above} \(", words)
    methods = rows_of(root, "meths")
    differing = {name: sum(row[at] != row[1] for row in methods[1:]) for at, name in enumerate(methods[0][2:], start=2)}
    for name, count in differing.items():
        assert (f"{name} gives another place to {count} of {len(titles)}" in words) is bool(count)
    assert ("ways of counting give the same order" in words) is not any(differing.values())


@pytest.mark.parametrize("insider", [True, False])
@pytest.mark.parametrize("seed", range(12))
def test_what_missing_ballots_could_change_is_drawn_and_said(seed, insider):
    found = random_results(seed, insider=insider)
    certainty = Certainty(found)
    words = text(parse(read(found, "missing")))
    assert words.count("at most") >= 1
    assert "Three of" in words
    answers = text(parse(read(found, "answers")))
    assert ("can’t change 1st" in answers or "can’t change the order" in answers) is (certainty.rows[0].worst == 1)
    for each in certainty.rows:
        assert each.best <= each.row.place <= each.worst


def test_recounts_are_shaded_and_told_in_percent():
    certainty = Certainty(results("a b c", "b a c", "a c b", times=8))
    for each in certainty.rows:
        assert sum(cell.times for cell in each.recounts) == 2_000
        assert {cell.shade for cell in each.recounts if not cell.times} <= {0}
        assert all(cell.shade for cell in each.recounts if cell.times)
    assert "100" not in [cell.percent for each in certainty.rows for cell in each.recounts if not cell.is_always]


def test_all_optimal_orders_are_listed_where_they_differ():
    """Three ballots in a circle: each rotation is as good."""
    certainty = Certainty(results("a b c", "b c a", "c a b", times=4))
    assert [[str(row) for _, row in order] for order in certainty.optimal_orders] == [
        ["A", "B", "C"], ["B", "C", "A"], ["C", "A", "B"],
    ]  # fmt: skip
    others = Certainty(results("a b c", "b c a", "c a b", times=4, insider=False))
    assert others.optimal_orders == []


def test_more_than_three_optimal_orders_are_written_out():
    """Two pairs that tie stand in four orders."""
    found = results("a b c d e", "b a d c e", items="abcde", times=8)
    assert found.figures["kemeny"]["n_optimal"] == 4
    words = text(root_of(found))
    assert [f"Order {number}: 1st" in words for number in range(1, 6)] == [True] * 4 + [False]


def test_two_orders_that_differ_by_one_pair_are_public():
    certainty = Certainty(results("a b c d", "a c b d", items="abcd", times=8, insider=False))
    assert [[place for place, _ in order] for order in certainty.optimal_orders] == [[2, 3], [2, 3]]


def test_nothing_is_missing_once_all_have_voted():
    found = results("a b c", times=12)
    found.figures["missing"] = {"ballots": 0, "best": [1, 2, 3], "worst": [1, 2, 3]}
    words = text(parse(read(found, "missing")))
    assert "Nothing" in words
    assert "at most" not in words


def test_one_ballot_says_that_there_is_nothing_to_compare():
    words = text(root_of(results("b a c")))
    assert words.count("nothing to compare") == 2


def test_a_circle_of_preferences_is_told():
    assert "No challenge beats every other." in text(root_of(results("a b c", "b c a", "c a b")))


def test_a_favourite_of_the_majority_that_is_not_first_is_named():
    """Three of five ballots put A first, but B has the better average."""
    found = results("a b c d", "a b c d", "a b c d", "b c d a", "b c d a", items="abcd")
    assert str(found.rows[0]) == "B"
    words = text(root_of(found))
    assert "A beats each of the other 3." in words
    assert "A (2nd) beats B (1st) by 3 to 2." in words
    assert "and beats every other" not in words
