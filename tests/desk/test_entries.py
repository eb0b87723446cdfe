"""Curators edit the entries of a list, until the edition opens."""

from __future__ import annotations

import pytest
from django.db import connection

from challenges.models import Challenge
from mixportal.ballots.models import Ballot
from mixportal.editions.models import Edition, Kind, Lineage
from priorities.models import Priority
from tests.curating import (
    CHALLENGES,
    EDITIONS,
    PRIORITIES,
    act,
    change,
    editable,
    notices,
    order,
    problems,
)
from tests.proposals.proposing import propose
from tests.reading import page, said, text
from tests.worlds import make_edition

# positions


def test_a_new_entry_is_put_at_the_end_of_the_list(curator, draft):
    added = {"annual_list": draft.list_of(Kind.PRIORITIES).pk, "title": "Zero Trust", "description": "d", "slug": ""}
    curator.post(f"{PRIORITIES}add/", added)
    assert order(draft)[-1] == "Zero Trust"


@pytest.mark.django_db(transaction=True)
def test_what_only_the_commit_refuses_comes_back_as_a_message(curator, draft):
    """The second form is checked before the first is saved, so only the constraint can refuse it."""
    one, other = (
        draft.list_of(Kind.PRIORITIES).entries.in_order()[0],
        draft.list_of(Kind.PRIORITIES).entries.in_order()[1],
    )
    with connection.cursor() as cursor:  # stands in for the other curator, at the last moment before the commit
        cursor.execute(
            "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"UPDATE editions_entry SET position = 1 WHERE id = {other.pk} AND position <> 1; RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER late AFTER UPDATE ON editions_entry FOR EACH ROW "
            f"WHEN (NEW.id = {one.pk}) EXECUTE FUNCTION late()"
        )
    try:
        answer = curator.get(change(curator, one, title="Security")["Location"])
        assert notices(answer) == "Nothing was saved: Two entries of a list cannot have one position."
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER late ON editions_entry; DROP FUNCTION late")
    assert order(draft)[0] == one.title


# entries


def test_an_entrys_address_is_made_of_its_title_and_may_be_given(curator, draft):
    posted = {
        "annual_list": draft.list_of(Kind.CHALLENGES).pk,
        "title": "Notes",
        "description": "d",
        "slug": "",
    }
    curator.post(f"{CHALLENGES}add/", posted)
    assert Challenge.objects.get(title="Notes").slug == "notes-entry"
    answer = curator.post(f"{CHALLENGES}add/", posted | {"title": "Maps", "slug": "map"})
    assert "These are pages" in problems(answer)
    answer = curator.post(f"{CHALLENGES}add/", posted | {"title": "Shadow I.T.", "slug": "shadow-it"})
    assert problems(answer) == "This list already has an entry with this name."
    answer = change(curator, Challenge.objects.get(title="Notes"), slug="shadow-it")
    assert problems(answer) == "This list already has an entry with this name."


def test_two_entries_of_a_list_cannot_have_one_title(curator, draft):
    entry = draft.list_of(Kind.PRIORITIES).entries.get(slug="workforce")
    assert problems(change(curator, entry, title="data")) == "This list already has an entry with this title."
    assert change(curator, entry, title="Data on people").status_code == 302


def test_an_entry_is_added_only_to_an_edition_in_drafting_and_stays_in_it(curator, draft, world):
    posted = {
        "annual_list": world.edition.list_of(Kind.PRIORITIES).pk,
        "title": "Late",
        "description": "d",
        "slug": "",
    }
    assert "Select a valid choice" in problems(curator.post(f"{PRIORITIES}add/", posted))
    entry = draft.list_of(Kind.PRIORITIES).entries.in_order()[0]
    later = make_edition(2032)
    assert change(curator, entry, annual_list=later.list_of(Kind.PRIORITIES).pk, title="Security").status_code == 302
    entry.refresh_from_db()
    assert (entry.edition, entry.title) == (draft, "Security")


