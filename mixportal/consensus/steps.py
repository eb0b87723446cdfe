from collections.abc import Sequence
from itertools import pairwise
from math import ceil

SMALLEST_STEP = 3
TOP = 3

Groups = list[tuple[int, int]]  # first and last place


def least_last(used: int) -> int:
    return max(SMALLEST_STEP, ceil(used / 20))


def grouped(counts: Sequence[int], *, smallest: int = SMALLEST_STEP, unranked: int = 0, last: int = 0) -> Groups:
    """Return steps of places with at least `smallest` ballots each, or none.

    The published top three splits the ballots after the third place, so each side has its own. If
    `last` is given, the last step includes `unranked` and holds at least `last` ballots.
    """
    top, rest = (
        _runs(counts, 1, min(TOP, len(counts)), smallest),
        _runs(counts, TOP + 1, len(counts), smallest),
    )
    groups = [*top, *rest]
    totals = [total(counts, each) for each in (top, rest)]
    if rest and any(0 < held < smallest for held in totals):
        reaches = next((group for group in rest if total(counts, [group])), rest[-1])
        starts = next((group for group in reversed(top) if total(counts, [group])), top[0])
        groups = joined(groups, starts[0] if totals[0] >= smallest else 1, reaches[1])
    while last and len(groups) > 1 and total(counts, groups[-1:]) + unranked < last:
        groups = joined(groups, groups[-2][0], len(counts))
    return groups


def halves(counts: Sequence[int], *, unranked: int, last: int) -> Groups:
    """Return the top three and the rest, or no steps if that is too much.

    The average of an item that no ballot ties would give away how narrower steps divide.
    """
    groups = [(1, TOP), (TOP + 1, len(counts))]
    top, rest = (total(counts, [group]) for group in groups)
    is_safe = len(counts) > TOP + 1 and top > 0 and rest + (unranked if last else 0) >= max(SMALLEST_STEP, last)
    return groups if is_safe else []


def _runs(counts: Sequence[int], first: int, last: int, smallest: int) -> Groups:
    groups: Groups = []
    start, held = first, 0
    for place in range(first, last + 1):
        held += counts[place - 1]
        if held == 0 or held >= smallest:
            groups.append((start, place))
            start, held = place + 1, 0
    if held:
        kept = [number for number, group in enumerate(groups) if total(counts, [group])]
        start = groups[kept[-1]][0] if kept else first
        end = max(place for place in range(start, last + 1) if counts[place - 1])
        empty = [(place, place) for place in range(end + 1, last + 1)]
        groups = [*(group for group in groups if group[1] < start), (start, end), *empty]
    return groups


def joined(groups: Groups, first: int, last: int) -> Groups:
    touched = [group for group in groups if group[1] >= first and group[0] <= last]
    one = (touched[0][0], touched[-1][1])
    return sorted([one, *(group for group in groups if group not in touched)])


def total(counts: Sequence[int], groups: Groups) -> int:
    return sum(sum(counts[first - 1 : last]) for first, last in groups)


def leeway(counts: Sequence[int], groups: Groups) -> tuple[int, int]:
    """Return by how much the sum of places could be lower, and higher."""
    lower = sum((place - first) * counts[place - 1] for first, last in groups for place in range(first, last + 1))
    higher = sum((last - place) * counts[place - 1] for first, last in groups for place in range(first, last + 1))
    return lower, higher


def paired(counts: Sequence[Sequence[int]], groups: Sequence[Groups | None]) -> list[Groups | None]:
    """Widen steps where all other items would give away how a step divides.

    Counts at a place add up. Two neighboring places of a step stay unknown if another item has both
    in one step too and could trade a ballot.
    """
    found = list(groups)
    for item, own in enumerate(found):
        for first, last in own or []:
            for place, after in pairwise(range(first, last + 1)):
                others = [other for other in range(len(found)) if other != item]
                if any(found[other] is None or _trades(counts, found, item, other, place) for other in others):
                    continue
                partners = [other for other in others if _could_trade(counts, item, other, place)]
                if partners:
                    most = max(
                        partners,
                        key=lambda other: counts[other][place - 1] + counts[other][after - 1],
                    )
                    found[most] = joined(found[most] or [], place, after)
    return found


def _trades(
    counts: Sequence[Sequence[int]],
    groups: Sequence[Groups | None],
    item: int,
    other: int,
    place: int,
) -> bool:
    in_one = any(first <= place < last for first, last in groups[other] or [])
    return in_one and _could_trade(counts, item, other, place)


def _could_trade(counts: Sequence[Sequence[int]], item: int, other: int, place: int) -> bool:
    one, two = counts[item], counts[other]
    return bool((one[place - 1] and two[place]) or (one[place] and two[place - 1]))
