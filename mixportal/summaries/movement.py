"""Compare a list with the last ranked one.

A move is clear if the governments that ranked both lists put the entry higher, or lower, too often
for chance. Only entries with one counterpart count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.db.models import Q
from django.utils.safestring import SafeString

from mixportal.consensus.withholding import is_nearly_all
from mixportal.editions.lineage import LineageLink, links_between
from mixportal.editions.models import Entry
from mixportal.results import charts
from mixportal.results.disclosure import MIN_BALLOTS_FOR_FIGURES
from mixportal.results.models import Tally
from mixportal.results.results import Results

LEVEL = 0.05
UNRANKED = 10**6

Places = Mapping[int, Sequence[int | None]]  # of each shared entry, by government


class StoredOrder(NamedTuple):
    annual_list: int
    year: int
    slugs: list[str]
    places: list[int]
    joint: list[bool]
    used: int
    governments: list[int]
    given: list[list[int | None]]

    @property
    def standings(self) -> dict[str, tuple[int, bool]]:
        return dict(zip(self.slugs, zip(self.places, self.joint, strict=True), strict=True))

    def given_to(self, slugs: Sequence[str]) -> dict[int, list[int | None]]:
        columns = [self.slugs.index(slug) for slug in slugs]
        return {pk: [row[at] for at in columns] for pk, row in zip(self.governments, self.given, strict=True)}


@dataclass(frozen=True)
class PlaceChange:
    entry: Entry
    place: int
    place_words: str
    before: int | None
    is_new: bool
    last_seen: int | None  # the line's last year, if before the earlier list
    paired: int  # governments that ranked both lists
    higher_on: int  # of their ballots
    lower_on: int
    is_clear: bool

    @property
    def is_nearly_all(self) -> bool:
        return is_nearly_all(max(self.higher_on, self.lower_on), self.paired)

    @property
    def up(self) -> int:
        return 0 if self.before is None else self.before - self.place

    @property
    def down(self) -> int:
        return -self.up


@dataclass(frozen=True)
class SinceLast:
    earlier: StoredOrder
    places: list[PlaceChange]
    left: list[Entry]
    both: int | None  # governments that ranked both lists, if they are 10 or more
    standings: Mapping[int, Mapping[str, tuple[int, bool]]]  # by year and slug

    @property
    def on_both(self) -> list[PlaceChange]:
        return [each for each in self.places if each.before is not None]

    @property
    def clear(self) -> list[PlaceChange]:
        return [each for each in self.places if each.is_clear]

    @property
    def risen(self) -> list[PlaceChange]:
        risen = [each for each in self.clear if each.higher_on > each.lower_on]
        return sorted(risen, key=lambda each: each.lower_on - each.higher_on)

    @property
    def fallen(self) -> list[PlaceChange]:
        fallen = [each for each in self.clear if each.lower_on > each.higher_on]
        return sorted(fallen, key=lambda each: each.higher_on - each.lower_on)

    @property
    def far(self) -> list[PlaceChange]:
        return [each for each in self.on_both if abs(each.up) >= 2 and not each.is_clear]

    @property
    def new(self) -> list[PlaceChange]:
        return [each for each in self.places if each.is_new and each.last_seen is None]

    @property
    def back(self) -> list[PlaceChange]:
        return [each for each in self.places if each.last_seen is not None]

    @property
    def reshaped(self) -> list[PlaceChange]:
        return [each for each in self.places if each.before is None and not each.is_new]

    @property
    def picture(self) -> SafeString:
        curves = [(row, each.before, abs(each.up) >= 2) for row, each in enumerate(self.places) if each.before]
        return charts.slope(curves, rows=len(self.places), places_before=len(self.earlier.slugs))


def paired_changes(then: Places, now: Places) -> list[tuple[int, int]]:
    both = sorted(then.keys() & now.keys())
    if not both:
        return []
    before, after = (_doubled([places[key] for key in both]) for places in (then, now))
    return list(
        zip(
            (after < before).sum(axis=0).tolist(),
            (after > before).sum(axis=0).tolist(),
            strict=True,
        )
    )


def _doubled(rows: Sequence[Sequence[int | None]]) -> npt.NDArray[np.int64]:
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


def since_last_list(results: Results) -> SinceLast | None:
    """Return None for the first ranked list of the kind. Needs with_earlier_entries."""
    now, *before = _this_and_those_before(results)
    if not before or not before[0].used:
        return None
    earlier = before[0]
    standings = {each.year: each.standings for each in before if each.used}
    entries_before = list(Entry.objects.filter(annual_list=earlier.annual_list).in_order())
    links = links_between(entries_before, results.entries)
    shared = one_to_one(links)
    both, moves = _moves(now, earlier, shared)
    place_before = {link.later.pk: standings[earlier.year][link.earlier.slug][0] for link in shared}
    linked = {link.later.pk for link in links}
    went_on = {link.earlier.pk for link in links}
    return SinceLast(
        earlier=earlier,
        places=[
            PlaceChange(
                entry=row.entry,
                place=row.place,
                place_words=row.place_words,
                before=place_before.get(row.entry.pk),
                is_new=row.entry.pk not in linked,
                last_seen=years[-1] if years and row.entry.pk not in linked else None,
                paired=both or 0,
                higher_on=up,
                lower_on=down,
                is_clear=is_clear(up, down, len(shared)),
            )
            for row in results.rows
            for up, down in [moves.get(row.entry.pk, (0, 0))]
            for years in [[each["year"] for each in row.entry.earlier_entries]]
        ],
        left=[entry for entry in entries_before if entry.pk not in went_on],
        both=both,
        standings=standings,
    )


def _moves(
    now: StoredOrder, then: StoredOrder, shared: Sequence[LineageLink]
) -> tuple[int | None, dict[int, tuple[int, int]]]:
    """Return who ranked both lists, and how many put each entry higher and lower."""
    after = now.given_to([link.later.slug for link in shared])
    before = then.given_to([link.earlier.slug for link in shared])
    both = len(after.keys() & before.keys())
    if both < MIN_BALLOTS_FOR_FIGURES:
        return None, {}
    changes = zip(shared, paired_changes(before, after), strict=True)
    return both, {link.later.pk: change for link, change in changes}


def one_to_one(links: Sequence[LineageLink]) -> list[LineageLink]:
    merged = {link.later.pk for link in links if link.type == "merged"}
    return [link for link in links if link.type in ("continued", "renamed") and link.later.pk not in merged]


def _this_and_those_before(results: Results) -> list[StoredOrder]:
    edition = "annual_list__edition__"
    before = {
        "annual_list__kind": results.annual_list.kind,
        f"{edition}year__lt": results.edition.year,
        f"{edition}opens_at__isnull": False,
        f"{edition}published_at__isnull": False,
    }
    newest_first = Tally.objects.filter(Q(pk=results.tally.pk) | Q(**before)).order_by(f"-{edition}year", "-number")
    public = [f"public__{name}" for name in ("alternatives", "place", "joint", "used")]
    given = "comparison__governments", "comparison__places"
    one_a_year = newest_first.distinct(f"{edition}year")
    return [StoredOrder(*row) for row in one_a_year.values_list("annual_list", f"{edition}year", *public, *given)]
