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
    Fault(
        "moves: what was merged is compared",
        "shared = [line for line in lines if line.type in ONE_TO_ONE]",
        "shared = list(lines)",
        ("test_what_was_merged_or_split_is_not_set_side_by_side_and_moves_nowhere",),
    ),
    Fault(
        "moves: against a list that is not published",
        "earlier__edition__opens_at__isnull=False, earlier__edition__published_at__isnull=False",
        "earlier__edition__opens_at__isnull=False",
        ("test_nothing_moves_against_a_list_that_is_closed_and_not_yet_published",),
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
        """Government.objects.select_for_update().get(
            pk=government.pk
        )  # two at once""",
        """Government.objects.get(
            pk=government.pk
        )  # two at once""",
        ("test_of_two_sent_at_once_the_eleventh_of_a_day_waits_for_the_tenth_and_is_refused",),
    ),
    # pages kept for visitors
    Fault(
        "kept pages: a new note does not show",
        "            kind.note,\n            kind.note.sames",
        "            kind.note.sames",
        ("test_a_change_of_any_table_that_a_public_page_shows_is_seen_at_once[note]",),
    ),
    Fault(
        "kept pages: a correction of another body's list does not show",
        '"comparison.OutsideList", "comparison.OutsideItem"',
        '"comparison.OutsideList"',
        ("test_a_change_of_any_table_that_a_public_page_shows_is_seen_at_once[outsideitem]",),
    ),
    Fault(
        "kept pages: an erratum does not show",
        '"editions.Erratum", ',
        "",
        ("test_a_change_of_any_table_that_a_public_page_shows_is_seen_at_once[erratum]",),
    ),
    Fault(
        "kept pages: an investment does not show",
        "shown=(models.Investment,)",
        "shown=()",
        ("test_a_change_of_any_table_that_a_public_page_shows_is_seen_at_once[investment]",),
    ),
    Fault(
        "kept pages: those with a session get them",
        """
        and settings.SESSION_COOKIE_NAME not in request.COOKIES""",
        "",
        ("test_nothing_with_a_query_a_session_or_a_refusal_is_stored",),
    ),
    # the seal
    Fault(
        "seal: after the close insiders get ballots that were never cast",
        "cast_by_anyone = after_close & Q(cast_at__isnull=False)",
        "cast_by_anyone = after_close",
        ("test_a_ballot_that_was_never_cast_stays_its_governments_own_after_the_close",),
    ),
    Fault(
        "seal: a leader who curates gets the own government's ballot",
        "self.filter((own if user.is_voter else Q(pk__in=[])) | cast_by_anyone)",
        "self.filter(own | cast_by_anyone)",
        ("test_of_those_on_the_staff_only_who_votes_for_a_government_sees_its_sealed_ballot",),
    ),
    Fault(
        "seal: the history tells of hindrances before the close",
        """return events.filter(own | Q(**{f"{edition}__closes_at__lte": Now()}))""",
        "return events",
        (
            "test_before_the_close_the_history_tells_of_hindrances_to_the_government_itself_alone",
            "test_before_the_close_nothing_that_others_fetch_changes_with_what_is_marked[curator]",
        ),
    ),
    # results
    Fault(
        "results: results.json gives counts over 90 %",
        """data["top3"] = [None if self.is_nearly_all(row.top3) else row.top3 for row in in_header_order]""",
        """data["top3"] = [row.top3 for row in in_header_order]""",
        ("test_a_count_over_90_per_cent_is_for_those_who_see_the_ballots",),
    ),
    Fault(
        "results: the 90 % begin half a ballot later",
        "count * 10 > self.used * 9",
        "count * 10 > self.used * 9 + 5",
        ("test_a_count_over_90_per_cent_is_for_those_who_see_the_ballots",),
    ),
    # saves
    Fault(
        "saves: the ballot is not locked",
        """cls.objects.select_for_update(of=("self",))
            .select_related("updated_by", "cast_by", "entered_by")""",
        """cls.objects
            .select_related("updated_by", "cast_by", "entered_by")""",
        ("test_of_two_who_save_the_same_version_at_once_one_is_told_of_the_conflict[ballot]",),
    ),
    Fault(
        "saves: the hindrances are not locked",
        """held = cls.objects.select_for_update(of=("self",)).select_related("updated_by")""",
        """held = cls.objects.select_related("updated_by")""",
        ("test_of_two_who_save_the_same_version_at_once_one_is_told_of_the_conflict[hindrances]",),
    ),
    Fault(
        "saves: the investment is not locked",
        """found = cls.objects.select_for_update(of=("self",)).select_related("updated_by")""",
        """found = cls.objects.select_related("updated_by")""",
        ("test_of_two_who_save_the_same_version_at_once_one_is_told_of_the_conflict[investment]",),
    ),
    Fault(
        "saves: the note is not locked",
        """type(self).objects.select_for_update(of=("self",)).select_related("entry__edition").get(pk=self.pk)""",
        """type(self).objects.select_related("entry__edition").get(pk=self.pk)""",
        ("test_of_two_who_save_the_same_version_at_once_one_is_told_of_the_conflict[note]",),
    ),
    Fault(
        "saves: hindrances that wait until the close are no refusal but an error",
        "return save_while_open(edition, lambda: cls._record(edition, government, user, marked, version))",
        "return cls._record(edition, government, user, marked, version)",
        ("test_a_save_that_waits_until_the_ballots_close_is_told_so_whatever_it_waits_for",),
    ),
    Fault(
        "saves: what the database refuses after the close, the opening or a publication is an error",
        """    except IntegrityError:
        check()
        raise""",
        """    except IntegrityError:
        raise""",
        ("test_a_save_that_waits_until_the_ballots_close_is_told_so_whatever_it_waits_for",),
    ),
    Fault(
        "saves: a proposal that waits until its list opens is an error",
        """        with explain_refusal(lambda: hold_draft(proposal.edition_id)):
            return verb""",
        """        with explain_refusal(lambda: None):
            return verb""",
        ("test_what_is_done_with_proposals_until_their_list_opens_is_refused_as_too_late",),
    ),
    Fault(
        "saves: an investment that waits until a later list is published is an error",
        """        with explain_refusal(lambda: cls._require_current_list(priority)):
            return cls._record""",
        """        with explain_refusal(lambda: None):
            return cls._record""",
        ("test_an_investment_that_waits_until_a_later_list_is_published_is_refused_as_too_late",),
    ),
]
