"""The ranked list at the head of the summary: places, brackets, averages, and the change since the last list."""

from __future__ import annotations

import random
import re

import pytest
from django.test import Client

from mixportal.editions.models import Edition, Kind
from mixportal.results.models import Tally
from mixportal.results.publishing import publish
from tests.reading import page, said, text, with_testid
from tests.summaries.ladder import ladder, places
from tests.worlds import PRIORITIES, cast_at_once, closed, make_edition, open_edition, seat_governments


def ranked_year(year: int, members: list, titles: tuple[str, ...], *, after: Edition | None = None) -> Edition:
    """Publish a list of these titles, which the members order at random. Its entries continue those of `after`."""
    edition = make_edition(year)
    annual_list = edition.list_of(Kind.PRIORITIES)
    annual_list.entries.exclude(title__in=titles).delete()
    if after is not None:
        earlier = {entry.title: entry for entry in after.list_of(Kind.PRIORITIES).entries.all()}
        for entry in annual_list.entries.all():
            if entry.title in earlier:
                earlier[entry.title].line.join(entry.line, reason="The same.")
    edition = open_edition(edition)
    draw = random.Random(year)
    cast_at_once(edition, Kind.PRIORITIES, {each: tuple(draw.sample(titles, len(titles))) for each in members})
    closed(edition)
    edition = Edition.objects.get(pk=edition.pk)
    publish(edition)
    return edition


def test_each_row_shows_the_difference_between_its_places_on_this_page_and_the_last_one(world):
    members = seat_governments(11)
    first = ranked_year(2027, members, PRIORITIES)
    second = ranked_year(2028, members, PRIORITIES[1:], after=first)
    third = make_edition(2029)
    annual_list = third.list_of(Kind.PRIORITIES)
    annual_list.entries.filter(title=PRIORITIES[1]).delete()
    for edition in (first, second):
        for entry in edition.list_of(Kind.PRIORITIES).entries.all():
            later = annual_list.entries.filter(title=entry.title).exclude(line=entry.line).first()
            if later is not None and entry.title != PRIORITIES[2]:  # this one begins a new line
                entry.line.join(later.line, reason="The same.")
    third = open_edition(third)
    draw = random.Random(3)
    titles = [entry.title for entry in annual_list.entries.all()]
    cast_at_once(third, Kind.PRIORITIES, {each: tuple(draw.sample(titles, len(titles))) for each in members})
    closed(third)
    publish(Edition.objects.get(pk=third.pk))

    before, rows = places(ladder(2028)), ladder(2029)
    assert len(rows) == 7
    for row in rows:
        if row.title == PRIORITIES[0]:
            assert row.change == "back back on the list after 2027"
        elif row.title == PRIORITIES[2]:
            assert row.change == "new new on the list"
        else:
            moved = before[row.title] - row.place
            way, places_word = "up" if moved > 0 else "down", "place" if abs(moved) == 1 else "places"
            expected = f"{abs(moved)} {way} {abs(moved)} {places_word} since 2028"
            assert row.change == (expected if moved else "= same place as in 2028")
    changed = text(
        next(each for each in page(Client().get("/2029/summary/")).iter("section") if each.get("id") == "changed")
    )
    assert f"{PRIORITIES[0]} returned after 2027." in changed
    assert f"New: {PRIORITIES[2]}." in changed
    assert f"{PRIORITIES[1]} and {PRIORITIES[2]} left the list." in changed
    assert "Of the 5 entries on both" in changed


@pytest.mark.parametrize("seed", range(3))
def test_rows_follow_their_places_and_averages_and_brackets_join_neighbors(world, seed):
    members = seat_governments(14)
    edition = open_edition(make_edition(2028))
    draw = random.Random(seed)
    orders = {each: tuple(draw.sample(PRIORITIES, draw.randint(3, 8))) for each in members}
    cast_at_once(edition, Kind.PRIORITIES, orders)
    closed(edition)
    edition = Edition.objects.get(pk=edition.pk)
    publish(edition)
    rows = ladder(2028)
    assert [row.place for row in rows] == sorted(row.place for row in rows)
    averages = [row.average for row in rows if row.average is not None]
    assert averages == sorted(averages)
    public = Tally.objects.latest_for(edition.list_of(Kind.PRIORITIES)).public
    shape = "".join({"t-one": "o", "t-top": "<", "t-mid": "-", "t-end": ">"}[row.bracket] for row in rows)
    assert re.fullmatch(r"(o|<-*>)+", shape)
    assert [len(bracket) for bracket in re.findall(r"o|<-*>", shape)] == [len(band) for band in public["bands"]]
    picture = next(
        each for each in page(Client().get("/2028/summary/")).iter() if "lad" in each.get("class", "").split()
    )
    dots = [each for each in picture.iter() if str(each.tag).endswith("circle")]
    assert len(dots) == len(averages)


def test_fewer_than_ten_ballots_give_an_order_without_brackets_averages_or_picture(world):
    ranked_year(2028, seat_governments(8), PRIORITIES)
    rows = ladder(2028)
    assert len(rows) == 8
    assert {row.average for row in rows} == {None}
    answer = Client().get("/2028/summary/")
    assert "close to call" not in answer.content.decode()
    assert not any("rows-pic" in each.get("class", "") for each in page(answer).iter())


def test_a_list_that_nobody_ranked_has_no_places(phases):
    publish(phases.drafting)
    answer = Client().get("/2031/summary/")
    assert ladder(2031) == []
    assert not any(each.get("class") == "no" for each in page(answer).iter("span"))


def test_the_finding_names_the_year_and_the_line_below_it_who_took_part(phases):
    answer = Client().get("/2028/summary/")
    heading = next(page(answer).iter("h1"))
    assert "2028" in text(heading)
    root = page(answer)
    tally = Tally.objects.filter(annual_list__edition__year=2028).first()
    assert f"{tally.cast} of {tally.seats} governments took part." in said(answer, "turnout")
    assert with_testid(root, "turnout") is not None


def test_jump_links_and_titles_lead_to_parts_of_the_page(phases):
    root = page(Client().get("/2028/summary/"))
    ids = {each.get("id") for each in root.iter() if each.get("id")}
    anchors = {link.get("href")[1:] for link in root.iter("a") if link.get("href", "").startswith("#")}
    assert len(anchors) > 10
    assert anchors <= ids
