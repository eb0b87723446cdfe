from fractions import Fraction
from typing import TypedDict

from . import agreement, average, pairwise, spread, words
from .kemeny import KemenyResult, kemeny
from .missing import MissingBallots, with_missing_ballots
from .profile import IntArray, Profile
from .reading import ResultsFile
from .stability import RESAMPLES, stability

METHOD_VERSION = "1.0"


class SharedFigures(TypedDict, total=False):
    """Figures of n ballots of m items, None if undefined."""

    method_version: str
    seed: int
    resamples: int
    alternatives: list[str]
    ballots: int
    abstentions: int
    used: int  # n: ballots less abstentions
    average_place: list[float | None]
    place: list[int]
    joint: list[bool]
    order: list[int]
    borda_tiers: list[list[str]]
    copeland_score: list[int]
    condorcet_winner: str | None
    schulze_rank: list[int]
    against_head_to_head: list[list[int]]
    against_kemeny: list[list[int]] | None
    kendall_w: float | None
    agreement_word: str | None
    same_order_share: float | None
    q1: list[float | None]  # quartiles of the mid-ranks
    median: list[float | None]
    q3: list[float | None]
    word: list[str | None]
    interval_low: list[int | None]  # from here see stability.Stability
    interval_high: list[int | None]
    bands: list[list[int]] | None
    missing: MissingBallots


class CountResult(SharedFigures, total=False):
    support: list[list[int]]  # m x m, see pairwise.support
    margin: list[list[int]]
    kemeny: KemenyResult
    kendall_w_p: float | None
    mean_tau_b: float | None
    same_order_of: int
    top3: list[int]
    polarisation: list[float | None]
    ranked_by: list[int]
    not_ranked: list[int]
    places_given: list[list[int]]
    first_share: list[float | None]
    resampled_places: list[list[int]] | None


def count(profile: Profile, *, seed: int, missing: int | None = None) -> CountResult:
    """Return all figures. `missing` is the number of ballots not cast, if known."""
    found = stability(profile, seed=seed)
    counted: CountResult = {
        "method_version": METHOD_VERSION,
        "seed": seed,
        "resamples": RESAMPLES,
        **figures(profile),
        **optima(pairwise.support(profile), average.doubled_totals(profile)),
        "interval_low": [*found.interval_low] if found else [None] * profile.m,
        "interval_high": [*found.interval_high] if found else [None] * profile.m,
        "first_share": [*found.first_share] if found else [None] * profile.m,
        "resampled_places": found.places if found else None,
        "bands": found.bands if found else None,
    }
    if missing is not None:
        counted["missing"] = with_missing_ballots(average.doubled_totals(profile), missing)
    return counted


def figures(profile: Profile) -> CountResult:
    """Return all figures except Kemeny orders and resamples, which take longer."""
    n, m = profile.used, profile.m
    support = pairwise.support(profile)
    totals = average.doubled_totals(profile)
    w = agreement.kendall_w(profile, totals)
    places = spread.distribution(profile)
    polarisation = spread.polarisation(places)
    ranked_by = spread.ranked_by(profile)
    return {
        **from_head_to_heads(profile.items, n, support, totals),
        "ballots": profile.ballots,
        "abstentions": profile.abstentions,
        "kendall_w": w,
        "kendall_w_p": agreement.kendall_w_p(w, n, m),
        "agreement_word": words.agreement_word(w),
        "mean_tau_b": agreement.mean_tau_b(profile),
        "top3": spread.top_three(places),
        "q1": spread.quantiles(places, Fraction(1, 4)),
        "median": spread.quantiles(places, Fraction(1, 2)),
        "q3": spread.quantiles(places, Fraction(3, 4)),
        "polarisation": polarisation,
        "word": [words.item_word(p, by, n, m) for p, by in zip(polarisation, ranked_by, strict=True)],
        "ranked_by": ranked_by,
        "not_ranked": [n - by for by in ranked_by],
        "places_given": spread.places_given(profile),
    }


def from_head_to_heads(items: tuple[str, ...], used: int, support: IntArray, totals: IntArray) -> CountResult:
    """Return the figures that need only `support` (m x m) and doubled totals."""
    margin = support - support.T
    winner = pairwise.condorcet_winner(margin)
    same, compared = agreement.same_order(support)
    return {
        "alternatives": list(items),
        "used": used,
        "support": support.tolist(),
        "margin": margin.tolist(),
        "average_place": average.average_places(totals, used),
        "place": average.places(totals).tolist(),
        "joint": average.joint(totals),
        "order": average.order(totals),
        "borda_tiers": [[items[item] for item in tier] for tier in average.tiers(totals)],
        "copeland_score": pairwise.copeland_scores(margin).tolist(),
        "condorcet_winner": None if winner is None else items[winner],
        "schulze_rank": pairwise.schulze_ranks(margin).tolist(),
        "against_head_to_head": average.contradicted(totals, margin < 0),
        "same_order_share": same / compared if compared else None,
        "same_order_of": compared,
    }


def optima(support: IntArray, totals: IntArray) -> CountResult:
    found, always = kemeny(support, totals)
    against = None if always is None else average.contradicted(totals, always.T)
    return {"kemeny": found, "against_kemeny": against}


def recount(published: ResultsFile) -> CountResult:
    """Return what follows from support. Raises ResultsFileError."""
    support = published.support()
    totals = average.doubled_totals_from_support(support, published.used)
    return {
        "method_version": METHOD_VERSION,
        **from_head_to_heads(published.names, published.used, support, totals),
        **optima(support, totals),
    }


def differing_keys(published: ResultsFile, counted: CountResult) -> list[str]:
    return [key for key, value in counted.items() if key in published.data and not _same(published.data[key], value)]


def _same(one: object, other: object) -> bool:
    match one, other:
        case list(), list():
            return len(one) == len(other) and all(map(_same, one, other))
        case dict(), dict():
            return all(key in other and _same(value, other[key]) for key, value in one.items())
        case (int() | float(), int() | float()) if not isinstance(one, bool) and not isinstance(other, bool):
            return abs(one - other) <= 1e-9
        case _:
            return one == other
