from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Licence:
    name: str
    url: str


@dataclass(frozen=True)
class File:
    name: str
    title: str
    audience: str
    columns: tuple[tuple[str, str], ...]


LICENCE = Licence(settings.DATA_LICENCE_NAME, settings.DATA_LICENCE_URL)

RESULTS_CSV = File(
    "results.csv",
    "The result of one list, one line an entry",
    "everyone, once the edition is published",
    (
        ("place, joint", "one more than the entries with a lower average; yes where another has exactly the same"),
        ("slug, title", "the entry’s address, and its name"),
        ("average_place", "the mean of its places, from 1 to the number of entries"),
        ("interval_low, interval_high", "the range of its place in 95 of 100 repeat counts"),
        ("top3", "ballots that put it third or better, ties shared; more than nine in ten read “More than 90 %”"),
        ("ranked_by", "ballots that give it a place at all"),
        ("ballots", "ballots that order something: what every count is out of"),
        ("q1, median, q3", "a quarter, half and three quarters of the ballots put it here or better; blank under 20"),
        ("polarisation", "the variance of its places over the largest there could be, from 0 to 1"),
        ("word", "agreed, mixed or divided; “few ranked it”; blank on lists of fewer than 8 entries"),
    ),
)
RESULTS_JSON = File(
    "results.json",
    "The same and what it can be counted again from",
    "everyone, once the edition is published",
    (
        ("year, kind, titles", "which list it is, and the entries’ names in the order of “alternatives”"),
        ("alternatives", "the entries’ addresses; every list below follows their order"),
        ("governments_seated, governments_cast", "seats held at the close; those of them that cast a ballot"),
        ("ballots, abstentions, used", "ballots cast; those without any preference; the difference, which counts"),
        ("support, margin", "for each two entries, the ballots that prefer one; the same less the other way round"),
        ("average_place, place, joint, order", "as above; the order as positions in “alternatives”"),
        ("interval_low, interval_high, bands, first_share", "how far places move in repeat counts; entries too close "
         "to tell apart; the share of repeats in which an entry comes first"),
        ("copeland_score, condorcet_winner, schulze_rank, borda_tiers", "other ways of counting, side by side"),
        ("kemeny", "the orders that contradict the fewest single comparisons: score, how many, and places over all"),
        ("against_head_to_head, against_kemeny", "pairs on which those part from the average"),
        ("kendall_w, kendall_w_p, agreement_word, mean_tau_b, same_order_share, same_order_of", "agreement of the "
         "whole list"),
        ("top3, ranked_by, not_ranked, q1, median, q3, places_given, polarisation, word", "one figure an entry; "
         "null where it would name a government"),
        ("method_version, seed, resamples, computed_at", "by what, from which random numbers, and when it was counted"),
        ("count, counted_again_because", "1, or more where a count proved wrong and stands beside the first; and why"),
        ("licence", "name and address of the licence"),
    ),
)  # fmt: skip
BALLOTS_CSV = File(
    "ballots.csv",
    "Every ballot that counts, by name",
    "members, delegates and curators, from the close on",
    (
        ("government", "the government’s address"),
        (
            "one column an entry",
            "its place on that ballot, equal numbers are ties; blank means below all that is ranked",
        ),
    ),
)
FILES = (RESULTS_CSV, RESULTS_JSON, BALLOTS_CSV)
