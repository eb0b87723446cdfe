"""A government is the same, however its name is spelled."""

from __future__ import annotations

import unicodedata

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from members.government_import import GovernmentImport
from members.models import Government
from members.names import initials, name_key
from tests.worlds import make_government

SPELLINGS = {
    "Cañon City": ["canon city", "CAÑON  CITY", unicodedata.normalize("NFD", "Cañon City"), "Cañon\u00a0City"],
    "O'Brien County": ["O’Brien County", "OBrien county", "O‘Brien County", "OʼBrien County"],
    "St. Brendan": ["Saint Brendan", "St Brendan", "ST. BRENDAN"],
    "Lake & Shore County": ["Lake and Shore County", "Lake AND Shore County"],
    "Wilkes-Barre": ["Wilkes Barre", "Wilkes‐Barre", "Wilkes–Barre"],
}  # fmt: skip


@pytest.mark.parametrize("name", SPELLINGS)
def test_every_spelling_has_one_key(name):
    assert {name_key(spelling) for spelling in SPELLINGS[name]} == {name_key(name)}


def test_different_names_have_different_keys():
    assert len({name_key(name) for name in (*SPELLINGS, "Canton City", "Brien County", "Brendan", "")}) == 9


@given(st.text(max_size=40))
def test_a_key_is_its_own_key_in_any_case_and_form(name):
    key = name_key(name)
    assert name_key(key) == key
    assert name_key(unicodedata.normalize("NFD", name)) == name_key(unicodedata.normalize("NFC", name)) == key


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "spelling"), [(name, each) for name in SPELLINGS for each in SPELLINGS[name]])
def test_an_import_changes_the_government_whatever_its_spelling(name, spelling):
    stored = make_government(name, 7)
    [change] = GovernmentImport(f"name,kind,state,it_staff\n{spelling},city,AZ,12\n").apply(reason="x").changes
    assert (change.instance.pk, set(change.fields)) == (stored.pk, {"it_staff"})
    assert Government.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "kind"), [("GA", "county"), ("OH", "city")])
def test_a_row_of_another_state_or_kind_is_never_an_existing_government(world, state, kind):
    before = list(Government.objects.order_by("pk").values())
    with pytest.raises(ValueError, match=r"in OH \(halloran-county\)"):
        GovernmentImport(f"name,kind,state\nHALLORAN  COUNTY,{kind},{state}\n").apply(reason="x")
    assert list(Government.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_two_rows_of_one_name_and_state_are_refused_by_line():
    with pytest.raises(ValueError, match="Line 3: “Saint Brendan” is on line 2 already"):
        GovernmentImport("slug,name,kind,state\na,St. Brendan,city,MN\nb,Saint Brendan,city,MN\n").apply(reason="x")


@pytest.mark.django_db
def test_the_database_holds_a_name_once_in_a_state():
    make_government("St. Brendan", 7)
    with pytest.raises(IntegrityError, match="government_once_in_a_state"):
        Government.objects.create(name="ST. BRENDAN", slug="other", kind="city", state="AZ")


@pytest.mark.django_db
def test_the_directory_finds_every_spelling():
    for seat, name in enumerate(SPELLINGS, start=1):
        make_government(name, seat)
    for name, spellings in SPELLINGS.items():
        for spelling in spellings:
            assert [each.name for each in Government.objects.filtered(q=spelling)] == [name]
    assert [each.name for each in Government.objects.filtered(q="brien")] == ["O'Brien County"]
    assert not Government.objects.filtered(q="brien city")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Port Merrow County", "PM"),
        ("Halloran County", "H"),
        ("City and County of Denver", "D"),
        ("City of St. Louis", "SL"),
        ("Cañon City", "C"),
        ("O’Brien County", "OB"),
        ("Åland", "Å"),
        ("City", "C"),
        ("1770 Town", "1"),
    ],
)
def test_a_government_has_one_or_two_initials(name, letters):
    assert initials(name) == letters
