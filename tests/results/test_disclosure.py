"""What leaders and visitors see of a tally: the rules, and that nothing withheld can be worked out.

The solver is given all that they read of both lists of an edition, in files, on pages and in charts, that says
something about a count:
- used ballots; who wins each pair, and the counts that are shown; why others are withheld;
- the order, joint places and averages, of all and of each group of governments; all groups together;
- top three, "ranked by", and the steps of places, which are also the bars of charts and their tables;
- quartiles, the word for an entry, Kendall's W, the word for agreement, and how often two ballots agree.

It is not given:
- what follows from the above: margins, Copeland's and Condorcet's winners, tiers, pairs against the order, optimal
  orders, and the places that missing ballots could change (a test below counts the last two again);
- Schulze's and Kemeny's places, which do not depend on how far over 90 % a count is (a test below);
- ranges of places, brackets, and which groups differ. They come from random draws of whole ballots. They say how
  firm an order is, and no count is a condition on them;
- turnout, rosters, the digest, hindrances, investments and notes: no ballot is counted in them. What a list says of
  moves since the last year counts changes between two years' ballots, at most 90 % of them;
- summaries, briefs, share links, slides and PDF files, which show the same figures.

A leader also reads the own government's ballot. That is one ballot less to wonder about; no rule is about that.

The lists of an edition have the roster in common, and how many cast a ballot. Each government casts one ballot of each
list, and no figure counts both. So what is public of one list is no condition on a ballot of the other: any ballots that
give the public figures of one go with any that give those of the other. A test shows that the solver proves as much of
a list alone as of both together.
"""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from mixportal import consensus
from mixportal.consensus import Profile, average, pairwise
from mixportal.consensus.kemeny import kemeny, orders_between
from mixportal.consensus.missing import with_missing_ballots_by_averages
from mixportal.consensus.withholding import least_hidden
from mixportal.editions.models import Edition
from mixportal.results.disclosure import PublicTally, public_tally
from mixportal.results.models import Tally
from mixportal.results.splits import SPLITS, members_of, public_parts
from tests.results.solver import PublicList, Solver

FACTS = {
    "kind": ["city", "county"],
    "band": ["small", "medium", "large"],
    "form": ["council_manager", "mayor_council"],
    "region": ["south", "west", "midwest"],
    "it_structure": ["centralized", "federated"],
}


def random_profile(draw: random.Random) -> Profile:
    """Return ballots of any agreement, from one mind to none, in part and with ties or not."""
    n = draw.choice([11, 12, 15, 19, 20, 21, 30, 40, 52, 64])  # of 10, more than 90 % can only be all
    m = draw.choice([2, 3, 4, 5, 5, 8, 13, 13])
    noise, complete, ties = draw.choice([0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9]), draw.random(), draw.choice([0, 0.1])
    rows = []
    for _ in range(n):
        order: list[int] = []
        for item in range(m):
            at = len(order)
            while at and draw.random() < noise:
                at -= 1
            order.insert(at, item)
        row: list[int | None] = [None] * m
        place = 0
        for number, item in enumerate(order[: m if draw.random() < complete else draw.randint(1, m)]):
            place += not number or draw.random() >= ties
            row[item] = place
        rows.append(row)
    return Profile.from_places([f"item-{number:02}" for number in range(m)], rows)


def random_list(draw: random.Random, governments: list[dict], profile: Profile) -> PublicList:
    governments = governments[: profile.used]
    seed = draw.randrange(2000, 3000)
    return public_list(public_of(profile, governments, seed), profile, governments, seed)


def random_edition(seed: int) -> list[PublicList]:
    """Return two lists that the first governments of a random roster have ranked."""
    draw = random.Random(seed)
    profiles = [profile for profile in (random_profile(draw), random_profile(draw)) if profile.used > 10]
    governments = [{fact: draw.choice(values) for fact, values in FACTS.items()} for _ in range(64)]
    return [random_list(draw, governments, profile) for profile in profiles]


def public_list(public: PublicTally, profile: Profile, governments: list[dict], seed: int) -> PublicList:
    splits = public_parts(governments, seed=seed).values()
    groups = [{part.values: members_of(part, governments) for part in split} for split in splits]
    return PublicList(public, profile, groups)


def public_of(profile: Profile, governments: list[dict] | None = None, seed: int = 1, missing: int = 0) -> PublicTally:
    facts = governments or [dict.fromkeys([split.fact for split in SPLITS])] * len(profile.rows)
    counted = consensus.count(profile, seed=seed, missing=missing)
    return json.loads(json.dumps(public_tally(profile, counted, facts, seed=seed, digest="d")))


