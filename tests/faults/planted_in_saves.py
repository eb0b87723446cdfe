"""Faults of counting, the seal, ballots and notes."""

from tests.faults.fault import Fault, TriggerOff

FAULTS = [
    Fault(
        "saves: the ballot is not locked",
        """cls.objects.select_for_update(of=("self",)).prefetch_related""",
        """cls.objects.prefetch_related""",
        ("test_of_two_who_save_the_same_version_at_once_one_is_told_of_the_conflict[ballot]",),
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
        "saves: an investment that waits until a later list is published is an error",
        """        with explain_refusal(lambda: cls._require_current_list(priority)):
            return cls._record""",
        """        with explain_refusal(lambda: None):
            return cls._record""",
        ("test_an_investment_that_waits_until_a_later_list_is_published_is_refused_as_too_late",),
    ),
    Fault(
        "counting: an unranked entry stands below all instead of sharing the places below",
        "doubled = 2 * place + tied - 1",
        "doubled = 2 * np.where(ranked, place, m) + np.where(ranked, tied, 1) - 1",
        ("test_a_blank_is_neither_first_nor_dropped_but_shares_the_places_below",),
    ),
    Fault(
        "counting: abstentions are used",
        "used = (tied < m).any(axis=1)",
        "used = np.ones(n, np.bool_)",
        ("test_a_blank_and_an_all_tied_ballot_are_abstentions",),
    ),
    Fault(
        "counting: W without its correction for ties",
        "n * n * m * (m * m - 1) - n * correction))",
        "n * n * m * (m * m - 1)))",
        ("test_every_figure_equals_its_definition",),
    ),
    Fault(
        "counting: tiers half a place apart are joined",
        "key=lambda item: int(doubled[item]))",
        "key=lambda item: int(doubled[item]) // 2)",
        ("test_the_smallest_possible_difference_is_not_a_tie",),
    ),
    Fault(
        "counting: top three counts places up to four",
        "distribution[:, :7].sum(axis=1)",
        "distribution[:, :9].sum(axis=1)",
        ("test_every_figure_equals_its_definition",),
    ),
    Fault(
        "counting: a Schulze path is as strong as its strongest edge",
        "np.maximum(strength, np.minimum(strength[:, via, None], strength[None, via, :]), out=strength)",
        "np.maximum(strength, np.maximum(strength[:, via, None], strength[None, via, :]), out=strength)",
        ("test_every_figure_equals_its_definition",),
    ),
    Fault(
        "likeness: two short lists are alike by silence",
        "signs /= np.sqrt(np.abs(signs).sum(axis=1, keepdims=True))",
        "signs /= np.sqrt(max(signs.shape[1], 1))",
        ("test_tau_b_of_every_two_ballots_equals_its_definition",),
    ),
    Fault(
        "likeness: chance levels are the median of the shuffles",
        "level = quantile_position(LEVEL, shuffles)",
        "level = quantile_position(Fraction(50, 100), shuffles)",
        ("test_the_best_of_63_neighbors_under_pure_noise_is_not_above_chance",),
    ),
    Fault(
        "disclosure: groups of nine are shown",
        "MIN_BALLOTS_FOR_COHORT = 10  # in each public part",
        "MIN_BALLOTS_FOR_COHORT = 9  # in each public part",
        ("test_no_part_of_fewer_than_ten_ballots_is_shown",),
    ),
    Fault(
        "disclosure: splits are not looked at together",
        "if not disclosure.isolates_few_ballots([*indicators, *added], MIN_BALLOTS_FOR_COHORT, seed=seed):",
        "if not disclosure.isolates_few_ballots(added, MIN_BALLOTS_FOR_COHORT, seed=seed):",
        ("test_a_split_that_singles_out_few_beside_another_is_left_out",),
    ),
    Fault(
        "disclosure: the one average that is left out can be worked out",
        "if len(hidden) == 1 and profile.m > 1:",
        "if not hidden and profile.m < 1:",
        ("test_what_nearly_all_of_a_part_place_alike_is_worded_away_with_one_more",),
    ),
    Fault(
        "disclosure: averages of groups of one mind are shown",
        "if share >= SAME_PLACE_SHARE or item in withheld}",
        "if item in withheld}",
        (
            "test_what_nearly_all_of_a_part_place_alike_is_worded_away_with_one_more",
            "test_where_all_agree_no_average_of_a_group_is_shown",
        ),
    ),
    Fault(
        "disclosure: short lists of few ballots show every count",
        "if m <= (MAX_SHORT_OF_FEW if n <= FEW else MAX_SHORT):",
        "if m < 1:",
        ("test_nothing_withheld_can_be_worked_out",),
    ),
    Fault(
        "disclosure: averages of groups add up to one that is withheld",
        "return min(int(window.high[item]), self.n * self.m * (self.m + 1) - others)",
        "return int(window.high[item])",
        ("test_averages_of_groups_that_add_up_to_a_withheld_one_are_withheld",),
    ),
    Fault(
        "disclosure: quartiles from ten ballots on",
        "MIN_BALLOTS_FOR_QUARTILES = 20",
        "MIN_BALLOTS_FOR_QUARTILES = 10",
        ("test_under_twenty_ballots_leaders_get_no_quartiles_by_any_way",),
    ),
    Fault(
        "disclosure: figures from nine ballots on",
        "MIN_BALLOTS_FOR_FIGURES = 10",
        "MIN_BALLOTS_FOR_FIGURES = 9",
        ("test_under_ten_ballots_leaders_get_the_order_and_no_figure_by_any_way",),
    ),
    Fault(
        "results: visitors get the digest of the ballots",
        'return self.tally.digest if self.is_insider else self.figures["digest"]',
        "return self.tally.digest",
        ("test_the_digest_of_the_ballots_is_for_those_who_see_the_ballots",),
    ),
    Fault(
        "results: the working order is counted",
        "        return {p.entry.slug: p.cast_place for p in self.placements.all() if p.cast_place is not None}",
        "        return {p.entry.slug: p.place for p in self.placements.all() if p.place is not None}",
        (
            "test_after_a_cast_edits_wait_while_the_cast_order_counts",
            "test_after_the_close_the_network_sees_each_cast_ballot_by_name_and_no_draft",
        ),
    ),
    Fault(
        "results: a word of agreement although few ranked it",
        'return "" if word is None or self.few_ranked else word',
        'return "" if word is None else word',
        ("test_what_few_ranked_gets_no_word_of_agreement",),
    ),
    Fault(
        "results: a joint place is not called so",
        'return self.results.figures["joint"][self.index]',
        "return False",
        ("test_exact_ties_are_called_joint_and_the_next_place_is_left_out",),
    ),
    Fault(
        "ballots: the place after a tie is the next number",
        "place = len(rows) + 1",
        "place = (rows[-1][1] if rows else 0) + 1",
        ("test_a_place_is_one_more_than_the_entries_above_and_ties_stay",),
    ),
    Fault(
        "ballots: up out of a tie passes the whole group",
        'groups[at : at + 1] = [[slug], tied] if verb == "up" else [tied, [slug]]',
        'groups[at : at + 1] = [tied, [slug]] if verb == "up" else [[slug], tied]',
        ("test_an_entry_moves_out_of_a_tie_to_just_above_or_below",),
    ),
    Fault(
        "ballots: a save writes every placement",
        "            if (known.place, known.cast_place) != wanted:",
        "            if True:",
        ("test_a_save_writes_only_the_placements_that_changed",),
    ),
    Fault(
        "ballots: a save casts",
        "cast_wanted = {CAST: places, UNCAST: {}}.get(action, counted)",
        "cast_wanted = {CAST: places, UNCAST: {}}.get(action, places)",
        ("test_after_a_cast_edits_wait_while_the_cast_order_counts",),
    ),
    Fault(
        "seal: a new voter sees the government's ballot",
        "    return began_before(user, edition) | Q(",
        "    return Q(pk__isnull=False) | Q(",
        ("test_a_new_voter_sees_who_cast_and_when_but_not_the_order",),
    ),
    Fault(
        "seal: what another saved since is still the voter's own",
        "    return Q(updated_by=user.pk, updated_at__gte=",
        "    return Q(updated_at__gte=",
        ("test_what_another_saves_over_a_new_voters_order_is_sealed_to_them",),
    ),
    Fault(
        "seal: a guess at a sealed order is answered as a repeat",
        "if is_as_wanted and sees_all and not becomes_own:",
        "if is_as_wanted and not becomes_own:",
        ("test_casting_the_same_order_unseen_makes_it_the_new_voters[guess0]",),
    ),
    Fault(
        "seal: a new voter withdraws what another cast",
        "if action in (UNCAST, REVERT) and not self.sees_cast:",
        "if False:",
        ("test_a_new_voter_cannot_withdraw_what_another_cast",),
    ),
    Fault(
        "seal: a new voter lets others in",
        "if by.sees_since >= edition.opens_at or person",
        "if person",
        ("test_a_new_voter_lets_nobody_in_not_even_after_casting",),
    ),
    Fault(
        "seal: a new voter reads the government's reasons",
        "unsealed | own & (began_before(user, EDITION) | wrote(user, prefix))",
        "unsealed | own",
        ("test_reasons_are_sealed_to_a_new_voter_but_their_own",),
    ),
    TriggerOff("keeps_voter_since on %user", ("test_a_form_or_a_save_cannot_set_since_when_someone_votes",)),
    Fault(
        "ballots: a paper ballot replaces one that was cast",
        "        if self.is_cast and self.entered_by_id is None:",
        "        if False:",
        ("test_whether_what_is_entered_equals_what_is_sealed_is_not_told",),
    ),
    Fault(
        "ballots: a form of another year's list is read",
        "if unknown := sorted(ranked - set(titles)):\n",
        "if unknown := sorted(ranked - ranked):\n",
        ("test_an_entry_of_another_list_is_refused_by_its_name",),
    ),
    Fault(
        "ballots: the calendar may move while a ballot is saved",
        'FROM editions_edition WHERE id = %s FOR SHARE",\n',
        'FROM editions_edition WHERE id = %s",\n',
        ("test_a_save_that_waited_for_the_close_itself_is_refused",),
    ),
    Fault(
        "ballots: a deadlock is not tried again",
        "MAX_ATTEMPTS = 3",
        "MAX_ATTEMPTS = 1",
        ("test_a_save_that_loses_a_deadlock_is_tried_again_and_stored",),
    ),
    Fault(
        "seal: members read reasons of others before the close",
        'return admitted & (is_closed | _is_unsealed(user, "") & _is_unsealed(user, "reply_to__"))',
        "return admitted",
        ("test_a_sealed_reason_is_neither_found_nor_counted_by_others",),
    ),
    Fault(
        "seal: leaders read the own government's reasons before the close",
        "        return unsealed\n    own = Q(",
        "        return ~Q(pk__in=[]) if user.is_authenticated and user.is_leader else unsealed\n    own = Q(",
        ("test_everybody_finds_what_is_meant_for_them_and_nothing_else[leader_a]",),
    ),
    Fault(
        "seal: the archive gives others the working order",
        "[[ballot.government.name, *map(ballot.counted.get, slugs)]",
        "[[ballot.government.name, *map(ballot.working.get, slugs)]",
        ("test_after_the_close_it_holds_the_ballots_that_count_in_the_order_that_was_cast",),
    ),
    Fault(
        "seal: the archive gives ballots that were never cast",
        """ if row["cast"]]
        found = annual_list.ballots.visible_to(user).filter(government__in=counts)
        return found.cast().with_placements().by_government()""",
        """]
        found = annual_list.ballots.filter(government__in=counts)
        return found.with_placements().by_government()""",
        ("test_after_the_close_it_holds_the_ballots_that_count_in_the_order_that_was_cast",),
    ),
    Fault(
        "seal: leaders see hindrances before the close",
        "return own & closed if user.is_leader else Q(pk__in=[])",
        "return own if user.is_leader else Q(pk__in=[])",
        ("test_one_by_one_marks_are_the_own_voters_until_the_close_then_insiders_and_the_own_leaders",),
    ),
    Fault(
        "seal: a brief while the ballots are open",
        '    if edition.is_open:\n        return render(request, "summaries/brief_wait.html"',
        '    if not edition.is_open:\n        return render(request, "summaries/brief_wait.html"',
        ("test_while_the_ballots_are_open_it_is_sealed_and_says_until_when",),
    ),
    Fault(
        "audiences: investments.csv is open to leaders",
        "@open_to(Audience.INSIDERS)\ndef investments_csv",
        "@open_to(Audience.SIGNED_IN)\ndef investments_csv",
        ("test_the_csv_holds_what_its_reader_may_see_and_no_formula",),
    ),
    Fault(
        "audiences: visitors see investments of a draft",
        """is_visible_to(user, "priority__annual_list__edition__"), audience_admits""",
        """audience_admits""",
        ("test_nobody_but_insiders_sees_what_is_told_of_a_draft",),
    ),
    Fault(
        "audiences: caches may keep what members see",
        "        and not request.user.is_authenticated\n        and not response.cookies\n",
        "",
        ("test_what_somebody_signed_in_sees_is_kept_by_nobody",),
    ),
    Fault(
        "audiences: former members are insiders to visitors' editions",
        "    if user.is_authenticated and user.is_leader:\n        return is_published",
        "    if user.is_authenticated:\n        return is_published",
        ("test_who_sees_which_editions_and_entries",),
    ),
    Fault(
        "audiences: a brief tells reasons for members alone",
        'given.filter(audience__in=["government", "curators", "public"])',
        'given.filter(audience__in=["government", "curators", "members", "public"])',
        ("test_it_holds_what_the_government_told_and_its_reasons_but_not_those_for_members",),
    ),
    Fault(
        "audiences: a brief names governments that a reason mentions",
        'return _MENTION.sub("another government", plain_text(body)) if body else ""',
        'return plain_text(body) if body else ""',
        ("test_it_holds_what_the_government_told_and_its_reasons_but_not_those_for_members",),
    ),
    Fault(
        "audiences: outside lists show before they are published",
        "        return self.filter(published_at__isnull=False)\n\n    def with_item_counts",
        "        return self\n\n    def with_item_counts",
        ("test_until_it_is_published_curators_alone_see_a_list",),
    ),
    Fault(
        "notes: another government changes a note",
        "        if not note.is_own_of(user) or note.withdrawn_at is not None:",
        "        if note.withdrawn_at is not None:",
        ("test_only_the_own_government_changes_or_withdraws",),
    ),
    Fault(
        "notes: a government says the same of its own note",
        "if not user.is_voter or self.government_id in (None, user.government_id) or not self.is_active:",
        "if not user.is_voter or not self.is_active:",
        ("test_a_government_says_the_same_once_and_never_of_its_own",),
    ),
    Fault(
        "notes: a curator's answer to one government is read by all once the question is",
        "own | Q(government__isnull=True, reply_to__government=user.government_id)",
        "own | Q(government__isnull=True)",
        ("test_a_wider_audience_of_the_question_leaves_the_answer_where_it_is",),
    ),
    Fault(
        "notes: a curator changes another curator's answer",
        "return user.is_curator and user.pk == self.author_id",
        "return user.is_curator",
        ("test_its_author_alone_changes_and_withdraws_it",),
    ),
    Fault(
        "notes: a curator without a government writes more than answers",
        "    if not request.user.is_voter and not is_by_curator:",
        "    if False:",
        ("test_a_curator_without_a_government_writes_and_answers_nothing_else",),
    ),
    Fault(
        "notes: writing that turns direction is kept",
        "\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069",
        "",
        ("test_control_characters_and_turned_writing_are_taken_out",),
    ),
    Fault(
        "notes: a link may run a script",
        'url_schemes={"http", "https", "mailto"},',
        'url_schemes={"http", "https", "mailto", "javascript", "data"},',
        ("test_a_link_that_the_markdown_parser_lets_through_still_runs_no_script",),
    ),
]
