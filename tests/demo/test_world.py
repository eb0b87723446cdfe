"""The invented network."""

from collections import Counter

from members.geography import REGION_OF_STATE
from mixportal.demo.world import A, build_world

WORLD = build_world()
PEOPLE = [person for seat in WORLD.seats.values() for person in (*seat.voters, seat.leader) if person]


def test_64_governments_hold_the_64_seats():
    assert [government.seat for government in WORLD.governments] == list(range(1, 65))
    assert len({government.slug for government in WORLD.governments}) == 64


def test_the_kinds_stand_in_the_shares_of_such_a_network():
    kinds = Counter(government.kind for government in WORLD.governments)

    assert kinds == {"city": 34, "county": 25, "consolidated": 4, "other": 1}


def test_every_population_band_has_enough_governments_to_be_shown_by_itself():
    bands = Counter(government.population_band for government in WORLD.governments)

    assert min(bands.values()) >= 15
    assert min(government.population for government in WORLD.governments) >= 60_000
    assert max(government.population for government in WORLD.governments) <= 3_000_000


def test_all_four_census_regions_are_well_filled():
    regions = Counter(REGION_OF_STATE[government.state] for government in WORLD.governments)

    assert len(regions) == 4
    assert min(regions.values()) >= 8


def test_every_row_passes_the_forms_of_the_directory():
    for government in WORLD.governments:
        government.clean_fields()


def test_a_form_of_government_goes_with_its_kind():
    forms = {
        "city": {"council_manager", "mayor_council", "commission"},
        "county": {"county_administrator", "county_executive", "commission"},
        "consolidated": {"council_manager", "mayor_council"},
        "other": {"other"},
    }

    assert all(government.form_of_government in forms[government.kind] for government in WORLD.governments)


def test_staff_and_budget_are_of_the_size_that_such_a_population_has():
    for government in WORLD.governments:
        residents_per_post = government.population / government.it_staff
        budget_per_post = government.annual_it_budget / government.it_staff

        assert 1_000 < residents_per_post < 8_000, government.name
        assert 150_000 < budget_per_post < 400_000, government.name


def test_everybody_writes_from_an_address_that_can_never_be_real():
    assert all(person.email.endswith(".example") for person in PEOPLE)
    assert all(government.website.endswith(".example") for government in WORLD.governments)


def test_no_name_and_no_address_is_given_twice():
    people = [*PEOPLE, WORLD.curator, WORLD.former_member]

    assert len({person.email for person in people}) == len(people)
    assert len({person.name for person in people}) == len(people)


def test_an_address_is_made_of_the_name_and_the_place():
    assert WORLD.seats[A].member.email == "rosa.delgado-whitfield@port-merrow.example"


def test_about_half_have_a_delegate_and_about_two_thirds_a_leader():
    assert 26 <= sum(len(seat.voters) == 2 for seat in WORLD.seats.values()) <= 38
    assert 38 <= sum(seat.leader is not None for seat in WORLD.seats.values()) <= 52


def test_the_personas_are_the_seven_that_the_address_of_sign_in_knows():
    assert {persona.key for persona in WORLD.personas} == {
        "curator",
        "member-a",
        "delegate-a",
        "member-b",
        "leader-a",
        "former-member",
        "visitor",
    }
    assert [persona.key for persona in WORLD.personas if persona.person is None] == ["visitor"]
