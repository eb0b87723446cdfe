"""The home page of insiders and of everybody else."""

from __future__ import annotations

import pytest

from mixportal.editions.models import Edition, Kind
from mixportal.results.publishing import publish
from tests.reading import links, page, text, with_testid
from tests.worlds import PRIORITIES, closed, published, rank


def told(client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return text(page(answer))


def test_before_anything_is_published_a_visitor_is_told_so(world, client):
    assert "No list is published yet" in told(client)


@pytest.mark.parametrize("who", [None, "former", "leader_a"])
def test_visitors_and_leaders_read_the_newest_published_summary(phases, sign_in, who):
    assert "2028" in told(sign_in(getattr(phases, who) if who else None))


def test_a_member_finds_each_ballot_where_it_was_left(world, sign_in):
    client = sign_in(world.member_a)
    assert "Rank the priorities Not begun. 8 to put in order" in told(client)
    assert "Rank the challenges Not begun. 3 to put in order" in told(client)

    rank(world.edition, world.delegate_a, "Data", "Workforce", action="save")
    assert "Cast your ballot of priorities Saved on" in told(client)
    assert "not yet cast. 2 of 8 ranked." in told(client)

    rank(world.edition, world.delegate_a, "Data", "Workforce")
    assert "Your ballot of priorities is cast" in told(client)

    rank(world.edition, world.member_a, "Shadow IT", kind=Kind.CHALLENGES)
    assert "Your ballot of challenges is cast" in told(client)


@pytest.mark.parametrize(
    "edited",
    [("Workforce", "Data"), ("Data",), ("Data", "Workforce", "Governance"), (("Data", "Workforce"),), ()],
    ids=["turned round", "one dropped", "one added", "tied", "emptied"],
)
def test_an_order_changed_since_the_cast_is_said_to_wait(world, sign_in, edited):
    rank(world.edition, world.member_a, "Data", "Workforce")
    rank(world.edition, world.member_a, *edited, action="save")
    assert "Cast your changed ballot of priorities" in told(sign_in(world.delegate_a))
    rank(world.edition, world.member_a, "Data", "Workforce", action="save")
    assert "Your ballot of priorities is cast" in told(sign_in(world.delegate_a))


def test_each_task_leads_to_its_ballot(world, sign_in):
    found = links(page(sign_in(world.member_a).get("/")))
    assert {"/2030/priorities/ballot/", "/2030/challenges/ballot/"} <= set(found)


def test_turnout_counts_who_has_cast_and_marks_the_own_seat(world, sign_in):
    rank(world.edition, world.member_a, "Data")
    root = page(sign_in(world.member_a).get("/"))
    assert "1 of 2 governments have cast a ballot of priorities" in text(with_testid(root, "turnout"))
    seats = next(each for each in root.iter("div") if "seats" in (each.get("class") or "").split())
    assert [each.get("class") for each in seats.iter("i")] == ["me on", None]
    assert "yours among them" in seats.get("aria-label")
    other = page(sign_in(world.member_b).get("/"))
    seats = next(each for each in other.iter("div") if "seats" in (each.get("class") or "").split())
    assert [each.get("class") for each in seats.iter("i")] == ["me", "on"]
    assert "yours has not" in seats.get("aria-label")


def test_curators_see_what_is_drafted_open_and_closed_and_have_no_ballot(phases, sign_in):
    said = told(sign_in(phases.curator))
    assert "The ballots of 2029 are counted" in said
    assert "The list of 2031 is being drafted" in said
    assert "Rank the priorities" not in said
    assert "/2030/priorities/ballot/" not in links(page(sign_in(phases.curator).get("/")))


def test_between_two_editions_nothing_awaits_a_member(world, sign_in):
    published(world.edition)
    said = told(sign_in(world.member_a))
    assert "No ballots are open at the moment" in said
    assert "Nothing, for now" in said


def test_a_published_list_that_nobody_cast_for_breaks_nobodys_home(world, sign_in, client):
    published(world.edition)
    for each in (client, *(sign_in(getattr(world, who)) for who in ("member_a", "leader_a", "curator", "former"))):
        for url in ("/", "/2030/", "/2030/summary/", "/2030/priorities/", "/2030/priorities/data/"):
            assert each.get(url).status_code == 200


def test_after_the_close_a_member_sees_the_counted_result(world, sign_in):
    rank(world.edition, world.member_a, *PRIORITIES)
    closed(world.edition)
    assert "The ballots of 2030 are counted" in told(sign_in(world.member_b))
    assert "/2030/summary/" in links(page(sign_in(world.member_b).get("/")))


def test_a_leaders_home_changes_with_publication_and_no_sooner(world, sign_in):
    rank(world.edition, world.member_a, *PRIORITIES)
    client = sign_in(world.leader_a)
    assert "No list is published yet" in told(client)
    edition = closed(world.edition)
    assert "No list is published yet" in told(client)
    publish(edition)
    assert "Cybersecurity" in told(client)
    assert Edition.objects.get(year=2030).is_published
