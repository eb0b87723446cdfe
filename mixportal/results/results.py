"""Show a stored tally to one viewer.

Members see everything. Leaders and visitors see only the order of fewer than 10 ballots, quartiles from
20 ballots on, and "more than 90 %" instead of a larger share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from django.db.models import prefetch_related_objects
from django.utils.safestring import SafeString

from members.models import Viewer
from mixportal.ballots.models import Ballot
from mixportal.ballots.order import Places, standing
from mixportal.consensus.words import ordinal, place_words
from mixportal.editions.models import AnnualList, Edition, Entry, Kind
from mixportal.results import charts
from mixportal.results.figures import Figures
from mixportal.results.models import Tally
from mixportal.tables.text import suffix

MIN_BALLOTS_FOR_FIGURES = 10
MIN_BALLOTS_FOR_QUARTILES = 20


@dataclass(frozen=True)
class Results:
    annual_list: AnnualList
    tally: Tally
    entries: list[Entry]
    is_insider: bool
    own: Places | None = None  # the viewer's cast order
    own_name: str = ""
    superseded_by: Tally | None = None  # set if this is an earlier count

    @property
    def figures(self) -> Figures:
        figures: Figures = self.tally.figures
        return figures

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
        """Return the digest for insiders only: others could use it to confirm guesses at ballots."""
        return self.tally.digest if self.is_insider else ""

    @property
    def was_counted_again(self) -> bool:
        return self.tally.number > 1

    @property
    def is_counted(self) -> bool:
        return self.used > 0

    @property
    def shows_figures(self) -> bool:
        return self.is_counted and (self.is_insider or self.used >= MIN_BALLOTS_FOR_FIGURES)

    @property
    def shows_quartiles(self) -> bool:
        return self.is_counted and (self.is_insider or self.used >= MIN_BALLOTS_FOR_QUARTILES)

    def is_nearly_all(self, count: int) -> bool:
        """Return whether the count would reveal what each government did."""
        return not self.is_insider and count * 10 > self.used * 9

    def count_of(self, number: int) -> BallotCount:
        return BallotCount(number, self.used, self.is_nearly_all(number))

    @cached_property
    def rows(self) -> list[EntryResult]:
        figures, by_slug = self.figures, {entry.slug: entry for entry in self.entries}
        return [
            EntryResult(
                results=self,
                entry=by_slug[figures["alternatives"][index]],
                index=index,
                place=figures["place"][index],
                joint=figures["joint"][index],
                low=figures["interval_low"][index],
                high=figures["interval_high"][index],
                average=figures["average_place"][index],
                top3=figures["top3"][index],
                ranked_by=figures["ranked_by"][index],
                not_ranked=figures["not_ranked"][index],
                counts=figures["places_given"][index],
            )
            for index in figures["order"]
        ]

    @cached_property
    def bands(self) -> list[Band]:
        """Return entries too close to tell apart together, or by place without figures."""
        if not self.shows_figures:
            return [Band(list(rows), False) for _, rows in groupby(self.rows, key=lambda row: row.place)]
        bands = [[self._row_at(index) for index in band] for band in self.figures["bands"]]
        return [Band(rows, len(rows) == 1 and rows[0].is_steady) for rows in bands]

    def _row_at(self, index: int) -> EntryResult:
        return next(row for row in self.rows if row.index == index)

    def row_of(self, entry: Entry) -> EntryResult:
        return next(row for row in self.rows if row.entry.slug == entry.slug)

    @cached_property
    def tallest(self) -> int:
        return max((max(counts, default=0) for counts in self.figures["places_given"]), default=0)

    @property
    def strip_axis(self) -> SafeString:
        return charts.strip_axis(self.m)

    @property
    def data(self) -> dict[str, object]:
        in_header_order = sorted(self.rows, key=lambda row: row.index)
        data: dict[str, object] = dict(self.figures)
        if not self.shows_figures:
            data = {key: data[key] for key in ("alternatives", "place", "joint", "order")}
        else:
            if not self.shows_quartiles:
                data |= dict.fromkeys(("q1", "median", "q3"), [None] * self.m)
            data["top3"] = [None if self.is_nearly_all(row.top3) else row.top3 for row in in_header_order]
            data["places_given"] = [row.counts if row.shows_counts else None for row in in_header_order]
        return data | {"titles": [row.entry.title for row in in_header_order]}

    @property
    def same_order_in_100(self) -> int | None:
        share = self.figures["same_order_share"]
        return None if share is None else round(100 * share)

    @property
    def condorcet_winner(self) -> EntryResult | None:
        slug = self.figures["condorcet_winner"]
        return next((row for row in self.rows if row.entry.slug == slug), None)

    @property
    def pairs_against_kemeny(self) -> list[tuple[EntryResult, EntryResult]]:
        """Return the pairs that every Kemeny order turns round."""
        pairs = self.figures["against_kemeny"] or []
        return [(self._row_at(above), self._row_at(below)) for above, below in pairs]

    @property
    def divided(self) -> list[EntryResult]:
        return [row for row in self.rows if row.word == "divided"]


@dataclass(frozen=True)
class BallotCount:
    number: int
    of: int
    is_hidden: bool


@dataclass(frozen=True)
class EntryResult:
    results: Results
    entry: Entry
    index: int
    place: int
    joint: bool
    low: int
    high: int
    average: float
    top3: int
    ranked_by: int
    not_ranked: int
    counts: list[int]  # by place

    def __str__(self) -> str:
        return self.entry.title

    @property
    def suffix(self) -> str:
        return suffix(self.place)

    @property
    def place_words(self) -> str:
        return place_words(self.place, self.joint)

    @property
    def is_steady(self) -> bool:
        return self.low == self.high

    @property
    def share_of_duels(self) -> int:
        return round(100 * (self.results.m - self.average) / max(self.results.m - 1, 1))

    @property
    def top3_figure(self) -> int | str:
        return "over 90 %" if self.results.is_nearly_all(self.top3) else self.top3

    @property
    def top3_count(self) -> BallotCount:
        return self.results.count_of(self.top3)

    @property
    def place_counts(self) -> list[BallotCount]:
        return [self.results.count_of(count) for count in self.counts]

    @property
    def middle(self) -> tuple[float, float] | None:
        if not self.results.shows_quartiles:
            return None
        return self.results.figures["q1"][self.index], self.results.figures["q3"][self.index]

    @property
    def middle_places(self) -> list[int]:
        return sorted({int(quartile + 0.5) for quartile in self.middle or ()})

    @property
    def few_ranked(self) -> bool:
        return 2 * self.ranked_by < self.results.used

    @property
    def word(self) -> str:
        """Return agreed, mixed or divided, or "" if few ranked it or the list is short."""
        word = self.results.figures["word"][self.index]
        return "" if word is None or self.few_ranked else word

    @property
    def shows_counts(self) -> bool:
        """Return False if the chart would reveal single ballots."""
        return not self.results.is_nearly_all(max([*self.counts, self.not_ranked]))

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
            f"{self.entry.title}: number of governments giving each place from 1st to {ordinal(self.results.m)}: "
            f"{counts}; not ranked by {self.not_ranked}."
        )
        return f"{label} {self.results.own_name}: {self.mine_words}." if self.mine_words else label

    @property
    def strip(self) -> SafeString:
        return charts.strip(
            self._label,
            self.counts,
            tallest=self.results.tallest,
            not_ranked=self.not_ranked,
            middle=self.middle,
            mine=self.mine[0] if self.mine else None,
        )

    @property
    def histogram(self) -> SafeString:
        return charts.histogram(
            self._label,
            self.counts,
            not_ranked=self.not_ranked,
            middle=self.middle,
            mine=self.mine[0] if self.mine else None,
        )

    @property
    def scale(self) -> SafeString:
        steady = f"stays {ordinal(self.low)}" if self.is_steady else f"between {self.low} and {self.high}"
        label = f"{self.entry.title}: place {self.place} on a scale of 1 to {self.results.m}; {steady}."
        return charts.scale(label, self.place, self.low, self.high, self.results.m)


@dataclass(frozen=True)
class Band:
    rows: list[EntryResult]
    is_steady: bool

    @property
    def tied(self) -> bool:
        return len(self.rows) > 1

    @property
    def first(self) -> int:
        return self.rows[0].place

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def results_for(annual_list: AnnualList, user: Viewer, number: int | None = None) -> Results | None:
    """Return what `user` may see, or None. `number` asks for an earlier count."""
    results = results_of_each([annual_list], user).get(annual_list.pk)
    if results is None or number is None or number == results.tally.number:
        return results
    earlier = annual_list.tallies.filter(number=number).select_related("decided_by").first()
    return replace(results, tally=earlier, superseded_by=results.tally) if earlier else None


def results_of_each(lists: Sequence[AnnualList], user: Viewer) -> dict[int, Results]:
    """Return what `user` may see, by the list's primary key."""
    visible = [annual_list for annual_list in lists if annual_list.edition.results_visible_to(user)]
    prefetch_related_objects(visible, "entries")
    filled = [annual_list for annual_list in visible if annual_list.entries.all()]
    tallies = Tally.objects.get_or_compute_each(filled)
    orders = Ballot.objects.filter(annual_list__in=filled).cast_orders_of(user)
    own_name = user.government.name if orders and user.is_authenticated and user.government else ""
    return {
        annual_list.pk: Results(
            annual_list=annual_list,
            tally=tallies[annual_list.pk],
            entries=list(annual_list.entries.all()),
            is_insider=user.is_authenticated and user.is_insider,
            own=orders.get(annual_list.pk),
            own_name=own_name if annual_list.pk in orders else "",
        )
        for annual_list in filled
    }
