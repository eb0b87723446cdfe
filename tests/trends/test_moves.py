"""Which moves between two lists are clear, and that trends and the summary say the same of them."""

from __future__ import annotations

import pytest

from mixportal.editions.models import Edition, Entry, Kind, Lineage
from mixportal.results.publishing import publish
from mixportal.trends.moves import Move, is_clear, moves_between, paired_changes
from mixportal.trends.years import Place, StoredOrder
from tests.comparison.conftest import join_lines
from tests.reading import page, text, with_testid
from tests.worlds import (
    PRIORITIES,
    cast_at_once,
    closed,
    entry_of,
    make_edition,
    open_edition,
    published,
    seat_governments,
)

HERE = "/trends/priorities/"
GONE = "Social Media"
SLUGS = ["cloud", "data", "radio"]


def test_only_governments_in_both_years_count_by_the_order_among_what_both_lists_have():
    then = {1: [1, 2, 3], 2: [1, 2, 3], 3: [3, 2, 1]}
    now = {1: [5, 6, 9], 2: [9, 2, 3], 4: [1, 2, 3]}
    assert paired_changes(then, now) == [(0, 1), (1, 0), (1, 0)]
    assert paired_changes({1: [1]}, {2: [1]}) == []


def test_ties_and_blanks_share_a_place():
    assert paired_changes({1: [1, 1, None]}, {1: [1, 2, None]}) == [(1, 0), (0, 1), (0, 0)]


def test_a_move_is_named_only_where_chance_hardly_makes_it_among_all_that_are_tested():
    assert not is_clear(10, 10, 1)
    assert is_clear(18, 6, 1)
    assert not is_clear(18, 6, 13)
    assert is_clear(40, 6, 13)


def test_a_move_is_clear_only_if_the_place_on_the_list_goes_the_same_way():
    assert Move(Entry(), Place(3), Place(2), 50, 40, 6, 13).is_clear
    assert Move(Entry(), Place(2), Place(3), 50, 6, 40, 13).is_clear
    assert not Move(Entry(), Place(2), Place(2), 50, 40, 6, 13).is_clear
    assert not Move(Entry(), Place(2), Place(3), 50, 40, 6, 13).is_clear
    assert not Move(Entry(), Place(3), Place(2)).is_clear


def order(year: int, given: list[int], governments: range) -> StoredOrder:
    places = [sorted(given).index(place) + 1 for place in given]
    return StoredOrder(year, SLUGS, places, [False] * 3, len(governments), [*governments], [given] * len(governments))


def test_ballots_are_compared_from_ten_governments_on_that_ranked_both_lists():
    shared = [(Entry(slug=slug), Entry(slug=slug)) for slug in SLUGS]
    then = order(2028, [1, 2, 3], range(12))
    nine, ten = (moves_between(then, order(2029, [2, 1, 3], range(first, 20)), shared) for first in (3, 2))
    assert (nine.both, [(move.by, move.higher_on) for move in nine.each]) == (None, [(-1, 0), (1, 0), (0, 0)])
    assert (ten.both, [(move.by, move.higher_on) for move in ten.each]) == (10, [(-1, 0), (1, 10), (0, 0)])
    assert [[move.entry.slug for move in moves] for moves in (ten.risen, ten.fallen)] == [["data"], ["cloud"]]
    assert (nine.clear, nine.far) == ([], [])


def test_lists_without_a_shared_entry_have_no_moves():
    lists = order(2028, [1, 2, 3], range(12)), order(2029, [1, 2, 3], range(12))
    assert moves_between(*lists, []).each == []


def years_of_twelve(late: list[tuple[str, ...]], *, early: int = 2028, lines=join_lines, end=published) -> None:
    """Early twelve rank alike; in 2029 as `late` says, in turn. Every entry goes on but Social Media, which is new."""
    members = seat_governments(12)
    orders = [[PRIORITIES] * 12, [late[number % len(late)] for number in range(12)]]
    editions = [make_edition(year) for year in (early, 2029)]
    lines(*editions, *[title for title in PRIORITIES if title != GONE])
    for edition, order, ends in zip(editions, orders, (end, published), strict=True):
        cast_at_once(open_edition(edition), Kind.PRIORITIES, dict(zip(members, order, strict=True)))
        ends(edition)


DATA_FIRST = ("Data", *[title for title in PRIORITIES if title != "Data"])


def moves_said(answer) -> str:
    return text(with_testid(page(answer), "moves"))


def headline(answer) -> str:
    return text(next(page(answer).iter("h1")))


def test_a_move_that_every_government_makes_is_the_headline_and_the_summary_says_the_same(world, sign_in):
    years_of_twelve([DATA_FIRST])
    trends, summary = (sign_in(None).get(address) for address in (HERE, "/2029/summary/"))
    assert headline(trends) == "Three priorities clearly rose or fell since 2028"
    said = "12 governments ranked both lists. Of the 7 entries on both, three clearly rose or fell."
    assert moves_said(summary) == said
    assert moves_said(trends) == f"{said} Data clearly rose. Cybersecurity and Workforce clearly fell."
    assert "higher" not in text(page(trends))  # the summary says how many, of the priorities alone


