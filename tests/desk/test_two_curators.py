"""Two curators change the same thing at once: nothing is undone in silence, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin

from members.models import Office
from mixportal.desk.base import CuratedForm
from mixportal.editions.models import Kind, database_now
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from tests.curating import filled, names_of, problems
from tests.desk.test_list_pages import desk, entry
from tests.worlds import entry_of

STALE = "Another person changed this since you opened it. Nothing was saved."
FIELDS = {  # what the first curator changes, and what the second
    "government": ("website", "name"),
    "office": ("note", "title_then"),
    "user": ("title", "name"),
    "edition": ("title", "introduction"),
    "priority": ("title", "description"),
    "challenge": ("title", "description"),
    "outsideseries": ("name", "short_name"),
    "outsidelist": ("url", "how_made"),
    "outsideitem": ("note", "title"),
}


@pytest.fixture
def things(world, draft):
    series = OutsideSeries.objects.create(body="A body", short_name="a body’s", slug="a-body")
    outside = OutsideList.objects.create(series=series, year=2029)
    office = Office.objects.create(office="president", person_name="Pat", from_year=2001, government=world.port)
    item = OutsideItem.objects.create(outside_list=outside, title="Data", position=1)
    entries = (draft.list_of(kind).entries.in_order()[0] for kind in Kind)
    return {
        names_of(each)[1]: each
        for each in (world.halloran, world.former, draft, *entries, series, outside, item, office)
    }


def address_of(thing) -> str:
    return "/admin/{}/{}/{}/change/".format(*names_of(thing), thing.pk)


def write(thing, **new) -> None:
    """As another curator saves it."""
    type(thing)._base_manager.filter(pk=thing.pk).update(**new)


def test_every_change_form_of_the_admin_is_tried_here(world, rf):
    request = rf.get("/")
    request.user = world.curator
    changeable = {model: each for model, each in admin.site._registry.items() if each.has_change_permission(request)}
    assert {model._meta.model_name for model in changeable} == {*FIELDS, "proposal"}
    assert all(issubclass(each.form, CuratedForm) for each in changeable.values())


@pytest.mark.parametrize("name", FIELDS)
def test_the_second_save_is_refused_and_what_both_typed_is_kept(name, curator, things):
    thing, (theirs, mine) = things[name], FIELDS[name]
    address, new = address_of(thing), "Typed by the second"
    form = filled(curator.get(address), f"{name}_form") | {mine: new}
    write(thing, **{theirs: "https://first.example/"})
    answer = curator.post(address, form)
    assert STALE in problems(answer)
    assert "It is now: https://first.example/" in problems(answer)
    again = filled(answer, f"{name}_form")
    assert (again[theirs], again[mine]) == ("https://first.example/", new)
    before = getattr(thing, mine)
    thing.refresh_from_db()
    assert (getattr(thing, theirs), getattr(thing, mine)) == ("https://first.example/", before)
    assert curator.post(address, again).status_code == 302
    thing.refresh_from_db()
    assert (getattr(thing, theirs), getattr(thing, mine)) == ("https://first.example/", new)


def test_a_form_for_something_new_is_filled_from_its_address_whatever_else_that_has(curator):
    answer = curator.get("/admin/members/office/add/?person_name=Pat&nothing=1")
    assert filled(answer, "office_form")["person_name"] == "Pat"


def test_if_both_changed_one_field_the_second_sees_the_first_beside_the_own_words(curator, draft):
    data = entry(draft, "data")
    form = filled(curator.get(address_of(data)), "priority_form") | {"title": "Data of the second"}
    write(data, title="Data of the first", description="Two\nlines.")
    answer = curator.post(address_of(data), form)
    assert "It is now: Data of the first" in problems(answer)
    again = filled(answer, "priority_form")
    assert (again["title"], again["description"]) == ("Data of the second", "Two\nlines.")
    assert curator.post(address_of(data), again).status_code == 302
    data.refresh_from_db()
    assert (data.title, data.description) == ("Data of the second", "Two\nlines.")


def test_what_is_on_no_form_is_no_conflict_and_stays(curator, world, draft):
    data, where = entry(draft, "data"), address_of(world.halloran)
    form = filled(curator.get(where), "government_form") | {"name": "Halloran"}
    write(world.halloran, seat=9)
    assert curator.post(where, form).status_code == 302
    world.halloran.refresh_from_db()
    assert (world.halloran.name, world.halloran.seat) == ("Halloran", 9)
    lines = filled(curator.get(address_of(data)), "priority_form")
    lines |= {"description": "Two\r\nlines.", "initial-description": "What  Data means\r\nto a CIO."}
    assert curator.post(address_of(data), lines).status_code == 302


def test_a_choice_a_box_and_a_reference_are_told_in_words(curator, things):
    item, where = things["outsideitem"], address_of(things["outsideitem"])
    form = filled(curator.get(where), "outsideitem_form") | {"title": "Data!"}
    write(item, certainty="unsure", is_disputed=True, line=entry_of().line)
    told = problems(curator.post(where, form))
    assert [f"It is now: {words}" in told for words in ("unsure", "yes", "Data (priority)")] == [True] * 3


def test_a_correction_of_a_wording_that_was_corrected_meanwhile_is_refused(curator, world):
    data = entry(world.edition, "data")
    address = desk(world.edition, f"priorities/{data.pk}/correct/")
    form = filled(curator.get(address), "desk_form") | {"short": "Figures", "reason": "A typo."}
    shown = filled(curator.post(address, form), "desk_form")
    data.correct(reason="The first.", title="Data, well kept")
    answer = curator.post(address, shown)
    assert answer.status_code == 422
    assert STALE in problems(answer)
    again = filled(answer, "desk_form")
    assert (again["title"], again["short"], again["reason"]) == ("Data, well kept", "Figures", "A typo.")
    shown = filled(curator.post(address, again), "desk_form")
    assert curator.post(address, shown).status_code == 302
    data.refresh_from_db()
    assert (data.title, data.short) == ("Data, well kept", "Figures")


def test_a_window_that_was_set_meanwhile_is_not_set_again_unseen(curator, draft):
    year, address = database_now().year + 1, desk(draft, "do/window/")
    window = {"opens_at": f"{year}-06-02T09:00", "closes_at": f"{year}-06-27T17:00"}
    asked = filled(curator.get(address), "desk_form")
    assert curator.post(address, asked | window).status_code == 302
    answer = curator.post(address, asked | window | {"closes_at": f"{year}-07-01T17:00"})
    assert answer.status_code == 422
    assert STALE in problems(answer)
    assert f"It is now: June 27, {year}, 5:00 p.m. EDT" in problems(answer)
    again = filled(answer, "desk_form")
    assert (again["opens_at"], again["closes_at"]) == (window["opens_at"], f"{year}-07-01T17:00")
    assert curator.post(address, again).status_code == 302


def test_a_close_that_was_moved_meanwhile_is_not_moved_again_unseen(curator, world):
    address = desk(world.edition, "do/move/")
    asked = filled(curator.get(address), "desk_form") | {"reason": "Holidays."}
    world.edition.move_close(world.edition.closes_at + timedelta(days=2), reason="A storm.")
    answer = curator.post(address, asked | {"closes_at": f"{world.edition.closes_at.year + 1}-01-05T17:00"})
    assert answer.status_code == 422
    assert STALE in problems(answer)
    assert filled(answer, "desk_form")["reason"] == "Holidays."
