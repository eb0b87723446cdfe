"""The pages that import tables name their columns, and each line of what they would do."""

from __future__ import annotations

import pytest

from members.government_import import COLUMN_NAMES
from members.invitations import Invitation
from members.models import Government, Session
from mixportal.editions.list_entries import COLUMNS as ENTRY_COLUMNS
from mixportal.trends.models import OutsideItem
from mixportal.trends.outside_import import COLUMNS as OUTSIDE_COLUMNS
from tests.curating import EDITIONS, filled, problems
from tests.reading import page, said, text
from tests.worlds import make_government

GOVERNMENTS, PEOPLE, OUTSIDE = (
    f"/admin/{model}/import/" for model in ("members/government", "members/invitation", "trends/outsidelist")
)
COLUMNS = {
    GOVERNMENTS: COLUMN_NAMES,
    PEOPLE: ("name", "address", "role", "government"),
    OUTSIDE: [column.name for column in OUTSIDE_COLUMNS],
}


def test_the_pages_name_every_column_that_they_read(curator, draft):
    for address, columns in {**COLUMNS, f"{EDITIONS}{draft.pk}/desk/list/": ENTRY_COLUMNS}.items():
        named = {text(code) for code in page(curator.get(address)).iter("code")}
        assert named.issuperset(columns), address


@pytest.mark.parametrize("address", COLUMNS)
def test_the_example_on_each_page_can_be_pasted(curator, world, address):
    Government.objects.filter(seat=1).update(seat=60)
    if address == PEOPLE:
        make_government("Elm", 1, state="AZ")
    [example] = page(curator.get(address)).iter("pre")
    shown = curator.post(address, {"text": example.text}, follow=True)
    assert not problems(shown)
    assert "confirm-import" in shown.content.decode()


def test_no_version_of_a_paste_stays_in_the_session_once_it_is_written_or_the_curator_signs_out(curator, world):
    def pasted(*names: str):
        rows = (f"{name},{name.lower()}@mix.example,leader,Port Merrow County\n" for name in names)
        return curator.post(PEOPLE, {"text": "name,address,role,government\n" + "".join(rows)}, follow=True)

    curator.post(GOVERNMENTS, {"text": "name,kind,state\nOak,city,TX\n"})
    pasted("Noor")
    answer = pasted("Noor", "Aziz")
    assert str(curator.session.items()).count("noor@mix.example") == 2
    curator.post(f"{PEOPLE}?preview=gone", filled(answer, "confirm-import"))
    assert Invitation.objects.count() == 2
    kept = str(curator.session.items())
    assert "@mix.example" not in kept
    assert "Oak" in kept, "of another page"
    pasted("Ines")
    curator.post("/admin/logout/")
    assert not Session.objects.exists()


def test_a_preview_names_the_lines_that_change_nothing(curator, world):
    rows = "source,year,title,rank\nCounties,2030,Data,1\n"
    curator.post(OUTSIDE, filled(curator.post(OUTSIDE, {"text": rows}, follow=True), "confirm-import"))
    assert OutsideItem.objects.count() == 1
    shown = curator.post(OUTSIDE, {"text": f"{rows}Counties,2030,Cloud,2\n"}, follow=True)
    assert said(shown, "unchanged").endswith("; line 2, Data (Counties, 2030).")
    person = f"name,address,role,government\nRosa,{world.member_a.email},member,Port Merrow County\n"
    shown = curator.post(PEOPLE, {"text": person}, follow=True)
    assert said(shown, "unchanged") == f"Unchanged: line 2, {world.member_a.email}, member."
    new = curator.post(GOVERNMENTS, {"text": "name,kind,state\nOak,city,TX\n"}, follow=True)
    assert said(new, "unchanged") == ""
