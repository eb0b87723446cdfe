"""The faults, by the room that they are planted in."""

from tests.faults.fault import Fault

FAULTS = [
    # counting
    Fault(
        "resamples: the quantile is the next value",
        "return max(0, ceil(share * count) - 1)",
        "return max(0, ceil(share * count))",
        ("test_an_interval_of_2000_resamples_ends_at_the_50th_and_the_1950th_value",),
    ),
    Fault(
        "bands: an interval that ends at 0 does not contain it",
        "if difference[quantile_position(LOW, resamples)] <= 0 <= difference[quantile_position(HIGH, resamples)]:",
        "if difference[quantile_position(LOW, resamples)] < 0 < difference[quantile_position(HIGH, resamples)]:",
        ("test_one_of_six_ballots_the_other_way_round_makes_two_items_one_band",),
    ),
    Fault(
        "cohorts: the largest difference is taken within each cohort",
        """largest = (np.abs(permuted) / scale).max(axis=(1, 2))
        hits += (largest[:, None, None] >= observed_t).sum(axis=0)""",
        """largest = (np.abs(permuted) / scale).max(axis=2)
        hits += (largest[:, :, None] >= observed_t).sum(axis=0)""",
        ("test_the_more_cohorts_are_compared_at_once_the_less_a_difference_says",),
    ),
    Fault(
        "cohorts: items are named without the global test",
        "((p[index, back] < LEVEL) & (p_global < LEVEL))",
        "(p[index, back] < LEVEL)",
        ("test_no_item_is_named_when_the_global_test_finds_nothing",),
    ),
    Fault(
        "Kemeny: the upper bound is what the averages agree with",
        "most = int(np.tril(support[np.ix_(by_average, by_average)]).sum())",
        "most = int(np.triu(support[np.ix_(by_average, by_average)]).sum())",
        ("test_a_score_that_is_not_computed_lies_between_the_minorities_and_what_the_averages_contradict",),
    ),
    # comparison and trends
    Fault(
        "trends: a line into which another merges is the same line",
        """
            and not any(link.type == "merged" for _, link in self.joins.get(column, []))""",
        "",
        ("test_a_line_into_which_another_merges_is_not_the_same_line_any_more",),
    ),
    # summaries
    Fault(
        "moves: no correction for many tests",
        "return p * tests < LEVEL",
        "return p < LEVEL",
        ("test_a_move_is_named_only_where_chance_hardly_makes_it_among_all_that_are_tested",),
    ),
    Fault(
        "brief: one blank drops the pair",
        "(one.own or other.own)",
        "(one.own and other.own)",
        ("test_what_we_left_off_makes_a_pair_with_what_we_ranked_and_none_with_what_we_left_off",),
    ),
    Fault(
        "brief: a difference of exactly two places is not named",
        "if stand.own and stand.higher >= FAR]",
        "if stand.own and stand.higher > FAR]",
        ("test_a_difference_of_two_places_is_named_and_a_smaller_one_is_not",),
    ),
    Fault(
        "brief: a difference of exactly two places below is not named",
        "if stand.higher <= -FAR]",
        "if stand.higher < -FAR]",
        ("test_a_difference_of_two_places_is_named_and_a_smaller_one_is_not",),
    ),
]