def ballots(*rows: list[int | None]) -> Profile:
    return Profile.from_places("abcdefghijklm"[: len(rows[0])], rows)


def check(count, lists: list[PublicList]) -> None:
    solver = Solver(*lists)
    assert solver.proofs() == []
    count(
        "disclosure solver",
        lists=len(lists),
        withheld_counts=len(solver.masked),
        other_worlds_found=len(solver.solutions),
        without_an_end=solver.undecided,
        proved=0,
    )


QUICK = [0, 3, 9, 23, 44, 51, 72, 85]  # the solver worked out some of the last six


@pytest.mark.parametrize("seed", QUICK)
def test_nothing_withheld_can_be_worked_out(seed, count):
    check(count, random_edition(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", sorted({*range(110)} - {*QUICK}))
def test_nothing_withheld_can_be_worked_out_of_any_tally(seed, count):
    check(count, random_edition(seed))


@pytest.mark.usefixtures("demonstration_database", "db")
def test_nothing_withheld_can_be_worked_out_of_the_demonstration(count):
    for edition in Edition.objects.filter(lists__tallies__isnull=False).distinct():
        lists = []
        for tally in Tally.objects.filter(annual_list__edition=edition):
            profile = Profile.from_places(tally.figures["alternatives"], tally.comparison["places"])
            facts = {row["id"]: row for row in tally.roster}
            governments = [facts[pk] for pk in tally.comparison["governments"]]
            lists.append(public_list(tally.public, profile, governments, tally.seed))
        assert len(lists) == 2
        check(count, lists)


@pytest.mark.parametrize("seed", range(8, 14))
def test_two_lists_together_say_no_more_than_each_alone(seed):
    lists = random_edition(seed)
    together = list(Solver(*lists).bounds().values())
    assert together == [bounds for each in lists for bounds in Solver(each).bounds().values()]


@pytest.mark.parametrize("seed", range(30))
def test_other_ways_of_counting_do_not_depend_on_how_far_over_90_per_cent_a_count_is(seed):
    profile = random_profile(random.Random(seed))
    n, support = profile.used, pairwise.support(profile)
    counted = consensus.count(profile, seed=1)
    for most in (least_hidden(n), n):
        moved = np.where(support >= least_hidden(n), most, np.where(least_hidden(n) <= support.T, n - most, support))
        optima, _ = kemeny(moved, average.doubled_totals(profile))
        assert pairwise.schulze_ranks(moved - moved.T).tolist() == counted["schulze_rank"]
        assert optima["n_optimal"] == counted["kemeny"]["n_optimal"]
        assert (optima["rank_low"], optima["rank_high"]) == (
            counted["kemeny"]["rank_low"],
            counted["kemeny"]["rank_high"],
        )


def test_averages_of_groups_that_add_up_to_a_withheld_one_are_withheld():
    """All 40 rank the first of 8 items, which its average would say."""
    public = random_edition(9)[0].public
    assert (public["average_place"][0], public["ranked_by"][0]) == (None, None)
    assert None not in public["average_place"][1:]
    assert {average for part in public["cohorts"]["parts"] for average in part["average"]} == {None}


def test_the_solver_finds_what_the_bare_rules_give_away():
    """One pair is over 90 %, and the exact counts of all others fix the averages: its margin is what is missing."""
    rows = [[1, 2, 3]] * 10 + [[2, 1, 3]] * 7 + [[3, 1, 2]] * 3
    profile = ballots(*rows)
    public = public_of(profile)
    counted = consensus.count(profile, seed=1)
    hidden = {frozenset(each["entries"]) for each in public["masked"] if each["why"] == "over 90 %"}
    for i, one in enumerate(public["alternatives"]):
        for j, other in enumerate(public["alternatives"]):
            if i != j and {one, other} not in hidden:
                public["support"][i][j] = counted["support"][i][j]
        public["average_place"][i] = round(counted["average_place"][i], 1)
    found = Solver(PublicList(public, profile)).proofs()
    assert ("list 1 support 1 2", "above 95 %") in found


# the rules


SPREAD = [[1, 2, 3, 4, 5], [2, 1, 4, 3, 5], [1, 3, 2, 5, 4], [3, 2, 1, 4, None], [2, 3, 1, None, None]]


def test_without_near_unanimity_all_head_to_heads_and_averages_are_shown():
    rows = [[1, 2, 3, 4], [2, 3, 4, 1], [3, 4, 1, 2], [4, 1, 2, 3], [2, 1, 4, 3]] * 4
    public, counted = public_of(ballots(*rows)), consensus.count(ballots(*rows), seed=1)
    assert public["support"] == counted["support"]
    assert public["margin"] == counted["margin"]
    assert public["average_place"] == [round(average, 1) for average in counted["average_place"]]
    assert public["kendall_w"] == round(counted["kendall_w"], 2)
    assert not any(each["entries"] for each in public["masked"] if each["figure"] == "support")


def test_of_a_pair_over_90_per_cent_only_the_winner_is_shown():
    rows = [*SPREAD * 6, [1, None, None, None, None]]
    public, counted = public_of(ballots(*rows)), consensus.count(ballots(*rows), seed=1)
    n = public["used"]
    for i, row in enumerate(counted["support"]):
        for j, count in enumerate(row):
            if 10 * count > 9 * n:
                assert public["support"][i][j] is public["support"][j][i] is public["margin"][i][j] is None
                assert (public["wins"][i][j], public["wins"][j][i]) == (1, 0)
            elif public["support"][i][j] is not None:
                assert public["support"][i][j] == count
    assert any(None in row[:i] for i, row in enumerate(public["support"]))


def test_each_step_of_places_holds_three_ballots_or_none():
    for seed in range(30):
        public = public_of(random_profile(random.Random(seed)))
        for steps in public.get("steps", []):
            for step in steps or []:
                assert step["ballots"] == "over 90 %" or step["ballots"] == 0 or step["ballots"] >= 3


def test_no_figure_of_one_entry_states_more_than_90_per_cent():
    for seed in range(30):
        public = public_of(random_profile(random.Random(seed)))
        counts = [*public.get("top3", []), *public.get("ranked_by", [])]
        counts += [step["ballots"] for steps in public.get("steps", []) for step in steps or []]
        counts += [cell for row in public.get("support", []) for cell in row]
        assert all(10 * count <= 9 * public["used"] for count in counts if isinstance(count, int))


def test_quartiles_are_whole_and_need_twenty_ballots():
    rows = SPREAD * 4
    assert public_of(ballots(*rows[:19]))["q1"] == [None] * 5
    assert all(type(place) is int for key in ("q1", "median", "q3") for place in public_of(ballots(*rows))[key])


def test_of_fewer_than_ten_ballots_only_the_order_is_public():
    public = public_of(ballots(*SPREAD))
    assert set(public) == {
        "detail", "method_version", "digest", "masked", "alternatives", "used", "place", "joint", "order", "cohorts",
    }  # fmt: skip
    assert public["cohorts"]["parts"] == []


def test_a_new_figure_stays_private():
    profile = ballots(*SPREAD * 4)
    counted = consensus.count(profile, seed=1) | {"canary": 1}
    counted["kemeny"]["canary"] = 1
    facts = [dict.fromkeys([split.fact for split in SPLITS])] * len(profile.rows)
    assert "canary" not in json.dumps(public_tally(profile, counted, facts, seed=1, digest=""))
    for key in ("first_share", "resampled_places", "polarisation", "score", "mean_tau_b", "places_given"):
        assert key not in public_of(profile)


def test_what_is_withheld_is_named_with_the_reason():
    public = public_of(ballots(*[*SPREAD * 6, [1, None, None, None, None]]))
    assert {"figure": "polarisation", "entries": [], "why": "would give another figure away"} in public["masked"]
    for i, row in enumerate(public["support"]):
        for j, count in enumerate(row):
            named = [each for each in public["masked"] if each["figure"] == "support"]
            pair = {public["alternatives"][i], public["alternatives"][j]}
            assert (count is None) is any(set(each["entries"]) == pair for each in named)


@pytest.mark.parametrize("seed", range(30))
def test_missing_ballots_and_optimal_orders_follow_from_other_public_figures(seed):
    """So they say nothing that the rest of the public file does not say."""
    profile = random_profile(random.Random(seed))
    counted = consensus.count(profile, seed=1, missing=9)
    public = public_of(profile, missing=9)
    missing, orders = public.pop("missing"), public["kemeny"].pop("orders")
    kemeny = public["kemeny"]
    assert missing == with_missing_ballots_by_averages(public["average_place"], public["place"], public["used"], 9)
    assert orders == orders_between(kemeny["rank_low"], kemeny["rank_high"], kemeny["n_optimal"])
    assert orders is None or sorted(orders) == sorted(counted["kemeny"]["orders"])
    exact = counted["missing"]
    assert all(at_most <= best for at_most, best in zip(missing["best"], exact["best"], strict=True))
    assert all(at_most >= worst for at_most, worst in zip(missing["worst"], exact["worst"], strict=True))