def test_a_move_that_chance_may_have_brought_is_no_headline(world, sign_in):
    years_of_twelve([PRIORITIES, (PRIORITIES[0], PRIORITIES[2], PRIORITIES[1], *PRIORITIES[3:])])
    answer = sign_in(None).get(HERE)
    assert headline(answer) == "No clear change since 2028"
    assert "Of the 7 entries on both, none clearly rose or fell." in moves_said(answer)


def test_what_moves_only_because_another_entry_came_is_not_called_clear(world, sign_in):
    """Social Media, 5th in 2028, is another entry in 2029 and comes first: all above it go down a place."""
    years_of_twelve([(GONE, *[title for title in PRIORITIES if title != GONE])])
    assert headline(sign_in(None).get(HERE)) == "No clear change since 2028"


def test_what_most_put_higher_but_stays_at_its_place_is_not_called_clear(world, sign_in):
    """All put Data above Workforce now, but below Social Media, which is another entry: Data stays 3rd."""
    years_of_twelve([(GONE, "Cybersecurity", "Data", *[each for each in PRIORITIES[1:] if each not in (GONE, "Data")])])
    trends, summary = (sign_in(None).get(address) for address in (HERE, "/2029/summary/"))
    assert headline(trends) == "Workforce clearly fell since 2028"
    assert moves_said(trends) == moves_said(summary)
    assert "Data rose" not in text(page(summary))


def without_ballots(edition: Edition) -> None:
    published(open_edition(edition))


@pytest.mark.parametrize("end", [publish, without_ballots])
def test_a_list_without_places_between_is_passed_over_here_and_on_the_summary(world, sign_in, end):
    """In 2028 Workforce is left out, and Governance takes in what was Social Media in 2027."""
    between = make_edition(2028)

    def lines(early: Edition, late: Edition, *titles: str) -> None:
        join_lines(between, late, *[title for title in titles if title != "Workforce"])
        join_lines(early, late, *titles)
        later, earlier = entry_of(2028, "governance"), entry_of(2027, "social-media")
        Lineage.objects.create(later=later, earlier=earlier, type="merged")

    years_of_twelve([DATA_FIRST], early=2027, lines=lines)
    end(between)
    trends, summary = (sign_in(None).get(address) for address in (HERE, "/2029/summary/"))
    assert headline(trends) == "Two priorities clearly rose or fell since 2027"
    said = "12 governments ranked both lists. Of the 5 entries on both, two clearly rose or fell."
    assert moves_said(summary) == said
    assert moves_said(trends) == f"{said} Data clearly rose. Cybersecurity clearly fell."
    assert "Workforce returned after 2027." in text(page(summary))
    assert "Merged or split: Governance." in text(page(summary))


def test_what_another_entry_splits_from_is_the_same_neither_here_nor_on_the_summary(world, sign_in):
    def lines(early: Edition, late: Edition, *titles: str) -> None:
        join_lines(early, late, *titles)
        Lineage.objects.create(later=entry_of(2029, "social-media"), earlier=entry_of(2028), type="split")

    years_of_twelve([DATA_FIRST], lines=lines)
    trends, summary = (sign_in(None).get(address) for address in (HERE, "/2029/summary/"))
    row = next(row for row in with_testid(page(trends), "years").iter("tr") if text(row).startswith("Data"))
    assert "place" not in text(row)
    assert moves_said(trends).startswith(moves_said(summary))
    assert "Of the 6 entries on both" in moves_said(summary)
    assert "Merged or split: Data and Social Media." in text(page(summary))


@pytest.mark.parametrize("who", ["member_a", "leader_a"])
def test_nothing_is_called_clear_against_a_list_that_is_not_published(world, sign_in, who):
    """The summary compares no list with such a one."""
    years_of_twelve([DATA_FIRST], end=closed)
    answer = sign_in(getattr(world, who)).get(HERE)
    assert headline(answer) == "Data rose most since 2028"
    assert "ranked both lists" not in text(page(answer))
    publish(Edition.objects.get(year=2028))
    assert headline(sign_in(getattr(world, who)).get(HERE)) == "Three priorities clearly rose or fell since 2028"


@pytest.mark.parametrize("query", ["g=town-05", "cohort=population-large"])
def test_nothing_is_called_clear_in_the_places_of_one_government_or_some(world, sign_in, query):
    years_of_twelve([DATA_FIRST])
    answer = sign_in(world.member_a).get(f"{HERE}?{query}")
    assert headline(answer) == "Data rose most since 2028"
    assert "ranked both lists" not in text(page(answer))
