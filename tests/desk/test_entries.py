"""Curators edit the entries of a list, their order and their lineage, until the edition opens."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection

from challenges.models import Challenge
from mixportal.ballots.models import Ballot
from mixportal.editions.models import Edition, Kind, Lineage
from priorities.models import Priority
from tests.curating import (
    CHALLENGES,
    EDITIONS,
    INLINE,
    PRIORITIES,
    act,
    change,
    change_positions,
    editable,
    filled,
    notices,
    order,
    problems,
)
from tests.reading import page
from tests.worlds import make_edition

# positions


def test_two_entries_change_places_in_one_submission_of_the_list(curator, draft):
    first, second = draft.list_of(Kind.PRIORITIES).entries.in_order()[:2]
    assert change_positions(curator, {first: 2, second: 1}).status_code == 302
    assert order(draft)[:2] == [second.title, first.title]


def test_two_entries_change_places_in_one_submission_of_the_edition(curator, draft):
    assert change(curator, draft, **{f"{INLINE}-0-position": 2, f"{INLINE}-1-position": 1}).status_code == 302
    assert order(draft)[:2] == ["Workforce", "Cybersecurity"]


def test_a_duplicate_position_in_the_list_is_an_error_that_names_both(curator, draft):
    first, second = draft.list_of(Kind.PRIORITIES).entries.in_order()[:2]
    answer = change_positions(curator, {second: 1})
    assert answer.status_code == 200
    assert problems(answer) == f"“{first.title}” and “{second.title}” cannot both have position 1."
    assert order(draft)[:2] == [first.title, second.title]


def test_a_duplicate_position_in_the_edition_is_an_error_that_names_both(curator, draft):
    answer = change(curator, draft, **{f"{INLINE}-1-position": 1})
    assert answer.status_code == 200
    assert problems(answer) == "“Cybersecurity” and “Workforce” cannot both have position 1."


def test_a_position_taken_by_an_entry_that_the_page_does_not_show_is_an_error(curator, draft):
    answer = change_positions(
        curator, {draft.list_of(Kind.PRIORITIES).entries.in_order()[1]: 1}, f"{PRIORITIES}?q=Workforce"
    )
    assert problems(answer) == "“Cybersecurity” and “Workforce” cannot both have position 1."
    answer = change(curator, draft.list_of(Kind.PRIORITIES).entries.in_order()[1], position=1)
    assert problems(answer) == "“Cybersecurity” and “Workforce” cannot both have position 1."


def test_positions_of_two_editions_do_not_clash_on_one_page(curator, draft):
    later = make_edition(2032)
    one, other = (
        draft.list_of(Kind.PRIORITIES).entries.in_order()[0],
        later.list_of(Kind.PRIORITIES).entries.in_order()[0],
    )
    assert change_positions(curator, {one: 50, other: 50}).status_code == 302
    assert order(draft)[-1] == order(later)[-1] == "Cybersecurity"


def test_a_blank_position_is_the_end_of_the_list(curator, draft):
    first = draft.list_of(Kind.PRIORITIES).entries.in_order()[0]
    change_positions(curator, {first: ""})
    assert order(draft)[-1] == first.title
    added = {
        "annual_list": draft.list_of(Kind.PRIORITIES).pk,
        "title": "Zero Trust",
        "description": "d",
        "slug": "",
        "position": "",
    }
    curator.post(f"{PRIORITIES}add/", added)
    assert order(draft)[-1] == "Zero Trust"


@pytest.mark.parametrize("position", ["0", "-1", "32768", "9" * 30, "first", "1\x00"])
def test_a_position_that_is_none_is_an_error_on_every_page(curator, draft, position):
    entry = draft.list_of(Kind.PRIORITIES).entries.in_order()[0]
    for answer in (
        change_positions(curator, {entry: position}),
        change(curator, draft, **{f"{INLINE}-0-position": position}),
        change(curator, entry, position=position),
    ):
        assert answer.status_code == 200
        assert problems(answer)


def test_an_entry_deleted_in_the_same_submission_frees_its_position_and_name(curator, draft):
    new = {f"{INLINE}-8-title": "Cybersecurity", f"{INLINE}-8-description": "Anew", f"{INLINE}-8-position": 1}
    answer = change(curator, draft, **{f"{INLINE}-0-DELETE": "on"}, **new)
    assert answer.status_code == 302
    assert draft.list_of(Kind.PRIORITIES).entries.in_order()[0].description == "Anew"
    assert len(order(draft)) == 8


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
            f"UPDATE editions_entry SET position = 70 WHERE id = {other.pk} AND position <> 70; RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER late AFTER UPDATE ON editions_entry FOR EACH ROW "
            f"WHEN (NEW.id = {one.pk}) EXECUTE FUNCTION late()"
        )
    try:
        answer = curator.get(change_positions(curator, {one: 70})["Location"])
        assert notices(answer) == "Nothing was saved: Two entries of a list cannot have one position."
        answer = curator.get(change(curator, one, position=70)["Location"])
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
        "position": "",
    }
    curator.post(f"{CHALLENGES}add/", posted)
    assert Challenge.objects.get(title="Notes").slug == "notes-entry"
    answer = curator.post(f"{CHALLENGES}add/", posted | {"title": "Maps", "slug": "map"})
    assert "These are pages" in problems(answer)
    answer = curator.post(f"{CHALLENGES}add/", posted | {"title": "Shadow I.T.", "slug": "shadow-it"})
    assert problems(answer) == "“Shadow IT” already has this address."


def test_an_entry_of_a_name_that_the_list_has_is_an_error_on_the_edition_too(curator, draft):
    answer = change(curator, draft, **{f"{INLINE}-8-title": "workforce!", f"{INLINE}-8-description": "again"})
    assert answer.status_code == 200
    assert problems(answer) == "“Workforce” already has this address."


def test_an_entry_is_added_only_to_an_edition_in_drafting_and_stays_in_it(curator, draft, world):
    posted = {
        "annual_list": world.edition.list_of(Kind.PRIORITIES).pk,
        "title": "Late",
        "description": "d",
        "slug": "",
        "position": "",
    }
    assert "Select a valid choice" in problems(curator.post(f"{PRIORITIES}add/", posted))
    entry = draft.list_of(Kind.PRIORITIES).entries.in_order()[0]
    later = make_edition(2032)
    assert change(curator, entry, annual_list=later.list_of(Kind.PRIORITIES).pk, title="Security").status_code == 302
    entry.refresh_from_db()
    assert (entry.edition, entry.title) == (draft, "Security")


def test_an_entry_says_which_entries_of_earlier_editions_it_was_merged_from(curator, draft, world):
    entry, earlier = (
        draft.list_of(Kind.PRIORITIES).entries.in_order()[0],
        world.edition.list_of(Kind.PRIORITIES).entries.in_order()[2],
    )
    answer = curator.get(f"{PRIORITIES}{entry.pk}/change/")
    offered = next(each for each in page(answer).iter("select") if each.get("name") == "came_from-0-earlier")
    assert [group.get("label") for group in offered.iter("optgroup")] == ["2030"]
    change(curator, entry, **{"came_from-0-type": "merged", "came_from-0-earlier": earlier.pk})
    link = Lineage.objects.get(later=entry)
    assert (link.earlier, link.type) == (earlier, "merged")
    assert "(2030)" in str(link)


@pytest.mark.parametrize("chosen", ["own list", "own line", "abc", "9" * 30])
def test_lineage_to_what_is_no_earlier_entry_of_another_line_is_an_error(curator, draft, world, chosen):
    entry, other = draft.list_of(Kind.PRIORITIES).entries.in_order()[:2]
    earlier = world.edition.list_of(Kind.PRIORITIES).entries.in_order()[0]
    earlier.line.join(entry.line, reason="the same")
    key = {"own list": other.pk, "own line": earlier.pk}.get(chosen, chosen)
    answer = change(curator, entry, **{"came_from-0-type": "split", "came_from-0-earlier": key})
    assert answer.status_code == 200
    assert "Select a valid choice" in problems(answer)


def test_an_entry_that_a_later_one_comes_from_is_protected_in_words(curator, draft):
    later = make_edition(2032)
    entry = draft.list_of(Kind.PRIORITIES).entries.in_order()[0]
    Lineage.objects.create(
        later=later.list_of(Kind.PRIORITIES).entries.in_order()[0], earlier=entry, type=Lineage.Type.SPLIT
    )
    for answer in (
        curator.post(f"{PRIORITIES}{entry.pk}/delete/", {"post": "yes"}),
        act(curator, "delete_selected", entry, confirmed=True),
        change(curator, draft, **{f"{INLINE}-0-DELETE": "on"}),
    ):
        assert answer.status_code == 200
        assert f"{entry.title} (2031)" in answer.content.decode()
    assert Priority.objects.filter(pk=entry.pk).exists()


def test_every_field_of_a_row_has_a_name_of_its_own(curator, draft):
    for address in (f"{EDITIONS}{draft.pk}/change/", PRIORITIES):
        named = [
            field.get("aria-label")
            for field in page(curator.get(address)).iter()
            if field.get("name", "").startswith((f"{INLINE}-0-", "form-0-")) and field.get("type") != "hidden"
        ]
        assert named
        assert all("of Cybersecurity" in (name or "") for name in named)


def test_whoever_may_change_priorities_may_say_what_they_come_from(draft, world, sign_in):
    group = Group.objects.create(name="Editors")
    group.permissions.set(Permission.objects.filter(codename="change_priority"))
    world.bare_staff.groups.add(group)
    entry, earlier = (
        draft.list_of(Kind.PRIORITIES).entries.in_order()[0],
        world.edition.list_of(Kind.PRIORITIES).entries.in_order()[0],
    )
    change(sign_in(world.bare_staff), entry, **{"came_from-0-type": "split", "came_from-0-earlier": earlier.pk})
    assert entry.came_from.get().earlier == earlier


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


def test_positions_of_an_open_edition_are_text_and_posting_one_changes_nothing(curator, world, draft):
    posted = filled(curator.get(PRIORITIES), "changelist-form")
    fields = [name for name in posted if name.endswith("-position")]
    assert len(fields) == 8, "those of the draft alone"
    first = world.edition.list_of(Kind.PRIORITIES).entries.in_order()[0]
    change_positions(curator, {first: 70})
    assert order(world.edition)[0] == first.title


def test_an_open_editions_page_shows_its_lists_and_takes_nothing_for_them(curator, world):
    answer = curator.get(f"{EDITIONS}{world.edition.pk}/change/")
    assert not [name for name in editable(answer, "edition_form") if "entries" in name]
    new = {f"{INLINE}-TOTAL_FORMS": 9, f"{INLINE}-8-title": "Late", f"{INLINE}-8-description": "d"}
    old = {
        f"{INLINE}-0-id": world.edition.list_of(Kind.PRIORITIES).entries.in_order()[0].pk,
        f"{INLINE}-0-title": "Changed",
    }
    change(curator, world.edition, introduction="As it stands.", **new, **old, **{f"{INLINE}-0-DELETE": "on"})
    world.edition.refresh_from_db()
    assert world.edition.introduction == "As it stands."
    assert order(world.edition)[0] == "Cybersecurity"
    assert len(order(world.edition)) == 8


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
    answer = act(curator, "delete_selected", draft, confirmed=True)
    assert "protected related objects" in answer.content.decode()
    empty = Edition.objects.create(year=2040)
    act(curator, "delete_selected", empty, confirmed=True)
    assert not Edition.objects.filter(year=2040).exists()


@pytest.mark.parametrize(
    "posted",
    [
        {"form-TOTAL_FORMS": "abc", "form-INITIAL_FORMS": "1"},
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": "abc", "form-0-position": "1"},
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": "9" * 30, "form-0-position": "1"},
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": "\x00", "form-0-position": "\x00"},
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"},
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-1-position": "4"},
        {},
    ],
)
def test_garbage_in_the_lists_form_changes_nothing(curator, draft, posted):
    before = order(draft)
    assert curator.post(PRIORITIES, posted | {"_save": "Save"}).status_code in (200, 302, 400)
    assert order(draft) == before


def test_two_curators_who_move_the_same_entries_at_once_both_get_an_answer(transactional_db, world, sign_in):
    draft = make_edition(2031)
    first, second = draft.list_of(Kind.PRIORITIES).entries.in_order()[:2]
    clients = [sign_in(world.curator), sign_in(world.curator)]
    pages = [filled(client.get(PRIORITIES), "changelist-form") for client in clients]
    answers = []

    def save(client, posted, at):
        row = {posted[f"form-{n}-id"]: n for n in range(int(posted["form-TOTAL_FORMS"]))}
        posted |= {f"form-{row[str(first.pk)]}-position": at, f"form-{row[str(second.pk)]}-position": at + 1}
        answers.append(client.post(PRIORITIES, posted | {"_save": "Save"}).status_code)
        connection.close()

    threads = [threading.Thread(target=save, args=(clients[n], pages[n], 60 + n)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 2
    assert set(answers) <= {200, 302}
    assert len(set(draft.list_of(Kind.PRIORITIES).entries.in_order().values_list("position", flat=True))) == 8
