"""The admin of outside lists."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mixportal.editions.models import Entry, Kind
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from tests.curating import change, filled, notices
from tests.reading import page, text
from tests.worlds import make_edition

LISTS, ITEMS, SERIES = "/admin/trends/outsidelist/", "/admin/trends/outsideitem/", "/admin/trends/outsideseries/"


@pytest.fixture
def curator(world, sign_in):
    return sign_in(world.curator)


@pytest.fixture
def outside(world):
    series = OutsideSeries.objects.create(body="State CIOs", short_name="state CIOs’", slug="state-cios")
    return OutsideList.objects.create(series=series, year=2030)


def add_items(outside, count: int) -> None:
    OutsideItem.objects.bulk_create(
        OutsideItem(outside_list=outside, title=f"Item {n} of {outside.year}", position=n, place=n)
        for n in range(1, count + 1)
    )


def test_a_series_and_a_list_with_its_items_are_added_by_hand_and_published(curator):
    series = {"body": "Counties", "short_name": "counties’", "name": "", "slug": "counties", "url": "", "license": ""}
    assert curator.post(f"{SERIES}add/", series).status_code == 302
    form = filled(curator.get(f"{LISTS}add/"), "outsidelist_form")
    form |= {"series": OutsideSeries.objects.get().pk, "year": 2030}
    assert curator.post(f"{LISTS}add/", form).status_code == 302
    form = filled(curator.get(f"{ITEMS}add/"), "outsideitem_form")
    form |= {"outside_list": OutsideList.objects.get().pk, "title": "Security", "position": 1, "place": 1}
    assert curator.post(f"{ITEMS}add/", form).status_code == 302
    item = OutsideItem.objects.get()
    assert (item.title, item.place, item.outside_list.year) == ("Security", 1, 2030)
    chosen = {"action": "publish", "_selected_action": [item.outside_list_id]}
    assert "is published" in notices(curator.post(LISTS, chosen, follow=True))
    assert OutsideList.objects.get().is_published


def test_which_line_an_item_means_is_chosen_by_the_newest_title_of_the_line(curator, world, outside):
    add_items(outside, 1)
    item = OutsideItem.objects.get()
    draft = world.edition.begin_next()
    draft.list_of(Kind.PRIORITIES).entries.filter(slug="data").update(title="Data and Records")
    line = draft.list_of(Kind.PRIORITIES).entries.get(slug="data").line
    form = page(curator.get(f"{ITEMS}{item.pk}/change/"))
    options = {text(each): each.get("value") for each in form.iter("option")}
    assert options["Data and Records (priority)"] == str(line.pk)
    assert "Data (priority)" not in options
    assert "Shadow IT (challenge)" in options
    change(curator, item, line=line.pk, line_certainty="inferred", line_reason="Both are about records.")
    item.refresh_from_db()
    assert (item.line, item.line_certainty, item.line_reason) == (line, "inferred", "Both are about records.")
    event = OutsideItem.pgh_event_model.objects.order_by("pgh_id").last()
    assert (event.line_id, event.pgh_context["user"]) == (line.pk, world.curator.pk)
    assert "Data and Records" in text(page(curator.get(ITEMS)))
    change(curator, item, line="")
    item.refresh_from_db()
    assert item.line is None


@pytest.mark.parametrize("chosen", ["abc", "9" * 30, "0", "\x00"])
def test_a_line_that_is_none_is_an_error(curator, outside, chosen):
    add_items(outside, 1)
    item = OutsideItem.objects.get()
    assert change(curator, item, line=chosen).status_code == 200
    item.refresh_from_db()
    assert item.line is None


def test_a_line_without_entries_is_not_offered(curator, world, outside):
    draft = make_edition(2031)
    [gone] = draft.list_of(Kind.PRIORITIES).add_entries(
        [Entry(title="Gone", slug="gone", description="d", position=99)]
    )
    gone.delete()
    add_items(outside, 1)
    assert "Gone" not in text(page(curator.get(f"{ITEMS}{OutsideItem.objects.get().pk}/change/")))


def test_an_import_is_looked_at_and_then_written(curator, world):
    rows = "source,short_name,year,rank,title,priorities\nCounties,counties’,2030,1,Records,2030/data\n"
    seen = curator.post(f"{LISTS}import/", {"text": rows}, follow=True)
    assert "What this would do: 3 new" in text(page(seen))
    assert not OutsideSeries.objects.exists()
    done = curator.post(f"{LISTS}import/", filled(seen, "confirm-import"), follow=True)
    assert "Imported: 3 new." in notices(done)
    assert OutsideItem.objects.get().line == world.edition.list_of(Kind.PRIORITIES).entries.get(slug="data").line
    assert f"{LISTS}import/" in [a.get("href") for a in page(curator.get(LISTS)).iter("a")]


def test_the_pages_ask_at_most_twelve_times_however_much_there_is(curator, world, outside):
    add_items(outside, 2)
    item = OutsideItem.objects.first()
    addresses = (
        LISTS, ITEMS, SERIES, f"{LISTS}{outside.pk}/change/", f"{ITEMS}{item.pk}/change/",
        f"{SERIES}{outside.series_id}/change/", f"{ITEMS}?outside_list__series__id__exact={outside.series_id}",
    )  # fmt: skip

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert curator.get(address).status_code == 200
        return len(queries)

    for address in addresses:
        count(address)  # content types are asked for once a process
    before = {address: count(address) for address in addresses}
    for year in range(2000, 2010):
        add_items(OutsideList.objects.create(series=outside.series, year=year), 5)
        make_edition(year)
    OutsideItem.objects.update(line=world.edition.list_of(Kind.PRIORITIES).entries.first().line)
    assert {address: count(address) for address in addresses} == before
    assert max(before.values()) <= 12
