from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from django.utils.crypto import salted_hmac

from mixportal.consensus import Profile, steps
from mixportal.consensus.count import CountResult, SharedFigures
from mixportal.consensus.kemeny import OptimalOrders, orders_between
from mixportal.consensus.missing import with_missing_ballots_by_averages
from mixportal.consensus.withholding import Withheld, is_nearly_all, withheld
from mixportal.results.computing import PublicCohorts, for_everyone
from mixportal.results.splits import RosterRow, members_of, public_parts

MIN_BALLOTS_FOR_FIGURES = 10
MIN_BALLOTS_FOR_QUARTILES = 20
OVER_90 = "over 90 %"
GIVES_AWAY = "would give another figure away"
LEFT_OUT = {
    "kemeny.score": GIVES_AWAY, "polarisation": GIVES_AWAY, "first_share": GIVES_AWAY, "mean_tau_b": GIVES_AWAY,
    "resampled_places": GIVES_AWAY, "kendall_w_p": GIVES_AWAY, "same_order_of": GIVES_AWAY,
    "places_given": "grouped in steps of 3 ballots or more",
}  # fmt: skip


class Step(TypedDict):
    first: int
    last: int
    or_unranked: bool
    ballots: int | str


class MaskedFigure(TypedDict):
    figure: str
    entries: list[str]  # none if the whole key is left out
    why: str


class PublicTally(SharedFigures, total=False):
    """Below ten ballots only the order. None is a withheld figure; `masked` says why."""

    detail: str
    digest: str
    masked: list[MaskedFigure]
    support: list[list[int | None]]
    margin: list[list[int | None]]
    wins: list[list[int]]
    kemeny: OptimalOrders
    top3: list[int | None]
    ranked_by: list[int | None]
    not_ranked: list[int | None]
    steps: list[list[Step] | None]
    cohorts: PublicCohorts


def public_tally(
    profile: Profile,
    counted: CountResult,
    governments: Sequence[RosterRow],
    *,
    seed: int,
    digest: str,
) -> PublicTally:
    """Return what everybody may see. A key that is not named here stays private."""
    few = counted["used"] < MIN_BALLOTS_FOR_FIGURES
    public: PublicTally = {
        "detail": "public",
        "method_version": counted["method_version"],
        "digest": public_digest(digest),
        "masked": [{"figure": "all but the order", "entries": [], "why": "fewer than 10 ballots"}] if few else [],
        "alternatives": counted["alternatives"],
        "used": counted["used"],
        "place": counted["place"],
        "joint": counted["joint"],
        "order": counted["order"],
    }
    if few:
        return public | {"cohorts": for_everyone(profile, governments, seed=seed, shown={})}
    parts = public_parts(governments, seed=seed)
    splits = [[np.array(members_of(part, governments)) for part in of_split] for of_split in parts.values()]
    found = withheld(profile, splits)
    public |= {
        "seed": counted["seed"],
        "resamples": counted["resamples"],
        "ballots": counted["ballots"],
        "abstentions": counted["abstentions"],
        "borda_tiers": counted["borda_tiers"],
        "copeland_score": counted["copeland_score"],
        "condorcet_winner": counted["condorcet_winner"],
        "schulze_rank": counted["schulze_rank"],
        "against_head_to_head": counted["against_head_to_head"],
        "against_kemeny": counted["against_kemeny"],
        "agreement_word": counted["agreement_word"],
        "word": counted["word"],
        "interval_low": counted["interval_low"],
        "interval_high": counted["interval_high"],
        "bands": counted["bands"],
        "cohorts": for_everyone(
            profile, governments, seed=seed, shown=parts, withheld=found.averages | found.averages_of_groups
        ),
    }
    kemeny = counted["kemeny"]
    public["kemeny"] = {
        "n_optimal": kemeny["n_optimal"],
        # of public figures alone, like `missing`
        "orders": orders_between(kemeny["rank_low"], kemeny["rank_high"], kemeny["n_optimal"]),
        "rank_low": kemeny["rank_low"],
        "rank_high": kemeny["rank_high"],
        "not_computed": kemeny["not_computed"],
    }
    public["masked"] = [{"figure": key, "entries": [], "why": why} for key, why in LEFT_OUT.items()]
    _disclose_pairs(public, counted, found)
    _disclose_places(public, counted, found)
    if "missing" in counted:
        missing = counted["missing"]["ballots"]
        public["missing"] = with_missing_ballots_by_averages(
            public["average_place"], public["place"], public["used"], missing
        )
    return public


def public_digest(digest: str) -> str:
    """Return a digest that confirms no guess at ballots."""
    return salted_hmac("mixportal.results.digest", digest, algorithm="sha256").hexdigest()


def _mask(public: PublicTally, figure: str, why: str, *items: int) -> None:
    entries = [public["alternatives"][item] for item in items]
    public["masked"].append({"figure": figure, "entries": entries, "why": why})


