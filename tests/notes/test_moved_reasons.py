"""A reason is marked once its entry has another place on the ballot than when it was written."""

from __future__ import annotations

import pytest
from django.db import connection

from members.models import User
from mixportal.demo.people import set_voter_since
from mixportal.notes.models import Note
from tests.ballots.test_new_voters import join
from tests.priorities.conftest import priority, tell
from tests.reading import page, text
from tests.worlds import LONG_AGO, closed, entry_of, published, rank

ENTRY, REASONS = "/2030/priorities/data/", "/2030/priorities/ballot/reasons/"
COMPARE = "/2030/priorities/compare/?g=port-merrow-county&g=halloran-county"
SEARCH = "/search/?q=records"


@pytest.fixture
def moved(world, write):
    """The reason of Port Merrow for Data, written when it was joint 2nd. Data is 4th on the ballot now."""
    rank(world.edition, world.member_a, "Cybersecurity", ("Data", "Workforce"), "Governance")
    world.reason = write(world.member_a, "Because of records.", kind="reason", audience="public")
    rank(world.edition, world.member_a, "Cybersecurity", "Workforce", "Governance", "Data")
    rank(world.edition, world.member_b, "Data", "Workforce", "Governance")
    return world


def marks(client, url: str) -> list[str]:
    return [text(each) for each in page(client.get(url)).iter("p") if each.get("data-testid") == "moved"]


def test_the_own_government_reads_where_it_was_and_where_it_is_now(moved, sign_in):
    for person in (moved.member_a, moved.delegate_a):
        for url in (ENTRY, REASONS, SEARCH):
            assert marks(sign_in(person), url) == ["Written when this was joint 2nd. It is 4th now."], url


def test_others_read_after_the_close_that_it_moved_and_not_from_where(moved, sign_in):
    assert marks(sign_in(moved.member_b), ENTRY) == []
    closed(moved.edition)
    for person in (moved.member_b, moved.curator):
        for url in (ENTRY, COMPARE, SEARCH):
            [mark] = marks(sign_in(person), url)
            assert mark == "Written when this had another place on the ballot of Port Merrow County."
    assert marks(sign_in(moved.member_a), COMPARE) == ["Written when this was joint 2nd. It is 4th now."]


def test_visitors_and_leaders_see_no_ballot_and_no_mark_but_in_their_brief(moved, sign_in):
    published(moved.edition)
    for person in (None, moved.leader_a):
        assert "Because of records." in text(page(sign_in(person).get(ENTRY)))
        assert marks(sign_in(person), ENTRY) == marks(sign_in(person), SEARCH) == []
    brief = text(page(sign_in(moved.leader_a).get("/governments/port-merrow-county/2030/")))
    assert "Because of records. Written when it had another place on our ballot." in brief


def test_a_brief_says_that_a_reason_is_of_a_ballot_that_still_ranked_it(moved, sign_in):
    tell(moved.member_a, priority(moved.edition, "Data"), summary="The registry was rebuilt.")
    rank(moved.edition, moved.member_a, "Cybersecurity")
    published(moved.edition)
    brief = text(page(sign_in(moved.leader_a).get("/governments/port-merrow-county/2030/")))
    assert "Because of records. Written when it had another place on our ballot." in brief


@pytest.mark.parametrize(
    ("order", "mark"),
    [
        (("Cybersecurity", "Data"), None),
        (("Cybersecurity", ("Data", "Governance")), None),
        (("Data", "Cybersecurity"), "Written when this was joint 2nd. It is 1st now."),
        (("Cybersecurity",), "Written when this was joint 2nd. It is not ranked now."),
    ],
)
def test_the_mark_goes_by_the_place_alone(moved, sign_in, order, mark):
    rank(moved.edition, moved.member_a, *order, action="save")
    assert marks(sign_in(moved.member_a), ENTRY) == ([mark] if mark else [])


def test_what_was_not_ranked_is_marked_once_it_is(world, write, sign_in):
    rank(world.edition, world.member_a, "Cybersecurity")
    write(world.member_a, "It can wait.", kind="reason")
    assert marks(sign_in(world.member_a), ENTRY) == []
    rank(world.edition, world.member_a, "Data", "Cybersecurity")
    assert marks(sign_in(world.member_a), ENTRY) == ["Written when this was not ranked. It is 1st now."]


def test_saving_the_reason_again_takes_the_mark_away_even_with_the_same_words(moved, sign_in):
    moved.reason.edit(moved.delegate_a, body="Because of records.", audience="public", version=1)
    assert marks(sign_in(moved.member_a), ENTRY) == []
    assert not Note.objects.get().edited_at
    assert moved.reason.events.count() == 1
    rank(moved.edition, moved.member_a, "Data")
    moved.reason.edit(moved.member_a, body="For other reasons.", audience="public", version=1)
    assert marks(sign_in(moved.member_a), ENTRY) == []


def test_hiding_or_a_write_past_the_model_changes_no_earlier_place(moved):
    moved.reason.hide(moved.curator, "Names a vendor.")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notes_note SET body = body || '!', place_then = 9 WHERE id = %s", [moved.reason.pk])
    assert Note.objects.get().place_then == 4


def test_a_new_voter_learns_nothing_of_a_sealed_order_from_the_mark(moved, write, sign_in):
    newcomer = join(moved, "new@port.example")
    client = sign_in(newcomer)
    write(newcomer, "Ours.", kind="reason", entry=entry_of(slug="cybersecurity"))
    assert "not ranked" not in text(page(client.get(REASONS)))
    rank(moved.edition, newcomer, "Workforce", action="start-over")
    rank(moved.edition, newcomer, "Workforce", "Cybersecurity")
    for url in ("/2030/priorities/cybersecurity/", REASONS):
        assert marks(client, url) == []
    set_voter_since(User.objects.filter(pk=newcomer.pk), LONG_AGO)
    assert marks(client, "/2030/priorities/cybersecurity/") == ["Written when this was 1st. It is 2nd now."]
