from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from django.db.models import prefetch_related_objects
from django.utils.safestring import SafeString

from members.models import Viewer
from mixportal.ballots.models import Ballot
from mixportal.ballots.order import Places, standing
from mixportal.consensus.steps import TOP
from mixportal.consensus.words import ordinal, place_words
from mixportal.editions.models import AnnualList, Edition, Entry, Kind
from mixportal.results import charts
from mixportal.results.counts import BallotCount, PlaceStep
from mixportal.results.disclosure import MIN_BALLOTS_FOR_FIGURES, OVER_90, PublicTally, public_digest
from mixportal.results.models import Tally


@dataclass(frozen=True)
class Results:
    annual_list: AnnualList
    tally: Tally
    entries: list[Entry]
    is_insider: bool
    own: Places | None = None
    own_name: str = ""
    superseded_by: Tally | None = None

    def of_count(self, number: int | None) -> Results | None:
        if number is None or number == self.tally.number:
            return self
        earlier = self.annual_list.tallies.filter(number=number).with_decider().first()
        return replace(self, tally=earlier, superseded_by=self.tally) if earlier else None

    def with_own(self, orders: Mapping[int, Places], user: Viewer) -> Results:
        own = orders.get(self.annual_list.pk)
        government = user.government if own and user.is_authenticated else None
        return replace(self, own=own, own_name=government.name) if government else self

    @property
    def figures(self) -> PublicTally:
        """Return Tally.figures for insiders: the same keys with nothing withheld, and more."""
        return self.tally.figures if self.is_insider else self.tally.public

    @property
    def kind(self) -> Kind:
        return self.annual_list.words

    @property
    def edition(self) -> Edition:
        return self.annual_list.edition

    @property
    def m(self) -> int:
        return len(self.figures["alternatives"])

    @property
    def used(self) -> int:
        return self.figures["used"]

    @property
    def seats(self) -> int:
        return self.tally.seats

    @property
    def cast(self) -> int:
        return self.tally.cast

    @property
    def digest(self) -> str:
        """Return another digest to those who could confirm guesses with the members' one."""
        return self.tally.digest if self.is_insider else self.figures["digest"]

    @property
    def is_counted(self) -> bool:
        return self.used > 0

    @property
    def shows_figures(self) -> bool:
        return self.is_counted and (self.is_insider or self.used >= MIN_BALLOTS_FOR_FIGURES)

    @property
    def shows_quartiles(self) -> bool:
        return self.shows_figures and self.figures["q1"][0] is not None

    @property
    def withholds(self) -> bool:
        return any(row.average is None or row.top3_count.is_withheld or row.steps is None for row in self.rows)

    @cached_property
    def masked(self) -> set[tuple[str, str]]:
        masked = [] if self.is_insider else self.figures["masked"]
        return {(each["figure"], slug) for each in masked if each["why"] == OVER_90 for slug in each["entries"]}

    @cached_property
    def rows(self) -> list[EntryResult]:
        by_slug = {entry.slug: entry for entry in self.entries}
        slugs = self.figures["alternatives"]
        return [EntryResult(self, by_slug[slugs[index]], index) for index in self.figures["order"]]

    @cached_property
    def bands(self) -> list[Band]:
        if not self.shows_figures:
            return [Band(list(rows), False) for _, rows in groupby(self.rows, key=lambda row: row.place)]
        bands: list[list[EntryResult]] = []
        for band in self.figures["bands"] or []:
            rows = [self.by_index[index] for index in band]
            if bands and rows[0].place == bands[-1][-1].place:  # joint entries share a bracket
                bands[-1] += rows
            else:
                bands.append(rows)
        return [Band(rows, len(rows) == 1 and rows[0].is_steady) for rows in bands]

    @property
    def close_calls(self) -> list[Band]:
        return [band for band in self.bands if band.first != band.last]

    @cached_property
    def by_index(self) -> dict[int, EntryResult]:
        return {row.index: row for row in self.rows}

    def row_of(self, entry: Entry) -> EntryResult:
        return next(row for row in self.rows if row.entry.slug == entry.slug)

    @property
    def is_first_certain(self) -> bool:
        return self.shows_figures and self.figures["missing"]["worst"][self.rows[0].index] == 1

    @property
    def joins_places(self) -> bool:
        return any(step.first != step.last for row in self.rows for step in row.steps or [])

    @cached_property
    def tallest(self) -> float:
        return max((step.height for row in self.rows for step in row.bars), default=0)

    @cached_property
    def strip_axis(self) -> SafeString:
        return charts.strip_axis(self.m)

    @property
    def data(self) -> dict[str, object]:
        titles = [self.by_index[index].entry.title for index in range(self.m)]
        data: dict[str, object] = {**self.figures, "titles": titles}
        if self.is_insider:
            public = public_digest(self.tally.digest)
            data |= {"detail": "members", "masked": [], "digest": self.tally.digest, "public_digest": public}
        return data

    @property
    def same_order_in_100(self) -> int | None:
        share = self.figures["same_order_share"]
        return None if share is None else round(100 * share)

    @property
    def condorcet_winner(self) -> EntryResult | None:
        slug = self.figures["condorcet_winner"]
        return next((row for row in self.rows if row.entry.slug == slug), None)


