"""What can be counted again from published results alone: all that follows from head-to-heads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import agreement, average, pairwise
from .count import METHOD_VERSION, headline, kemeny_keys
from .crosscheck import against_head_to_head, against_kemeny
from .kemeny import kemeny
from .profile import IntArray


@dataclass(frozen=True, eq=False, slots=True)
class Published:
    """Results as published: m names, n used ballots, support m x m, and all keys of the file as they stand."""

    items: tuple[str, ...]
    used: int
    support: IntArray
    figures: dict[str, Any]


def recount(published: Published) -> dict[str, Any]:
    """Count from support alone. The keys are those of count.count; what needs the ballots is left out.

    A mid-rank is 1 + items above + half the items level with it, so the sums of mid-ranks follow from margins.
    """
    margin = pairwise.margins(published.support)
    totals = average.doubled_totals_from_margins(margin, published.used)
    winner = pairwise.condorcet_winner(margin)
    found = kemeny(published.support, totals)
    same, compared = agreement.same_order(published.support)
    return {
        "method_version": METHOD_VERSION,
        "alternatives": list(published.items),
        "used": published.used,
        "support": published.support.tolist(),
        "margin": margin.tolist(),
        **headline(published.items, totals, published.used),
        "copeland_score": pairwise.copeland_scores(margin).tolist(),
        "condorcet_winner": None if winner is None else published.items[winner],
        "schulze_rank": pairwise.schulze_ranks(margin).tolist(),
        "kemeny": kemeny_keys(found),
        "against_head_to_head": against_head_to_head(totals, margin),
        "against_kemeny": against_kemeny(totals, found),
        "same_order_share": same / compared if compared else None,
        "same_order_of": compared,
    }


def differing(published: Published, counted: dict[str, Any]) -> list[str]:
    """The keys that the file and the recount both have and that disagree, statistics beyond 1e-9."""
    return [key for key in counted if key in published.figures and not _same(published.figures[key], counted[key])]


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
