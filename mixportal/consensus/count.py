"""The one entry point: everything there is to say about a profile, ready for JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from . import agreement, average, pairwise, spread, words
from .crosscheck import against_head_to_head, against_kemeny
from .kemeny import Kemeny, kemeny
from .profile import IntArray, Profile
from .stability import RESAMPLES, stability

METHOD_VERSION = "1.0"


def count(profile: Profile, *, seed: int) -> dict[str, Any]:
    """Count the ballots. Only None, bool, int, float, str, list and dict come out; never a NaN.

    m items, n used ballots (weights added up). Lists of m follow the header; `indices` are
    positions in it. What is undefined is None: averages without ballots, W and tau below two ballots.

    method_version, seed, resamples
    alternatives        m names
    ballots, abstentions, used     whole numbers; used = ballots - abstentions = n
    support, margin     m x m: ballots preferring the row's item to the column's; the same less its transpose
    average_place       m mean mid-ranks, 1 to m, or None
    place, joint        m: 1 + items with a lower average; whether another item has exactly the same
    order               m indices from the top, joint items in header order
    borda_tiers         lists of names from the top; exactly equal averages share a tier
    copeland_score      m: head-to-heads won less lost
    condorcet_winner    the name of the item that wins every head-to-head, or None
    schulze_rank        m: 1 + items above, by margins
    kemeny              score; n_optimal (of ALL optimal orders); order (indices of one of them);
                        rank_low, rank_high (m each: best and worst place, by pairs alike in every optimum);
                        score_between [least, most]; not_computed: None, or why the five before are None
    against_head_to_head   pairs [i, j]: i stands above j by average place, but more ballots prefer j to i
    against_kemeny      pairs [i, j]: i stands above j by average place, but below it in every Kemeny order
    kendall_w, kendall_w_p, agreement_word   W with ties, its chi-square p, little / modest / clear / strong
    mean_tau_b          over all pairs of used ballots
    same_order_share, same_order_of   of all (pair of ballots, pair of items) that both order, the share
                        ordered the same way, and how many there are
    top3                m: ballots with the item at mid-rank 3 or better
    q1, median, q3      m mid-ranks, or None
    polarisation, word  m, 0 to 1 or None; agreed / mixed / divided / few ranked it, or None where m < 8
    ranked_by, not_ranked   m: used ballots that rank the item, and that do not
    places_given        m lists of m: ballots that rank the item 1st, 2nd, ...; joint 3rd counts as 3rd
    interval_low, interval_high   m places: the 95 % of resamples, floored and ceiled, or None
    first_share         m: share of resamples in which the item is first or joint first, or None
    bands               lists of indices from the top: items too close to tell apart; None if not resampled,
                        as without ballots or beyond a million cells
    """
    result = {"method_version": METHOD_VERSION, "seed": seed, "resamples": RESAMPLES}
    return result | figures(profile) | optima(profile) | resampled(profile, seed=seed)


def figures(profile: Profile) -> dict[str, Any]:
    """Everything but the Kemeny orders and the resamples."""
    n, m = profile.used, profile.m
    support = pairwise.support(profile)
    margin = pairwise.margins(support)
    totals = average.doubled_totals(profile)
    winner = pairwise.condorcet_winner(margin)
    w = agreement.kendall_w(profile, totals)
    same, compared = agreement.same_order(support)
    spread_of = spread.distribution(profile)
    polarisation = spread.polarisation(spread_of)
    ranked_by = spread.ranked_by(profile)
    return {
        "alternatives": list(profile.items),
        "ballots": profile.ballots,
        "abstentions": profile.abstentions,
        "used": n,
        "support": support.tolist(),
        "margin": margin.tolist(),
        **headline(profile.items, totals, n),
        "copeland_score": pairwise.copeland_scores(margin).tolist(),
        "condorcet_winner": None if winner is None else profile.items[winner],
        "schulze_rank": pairwise.schulze_ranks(margin).tolist(),
        "against_head_to_head": against_head_to_head(totals, margin),
        "kendall_w": w,
        "kendall_w_p": agreement.kendall_w_p(w, n, m),
        "agreement_word": words.agreement_word(w),
        "mean_tau_b": agreement.mean_tau_b(profile),
        "same_order_share": same / compared if compared else None,
        "same_order_of": compared,
        "top3": spread.top_three(spread_of),
        "q1": spread.quantiles(spread_of, Fraction(1, 4)),
        "median": spread.quantiles(spread_of, Fraction(1, 2)),
        "q3": spread.quantiles(spread_of, Fraction(3, 4)),
        "polarisation": polarisation,
        "word": [words.item_word(p, by, n, m) for p, by in zip(polarisation, ranked_by, strict=True)],
        "ranked_by": ranked_by,
        "not_ranked": [n - by for by in ranked_by],
        "places_given": spread.places_given(profile),
    }


def headline(items: tuple[str, ...], totals: IntArray, used: int) -> dict[str, Any]:
    """The headline and what follows from it, from the doubled totals (m) of the mid-ranks."""
    return {
        "average_place": average.average_places(totals, used),
        "place": average.places(totals).tolist(),
        "joint": average.joint(totals),
        "order": average.order(totals),
        "borda_tiers": [[items[item] for item in tier] for tier in average.tiers(totals)],
    }


def optima(profile: Profile) -> dict[str, Any]:
    """The Kemeny orders, and where they contradict the headline."""
    support = pairwise.support(profile)
    totals = average.doubled_totals(profile)
    found = kemeny(support, totals)
    return {"kemeny": kemeny_keys(found), "against_kemeny": against_kemeny(totals, found)}


def kemeny_keys(found: Kemeny) -> dict[str, Any]:
    """What the result says of the Kemeny orders."""
    low, high = found.rank_bounds()
    return {
        "score": found.score,
        "n_optimal": found.n_optimal,
        "order": found.order,
        "rank_low": low,
        "rank_high": high,
        "score_between": [found.at_least, found.at_most],
        "not_computed": found.reason,
    }


def resampled(profile: Profile, *, seed: int) -> dict[str, Any]:
    """Stability intervals and bands."""
    found = stability(profile, seed=seed)
    nothing = [None] * profile.m
    return {
        "interval_low": found.interval_low if found else nothing,
        "interval_high": found.interval_high if found else nothing,
        "first_share": found.first_share if found else nothing,
        "bands": found.bands if found else None,
    }
