"""Count what moved since the last ranked list, by the governments that ranked both.

Compare only entries with one counterpart, by the order among them, so a longer list is no move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from mixportal.consensus.words import MIN_ITEMS_FOR_WORD
from mixportal.editions.lineage import LineageLink, links_between
from mixportal.editions.models import AnnualList, Edition
from mixportal.results.disclosure import MIN_BALLOTS_FOR_FIGURES
from mixportal.results.models import Tally
from mixportal.results.results import Results

LEVEL = 0.05
UNRANKED = 10**6

Places = Mapping[int, Sequence[int | None]]  # by government, the place of each shared entry


@dataclass(frozen=True)
class RankChange:
    title: str
    up: int
    down: int
    both: int

    @property
    def is_nearly_all(self) -> bool:
        return max(self.up, self.down) * 10 > self.both * 9


@dataclass(frozen=True)
class Movement:
    earlier: Edition
    both: int  # governments that ranked both lists
    shared: int
    up: list[RankChange]
    down: list[RankChange]
    new: list[str]
    plural: str

    @property
    def unmoved(self) -> int:
        return self.shared - len(self.up) - len(self.down)


def paired_changes(then: Places, now: Places) -> list[tuple[int, int]]:
    """Return how many governments rank each entry higher now, and how many lower."""
    both = sorted(then.keys() & now.keys())
    if not both:
        return []
    before, after = (_doubled([places[key] for key in both]) for places in (then, now))
    return list(zip((after < before).sum(axis=0).tolist(), (after > before).sum(axis=0).tolist(), strict=True))


def _doubled(rows: Sequence[Sequence[int | None]]) -> npt.NDArray[np.int64]:
    """Return twice the mid-ranks, with unranked entries level below all others."""
    table = np.array([[UNRANKED if place is None else place for place in row] for row in rows])
    above = (table[:, None, :] < table[:, :, None]).sum(axis=2)
    level = (table[:, None, :] == table[:, :, None]).sum(axis=2)
    doubled: npt.NDArray[np.int64] = 2 * above + level
    return doubled


def is_clear(up: int, down: int, tests: int) -> bool:
    """Apply a two-sided sign test with Bonferroni correction."""
    n, least = up + down, min(up, down)
    if up == down:
        return False
    p: float = 2 * sum(comb(n, k) for k in range(least + 1)) / 2**n
    return p * tests < LEVEL


def movement_for(results: Results) -> Movement | None:
    if results.m < MIN_ITEMS_FOR_WORD or not results.shows_figures:
        return None
    earlier = _tally_before(results.annual_list)
    if earlier is None:
        return None
    shared = one_to_one(links_between(earlier.annual_list, results.entries))
    if len(shared) < 2:
        return None
    needed = ("public__alternatives", "comparison__governments", "comparison__places")
    tallies = Tally.objects.filter(pk__in=[earlier.pk, results.tally.pk])
    stored = {pk: (slugs, ids, places) for pk, slugs, ids, places in tallies.values_list("pk", *needed)}
    now = _by_government(*stored[results.tally.pk], [link.later.slug for link in shared])
    then = _by_government(*stored[earlier.pk], [link.earlier.slug for link in shared])
    both = len(now.keys() & then.keys())
    if both < MIN_BALLOTS_FOR_FIGURES:
        return None
    moved = [
        RankChange(link.later.title, up, down, both)
        for link, (up, down) in zip(shared, paired_changes(then, now), strict=True)
        if is_clear(up, down, len(shared))
    ]
    compared = {link.later.pk for link in shared}
    return Movement(
        earlier=earlier.edition,
        both=both,
        shared=len(shared),
        up=sorted((each for each in moved if each.up > each.down), key=lambda each: each.down - each.up),
        down=sorted((each for each in moved if each.down > each.up), key=lambda each: each.up - each.down),
        new=[row.entry.title for row in results.rows if row.entry.pk not in compared],
        plural=results.kind.plural,
    )


def one_to_one(links: Sequence[LineageLink]) -> list[LineageLink]:
    merged = {link.later.pk for link in links if link.type == "merged"}
    return [link for link in links if link.type in ("continued", "renamed") and link.later.pk not in merged]


def _tally_before(annual_list: AnnualList) -> Tally | None:
    earlier = Tally.objects.filter(
        annual_list__kind=annual_list.kind,
        annual_list__edition__year__lt=annual_list.edition.year,
        annual_list__edition__opens_at__isnull=False,
        annual_list__edition__published_at__isnull=False,
    )
    newest_first = earlier.order_by("-annual_list__edition__year", "-number")
    return newest_first.select_related("annual_list__edition").only("annual_list").first()


def _by_government(
    alternatives: list[str], governments: list[int], places: list[list[int | None]], slugs: Sequence[str]
) -> dict[int, list[int | None]]:
    wanted = [alternatives.index(slug) for slug in slugs]
    return {pk: [row[column] for column in wanted] for pk, row in zip(governments, places, strict=True)}
