from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mixportal.ballots.order import standing
from mixportal.consensus.words import ordinal, place_words
from mixportal.editions.models import Entry
from mixportal.results import charts
from mixportal.results.figures import Figures
from mixportal.tables.text import sentence, spelled, suffix

if TYPE_CHECKING:
    from mixportal.results.results import Results


@dataclass(frozen=True)
class EntryResult:
    """One entry of a tally. `index` is its column in the tally's figures."""

    results: Results
    entry: Entry
    index: int

    @property
    def figures(self) -> Figures:
        return self.results.figures

    @property
    def place(self) -> int:
        return self.figures["place"][self.index]

    @property
    def joint(self) -> bool:
        return self.figures["joint"][self.index]

    @property
    def suffix(self) -> str:
        return suffix(self.place)

    @property
    def place_words(self) -> str:
        return place_words(self.place, self.joint)

    @property
    def low(self) -> int:
        return self.figures["interval_low"][self.index]

    @property
    def high(self) -> int:
        return self.figures["interval_high"][self.index]

    @property
    def is_steady(self) -> bool:
        return self.low == self.high

    @property
    def range_words(self) -> str:
        return f"stays {ordinal(self.low)}" if self.is_steady else f"{ordinal(self.low)} to {ordinal(self.high)}"

    @property
    def place_and_range(self) -> str:
        if self.is_steady:
            return f"{sentence(self.place_words)}, and steady there"
        return f"{sentence(self.place_words)}, {self.range_words}"

    @property
    def average(self) -> float:
        return self.figures["average_place"][self.index]

    @property
    def share_of_duels(self) -> int:
        """Return the percentage of comparisons with other entries that it wins: (m - average) / (m - 1)."""
        return round(100 * (self.results.m - self.average) / max(self.results.m - 1, 1))

    @property
    def top3(self) -> int:
        return self.figures["top3"][self.index]

    @property
    def top3_figure(self) -> int | str:
        return "over 90 %" if self.results.is_nearly_all(self.top3) else self.top3

    @property
    def top3_words(self) -> str:
        return f"{self.results.of_all(self.top3)} put it in their top three"

    @property
    def middle(self) -> tuple[float, float] | None:
        if not self.results.shows_quartiles:
            return None
        return self.figures["q1"][self.index], self.figures["q3"][self.index]

    @property
    def middle_words(self) -> str:
        if self.middle is None:
            return ""
        low, high = (ordinal(_nearest(quartile)) for quartile in self.middle)
        return low if low == high else f"{low}–{high}"

    @property
    def middle_sentence(self) -> str:
        if self.middle is None:
            return ""
        low, high = (ordinal(_nearest(quartile)) for quartile in self.middle)
        return f"Half of them place it {low}" if low == high else f"Half of them place it between {low} and {high}"

    @property
    def ranked_by(self) -> int:
        return self.figures["ranked_by"][self.index]

    @property
    def few_ranked(self) -> bool:
        return 2 * self.ranked_by < self.results.used

    @property
    def word(self) -> str:
        """Return agreed, mixed or divided; empty if few ranked it or the list is short."""
        word = self.figures["word"][self.index]
        return "" if word is None or self.few_ranked else word

    @property
    def shows_counts(self) -> bool:
        """Return False if nearly all gave one place, as the chart would reveal single ballots."""
        return not self.results.is_nearly_all(max([*self.counts, self.not_ranked]))

    @property
    def counts(self) -> list[int]:
        return self.figures["places_given"][self.index]

    @property
    def not_ranked(self) -> int:
        return self.figures["not_ranked"][self.index]

    @property
    def mine(self) -> tuple[int, bool] | None:
        return standing(self.results.own, self.entry.slug) if self.results.own is not None else None

    @property
    def mine_words(self) -> str:
        if self.results.own is None:
            return ""
        return place_words(*self.mine) if self.mine else "not ranked"

    @property
    def _label(self) -> str:
        counts = ", ".join(str(count) for count in self.counts)
        label = (
            f"{self.entry.title}: number of governments giving each place from 1st to {self.results.last_place}: "
            f"{counts}; not ranked by {self.not_ranked}."
        )
        return f"{label} {self.results.own_name}: {self.mine_words}." if self.mine_words else label

    @property
    def strip(self) -> str:
        return charts.strip(
            self._label,
            self.counts,
            tallest=self.results.tallest,
            not_ranked=self.not_ranked,
            middle=self.middle,
            mine=self.mine[0] if self.mine else None,
        )

    @property
    def histogram(self) -> str:
        return charts.histogram(
            self._label,
            self.counts,
            not_ranked=self.not_ranked,
            middle=self.middle,
            mine=self.mine[0] if self.mine else None,
        )

    @property
    def histogram_rows(self) -> list[tuple[str, int]]:
        return [(ordinal(place), count) for place, count in enumerate(self.counts, start=1)]

    @property
    def scale(self) -> str:
        steady = f"stays {ordinal(self.low)}" if self.is_steady else f"between {self.low} and {self.high}"
        label = f"{self.entry.title}: place {self.place} on a scale of 1 to {self.results.m}; {steady}."
        return charts.scale(label, self.place, self.low, self.high, self.results.m)

    @property
    def first_and_last_words(self) -> str:
        first, second, last = self.counts[0], self.counts[1] if len(self.counts) > 2 else None, self.counts[-1]
        words = f"{self.results.of_all(first)} put it first of the {spelled(self.results.m)}"
        if second is not None:
            words += f", {self._counted(second)} second"
        return f"{words}, {self._counted(last)} last"

    def _counted(self, count: int) -> str:
        if self.results.is_nearly_all(count):
            return "more than 90 %"
        return "none" if count == 0 else str(count)


def _nearest(place: float) -> int:
    return int(place + 0.5)


@dataclass(frozen=True)
class Band:
    """Entries that are too close to tell apart, or a single one."""

    rows: list[EntryResult]
    heading: str

    @property
    def tied(self) -> bool:
        return len(self.rows) > 1
