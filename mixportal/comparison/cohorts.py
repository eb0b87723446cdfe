"""Cohorts as pages show them: each part's averages, and only those differences that the test supports."""

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
    """A part with its figures, one for each entry in the tally's header order. `others` and the range: members only."""

    part: Part
    size: int
    average: list[float | None]
    clear: list[bool]
    others: list[float] | None = None
    low: list[float] | None = None
    high: list[float] | None = None

    def place(self, column: int) -> str:
        """Within the cohort; empty where an average is left out, since the gap would tell it."""
        averages = [average for average in self.average if average is not None]
        if len(averages) < len(self.average):
            return ""
        above = sum(1 for other in averages if other < averages[column])
        return place_words(above + 1, averages.count(averages[column]) > 1)


@dataclass(frozen=True)
class Cell:
    average: float | None
    place: str
    shade: int
    is_clear: bool


@dataclass(frozen=True)
class Difference:
    """A cohort against everybody else on one entry, with the interval of the difference. For members."""

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
class Parted:
    """One split with the figures of its parts."""

    kind: Kind
    split: Split
    cohorts: list[Cohort]
    entries: list[Entry]
    averages: list[float]
    order: list[int]

    @cached_property
    def rows(self) -> list[tuple[Any, list[Cell], float]]:
        """In the network's order: the entry, a cell for each cohort, the network's average."""
        shades = Shades(len(self.entries))
        found = []
        for column in self.order:
            cells = []
            for cohort in self.cohorts:
                average = cohort.average[column]
                shade = 0 if average is None else shades.of(abs(average - self.averages[column]))
                cells.append(Cell(average, cohort.place(column), shade, cohort.clear[column]))
            found.append((self.entries[column], cells, self.averages[column]))
        return found

    @property
    def legend(self) -> list[tuple[int, str]]:
        return Shades(len(self.entries)).legend

    @property
    def left_out(self) -> list[str]:
        return [self.entries[c].title for c in self.order if any(cohort.average[c] is None for cohort in self.cohorts)]

    @property
    def findings(self) -> list[str]:
        """What the test supports, a sentence each. Of two parts the second only mirrors the first."""
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
        """What follows of the rest. No clear difference is not the same as none."""
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
        """Of every cohort and entry, for members; empty where nothing was tested."""
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
class Cohorts:
    """Every split of one closed list, as the viewer may see it. `results` are those of the list page."""

    results: Results
    parted: list[Parted]
    family: int
    is_different: bool
    p: float | None = None

    @property
    def deck(self) -> str:
        """The one test of all splits first."""
        if not self.parted:
            return "There is no group of governments large enough to show without telling of single ones."
        splits = f"{spelled(len(self.parted))} way{'' if len(self.parted) == 1 else 's'} of parting the governments"
        if not self.is_different:
            return f"No clear difference: one test over {splits} finds nothing beyond what chance would bring."
        differing = [f"by {parted.split.by}" for parted in self.parted if parted.findings]
        if not differing:
            return f"Taken together the groups differ, by one test over {splits}; no single entry clearly does."
        return f"Governments differ {listed(differing)}. One test over {splits} finds more than chance would bring."

    def shown(self, key: str) -> Parted | None:
        """The split that is asked for, else the first that has a finding, else the first."""
        chosen = next((parted for parted in self.parted if parted.split.key == key), None)
        telling = next((parted for parted in self.parted if parted.findings), None)
        return chosen or telling or next(iter(self.parted), None)

    @property
    def p_words(self) -> str:
        if self.p is None:
            return ""
        return "p below 0.001" if self.p < 0.001 else f"p = {self.p:.3f}"


def cohorts_for(results: Results) -> Cohorts:
    """Of `results`, which the viewer may see: all of it for members, the public part for leaders and visitors."""
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
    parted = [
        Parted(
            results.kind, split, cohorts, in_header_order, results.figures["average_place"], results.figures["order"]
        )
        for split, cohorts in by_split.items()
        if cohorts and results.shows_figures
    ]
    return Cohorts(results, parted, figures["family"], different, p)


def _figures(part: dict[str, Any]) -> dict[str, Any]:
    return {key: part[key] for key in ("size", "average", "clear", "others", "low", "high")}


def _public(split: Split, part: dict[str, Any]) -> Cohort:
    return Cohort(Part(split, tuple(part["values"])), part["size"], part["average"], part["clear"])


def findings_of(network: Network, part: Part) -> list[str]:
    """One cohort against everybody else, in sentences, for members."""
    cohort = Cohort(part, **_figures(network.cohorts["parts"][part.key]))
    alone = Parted(network.kind, part.split, [cohort], network.entries, network.averages, network.order)
    return [*alone.findings, *([alone.conclusion] if alone.conclusion else [])]
