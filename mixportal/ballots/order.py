"""A working order: places by slug, dense from 1, equal places tied, what is missing not ranked. Pure functions.

The buttons of the ballot (DESIGN section 5) and the script do the same to it.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence

Places = dict[str, int]

MOVES = ("up", "down", "top", "drop")


def close_gaps(places: Mapping[str, int]) -> Places:
    """1, 5, 5, 9 becomes 1, 2, 2, 3."""
    dense = {place: number for number, place in enumerate(sorted(set(places.values())), start=1)}
    return {slug: dense[place] for slug, place in places.items()}


def tiers(places: Mapping[str, int]) -> list[list[str]]:
    """The order as groups from the top; those tied stand in one group, in the mapping's order."""
    groups: dict[int, list[str]] = {}
    for slug, place in places.items():
        groups.setdefault(place, []).append(slug)
    return [groups[place] for place in sorted(groups)]


def from_tiers(groups: Iterable[Sequence[str]]) -> Places:
    kept = [group for group in groups if group]
    return {slug: place for place, group in enumerate(kept, start=1) for slug in group}


def move(places: Mapping[str, int], verb: str, slug: str) -> Places:
    """One press of a button: up, down, top or drop.

    Up and down change places with the neighbouring group, or step out of a tie to stand just above or below it. Up on
    an entry not ranked adds it at the end. A press that cannot move anything changes nothing.
    """
    groups = tiers(close_gaps(places))
    at = next((index for index, group in enumerate(groups) if slug in group), None)
    if verb == "drop":
        return from_tiers([other for other in group if other != slug] for group in groups)
    if verb == "top":
        return from_tiers([[slug], *([other for other in group if other != slug] for group in groups)])
    if at is None:
        return from_tiers([*groups, [slug]] if verb == "up" else groups)
    tied = [other for other in groups[at] if other != slug]
    if tied:
        groups[at : at + 1] = [[slug], tied] if verb == "up" else [tied, [slug]]
    elif verb == "up" and at > 0:
        groups[at - 1], groups[at] = groups[at], groups[at - 1]
    elif verb == "down" and at + 1 < len(groups):
        groups[at], groups[at + 1] = groups[at + 1], groups[at]
    return from_tiers(groups)


def standing(places: Mapping[str, int], slug: str) -> tuple[int, bool] | None:
    """The place as people say it, with whether it is joint: after two tied 3rd comes 5th. None when not ranked."""
    if slug not in places:
        return None
    mine = places[slug]
    above = sum(1 for place in places.values() if place < mine)
    return above + 1, sum(1 for place in places.values() if place == mine) > 1


def drawn_by_lot(slugs: Iterable[str], *lot: object) -> list[str]:
    """The slugs in an order that depends on the lot alone, so that a page shown twice keeps its order.

    Members see entries they have not ranked in an order of their own, since what stands first is picked more often.
    """
    seed = hashlib.sha256("\n".join(map(str, lot)).encode()).digest()
    drawn = sorted(slugs)
    random.Random(seed).shuffle(drawn)  # noqa: S311  fairness, not secrecy
    return drawn
