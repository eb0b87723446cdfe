"""Known mistakes in counting ballots, one test each."""

import pytest

from mixportal.consensus import Profile, count
from mixportal.consensus.cohorts import compare_cohorts
from mixportal.consensus.similarity import chance_levels, tau_b
from mixportal.consensus.words import agreement_word, item_word
from tests.consensus.examples import no_consensus


def test_a_blank_is_neither_first_nor_dropped_but_shares_the_places_below():
    """Five of 13 ranked: the other eight each sit at 9.5."""
    profile = Profile.from_places([f"i{n}" for n in range(13)], [[1, 2, 3, 4, 5, *[None] * 8]])
    assert profile.ranks.tolist() == [[1, 2, 3, 4, 5, *[9.5] * 8]]


def test_an_item_that_one_ballot_loves_and_the_rest_ignore_does_not_win():
    """An average over only those who ranked it would put the pet first."""
    result = count(Profile.from_places(["pet", "a", "b", "c"], [[1, 2, 3, 4], *[[None, 1, 2, 3]] * 9]), seed=1)
    assert result["average_place"][0] == pytest.approx((1 + 9 * 4) / 10)
    assert result["place"] == [4, 1, 2, 3]
    assert result["ranked_by"] == [1, 10, 10, 10]


@pytest.mark.parametrize("names", [["a", "b", "c"], ["z", "b", "c"], ["b", "a", "c"]])
def test_equal_margins_and_equal_averages_stay_ties_whatever_the_names(names):
    result = count(Profile.from_places(names, [[1, 2, 3], [2, 1, 3]]), seed=1)
    assert result["place"] == [1, 1, 3]
    assert result["joint"] == [True, True, False]
    assert result["borda_tiers"] == [names[:2], names[2:]]
    assert result["schulze_rank"] == [1, 1, 3]
    assert result["copeland_score"] == [1, 1, -2]
    assert result["condorcet_winner"] is None
    assert (result["kemeny"]["n_optimal"], result["kemeny"]["rank_low"]) == (2, [1, 1, 3])
    assert result["bands"] == [[0, 1], [2]]


def test_exact_ties_survive_thirds_and_differ_from_near_ties():
    """Places 3, 1, 3.5 and 2, 4, 1.5 both have the average 2.5, so they are joint."""
    ballots = [[1, 4, 3, 2], [2, 2, 1, 4], [3, 1, 3, 1]]
    result = count(Profile.from_places(["a", "b", "c", "d"], ballots), seed=1)
    assert result["average_place"] == pytest.approx([7 / 3, 8 / 3, 2.5, 2.5])
    assert (result["place"], result["joint"]) == ([1, 4, 2, 2], [False, False, True, True])


def test_the_smallest_possible_difference_is_not_a_tie():
    """With a tie on one of two ballots, a sums to 3 and b to 3.5, the smallest possible difference."""
    result = count(Profile.from_places(["a", "b", "c"], [[1, 2, 2], [2, 1, 3]]), seed=1)
    assert result["average_place"] == [1.5, 1.75, 2.75]
    assert result["borda_tiers"] == [["a"], ["b"], ["c"]]
    assert (result["place"], result["joint"]) == ([1, 2, 3], [False] * 3)


def test_agreement_is_a_word_by_size_never_by_significance():
    """With 64 ballots, W = 0.05 is highly significant but still little agreement."""
    items = [f"i{n}" for n in range(13)]
    leaning = [[2, 1, *range(3, 14)] for _ in range(8)]
    noise = no_consensus(56, 13).places.tolist()
    result = count(Profile.from_places(items, leaning + noise), seed=1)
    assert result["kendall_w"] < 0.1
    assert result["kendall_w_p"] < 0.05
    assert result["agreement_word"] == "little"


@pytest.mark.parametrize(
    ("w", "word"), [(0.0, "little"), (0.0999, "little"), (0.1, "modest"), (0.2999, "modest"), (0.3, "clear"),
                    (0.5, "clear"), (0.5001, "strong"), (1.0, "strong"), (None, None)]
)  # fmt: skip
def test_the_words_for_agreement_are_fixed_in_advance(w, word):
    assert agreement_word(w) == word


@pytest.mark.parametrize(
    ("polarisation", "ranked_by", "word"),
    [(0.1499, 64, "agreed"), (0.15, 64, "mixed"), (0.35, 64, "mixed"), (0.3501, 64, "divided"),
     (0.01, 31, "few ranked it"), (0.01, 32, "agreed"), (None, 0, None)],
)  # fmt: skip
def test_few_ranked_it_comes_before_any_other_word(polarisation, ranked_by, word):
    assert item_word(polarisation, ranked_by, 64, 13) == word


def test_a_short_list_gets_no_word_but_its_counts():
    result = count(no_consensus(64, 7), seed=1)
    assert result["word"] == [None] * 7
    assert all(sum(places) == 64 for places in result["places_given"])
    assert all(count(no_consensus(64, 8), seed=1)["word"])


def test_sixty_five_tests_of_pure_noise_rarely_name_an_item():
    """13 items by 5 splits, 40 times. Single tests would raise an alarm nearly every time."""
    splits = [[(number // step) % 2 == 0 for number in range(64)] for step in (1, 2, 4, 8, 16)]
    raw_alarms = alarms = named = 0
    for seed in range(40):
        profile = no_consensus(64, 13, ranked=7, seed=seed)
        result = compare_cohorts(profile, splits, seed=1, permutations=199)
        assert result["family"] == 65
        standard_error = profile.ranks.std(axis=0, ddof=1) / 4  # of 32 against 32
        differences = [abs(cohort["difference"][i]) for cohort in result["cohorts"] for i in range(13)]
        raw_alarms += any(d > 1.96 * se for d, se in zip(differences, [*standard_error] * 5, strict=True))
        alarms += any(p < 0.05 for cohort in result["cohorts"] for p in cohort["p"])
        named += any(any(cohort["clear"]) for cohort in result["cohorts"])
    assert raw_alarms > 30
    assert alarms <= 4  # 5 in 100 by chance; taken within each split, 9 of these 40
    assert named <= alarms


def test_the_best_of_63_neighbors_under_pure_noise_is_not_above_chance():
    profile = no_consensus(64, 13, ranked=5, seed=3)
    tau = tau_b(profile)
    levels = chance_levels(profile, seed=1)[0]
    nearest = [max(tau[a][b] for b in range(64) if b != a) for a in range(64)]
    assert sum(nearest) / 64 > 0.5  # looks like a finding
    assert sum(one > level for one, level in zip(nearest, levels, strict=True)) <= 8


def test_counts_come_as_whole_ballots_not_percentages():
    result = count(no_consensus(64, 13, ranked=6), seed=1)
    for key in ("top3", "ranked_by", "not_ranked"):
        assert all(type(number) is int for number in result[key]), key


def test_method_version_seed_and_n_are_kept_with_the_result():
    result = count(no_consensus(10, 5), seed=42)
    assert (result["method_version"], result["seed"], result["resamples"]) == ("1.0", 42, 2000)
    assert (result["ballots"], result["used"]) == (10, 10)


def test_a_new_item_on_the_list_can_turn_the_order_of_two_others():
    """Borda depends on the list, so places of years with different lists are not one series."""
    two = Profile.from_places(["a", "b"], [[1, 2]] * 3 + [[2, 1]] * 2)
    three = Profile.from_places(["a", "b", "new"], [[1, 2, 3]] * 3 + [[3, 1, 2]] * 2)
    assert count(two, seed=1)["place"] == [1, 2]
    assert count(three, seed=1)["place"] == [2, 1, 3]
