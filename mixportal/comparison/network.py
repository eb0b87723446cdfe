from dataclasses import dataclass
from functools import cached_property

import numpy as np

from members.models import Government, Viewer
from mixportal.consensus import Profile, similarity
from mixportal.consensus.words import MIN_ITEMS_FOR_WORD, place_words
from mixportal.editions.models import AnnualList, Entry
from mixportal.results.computing import Comparison, TestedCohorts
from mixportal.results.models import Tally
from mixportal.results.splits import SPLITS, Part, RosterRow, Split, parts_of

MIN_RANKED_ENTRIES = 3


@dataclass(frozen=True)
class Likeness:
    """`both` counts pairs that both ballots order, `same` those they order alike."""

    government: Government
    same: int
    both: int
    tau: float
    nearest_by_chance: float
    furthest_by_chance: float

    @property
    def is_more_alike_than_chance(self) -> bool:
        return self.tau > self.nearest_by_chance

    @property
    def is_less_alike_than_chance(self) -> bool:
        return self.tau < self.furthest_by_chance


@dataclass(frozen=True, eq=False)
class Network:
    """A closed list with every ballot by name, for insiders only."""

    annual_list: AnnualList
    entries: list[Entry]
    tally: Tally
    governments: dict[int, Government]
    own: Government | None

    @property
    def comparison(self) -> Comparison:
        return self.tally.comparison

    @property
    def cohorts(self) -> TestedCohorts:
        return self.comparison["cohorts"]

    @property
    def m(self) -> int:
        return len(self.entries)

    @property
    def used(self) -> int:
        return len(self.comparison["governments"])

    @property
    def is_long_enough(self) -> bool:
        return self.m >= MIN_ITEMS_FOR_WORD

    @cached_property
    def profile(self) -> Profile:
        return Profile.from_places([entry.slug for entry in self.entries], self.comparison["places"])

    @cached_property
    def rows(self) -> dict[int, int]:
        return {pk: row for row, pk in enumerate(self.comparison["governments"])}

    @cached_property
    def compared(self) -> list[Government]:
        found = [self.governments[pk] for pk in self.rows]
        return sorted(found, key=lambda government: (government.name.lower(), government.state))

    @cached_property
    def by_slug(self) -> dict[str, Government]:
        return {government.slug: government for government in self.governments.values()}

    @cached_property
    def facts(self) -> list[RosterRow]:
        by_id = {government["id"]: government for government in self.tally.roster}
        return [by_id[pk] for pk in self.rows]

    def row_of(self, government: Government | None) -> int | None:
        return self.rows.get(government.pk) if government else None

    @property
    def own_row(self) -> int | None:
        return self.row_of(self.own)

    @cached_property
    def averages(self) -> list[float]:
        return list(self.tally.figures["average_place"])

    @cached_property
    def order(self) -> list[int]:
        return list(self.tally.figures["order"])

    def network_place(self, column: int) -> str:
        figures = self.tally.figures
        return place_words(figures["place"][column], figures["joint"][column])

    @cached_property
    def _standing(self) -> tuple[list[list[int]], list[list[bool]], list[list[bool]]]:
        profile = self.profile
        tied = profile.doubled - 2 * profile.places + 1
        return profile.places.tolist(), (tied > 1).tolist(), profile.ranked.tolist()

    def standing(self, row: int, column: int) -> tuple[int, bool] | None:
        places, joint, ranked = self._standing
        return (places[row][column], joint[row][column]) if ranked[row][column] else None

    def distance(self, row: int, other: int, column: int) -> float:
        """Return the distance in places, never 0 if only one ranked the entry."""
        apart = abs(self.shown_places[row][column] - self.shown_places[other][column])
        is_same_kind = (self.standing(row, column) is None) == (self.standing(other, column) is None)
        return apart if is_same_kind else max(apart, 0.5)

    def place_words(self, row: int, column: int) -> str:
        standing = self.standing(row, column)
        return place_words(*standing) if standing else "not ranked"

    @cached_property
    def ranks(self) -> list[list[float]]:
        return list(self.profile.ranks.tolist())

    @cached_property
    def shown_places(self) -> list[list[float]]:
        """Return the places that pages show. What a government left off shares the last ones."""
        places, _, ranked = self._standing
        rows = zip(places, ranked, self.ranks, strict=True)
        return [[p if known else rank for p, known, rank in zip(*row, strict=True)] for row in rows]

    @cached_property
    def network_places(self) -> list[int]:
        return list(self.tally.figures["place"])

    @cached_property
    def parts(self) -> list[tuple[Split, list[Part]]]:
        found = [(split, parts_of(split, self.facts)) for split in SPLITS]
        return [(split, parts) for split, parts in found if parts]

    def likenesses_of(self, row: int) -> list[Likeness]:
        same, both, tau = (figures.tolist() for figures in similarity.compare_row(self.profile, row))
        near, far = (
            self.comparison["nearest_by_chance"][row],
            self.comparison["furthest_by_chance"][row],
        )
        if near is None or far is None:  # the only ballot
            return []
        return [
            Likeness(self.governments[pk], same[other], both[other], tau[other], near, far)
            for pk, other in self.rows.items()
            if other != row
        ]

    def has_enough_ranked(self, row: int) -> bool:
        return int(np.count_nonzero(self.profile.ranked[row])) >= MIN_RANKED_ENTRIES


def network_for(annual_list: AnnualList, user: Viewer) -> Network | None:
    if not (user.is_authenticated and user.is_insider and annual_list.edition.has_results):
        return None
    entries = {entry.slug: entry for entry in annual_list.entries.in_order()}
    if not entries:
        return None
    tally = Tally.objects.get_or_compute(annual_list, without=["public"])
    seated = {government["id"] for government in tally.roster}
    governments = {government.pk: government for government in Government.objects.all() if government.pk in seated}
    return Network(
        annual_list=annual_list,
        entries=[entries[slug] for slug in tally.figures["alternatives"]],
        tally=tally,
        governments=governments,
        own=governments.get(user.government_id) if user.government_id else None,
    )
