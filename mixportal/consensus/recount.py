from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import agreement, average, pairwise
from .count import METHOD_VERSION, headline, kemeny_keys
from .crosscheck import against_head_to_head, against_kemeny
from .kemeny import kemeny
from .profile import IntArray


@dataclass(frozen=True, eq=False, slots=True)
class PublishedResults:
    """m names, the number of used ballots, support (m x m), and all keys of the file."""

    items: tuple[str, ...]
    used: int
    support: IntArray
    figures: dict[str, Any]


def recount(published: PublishedResults) -> dict[str, Any]:
    """Count from support alone. Keys are those of count.count, without those that need ballots."""
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


def differing_keys(published: PublishedResults, counted: dict[str, Any]) -> list[str]:
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
