"""Curating editions: the window, closing, publishing, and the pages themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mixportal.editions.models import Edition, Entry, Kind, Lineage, database_now
from tests.curating import (
    CHALLENGES,
    EDITIONS,
    PRIORITIES,
    act,
    change,
    do,
    editable,
    filled,
    notices,
    order,
    problems,
)
from tests.worlds import make_edition

# the edition and its window


YESTERDAY = datetime.now(tz=ZoneInfo("UTC")) - timedelta(days=1)


def local(moment, zone="America/New_York"):
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def test_the_window_is_entered_on_the_clocks_of_the_editions_zone(curator, draft):
    year = database_now().year + 1
    change(curator, draft, time_zone="America/Phoenix")
    draft.mark_mail_read()
    do(curator, draft, "window", opens_at=f"{year}-06-02T09:00", closes_at=f"{year}-06-27T17:00")
    draft.refresh_from_db()
    assert draft.opens_at == datetime(year, 6, 2, 9, tzinfo=ZoneInfo("America/Phoenix"))
    answer = curator.get(f"{EDITIONS}{draft.pk}/desk/do/window/")
    assert filled(answer, "desk_form")["closes_at"] == f"{year}-06-27T17:00"
    change(curator, draft, time_zone="America/New_York", title="Later")
    draft.refresh_from_db()
    assert (draft.title, draft.time_zone) == ("Later", "America/Phoenix"), "what clocks show is kept"


def test_saving_an_edition_untouched_keeps_its_window_to_the_microsecond(curator, draft):
    draft.opens_at = database_now() + timedelta(days=10)
    draft.closes_at = draft.opens_at + timedelta(days=9, seconds=17, microseconds=3)
    draft.save()
    assert change(curator, draft, title="Untouched").status_code == 302
    assert Edition.objects.get(title="Untouched").closes_at == draft.closes_at


@pytest.mark.parametrize(
    ("opens_in", "closes_in", "said"),
    [
        (5, 4, "The close must come after the opening"),
        (5, None, "This field is required"),
        (-2, 5, "An opening cannot be dated back"),
        (-5, -2, "This close has passed already"),
        (1, 40_000, "Ballots are open for 366 days at most"),
    ],
)
def test_a_window_that_cannot_be_is_an_error_and_keeps_what_was_typed(curator, draft, opens_in, closes_in, said):
    draft.mark_mail_read()
    now = database_now()
    typed = {
        "opens_at": local(now + timedelta(days=opens_in)),
        "closes_at": "" if closes_in is None else local(now + timedelta(days=closes_in)),
    }
    answer = do(curator, draft, "window", **typed)
    assert answer.status_code == 422
    assert said in problems(answer)
    assert "Another edition" not in problems(answer)
    assert filled(answer, "desk_form").items() >= typed.items()
    assert not Edition.objects.get(pk=draft.pk).opens_at


@pytest.mark.parametrize(
    "typed", ["soon", "2031-02-30T09:00", "2031-03-09T02:30", "0001-01-01T00:00", "9999-12-31T23:59", "2031\x00"]
)
def test_a_moment_that_is_none_is_an_error(curator, draft, typed):
    answer = do(curator, draft, "window", opens_at=typed, closes_at="2032-01-01T09:00")
    assert answer.status_code == 422
    assert problems(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("2031-03-09T02:30", "2:30 a.m. does not exist"), ("2031-11-02T01:30", "1:30 a.m. comes twice")],
)
def test_a_time_in_the_hour_in_which_the_clocks_change_says_so(curator, draft, typed, said):
    answer = do(curator, draft, "window", opens_at=typed, closes_at="2032-01-01T09:00")
    assert answer.status_code == 422
    assert said in problems(answer)
    assert filled(answer, "desk_form")["opens_at"] == typed


def test_an_edition_gets_no_window_over_an_empty_list(curator, draft):
    draft.mark_mail_read()
    draft.list_of(Kind.CHALLENGES).entries.in_order().delete()
    now = database_now()
    window = {"opens_at": local(now + timedelta(days=1)), "closes_at": local(now + timedelta(days=2))}
    answer = do(curator, draft, "window", **window)
    assert problems(answer) == "The list of challenges is empty, so there is nothing to rank."
    curator.post(f"{EDITIONS}add/", {"year": 2040, "time_zone": "America/New_York"} | window)
    assert Edition.objects.get(year=2040).opens_at is None, "the page for a new edition asks for no window"


def test_a_list_that_is_to_open_cannot_become_empty(curator, draft):
    draft.opens_at = database_now() + timedelta(days=10)
    draft.closes_at = draft.opens_at + timedelta(days=1)
    draft.save()
    challenges = list(draft.list_of(Kind.CHALLENGES).entries.in_order())
    assert "it cannot become empty" in notices(act(curator, "delete_selected", *challenges))
    act(curator, "delete_selected", *challenges[:2], confirmed=True)
    assert curator.post(f"{CHALLENGES}{challenges[2].pk}/delete/", {"post": "yes"}).status_code == 403
    assert order(draft, Kind.CHALLENGES) == [challenges[2].title]


def test_once_opened_nothing_of_the_window_is_typed_over(curator, world):
    answer = curator.get(f"{EDITIONS}{world.edition.pk}/change/")
    assert editable(answer, "edition_form") & {"year", "opens_at", "time_zone", "closes_at"} == set()
    later = (database_now() + timedelta(days=30)).replace(second=0, microsecond=0)
    assert change(curator, world.edition, closes_at=local(later), year=2055).status_code == 302
    edition = Edition.objects.get(pk=world.edition.pk)
    assert (edition.year, edition.closes_at) == (2030, world.edition.closes_at)


def test_once_closed_nothing_of_the_window_moves(curator, world):
    world.edition.close_now()
    answer = curator.get(f"{EDITIONS}{world.edition.pk}/change/")
    assert editable(answer, "edition_form") & {"year", "opens_at", "time_zone", "closes_at"} == set()
    assert change(curator, world.edition, closes_at="2050-01-01T00:00", title="Closed").status_code == 302
    edition = Edition.objects.get(pk=world.edition.pk)
    assert (edition.title, edition.closes_at) == ("Closed", world.edition.closes_at)


@pytest.mark.parametrize(
    ("year", "said"),
    [("2030", "already exists"), ("1900", "a year from 1966"), ("x", "whole number"), ("9" * 30, "32767")],
)
def test_a_year_that_cannot_be_is_an_error(curator, draft, year, said):
    answer = change(curator, draft, year=year)
    assert answer.status_code == 200
    assert said in problems(answer)


def test_a_posted_zone_that_is_none_is_an_error(curator, draft):
    for zone in ("Mars/Olympus", "../etc/passwd", "\x00"):
        answer = change(curator, draft, time_zone=zone)
        assert answer.status_code == 200
        assert problems(answer)


@pytest.mark.parametrize(
    ("field", "value"),
    [("year", 2035), ("opens_at", YESTERDAY), ("closes_at", YESTERDAY + timedelta(hours=1))],
)
def test_an_open_edition_says_at_the_field_what_its_trigger_would_refuse(world, field, value):
    setattr(world.edition, field, value)
    with pytest.raises(ValidationError) as refused:
        world.edition.full_clean()
    assert field in refused.value.message_dict


# lists of the admin


def test_the_list_of_editions_says_phase_and_times_with_their_zone(curator, world, draft):
    answer = curator.get(EDITIONS).content.decode()
    for said in (
        "Open",
        "Drafting",
        world.edition.opens_at.astimezone(ZoneInfo("America/New_York")).strftime("%Z"),
    ):
        assert said in answer
    for phase, found in (("drafting", {"2031"}), ("open", {"2030"}), ("closed", set()), ("published", set())):
        shown = curator.get(f"{EDITIONS}?phase={phase}").context_data["cl"].result_list
        assert {str(edition) for edition in shown} == found
    assert curator.get(f"{EDITIONS}?phase=nonsense").status_code == 200


def test_pages_take_the_same_number_of_queries_at_ten_times_the_data(curator, world):
    small = Edition.objects.create(year=2032)
    listed = small.list_of(Kind.PRIORITIES)
    [one] = listed.add_entries([Entry(title="A", slug="a", description="d", position=1)])
    addresses = (EDITIONS, PRIORITIES, f"{EDITIONS}{small.pk}/change/", f"{PRIORITIES}{one.pk}/change/")

    def count(address):
        with CaptureQueriesContext(connection) as queries:
            assert curator.get(address).status_code == 200
        return len(queries)

    Lineage.objects.create(
        later=one, earlier=world.edition.list_of(Kind.PRIORITIES).entries.in_order()[0], type=Lineage.Type.SPLIT
    )
    for address in addresses:
        count(address)  # content types are asked for once a process
    before = {address: count(address) for address in addresses}
    for year in range(2012, 2022):
        for earlier in make_edition(year).list_of(Kind.PRIORITIES).entries.in_order()[:2]:
            Lineage.objects.create(later=one, earlier=earlier, type=Lineage.Type.SPLIT)
    listed.add_entries(Entry(title=f"B {n}", slug=f"b-{n}", description="d", position=n) for n in range(2, 12))
    assert {address: count(address) for address in addresses} == before
    assert max(before.values()) <= 12


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{PRIORITIES}add/?annual_list=abc&title=%00&position=x&_changelist_filters=%00", 200),
        (f"{EDITIONS}add/?year=%00&opens_at=x&conference_from=x", 200),
        (f"{PRIORITIES}?annual_list__edition__id__exact=abc", 200),
        (f"{PRIORITIES}?annual_list__edition__id__exact=%00", 200),
        (f"{PRIORITIES}?annual_list__edition__id__exact=" + "9" * 30, 200),
        (f"{PRIORITIES}?_popup=1&_to_field=password", 400),
        (f"{PRIORITIES}add/?_to_field=%00", 400),
    ],
)
def test_a_senseless_address_is_answered_calmly(curator, draft, address, status):
    assert curator.get(address, follow=True).status_code == status
