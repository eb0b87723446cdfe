from bisect import bisect
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString

from mixportal.consensus.words import ordinal
from mixportal.results import charts
from mixportal.results.disclosure import OVER_90
from mixportal.results.results import Band, EntryResult, Results

RECOUNT_SHADES = (0.5, 5, 25, 40, 60)  # from which percentage a place has the next shade
MARGIN_SHADES = (1, 20, 45, 70)  # in percent of the ballots


@dataclass(frozen=True)
class RecountCell:
    times: int
    of: int

    @property
    def is_always(self) -> bool:
        return self.times == self.of

    @property
    def percent(self) -> str:
        if not self.times:
            return ""
        percent = round(100 * self.times / self.of)
        if percent == 0:
            return "<1"
        return ">99" if percent == 100 and not self.is_always else str(percent)

    @property
    def shade(self) -> int:
        return max(1, bisect(RECOUNT_SHADES, 100 * self.times / self.of)) if self.times else 0


@dataclass(frozen=True)
class Duel:
    row: EntryResult
    other: EntryResult
    won: int | None
    lost: int | None
    margin_sign: int
    is_over_90: bool
    is_against_order: bool
    shade: int  # 0 for a loss or a tie, up to 5 for a win


@dataclass(frozen=True)
class MethodPlace:
    low: int
    high: int
    joint: bool
    differs: bool


@dataclass(frozen=True)
class Method:
    key: str
    places: list[MethodPlace]

    @property
    def differing(self) -> int:
        return sum(place.differs for place in self.places)


@dataclass(frozen=True)
class CertaintyRow:
    at: int  # from 0
    row: EntryResult
    tier: str  # one, top, mid or end of its bracket
    recounts: list[RecountCell]
    duels: list[Duel]
    best: int
    worst: int

    @property
    def is_fixed(self) -> bool:
        return self.best == self.worst

    @property
    def at_own_place(self) -> RecountCell:
        return self.recounts[self.row.place - 1]

    @property
    def cells(self) -> list[Duel | None]:
        return [*self.duels[: self.at], None, *self.duels[self.at :]]

    @property
    def wins(self) -> int:
        return sum(duel.margin_sign > 0 for duel in self.duels)

    @property
    def form(self) -> SafeString:
        signs = [None if duel is None else duel.margin_sign for duel in self.cells]
        return charts.form(f"{self.row.entry.title} beats {self.wins} of {len(signs) - 1} others.", signs)

    @property
    def scale(self) -> SafeString:
        low, high = self.row.range
        recounts = ordinal(low) if low == high else f"{ordinal(low)} to {ordinal(high)}"
        label = f"{self.row.entry.title}: {self.row.place_words}; in 95 of 100 recounts {recounts}; "
        label += f"with the missing ballots {ordinal(self.best)} to {ordinal(self.worst)} at most."
        return charts.scale(label, self.row.place, low, high, self.row.results.m, outer=(self.best, self.worst))


