"""Faults of figures and of the pages that show them."""

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
        ("test_one_opposite_ballot_of_six_puts_two_items_in_one_band",),
    ),
    Fault(
        "cohorts: the largest difference is taken within each cohort",
        """largest = (np.abs(permuted) / scale).max(axis=(0, 2))
        hits += (largest[:, None, None] >= observed_t).sum(axis=0)""",
        """largest = (np.abs(permuted) / scale).max(axis=2)
        hits += (largest[:, :, None] >= observed_t[:, None]).sum(axis=1)""",
        ("test_p_values_grow_with_the_number_of_cohorts_compared",),
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
        "self.ranked if row.higher >= MIN_FAR_DISTANCE]",
        "self.ranked if row.higher > MIN_FAR_DISTANCE]",
        ("test_a_difference_of_two_places_is_named_and_a_smaller_one_is_not",),
    ),
    Fault(
        "brief: a difference of exactly two places below is not named",
        "if row.higher <= -MIN_FAR_DISTANCE]",
        "if row.higher < -MIN_FAR_DISTANCE]",
        ("test_a_difference_of_two_places_is_named_and_a_smaller_one_is_not",),
    ),
    Fault(
        "share links: GETs are not limited",
        'action="share_link", limit_get=True',
        'action="share_link"',
        ("test_who_guesses_at_links_has_to_wait",),
    ),
    Fault(
        "share links: open after their maker has moved to another government",
        """
        created_by__government=F("government"),""",
        "",
        ("test_a_link_opens_nothing_once_its_maker_speaks_for_another_government",),
    ),
    Fault(
        "share links: two sent at once get past the limit of a day",
        "Government.objects.select_for_update().get(pk=government.pk)  # makes the count",
        "Government.objects.get(pk=government.pk)  # makes the count",
        ("test_of_two_sent_at_once_the_eleventh_of_a_day_waits_for_the_tenth_and_is_refused",),
    ),
    # sentences that do not follow from the figures beside them
    Fault(
        "deck: ballots that put all level count as rankings",
        '{{ results.used }} of {{ results.seats|counted:"government,governments" }} ranked',
        '{{ results.cast }} of {{ results.seats|counted:"government,governments" }} ranked',
        ("test_what_pages_say_follows_from_what_they_show",),
    ),
    Fault(
        "brief: our place and the network's change sides",
        "We rank {{ row }} {{ row.own_words }}, and the network {{ row.network_words }}.",
        "We rank {{ row }} {{ row.network_words }}, and the network {{ row.own_words }}.",
        ("test_what_pages_say_follows_from_what_they_show",),
    ),
    Fault(
        "brief: a place that is steady could fall",
        "result and result.results.shows_figures and not result.is_steady",
        "result and result.results.shows_figures",
        ("test_what_pages_say_follows_from_what_they_show",),
    ),
    Fault(
        "trends: who ranked either list counts as having ranked both",
        "both = len(before.keys() & after.keys())",
        "both = len(before.keys() | after.keys())",
        ("test_what_pages_say_follows_from_what_they_show",),
    ),
    # kept pages
    Fault(
        "kept pages: those with a session get them",
        " and settings.SESSION_COOKIE_NAME not in request.COOKIES",
        "",
        ("test_nothing_with_a_query_a_session_or_a_refusal_is_cached",),
    ),
    Fault(
        "kept pages: a member's list shows the places of another government",
        'f"order-{annual_list.pk}-{user.government_id}"',
        'f"order-{annual_list.pk}"',
        ("test_what_members_see_alike_is_kept_for_insiders_alone_until_a_public_page_changes",),
    ),
    Fault(
        "kept pages: a member's home shows the places of another government",
        'f"newest-{edition.pk}-{user.government_id}"',
        'f"newest-{edition.pk}"',
        ("test_the_newest_list_is_kept_for_each_government_with_its_own_places",),
    ),
    # results
    Fault(
        "results: results.json gives counts over 90 %",
        'top3 = [None if is_nearly_all(count, used) else count for count in counted["top3"]]',
        'top3 = list(counted["top3"])',
        ("test_a_count_over_90_per_cent_is_for_those_who_see_the_ballots",),
    ),
    Fault(
        "results: the 90 % begin half a ballot later",
        "return 10 * count > 9 * of",
        "return 10 * count > 9 * of + 5",
        ("test_a_count_over_90_per_cent_is_for_those_who_see_the_ballots",),
    ),
    # counts beside what they count
    Fault(
        "map: a neighbor is judged by less than the bound beside it",
        "level is not None and likeness > level,",
        "level is not None and likeness > level - 0.5,",
        ("test_the_map_calls_alike_what_its_own_figures_do",),
    ),
    Fault(
        "search: one note more is counted than is found",
        'found=Count("pk", filter=matching))',
        'found=Count("pk", filter=matching) + 1)',
        ("test_search_counts_what_it_finds_on_all_its_pages",),
    ),
    Fault(
        "directory: those with a seat are counted among those without",
        "return sum(every - seated for",
        "return sum(every for",
        ("test_the_directory_counts_what_it_lists",),
    ),
    Fault(
        "desk: a list lacks as many meanings as plain words",
        '("meaning", "entries", annual_list.without_meaning)',
        '("meaning", "entries", annual_list.without_plain_words)',
        ("test_the_desk_counts_what_a_list_lacks_of_its_entries",),
    ),
]