@dataclass(frozen=True)
class EntryResult:
    results: Results
    entry: Entry
    index: int

    def __str__(self) -> str:
        return self.entry.title

    @property
    def place(self) -> int:
        return self.results.figures["place"][self.index]

    @property
    def joint(self) -> bool:
        return self.results.figures["joint"][self.index]

    @cached_property
    def place_words(self) -> str:
        return place_words(self.place, self.joint)

    @cached_property
    def range(self) -> tuple[int, int]:
        low, high = self.results.figures["interval_low"][self.index], self.results.figures["interval_high"][self.index]
        return range_around(self.place, low, high)

    @property
    def low(self) -> int:
        return self.range[0]

    @property
    def high(self) -> int:
        return self.range[1]

    @property
    def is_steady(self) -> bool:
        return self.low == self.high

    @property
    def average(self) -> float | None:
        return self.results.figures["average_place"][self.index]

    @property
    def share_of_duels(self) -> int | None:
        if self.average is None or self.results.m < 2:
            return None
        return round(100 * (self.results.m - round(self.average, 1)) / (self.results.m - 1))

    def _count(self, figure: str, number: int | None) -> BallotCount:
        return BallotCount(number, self.results.used, (figure, self.entry.slug) in self.results.masked)

    @property
    def top3_count(self) -> BallotCount:
        return self._count("top3", self.results.figures["top3"][self.index])

    @property
    def in_first_three(self) -> int | None:
        """Return how many the chart shows there, if ties make them more than the top three."""
        within, top3 = [step for step in self.bars if step.last <= TOP], self.top3_count.number
        shown = sum(step.count.number or 0 for step in within)
        return shown if within and within[-1].last == TOP and top3 is not None and shown > top3 else None

    @property
    def ranked_by_count(self) -> BallotCount:
        return self._count("ranked_by", self.results.figures["ranked_by"][self.index])

    @property
    def not_ranked(self) -> int | None:
        return self.results.figures["not_ranked"][self.index]

    @cached_property
    def steps(self) -> list[PlaceStep] | None:
        if self.results.is_insider:
            counts = self.results.tally.figures["places_given"][self.index]
            return [
                PlaceStep(place, place, False, self._count("place", count)) for place, count in enumerate(counts, 1)
            ]
        shown = self.results.figures["steps"][self.index]
        if shown is None:
            return None
        return [PlaceStep.from_public(step, self.results.used) for step in shown]

    @cached_property
    def over_90(self) -> PlaceStep | None:
        return next((step for step in self.steps or [] if step.count.is_over_90), None)

    @cached_property
    def bars(self) -> list[PlaceStep]:
        return [] if self.over_90 else self.steps or []

    @property
    def middle(self) -> tuple[float, float] | None:
        if not self.results.shows_figures:
            return None
        low, high = self.results.figures["q1"][self.index], self.results.figures["q3"][self.index]
        return None if low is None or high is None else (low, high)

    @property
    def middle_places(self) -> list[int]:
        return sorted({int(quartile + 0.5) for quartile in self.middle or ()})

    @property
    def few_ranked(self) -> bool:
        ranked_by = self.results.figures["ranked_by"][self.index]
        return ranked_by is not None and 2 * ranked_by < self.results.used

    @property
    def word(self) -> str:
        word = self.results.figures["word"][self.index]
        return "" if word is None or self.few_ranked else word

    @property
    def word_or_few(self) -> str:
        return "few ranked it" if self.few_ranked else self.word

    @cached_property
    def mine(self) -> tuple[int, bool] | None:
        return standing(self.results.own, self.entry.slug) if self.results.own is not None else None

    @cached_property
    def mine_words(self) -> str:
        if self.results.own is None:
            return ""
        return place_words(*self.mine) if self.mine else "not ranked"

    @property
    def _label(self) -> str:
        counts = ", ".join(f"{step.words}: {step.count.number}" for step in self.bars)
        rest = "" if self.not_ranked is None else f"; not ranked: {self.not_ranked}"
        label = f"{self.entry.title}: number of governments by the place that they give it. {counts}{rest}."
        return f"{label} {self.results.own_name}: {self.mine_words}." if self.mine_words else label

    @property
    def _charted(self) -> list[charts.Bar]:
        return [(step.first, step.last, step.count.number or 0) for step in self.bars]

    @property
    def strip(self) -> SafeString:
        return charts.strip(
            self._label,
            self._charted,
            self.results.m,
            tallest=self.results.tallest,
            not_ranked=self.not_ranked,
            middle=self.middle,
            mine=self.mine[0] if self.mine else None,
        )

    @property
    def histogram(self) -> SafeString:
        return charts.histogram(
            self._label,
            self._charted,
            self.results.m,
            not_ranked=self.not_ranked,
            middle=self.middle,
            mine=self.mine[0] if self.mine else None,
        )

    @property
    def stacked(self) -> SafeString:
        return charts.stacked(
            self._label, self._charted, [step.words for step in self.bars], self.results.m, self.results.used
        )

    @property
    def scale(self) -> SafeString:
        low, high = self.range
        steady = f"stays {ordinal(low)}" if self.is_steady else f"between {low} and {high}"
        label = f"{self.entry.title}: place {self.place} on a scale of 1 to {self.results.m}; {steady}."
        return charts.scale(label, self.place, low, high, self.results.m)