def _disclose_pairs(public: PublicTally, counted: CountResult, found: Withheld) -> None:
    public["support"] = [list(row) for row in counted["support"]]
    public["margin"] = [list(row) for row in counted["margin"]]
    public["wins"] = [[int(margin > 0) for margin in row] for row in counted["margin"]]
    for pair in found.all_pairs:
        for one, other in (pair, pair[::-1]):
            public["support"][one][other] = public["margin"][one][other] = None
        _mask(public, "support", OVER_90 if pair in found.pairs else GIVES_AWAY, *pair)
    averages = counted["average_place"]
    public["average_place"] = [None if item in found.averages else _rounded(a, 1) for item, a in enumerate(averages)]
    for item in sorted(found.averages):
        _mask(public, "average_place", GIVES_AWAY, item)
    public["kendall_w"] = None if found.kendall_w else _rounded(counted["kendall_w"], 2)
    public["same_order_share"] = None if found.same_order else _rounded(counted["same_order_share"], 2)
    if found.kendall_w:
        _mask(public, "kendall_w", GIVES_AWAY)
    if found.same_order:
        _mask(public, "same_order_share", GIVES_AWAY)


def _rounded(figure: float | None, digits: int) -> float | None:
    return None if figure is None else round(figure, digits)


def _disclose_places(public: PublicTally, counted: CountResult, found: Withheld) -> None:
    used = counted["used"]
    top3 = [None if is_nearly_all(count, used) else count for count in counted["top3"]]
    ranked_by = [None if is_nearly_all(count, used) else count for count in counted["ranked_by"]]
    over_90_in_top3, over_90_rank_it = _hidden(top3), _hidden(ranked_by)
    groups = _groups(counted, found, over_90_rank_it)
    shown = [
        _steps(counted, item, each, item in over_90_in_top3, item in over_90_rank_it)
        for item, each in enumerate(groups)
    ]
    over_90_in_step = {item for item, each in enumerate(shown) if each and each[0]["ballots"] == OVER_90}
    for item in over_90_in_step:
        if top3[item]:  # the step would give it away
            top3[item] = None
    if found.places:
        top3 = ranked_by = [None] * len(top3)
        shown = [each if item in over_90_in_step else None for item, each in enumerate(shown)]
    counts = {item: count for item, count in enumerate(top3) if count is not None}
    if over_90_in_step and counts:  # All places of a ballot add up, so the other counts would give these away.
        partner = max(counts, key=lambda item: (2 * counts[item] < used, -abs(2 * counts[item] - used)))
        top3[partner] = shown[partner] = None
    public["top3"], public["ranked_by"], public["steps"] = top3, ranked_by, shown
    public["not_ranked"] = [None if by is None else used - by for by in ranked_by]
    for figure, figures, over_90 in (
        ("top3", top3, over_90_in_top3),
        ("ranked_by", ranked_by, over_90_rank_it),
        ("not_ranked", ranked_by, over_90_rank_it),
        ("steps", shown, over_90_in_step),
    ):
        for item in sorted(over_90 | _hidden(figures)):
            _mask(public, figure, OVER_90 if item in over_90 else GIVES_AWAY, item)
    for key in ("q1", "median", "q3"):
        quartiles = counted[key] if used >= MIN_BALLOTS_FOR_QUARTILES else [None] * len(top3)
        public[key] = [None if each is None else int(each + 0.5) for each in quartiles]
    if used < MIN_BALLOTS_FOR_QUARTILES:
        public["masked"].append({"figure": "q1, median, q3", "entries": [], "why": "fewer than 20 ballots"})


def _hidden(figures: Sequence[object]) -> set[int]:
    return {item for item, figure in enumerate(figures) if figure is None}


def _groups(counted: CountResult, found: Withheld, over_90_rank_it: set[int]) -> list[steps.Groups | None]:
    support, used, m = counted["support"], counted["used"], len(counted["alternatives"])
    grouped: list[steps.Groups | None] = []
    for item, (counts, unranked) in enumerate(zip(counted["places_given"], counted["not_ranked"], strict=True)):
        last = steps.least_last(used) if item in over_90_rank_it else 0
        if any(support[item][j] + support[j][item] < used for j in range(m) if j != item):
            groups = steps.grouped(counts, smallest=found.smallest_steps[item], unranked=unranked, last=last)
            if item in found.last_steps:
                groups = steps.joined(groups, found.last_steps[item], m)
        else:
            groups = steps.halves(counts, unranked=unranked, last=last)
        grouped.append(groups if len(groups) > 1 else None)
    paired = steps.paired(counted["places_given"], grouped)
    return [groups if groups and len(groups) > 1 else None for groups in paired]


def _steps(
    counted: CountResult, item: int, groups: steps.Groups | None, in_top3: bool, is_ranked: bool
) -> list[Step] | None:
    """Return the steps, or only the one with over 90 %, which the others would give away."""
    counts, used = counted["places_given"][item], counted["used"]
    if in_top3:
        return [
            {
                "first": 1,
                "last": min(steps.TOP, len(counts)),
                "or_unranked": False,
                "ballots": OVER_90,
            }
        ]
    found: list[Step] = []
    for first, last in groups or []:
        or_unranked = is_ranked and last == len(counts)
        ballots = steps.total(counts, [(first, last)]) + or_unranked * counted["not_ranked"][item]
        found.append({"first": first, "last": last, "or_unranked": or_unranked, "ballots": ballots})
        if is_nearly_all(ballots, used):
            return [found[-1] | {"ballots": OVER_90}]
    return found or None
