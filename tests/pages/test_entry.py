"""The page of an entry."""

from __future__ import annotations

import pytest

from mixportal.editions.models import Entry, Kind, Lineage, database_now
from mixportal.results.publishing import publish
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from tests.reading import links, page, text
from tests.worlds import cast_at_once, closed, entry_of, make_edition, open_edition, rank, seat_governments


def test_the_page_says_what_it_means_and_what_comes_next(phases, client):
    told = text(page(client.get("/2027/priorities/data/")))
    assert "Data in plain words." in told
    assert "What Data means to a CIO." in told
    assert "in order of publication, not ranked" in told
    assert "Next: Governance" in told
    assert "Next:" not in text(page(client.get("/2027/priorities/citizen-engagement/")))


def test_an_entry_is_found_in_its_own_edition_and_kind_alone(phases, client):
    for url in (
        "/2027/challenges/data/",
        "/2027/priorities/shadow-it/",
        "/2027/priorities/nowhere/",
        "/2027/priorities/Data/",
    ):
        assert client.get(url).status_code == 404


def test_figures_are_said_with_what_they_are_out_of(world, sign_in):
    for member in (world.member_a, world.member_b, *seat_governments(18)):
        rank(world.edition, member, "Data", "Workforce")
    rank(world.edition, world.member_b, "Workforce", "Data")
    closed(world.edition)
    told = text(page(sign_in(world.member_b).get("/2030/priorities/data/")))
    assert "1st of 8" in told
    assert "20 of 20 put it in their top three" in told
    assert "2nd on your ballot of 2030" in told
    assert "20 lists of 2030" in told
    few = text(page(sign_in(world.member_b).get("/2030/priorities/governance/")))
    assert "Few ranked it: 0 of 20" in few
    assert "Not ranked on your ballot of 2030" in few


def test_the_table_beside_the_picture_adds_up_to_every_ballot(world, sign_in):
    for member in (world.member_a, world.member_b, *seat_governments(18)):
        rank(world.edition, member, *(("Data", "Workforce") if member.pk % 2 else ("Workforce",)))
    closed(world.edition)
    root = page(sign_in(world.curator).get("/2030/priorities/data/"))
    table = next(table for table in root.iter("table"))
    counts = [int(text(cell)) for cell in table.iter("td")]
    assert sum(counts) == 20
    assert len(counts) == 8 + 1


def test_lineage_is_told_both_ways(phases, sign_in):
    entry_of(2027).line.join(entry_of(2028).line, reason="the same")
    Lineage.objects.create(later=entry_of(2030, "workforce"), earlier=entry_of(2028), type="split")
    seen = links(page(sign_in(phases.member_a).get("/2028/priorities/data/")))
    assert "/2027/priorities/data/" in seen
    assert "/2030/priorities/workforce/" in seen


def test_places_over_the_years_are_those_that_the_reader_may_see(world, sign_in):
    before = open_edition(make_edition(2029))
    entry_of(2029).line.join(entry_of(2030).line, reason="the same")
    outside = OutsideSeries.objects.create(body="State CIOs", short_name="state CIOs’", slug="state-cios")
    listed = OutsideList.objects.create(series=outside, year=2028, published_at=database_now())
    OutsideItem.objects.create(outside_list=listed, title="Data first", place=1, line=entry_of(2030).line)
    for edition, order in ((before, ("Workforce", "Data")), (world.edition, ("Data", "Workforce"))):
        cast_at_once(edition, Kind.PRIORITIES, dict.fromkeys((world.member_a, world.member_b), order))
        closed(edition)
    publish(before)

    def shown(user) -> list[list[str]]:
        root = page(sign_in(user).get("/2030/priorities/data/"))
        table = next((each for each in root.iter("table") if each.get("data-figure") == "years"), None)
        return [] if table is None else [[text(cell) for cell in row] for row in table.find("tbody").iter("tr")]

    both = [["2030", "1st", "–"], ["2029", "2nd", "–"], ["2028", "–", "1st"]]
    assert shown(world.curator) == both
    assert (
        shown(world.leader_a)
        == shown(world.member_a)
        == [[*row, own] for row, own in zip(both, ("1st", "2nd", "–"), strict=True)]
    )
    publish(world.edition)
    assert shown(None) == both


@pytest.mark.parametrize("who", [None, "former", "leader_a"])
def test_lineage_names_no_entry_of_an_edition_that_is_hidden(phases, sign_in, who):
    later = entry_of(2031)
    Entry.objects.filter(pk=later.pk).update(title="Quantum", slug="quantum")
    entry_of(2028).line.join(later.line, reason="the same")
    client = sign_in(getattr(phases, who) if who else None)
    body = client.get("/2028/priorities/data/").content.decode()
    assert "Quantum" not in body
    assert "2031" not in body
    assert "Quantum" in sign_in(phases.member_a).get("/2028/priorities/data/").content.decode()


def test_lineage_names_no_earlier_list_that_was_never_published(phases, client):
    edition = make_edition(2032)
    later, earlier = entry_of(2032, "shadow-it", Kind.CHALLENGES), entry_of(2030, "it-governance", Kind.CHALLENGES)
    Lineage.objects.create(later=later, earlier=earlier, type="merged")
    publish(edition)
    body = client.get("/2032/challenges/shadow-it/").content.decode()
    assert "/2032/challenges/it-governance/" in body  # the next one of its own list
    assert "/2030/" not in body
