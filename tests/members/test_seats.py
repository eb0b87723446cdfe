"""Governments, their seats and what cohorts are made of: the database's rules, and who was seated when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client

from members.geography import REGION_OF_STATE, STATES, Region
from members.models import MAX_SEATS, Government, Office, PopulationBand
from mixportal.editions.models import Edition, Kind, database_now
from mixportal.results.models import Tally
from tests.worlds import PRIORITIES, closed, make_government, rank


@pytest.mark.parametrize("seat", [0, 65, 66, -1, 32_000])
def test_a_seat_is_one_of_64(db, seat):
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        make_government("Somewhere", seat)


def test_no_seat_is_held_twice_and_any_number_hold_none(db):
    make_government("One", 1)
    with pytest.raises(IntegrityError, match="seat"), transaction.atomic():
        make_government("Two", 1)
    for name in ("Three", "Four", "Five"):
        make_government(name, None)
    assert Government.objects.seated().count() == 1


def test_all_64_seats_can_be_held(db):
    for seat in range(1, MAX_SEATS + 1):
        make_government(f"Town {seat}", seat)
    assert Government.objects.seated().count() == 64


@pytest.mark.parametrize(
    "facts",
    [
        {"population": 5_000, "population_year": None},
        {"population": None, "population_year": 2025},
        {"population": 0, "population_year": 2025},
        {"population": 5_000, "population_year": 1800},
        {"kind": "village"},
        {"slug": "port"},
    ],
)
def test_facts_that_cannot_be_are_refused(db, facts):
    make_government("Port", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Government.objects.create(
            **{
                "name": "Other",
                "slug": "other",
                "kind": "city",
                "state": "AZ",
                "population": 1,
                "population_year": 2025,
            }
            | facts
        )


def test_the_words_of_a_refusal_are_for_people(db):
    with pytest.raises(ValidationError, match="Give a seat from 1 to 64"):
        Government(name="X", slug="x", kind="city", state="AZ", seat=65).full_clean()
    with pytest.raises(ValidationError, match="population together with its year"):
        Government(name="X", slug="x", kind="city", state="AZ", population=5).full_clean()


def test_a_government_with_a_past_is_not_deleted(world):
    Office.objects.create(person_name="Ada", government=world.halloran)
    for government in (world.port, world.halloran):
        with pytest.raises(ProtectedError):
            government.delete()


def test_governments_stand_by_name_whatever_the_case(db):
    for name in ("beta", "Alpha", "Zulu", "alder", "Élan"):
        make_government(name, None)
    assert [government.name for government in Government.objects.by_name()] == [
        "alder",
        "Alpha",
        "beta",
        "Zulu",
        "Élan",
    ]


@pytest.mark.parametrize(
    ("population", "band"),
    [
        (None, None), (1, PopulationBand.SMALL), (249_999, PopulationBand.SMALL), (250_000, PopulationBand.MEDIUM),
        (750_000, PopulationBand.MEDIUM), (750_001, PopulationBand.LARGE), (20_000_000, PopulationBand.LARGE),
    ],
)  # fmt: skip
def test_population_bands_have_the_edges_of_the_design(population, band):
    assert Government(population=population).population_band == band


def test_every_state_lies_in_one_census_region():
    assert len(STATES) == len(REGION_OF_STATE) == 51
    sizes = {region: list(REGION_OF_STATE.values()).count(region) for region in Region}
    assert sizes == {Region.NORTHEAST: 9, Region.MIDWEST: 12, Region.SOUTH: 17, Region.WEST: 13}
    for state, region in (("AZ", Region.WEST), ("DC", Region.SOUTH), ("PA", Region.NORTHEAST), ("MO", Region.MIDWEST)):
        assert Government(state=state).region is region


# Who was seated at the close, by the history


@pytest.mark.django_db(transaction=True)
def test_the_roster_is_of_the_moment_of_the_close_and_not_of_today(world):
    rank(world.edition, world.member_a, *PRIORITIES)
    edition = closed(world.edition)
    Government.objects.filter(pk=world.port.pk).update(seat=None, kind="city", state="CA")
    Government.objects.filter(pk=world.halloran.pk).update(population=900_000)
    make_government("Late County", 3)
    tally = Tally.objects.get_or_compute(edition.list_of(Kind.PRIORITIES))
    assert [(each["slug"], each["seat"], each["cast"]) for each in tally.roster] == [
        ("halloran-county", 2, False),
        ("port-merrow-county", 1, True),
    ]
    port = tally.roster[1]
    assert (port["kind"], port["region"], port["band"]) == ("county", "south", "medium")
    assert tally.roster[0]["band"] == "medium"
    assert set(port) == {"id", "slug", "seat", "kind", "band", "form", "region", "it_structure", "cast", "entered"}
    assert (tally.cast, tally.seats, tally.figures["used"]) == (1, 2, 1)


@pytest.mark.django_db(transaction=True)
def test_a_seat_that_was_given_up_or_taken_while_ballots_were_open_is_followed(world):
    rank(world.edition, world.member_a, *PRIORITIES)
    Government.objects.filter(pk=world.port.pk).update(seat=None)
    make_government("Late County", 1)
    tally = Tally.objects.get_or_compute(closed(world.edition).list_of(Kind.PRIORITIES))
    assert [(each["slug"], each["cast"]) for each in tally.roster] == [
        ("halloran-county", False),
        ("late-county", False),
    ]
    assert tally.figures["used"] == 0


@pytest.mark.django_db(transaction=True)
def test_a_government_that_was_deleted_was_seated_until_then(world):
    late = make_government("Late County", 3)
    before = database_now()
    late.delete()
    assert "late-county" in [each["slug"] for each in Government.objects.seated_at(before)]
    assert "late-county" not in [each["slug"] for each in Government.objects.seated_at(database_now())]


@pytest.mark.django_db(transaction=True)
def test_of_a_close_before_the_record_begins_each_stands_as_it_was_first_entered(world):
    """So the portal can hold editions that are older than itself."""
    Government.objects.filter(pk=world.port.pk).update(seat=40)
    long_ago = database_now() - timedelta(days=800)
    assert [(each["slug"], each["seat"]) for each in Government.objects.seated_at(long_ago)] == [
        ("halloran-county", 2),
        ("port-merrow-county", 1),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_governments_name_may_change_and_its_ballot_stays_counted(world):
    rank(world.edition, world.member_a, *PRIORITIES)
    Government.objects.filter(pk=world.port.pk).update(name="Port Merrow and Lee", slug="port-merrow-and-lee")
    tally = Tally.objects.get_or_compute(closed(Edition.objects.get(year=2030)).list_of(Kind.PRIORITIES))
    assert [(each["slug"], each["cast"]) for each in tally.roster][1] == ("port-merrow-and-lee", True)
    assert tally.figures["used"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_rename_between_the_close_and_the_count_loses_no_ballot(world):
    rank(world.edition, world.member_a, *PRIORITIES)
    edition = closed(world.edition)
    Government.objects.filter(pk=world.port.pk).update(slug="port-merrow-and-lee")
    tally = Tally.objects.get_or_compute(edition.list_of(Kind.PRIORITIES))
    assert tally.figures["used"] == 1
    assert sum(each["cast"] for each in tally.roster) == 1
    client = Client()
    client.force_login(world.member_b)
    assert "\nport-merrow-and-lee,1," in client.get("/2030/priorities/ballots.csv").content.decode()