@dataclass(frozen=True)
class Certainty:
    results: Results

    @cached_property
    def rows(self) -> list[CertaintyRow]:
        tiers = [tier for band in self.results.bands for tier in band.tiers]
        missing = self.results.figures["missing"]
        return [
            CertaintyRow(
                at=at,
                row=row,
                tier=tiers[at],
                recounts=self._recounts(row),
                duels=[self._duel(row, other) for other in self.results.rows if other is not row],
                best=missing["best"][row.index],
                worst=missing["worst"][row.index],
            )
            for at, row in enumerate(self.results.rows)
        ]

    @property
    def squares(self) -> SafeString:
        share = self.results.same_order_in_100 or 0
        return charts.squares(f"{share} of 100 squares filled", share)

    @property
    def agreement_scale(self) -> SafeString:
        return charts.agreement_scale(self.results.figures["kendall_w"] or 0.0)

    def _recounts(self, row: EntryResult) -> list[RecountCell]:
        if not self.results.is_insider:
            return []
        counted = self.results.tally.figures["resampled_places"][row.index]
        return [RecountCell(times, self.results.figures["resamples"]) for times in counted]

    @cached_property
    def too_close(self) -> list[Band]:
        return [band for band in self.results.bands[1:] if band.tied]

    def _duel(self, row: EntryResult, other: EntryResult) -> Duel:
        one, two = row.index, other.index
        support, against = (
            self.results.figures["support"],
            self.results.figures["against_head_to_head"],
        )
        won, lost = support[one][two], support[two][one]
        sign = self._wins[one][two] - self._wins[two][one]
        is_over_90 = won is None and frozenset((row.entry.slug, other.entry.slug)) in self._pairs_over_90
        is_against = [one, two] in against or [two, one] in against
        shade = 0
        if sign > 0:
            shade = (5 if is_over_90 else 2) if won is None or lost is None else self._shade(won - lost)
        return Duel(row, other, won, lost, sign, is_over_90, is_against, shade)

    def _shade(self, margin: int) -> int:
        return 1 + max(1, bisect(MARGIN_SHADES, 100 * margin / self.results.used))

    @cached_property
    def _wins(self) -> list[list[int]]:
        if self.results.is_insider:
            return [[int(margin > 0) for margin in row] for row in self.results.tally.figures["margin"]]
        return self.results.figures["wins"]

    @cached_property
    def _pairs_over_90(self) -> set[frozenset[str]]:
        masked = [] if self.results.is_insider else self.results.figures["masked"]
        return {frozenset(each["entries"]) for each in masked if (each["figure"], each["why"]) == ("support", OVER_90)}

    @cached_property
    def against_order(self) -> list[Duel]:
        duels = [duel for each in self.rows for duel in each.duels]
        return [duel for duel in duels if duel.is_against_order and duel.margin_sign > 0]

    @property
    def margins(self) -> list[tuple[int, int, int | None]]:
        least = [max(1, -(-percent * self.results.used // 100)) for percent in MARGIN_SHADES]
        most = [*(each - 1 for each in least[1:]), None]
        steps = list(zip(range(2, len(least) + 2), least, most, strict=True))
        return [(shade, low, high) for shade, low, high in reversed(steps) if high is None or low <= high]

    @property
    def hides_pairs(self) -> bool:
        return any(duel.won is None for each in self.rows for duel in each.duels)

    @cached_property
    def methods(self) -> list[Method]:
        figures = self.results.figures
        kemeny = figures["kemeny"]
        copeland = figures["copeland_score"]
        wins = [1 + sum(score > own for score in copeland) for own in copeland]
        methods = [self._method("head-to-head", wins, wins)]
        if kemeny["n_optimal"] is not None:
            low, high = [each or 1 for each in kemeny["rank_low"]], [each or 1 for each in kemeny["rank_high"]]
            methods.append(self._method("kemeny", low, high))
        return [*methods, self._method("schulze", figures["schulze_rank"], figures["schulze_rank"])]

    def _method(self, key: str, low: list[int], high: list[int]) -> Method:
        places = []
        for row in self.results.rows:
            first, last = low[row.index], high[row.index]
            joint = first == last and low.count(first) > 1
            differs = (first, last, joint) != (row.place, row.place, row.joint)
            places.append(MethodPlace(first, last, joint, differs))
        return Method(key, places)

    @property
    def agreeing_methods(self) -> list[Method]:
        return [method for method in self.methods if not method.differing]

    @property
    def differing_methods(self) -> list[Method]:
        return [method for method in self.methods if method.differing]

    @cached_property
    def method_rows(self) -> list[tuple[EntryResult, list[MethodPlace]]]:
        return [(row, [method.places[at] for method in self.methods]) for at, row in enumerate(self.results.rows)]

    @property
    def optimal_orders(self) -> list[list[tuple[int, EntryResult]]]:
        """Return the best orders by Kemeny, each only where they differ."""
        by_place = zip(*self.results.figures["kemeny"]["orders"] or [], strict=True)
        differing = [(place, items) for place, items in enumerate(by_place, start=1) if len(set(items)) > 1]
        orders = zip(
            *([(place, self.results.by_index[item]) for item in items] for place, items in differing), strict=True
        )
        return [list(order) for order in orders]

    @property
    def first_to_change(self) -> CertaintyRow | None:
        return next((each for each in self.rows if not each.is_fixed), None)
