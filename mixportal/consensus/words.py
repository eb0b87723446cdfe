"""The words for figures, the same on pages, in exports and in the terminal. House words, fixed in advance."""

from __future__ import annotations

from math import ceil, floor

MIN_ITEMS_FOR_WORD = 8  # a shorter list is too coarse for a word: show the count at each place


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 22nd."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def place_words(place: int, joint: bool) -> str:
    """3rd, or joint 3rd."""
    return f"joint {ordinal(place)}" if joint else ordinal(place)


def between(low: float, high: float) -> str:
    """2nd to 5th: places from low, floored, to high, ceiled; one place if they are the same."""
    first, last = floor(low), ceil(high)
    return ordinal(first) if first == last else f"{ordinal(first)} to {ordinal(last)}"


def agreement_word(kendall_w: float | None) -> str | None:
    """W under 0.1 little, from 0.1 modest, from 0.3 clear, over 0.5 strong."""
    if kendall_w is None:
        return None
    if kendall_w < 0.1:
        return "little"
    if kendall_w < 0.3:
        return "modest"
    return "clear" if kendall_w <= 0.5 else "strong"


def item_word(polarisation: float | None, ranked_by: int, used: int, m: int) -> str | None:
    """Polarisation under 0.15 agreed, to 0.35 mixed, above divided; first of all, whether few ranked it.

    An item that most leave off the list gathers in the middle and would look agreed.
    """
    if polarisation is None or m < MIN_ITEMS_FOR_WORD:
        return None
    if 2 * ranked_by < used:
        return "few ranked it"
    if polarisation < 0.15:
        return "agreed"
    return "mixed" if polarisation <= 0.35 else "divided"


def share_words(share: float) -> str:
    """58 %; never rounded to all or nothing: over 99 %, under 1 %."""
    if 0.995 <= share < 1:
        return "over 99 %"
    if 0 < share < 0.005:
        return "under 1 %"
    return f"{round(100 * share)} %"
