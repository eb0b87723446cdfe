"""Places by slug, from 1 without gaps. static/js has the same moves."""

import hashlib
import random
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from mixportal.tables.values import grouped

Places = dict[str, int]
Key = TypeVar("Key", bound=Hashable)

MOVES = ("up", "down", "top", "tie", "drop")


def renumber(places: Mapping[str, int]) -> Places:
    """Make each place 1 + the number of entries above: 1, 5, 5, 9 becomes 1, 2, 2, 4."""
    return {slug: place for slug, place, _ in in_order(places)}


def tiers(places: Mapping[str, int]) -> list[list[str]]:
    groups = grouped((place, slug) for slug, place in places.items())
    return [groups[place] for place in sorted(groups)]


def from_tiers(groups: Iterable[Sequence[str]]) -> Places:
    return renumber({slug: place for place, group in enumerate(groups) for slug in group})


def move(places: Mapping[str, int], verb: str, slug: str) -> Places:
    """Return the order after the button up, down, top, tie or drop.

    Up and down leave a tie first. Up adds an unranked entry at the end. Tie joins the row above.
    """
    groups = tiers(places)
    at = next((index for index, group in enumerate(groups) if slug in group), None)
    if verb == "drop":
        return from_tiers([other for other in group if other != slug] for group in groups)
    if verb == "top":
        return from_tiers([[slug], *([other for other in group if other != slug] for group in groups)])
    if at is None:
        return from_tiers([*groups, [slug]] if verb == "up" else groups)
    tied = [other for other in groups[at] if other != slug]
    if verb == "tie":
        if at > 0 and groups[at][0] == slug:
            groups[at - 1 : at + 1] = [[*groups[at - 1], slug], tied]
    elif tied:
        groups[at : at + 1] = [[slug], tied] if verb == "up" else [tied, [slug]]
    elif verb == "up" and at > 0:
        groups[at - 1], groups[at] = groups[at], groups[at - 1]
    elif verb == "down" and at + 1 < len(groups):
        groups[at], groups[at + 1] = groups[at + 1], groups[at]
    return from_tiers(groups)


def in_order(places: Mapping[str, int]) -> list[tuple[str, int, bool]]:
    """Return (slug, place, whether it is joint): after two tied 3rd comes 5th."""
    rows: list[tuple[str, int, bool]] = []
    for group in tiers(places):
        place = len(rows) + 1
        rows += [(slug, place, len(group) > 1) for slug in group]
    return rows


def standing(places: Mapping[Key, int], key: Key) -> tuple[int, bool] | None:
    if key not in places:
        return None
    above = sum(1 for place in places.values() if place < places[key])
    return above + 1, list(places.values()).count(places[key]) > 1


def drawn_by_lot(slugs: Iterable[str], *lot: object) -> list[str]:
    """Return a random order that depends only on `lot`, because people favor the first."""
    seed = hashlib.sha256("\n".join(map(str, lot)).encode()).digest()
    drawn = sorted(slugs)
    random.Random(seed).shuffle(drawn)  # noqa: S311  fairness, not secrecy
    return drawn
