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
    """Count the n used ballots of m items, and return figures ready for JSON, without NaN.

    Lists of m follow the header, and `indices` are positions in it. Undefined figures are None.

    method_version, seed, resamples
    alternatives        m names
    ballots, abstentions, used     used = ballots - abstentions = n
    support, margin     m x m: ballots preferring the row's item to the column's; less its transpose
    average_place       m mean mid-ranks, 1 to m, or None
    place, joint        m: 1 + items with a lower average; whether another item has exactly the same
    order               m indices from the top, joint items in header order
    borda_tiers         lists of names from the top; exactly equal averages share a tier
    copeland_score      m: head-to-heads won less lost
    condorcet_winner    the name of the item that wins every head-to-head, or None
    schulze_rank        m: 1 + items above, by margins
    kemeny              score; n_optimal; order (indices of one optimum); rank_low, rank_high (m each);
                        score_between [least, most]; not_computed: why the others are None, or None
    against_head_to_head   pairs [i, j]: i has the better average, but more ballots prefer j
    against_kemeny      pairs [i, j]: i has the better average, but is below j in every Kemeny order
    kendall_w, kendall_w_p, agreement_word   W, its p, little / modest / clear / strong
    mean_tau_b          over all pairs of used ballots
    same_order_share, same_order_of   see agreement.same_order
    top3                m: ballots with the item at mid-rank 3 or better
    q1, median, q3      m mid-ranks, or None
    polarisation, word  m, 0 to 1; agreed / mixed / divided / few ranked it, or None where m < 8
    ranked_by, not_ranked   m: used ballots that rank the item, and that do not
    places_given        m lists of m: ballots that rank the item 1st, 2nd, ...; joint 3rd counts as 3rd
    interval_low, interval_high, first_share, bands   see stability.Stability
    """
    result = {"method_version": METHOD_VERSION, "seed": seed, "resamples": RESAMPLES}
    return result | figures(profile) | optima(profile) | resampled(profile, seed=seed)


def figures(profile: Profile) -> dict[str, Any]:
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
    return {
        "average_place": average.average_places(totals, used),
        "place": average.places(totals).tolist(),
        "joint": average.joint(totals),
        "order": average.order(totals),
        "borda_tiers": [[items[item] for item in tier] for tier in average.tiers(totals)],
    }


def optima(profile: Profile) -> dict[str, Any]:
    support = pairwise.support(profile)
    totals = average.doubled_totals(profile)
    found = kemeny(support, totals)
    return {"kemeny": kemeny_keys(found), "against_kemeny": against_kemeny(totals, found)}


def kemeny_keys(found: Kemeny) -> dict[str, Any]:
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
    found = stability(profile, seed=seed)
    nothing = [None] * profile.m
    return {
        "interval_low": found.interval_low if found else nothing,
        "interval_high": found.interval_high if found else nothing,
        "first_share": found.first_share if found else nothing,
        "bands": found.bands if found else None,
    }
