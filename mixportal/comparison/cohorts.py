from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mixportal.comparison.network import Network
from mixportal.comparison.side_by_side import Shades
from mixportal.consensus.cohorts import LEVEL
from mixportal.consensus.words import place_words
from mixportal.editions.models import Entry, Kind
from mixportal.results.results import Results
from mixportal.results.splits import SPLITS, Part, Split
from mixportal.tables.text import counted, listed, spelled


@dataclass(frozen=True)
class Cohort:
    """Only insiders get `others`, `low` and `high`."""

    part: Part
    size: int
    average: list[float | None]
    clear: list[bool]
    others: list[float] | None = None
    low: list[float] | None = None
    high: list[float] | None = None

    def place(self, column: int) -> str:
        """Return no place if any average is withheld, because the gap would reveal it."""
        averages = [average for average in self.average if average is not None]
        if len(averages) < len(self.average):
            return ""
        above = sum(1 for other in averages if other < averages[column])
        return place_words(above + 1, averages.count(averages[column]) > 1)


@dataclass(frozen=True)
class CohortCell:
    average: float | None
    place: str
    shade: int
    is_clear: bool


@dataclass(frozen=True)
class Difference:
    part: Part
    entry: Entry
    inside: float
    outside: float
    low: float
    high: float
    is_clear: bool

    @property
    def by(self) -> float:
        return self.inside - self.outside


@dataclass(frozen=True)
class SplitResult:
    kind: Kind
    split: Split
    cohorts: list[Cohort]
    entries: list[Entry]
    averages: list[float]
    order: list[int]

    @cached_property
    def rows(self) -> list[tuple[Entry, list[CohortCell], float]]:
        """Return each entry with its cells and the network's average."""
        shades = Shades(len(self.entries))
        found = []
        for column in self.order:
            cells = []
            for cohort in self.cohorts:
                average = cohort.average[column]
                shade = 0 if average is None else shades.for_distance(abs(average - self.averages[column]))
                cells.append(CohortCell(average, cohort.place(column), shade, cohort.clear[column]))
            found.append((self.entries[column], cells, self.averages[column]))
        return found

    @property
    def legend(self) -> list[tuple[int, str]]:
        return Shades(len(self.entries)).legend

    @property
    def withheld(self) -> list[str]:
        return [self.entries[c].title for c in self.order if any(cohort.average[c] is None for cohort in self.cohorts)]

    @property
    def findings(self) -> list[str]:
        """Describe each clear difference. The second of two parts only mirrors the first."""
        found = []
        for cohort in self.cohorts[:1] if len(self.cohorts) == 2 else self.cohorts:
            for column in self.order:
                if not cohort.clear[column]:
                    continue
                against = self._against(cohort, column)
                found.append(
                    f"{cohort.part.title} put {self.entries[column].title} at an average place of "
                    f"{cohort.average[column]:.1f} of {len(self.entries)}, {against}."
                )
        return found

    def _against(self, cohort: Cohort, column: int) -> str:
        if cohort.others is not None:
            return f"everybody else at {cohort.others[column]:.1f}"
        others = [other for other in self.cohorts if other is not cohort]
        if len(others) == 1:
            return f"{others[0].part.words} at {others[0].average[column]:.1f}"
        return f"the network at {self.averages[column]:.1f}"

    @property
    def conclusion(self) -> str:
        named = {column for cohort in self.cohorts for column, clear in enumerate(cohort.clear) if clear}
        if not named:
            return "No clear difference on any of them, which doesn’t mean that they are the same."
        rest = len(self.entries) - len(named)
        if not rest:
            return ""
        return (
            f"On the other {counted(rest, self.kind.singular, self.kind.plural)} there is no clear difference, which "
            "doesn’t mean that there is none."
        )

    @property
    def differences(self) -> list[Difference]:
        found = []
        for cohort in self.cohorts[:1] if len(self.cohorts) == 2 else self.cohorts:
            if cohort.low is None or cohort.high is None or cohort.others is None:
                continue
            for c in self.order:
                inside, outside = cohort.average[c] or 0.0, cohort.others[c]
                found.append(
                    Difference(
                        cohort.part, self.entries[c], inside, outside, cohort.low[c], cohort.high[c], cohort.clear[c]
                    )
                )
        return found


@dataclass(frozen=True)
class CohortsPage:
    results: Results
    split_results: list[SplitResult]
    family: int
    is_different: bool
    p: float | None = None

    @property
    def deck(self) -> str:
        if not self.split_results:
            return "There is no group of governments large enough to show without telling of single ones."
        ways = "way" if len(self.split_results) == 1 else "ways"
        splits = f"{spelled(len(self.split_results))} {ways} of parting the governments"
        if not self.is_different:
            return f"No clear difference: one test over {splits} finds nothing beyond what chance would bring."
        differing = [f"by {result.split.by}" for result in self.split_results if result.findings]
        if not differing:
            return f"Taken together the groups differ, by one test over {splits}; no single entry clearly does."
        return f"Governments differ {listed(differing)}. One test over {splits} finds more than chance would bring."

    def selected(self, key: str) -> SplitResult | None:
        chosen = next((result for result in self.split_results if result.split.key == key), None)
        telling = next((result for result in self.split_results if result.findings), None)
        return chosen or telling or next(iter(self.split_results), None)

    @property
    def p_words(self) -> str:
        if self.p is None:
            return ""
        return "p below 0.001" if self.p < 0.001 else f"p = {self.p:.3f}"


def cohorts_for(results: Results) -> CohortsPage:
    if results.is_insider:
        figures = results.tally.comparison["cohorts"]
        by_split = {
            split: [
                Cohort(part, **_figures(figures["parts"][part.key]))
                for part in split.parts
                if part.key in figures["parts"]
            ]
            for split in SPLITS
        }
        p = figures["p"]
        different = p is not None and p < LEVEL
    else:
        figures = results.tally.public
        by_split = {
            split: [_public(split, part) for part in figures["parts"] if part["split"] == split.key] for split in SPLITS
        }
        p, different = None, figures["is_different"]
    entries = {entry.slug: entry for entry in results.entries}
    in_header_order = [entries[slug] for slug in results.figures["alternatives"]]
    split_results = [
        SplitResult(
            results.kind, split, cohorts, in_header_order, results.figures["average_place"], results.figures["order"]
        )
        for split, cohorts in by_split.items()
        if cohorts and results.shows_figures
    ]
    return CohortsPage(results, split_results, figures["family"], different, p)


def _figures(part: dict[str, Any]) -> dict[str, Any]:
    return {key: part[key] for key in ("size", "average", "clear", "others", "low", "high")}


def _public(split: Split, part: dict[str, Any]) -> Cohort:
    return Cohort(Part(split, tuple(part["values"])), part["size"], part["average"], part["clear"])


def findings_of(network: Network, part: Part) -> list[str]:
    cohort = Cohort(part, **_figures(network.cohorts["parts"][part.key]))
    alone = SplitResult(network.kind, part.split, [cohort], network.entries, network.averages, network.order)
    return [*alone.findings, *([alone.conclusion] if alone.conclusion else [])]