def test_an_entry_that_a_later_one_comes_from_is_protected_in_words(curator, draft):
    later = make_edition(2032)
    entry = draft.list_of(Kind.PRIORITIES).entries.in_order()[0]
    Lineage.objects.create(
        later=later.list_of(Kind.PRIORITIES).entries.in_order()[0], earlier=entry, type=Lineage.Type.SPLIT
    )
    for answer in (
        curator.post(f"{PRIORITIES}{entry.pk}/delete/", {"post": "yes"}),
        act(curator, "delete_selected", entry, confirmed=True),
    ):
        assert answer.status_code == 200
        assert f"{entry.title} (2031)" in answer.content.decode()
    assert Priority.objects.filter(pk=entry.pk).exists()


def test_what_becomes_of_its_proposals_is_said_before_an_entry_is_deleted(curator, draft, world):
    became, data = propose(draft, world.member_a), draft.list_of(Kind.PRIORITIES).entries.get(slug="data")
    made = became.accept(world.curator)
    propose(draft, world.member_a, "Open Data").merge(data, world.curator)
    for answer in (curator.get(f"{PRIORITIES}{data.pk}/delete/"), act(curator, "delete_selected", data)):
        assert "The proposal “Open Data” of Port Merrow County was merged into “Data”." in text(page(answer))
    shown = curator.get(f"{PRIORITIES}{made.pk}/delete/")
    assert f"The proposal “{became}” of Port Merrow County became “{made}”." in text(page(shown))
    curator.post(f"{PRIORITIES}{made.pk}/delete/", {"post": "yes"})
    became.refresh_from_db()
    assert (became.entry, became.status) == (None, "accepted")


# a list that stands


def test_entries_of_an_open_edition_are_shown_and_cannot_be_changed(curator, world):
    entry = world.edition.list_of(Kind.PRIORITIES).entries.in_order()[0]
    address = f"{PRIORITIES}{entry.pk}/"
    answer = curator.get(f"{address}change/")
    assert answer.status_code == 200
    assert entry.description in answer.content.decode()
    assert editable(answer, "priority_form") == set()
    assert curator.post(f"{address}change/", {"title": "x"}).status_code == 403
    assert curator.post(f"{address}delete/", {"post": "yes"}).status_code == 403


def test_deleting_entries_of_an_open_edition_shows_no_placement(curator, world):
    entries = list(world.edition.list_of(Kind.PRIORITIES).entries.in_order())
    Ballot.record(
        annual_list=world.edition.list_of(Kind.PRIORITIES),
        government=world.port,
        user=world.member_a,
        places={entries[0].slug: 1},
        version=0,
    )
    answer = act(curator, "delete_selected", *entries)
    assert notices(answer) == "Nothing was deleted. The list of 2030 has opened, so its entries cannot change."
    assert "placement" not in answer.content.decode().lower()
    for lookup in ("placements__place=1", "placements__isnull=0", "placements=1", "events__isnull=0"):
        assert curator.get(f"{PRIORITIES}?{lookup}").status_code == 400


def test_an_edition_that_has_opened_is_not_deleted_and_one_with_entries_is_protected(curator, world, draft):
    assert curator.post(f"{EDITIONS}{world.edition.pk}/delete/", {"post": "yes"}).status_code == 403
    assert notices(act(curator, "delete_selected", world.edition)) == (
        "Nothing was deleted. 2030 has opened or is published: it stays."
    )
    for answer in (
        curator.get(f"{EDITIONS}{draft.pk}/delete/"),
        curator.post(f"{EDITIONS}{draft.pk}/delete/", {"post": "yes"}),
        act(curator, "delete_selected", draft, confirmed=True),
    ):
        assert "Delete its entries first." in said(answer, "edition-stays")
        assert "protected related objects" not in answer.content.decode()
    assert Edition.objects.filter(pk=draft.pk).exists()
    empty = Edition.objects.create(year=2040)
    act(curator, "delete_selected", empty, confirmed=True)
    assert not Edition.objects.filter(year=2040).exists()
