"""Simulated ballots follow the model and look like those of real surveys."""

from dataclasses import replace

import pytest

from mixportal.demo.simulation import COHORT_DISPERSION, DISPERSION, Candidate, simulate, voters
from mixportal.demo.world import build_world

GOVERNMENTS = build_world().governments
THIRTEEN = [Candidate(f"entry-{number}", float(number)) for number in range(1, 14)]


def average_place(simulated, slug):
    """Average the opinions, because they are complete."""
    return sum(each.opinion.index(slug) + 1 for each in simulated.values()) / len(simulated)


def test_the_same_seed_gives_the_same_ballots():
    assert simulate(THIRTEEN, GOVERNMENTS, "7/2025/priorities") == simulate(THIRTEEN, GOVERNMENTS, "7/2025/priorities")


def test_another_seed_gives_other_ballots():
    assert simulate(THIRTEEN, GOVERNMENTS, "7/2025/priorities") != simulate(THIRTEEN, GOVERNMENTS, "8/2025/priorities")


def test_the_stream_is_fixed_for_all_time():
    ballot = simulate(THIRTEEN[:5], GOVERNMENTS[:1], "fixed")["port-merrow-county"]

    assert ballot.opinion == ("entry-2", "entry-1", "entry-3", "entry-5", "entry-4")
    assert ballot.places == {slug: place for place, slug in enumerate(ballot.opinion, start=1)}


def test_a_ballot_does_not_depend_on_who_else_is_simulated():
    together = simulate(THIRTEEN, GOVERNMENTS, 1)
    alone = simulate(THIRTEEN, GOVERNMENTS[40:41], 1)

    assert alone[GOVERNMENTS[40].slug] == together[GOVERNMENTS[40].slug]


def test_places_are_dense_from_1_and_follow_the_opinion():
    for ballot in simulate(THIRTEEN, GOVERNMENTS, 1).values():
        assert set(ballot.places.values()) == set(range(1, max(ballot.places.values()) + 1))
        shown = [ballot.places[slug] for slug in ballot.opinion if slug in ballot.places]
        assert shown == sorted(shown)
        assert list(ballot.places) == list(ballot.opinion[: len(ballot.places)])


def test_lists_are_partial_and_tied_in_realistic_shares_and_never_empty():
    ballots = [ballot.places for seed in range(20) for ballot in simulate(THIRTEEN, GOVERNMENTS, seed).values()]
    complete = sum(len(places) == 13 for places in ballots) / len(ballots)
    tied = sum(len(set(places.values())) < len(places) for places in ballots) / len(ballots)

    assert complete == pytest.approx(0.45, abs=0.04)
    assert tied == pytest.approx(0.25, abs=0.04)
    assert min(len(places) for places in ballots) == 3
    assert min(len(set(places.values())) for places in ballots) >= 2


@pytest.mark.parametrize("entries", [1, 2, 3])
def test_a_list_too_short_to_be_partial_is_ranked_whole(entries):
    for ballot in simulate(THIRTEEN[:entries], GOVERNMENTS, 1).values():
        assert len(ballot.places) == entries


def test_a_list_without_entries_gives_empty_ballots():
    assert all(ballot.places == {} for ballot in simulate([], GOVERNMENTS, 1).values())


def test_without_dispersion_everybody_agrees_with_the_center():
    agreed = [replace(candidate, dispersion=0.0) for candidate in THIRTEEN]

    opinions = {ballot.opinion for ballot in simulate(agreed, GOVERNMENTS, 1).values()}

    assert opinions == {tuple(candidate.slug for candidate in THIRTEEN)}


def test_the_dispersion_is_that_of_a_mallows_model():
    """The leader's place is a truncated geometric variable; with 0.5 its mean is 2 less a trifle, and cohorts stray."""
    leader = [replace(THIRTEEN[0], dispersion=0.5), *(replace(each, dispersion=0.0) for each in THIRTEEN[1:])]

    places = [average_place(simulate(leader, GOVERNMENTS, seed), "entry-1") for seed in range(50)]

    straying_cohorts = 1 / (1 - COHORT_DISPERSION * 0.5 / DISPERSION) - 1
    assert sum(places) / len(places) == pytest.approx(2 + straying_cohorts, abs=0.1)


def test_a_shift_moves_an_entry_in_its_group_and_nowhere_else():
    shifted = [*THIRTEEN[:7], replace(THIRTEEN[7], shifts={"county": -6.0}), *THIRTEEN[8:]]
    counties = [government for government in GOVERNMENTS if government.kind == "county"]
    cities = [government for government in GOVERNMENTS if government.kind == "city"]

    moved, unmoved = simulate(shifted, counties, 1), simulate(THIRTEEN, counties, 1)
    assert average_place(moved, "entry-8") < average_place(unmoved, "entry-8") - 2
    assert simulate(shifted, cities, 1) == simulate(THIRTEEN, cities, 1)


def test_equal_levels_are_drawn_by_lot_and_not_by_name_or_order():
    equal = [replace(candidate, level=5.0, dispersion=0.0) for candidate in THIRTEEN]

    firsts = {simulate(equal, GOVERNMENTS[:1], seed)["port-merrow-county"].opinion[0] for seed in range(60)}

    assert len(firsts) > 8
    assert simulate(equal, GOVERNMENTS, 1) == simulate(equal[::-1], GOVERNMENTS, 1)


def test_a_government_stays_nearer_to_itself_than_to_others_from_year_to_year():
    first = simulate(THIRTEEN, GOVERNMENTS, "1/2024")
    continued = [replace(candidate, earlier=(candidate.slug,)) for candidate in THIRTEEN]
    second = simulate(continued, GOVERNMENTS, "1/2025", previous=first)

    def distance(one, other):
        return sum(abs(one.index(slug) - other.index(slug)) for slug in one)

    own = [distance(first[each.slug].opinion, second[each.slug].opinion) for each in GOVERNMENTS]
    others = [
        distance(first[one.slug].opinion, second[other.slug].opinion)
        for one in GOVERNMENTS
        for other in GOVERNMENTS
        if one is not other and (one.kind, one.population_band) == (other.kind, other.population_band)
    ]
    assert sum(own) / len(own) < 0.9 * sum(others) / len(others)


def test_a_renamed_entry_keeps_what_a_government_thought_of_it_and_a_new_one_takes_its_cohorts_place():
    governments = GOVERNMENTS[:1]
    firm = [replace(candidate, dispersion=0.0) for candidate in THIRTEEN]
    before = simulate(firm, governments, 1)
    later = [replace(each, slug=f"new-{each.slug}", level=0.0, earlier=(each.slug,)) for each in firm[:12]]
    later.append(Candidate("unheard-of", level=20.0, dispersion=0.0))

    opinion = simulate(later, governments, 2, previous=before)["port-merrow-county"].opinion

    assert opinion[-1] == "unheard-of"
    assert opinion.index("new-entry-1") < opinion.index("new-entry-12")


def test_about_52_of_64_vote_and_not_always_the_same_number():
    numbers = {len(voters(GOVERNMENTS, f"{seed}/2024")) for seed in range(60)}

    assert numbers == set(range(49, 56))


def test_a_given_number_votes_when_one_is_given():
    assert len(set(voters(GOVERNMENTS, 1, 38))) == 38


def test_those_who_always_vote_are_among_the_voters():
    always = ["port-merrow-county", "halloran-county"]

    assert all(set(always) <= set(voters(GOVERNMENTS, seed, 10, always=always)) for seed in range(20))