def range_around(place: int, low: int | None, high: int | None) -> tuple[int, int]:
    """Widen the interval to the place: three joint 1st always have mid-rank 2."""
    if low is None or high is None or low == high:
        return place, place
    return min(low, place), max(high, place)


@dataclass(frozen=True)
class Band:
    rows: list[EntryResult]
    is_steady: bool

    @property
    def tied(self) -> bool:
        return len(self.rows) > 1

    @property
    def tiers(self) -> list[str]:
        return ["top", *["mid"] * (len(self.rows) - 2), "end"] if self.tied else ["one"]

    @property
    def first(self) -> int:
        return self.rows[0].place

    @property
    def last(self) -> int:
        return self.rows[-1].place

    @property
    def places(self) -> str:
        between = "and" if len(self.rows) == 2 else "to"
        return f"{ordinal(self.first)} {between} {ordinal(self.last)}"


def results_for(annual_list: AnnualList, user: Viewer, number: int | None = None) -> Results | None:
    """Return what `user` may see. `number` asks for an earlier count."""
    results = results_of_each([annual_list], user).get(annual_list.pk)
    return results.of_count(number) if results else None


def results_of_each(lists: Sequence[AnnualList], user: Viewer) -> dict[int, Results]:
    orders = Ballot.objects.filter(annual_list__in=lists).cast_orders_of(user)
    found = results_without_own(lists, user)
    return {each.annual_list.pk: each.with_own(orders, user) for each in found}


def results_without_own(lists: Sequence[AnnualList], user: Viewer) -> list[Results]:
    """Return what all insiders see alike, or all others."""
    visible = [annual_list for annual_list in lists if annual_list.edition.results_visible_to(user)]
    prefetch_related_objects(visible, "entries")
    filled = [annual_list for annual_list in visible if annual_list.entries.all()]
    is_insider = user.is_authenticated and user.is_insider
    tallies = Tally.objects.get_or_compute_each(filled, without=["public" if is_insider else "figures"])
    return [Results(each, tallies[each.pk], list(each.entries.all()), is_insider) for each in filled]
