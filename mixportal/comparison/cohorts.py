from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from mixportal.comparison.network import Network
from mixportal.comparison.side_by_side import Shades
from mixportal.consensus.cohorts import LEVEL
from mixportal.consensus.words import place_words
from mixportal.editions.models import Entry
from mixportal.results.computing import CohortFigures, PublicCohorts, TestedCohorts
from mixportal.results.results import Results
from mixportal.results.splits import SPLITS, Part, Split


@dataclass(frozen=True)
class Cohort:
    """Only insiders get `others`, `low` and `high`."""

    part: Part
    size: int
    average: list[float | None]
    clear: list[bool]
    others: list[float | None] | None = None
    low: list[float] | None = None
    high: list[float] | None = None

    @classmethod
    def from_figures(cls, part: Part, figures: CohortFigures) -> "Cohort":
        tested = figures["others"], figures["low"], figures["high"]
        return cls(part, figures["size"], figures["average"], figures["clear"], *tested)

    @cached_property
    def standings(self) -> list[tuple[int, bool]]:
        """Return no places if an average is withheld, because the gap would reveal it."""
        averages = [average for average in self.average if average is not None]
        if len(averages) < len(self.average):
            return []
        return [(1 + sum(1 for other in averages if other < mine), averages.count(mine) > 1) for mine in averages]

    def place(self, column: int) -> str:
        return place_words(*self.standings[column]) if self.standings else ""


CohortCell = tuple[float | None, str, int, bool]  # average, place, shade, is clear


class Difference(NamedTuple):
    part: Part
    entry: Entry
    inside: float | None
    outside: float | None  # everybody else, or `other`, or the network
    other: Part | None
    limits: tuple[float, float] | None  # if tested
    is_clear: bool

    @property
    def by(self) -> float:
        return (self.inside or 0.0) - (self.outside or 0.0)


@dataclass(frozen=True)
class SplitResult:
    split: Split
    cohorts: list[Cohort]
    entries: list[Entry]
    averages: Sequence[float | None]
    order: list[int]

    @property
    def shades(self) -> Shades:
        return Shades(len(self.entries))

    @cached_property
    def rows(self) -> list[tuple[Entry, list[CohortCell], float | None]]:
        found = []
        for column in self.order:
            cells = []
            for cohort in self.cohorts:
                average, of_all = cohort.average[column], self.averages[column]
                shade = 0
                if average is not None and of_all is not None:
                    shade = self.shades.for_distance(abs(average - of_all))
                cells.append((average, cohort.place(column), shade, cohort.clear[column]))
            found.append((self.entries[column], cells, self.averages[column]))
        return found

    @property
    def withheld(self) -> list[str]:
        return [self.entries[c].title for c in self.order if any(cohort.average[c] is None for cohort in self.cohorts)]

    @cached_property
    def differences(self) -> list[Difference]:
        found = []
        for cohort in self.cohorts[:1] if len(self.cohorts) == 2 else self.cohorts:
            others = [other for other in self.cohorts if other is not cohort]
            other = others[0] if len(others) == 1 else None
            beside = other.part if other else None
            for c in self.order:
                outside, limits = other.average[c] if other else self.averages[c], None
                if cohort.others and cohort.low and cohort.high:
                    outside, limits = cohort.others[c], (cohort.low[c], cohort.high[c])
                part, entry, inside = cohort.part, self.entries[c], cohort.average[c]
                found.append(Difference(part, entry, inside, outside, beside, limits, cohort.clear[c]))
        return found

    @property
    def findings(self) -> list[Difference]:
        return [difference for difference in self.differences if difference.is_clear]

    @property
    def entries_without_finding(self) -> int:
        return sum(1 for column in self.order if not any(cohort.clear[column] for cohort in self.cohorts))


@dataclass(frozen=True)
class CohortsPage:
    split_results: list[SplitResult]
    family: int
    is_different: bool
    p: float | None = None

    @property
    def differing(self) -> list[str]:
        return [f"by {result.split.by}" for result in self.split_results if result.findings]

    def selected(self, key: str) -> SplitResult | None:
        chosen = next((result for result in self.split_results if result.split.key == key), None)
        telling = next((result for result in self.split_results if result.findings), None)
        return chosen or telling or next(iter(self.split_results), None)


def cohorts_for(results: Results) -> CohortsPage:
    if not results.shows_figures:
        return CohortsPage([], 0, False)
    p = None
    if results.is_insider:
        tested = results.tally.comparison["cohorts"]
        cohorts, family, p = cohorts_of_insiders(tested), tested["family"], tested["p"]
        is_different = p is not None and p < LEVEL
    else:
        public = results.tally.public["cohorts"]
        cohorts, family, is_different = public_cohorts(public), public["family"], public["is_different"]
    entries, figures = {entry.slug: entry for entry in results.entries}, results.figures
    of_all = (
        [entries[slug] for slug in figures["alternatives"]],
        figures["average_place"],
        figures["order"],
    )
    by_split = [(split, [cohort for cohort in cohorts if cohort.part.split is split]) for split in SPLITS]
    split_results = [SplitResult(split, of_split, *of_all) for split, of_split in by_split if of_split]
    return CohortsPage(split_results, family, is_different, p)


def cohorts_of_insiders(tested: TestedCohorts) -> list[Cohort]:
    parts = [part for split in SPLITS for part in split.parts if part.key in tested["parts"]]
    return [Cohort.from_figures(part, tested["parts"][part.key]) for part in parts]


def public_cohorts(public: PublicCohorts) -> list[Cohort]:
    by_key = {split.key: split for split in SPLITS}
    return [
        Cohort(Part(by_key[each["split"]], tuple(each["values"])), each["size"], each["average"], each["clear"])
        for each in public["parts"]
    ]


def result_of(network: Network, part: Part) -> SplitResult:
    cohort = Cohort.from_figures(part, network.cohorts["parts"][part.key])
    return SplitResult(part.split, [cohort], network.entries, network.averages, network.order)
