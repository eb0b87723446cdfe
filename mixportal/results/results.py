"""A stored tally as pages show it to one viewer.

Members see everything. Leaders and visitors see only the order of fewer than 10 ballots, quartiles from
20 ballots on, and "more than 90 %" instead of a larger share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import prefetch_related_objects

from members.models import Viewer
from mixportal.ballots.models import Ballot
from mixportal.ballots.order import Places
from mixportal.consensus.words import ordinal
from mixportal.editions.models import AnnualList, Edition, Entry, Kind
from mixportal.results import charts
from mixportal.results.figures import Figures
from mixportal.results.models import Tally
from mixportal.results.rows import Band, EntryResult
from mixportal.tables.text import counted, listed, ordinal_word, sentence, spelled

MIN_BALLOTS_FOR_FIGURES = 10
MIN_BALLOTS_FOR_QUARTILES = 20


@dataclass(frozen=True)
class Results:
    annual_list: AnnualList
    tally: Tally
    entries: list[Entry]
    is_insider: bool
    own: Places | None = None  # the cast order of the viewer's government
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
    def last_place(self) -> str:
        return ordinal(self.m)

    @property
    def used(self) -> int:
        return self.figures["used"]

    @property
    def abstentions(self) -> int:
        return self.figures["abstentions"]

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
    def is_counted(self) -> bool:
        return self.used > 0

    @property
    def shows_figures(self) -> bool:
        return self.is_counted and (self.is_insider or self.used >= MIN_BALLOTS_FOR_FIGURES)

    @property
    def shows_quartiles(self) -> bool:
        return self.is_counted and (self.is_insider or self.used >= MIN_BALLOTS_FOR_QUARTILES)

    def is_nearly_all(self, count: int) -> bool:
        """Return whether the count would reveal to the viewer what each government did."""
        return not self.is_insider and count * 10 > self.used * 9

    def of_all(self, count: int) -> str:
        if self.is_nearly_all(count):
            return "More than 90 %"
        return f"{'None' if count == 0 else count} of {self.used}"

    @cached_property
    def rows(self) -> list[EntryResult]:
        by_slug = {entry.slug: entry for entry in self.entries}
        slugs = self.figures["alternatives"]
        return [EntryResult(self, by_slug[slugs[index]], index) for index in self.figures["order"]]

    @cached_property
    def bands(self) -> list[Band]:
        """Return entries too close to tell apart together, or by place without figures."""
        if not self.shows_figures:
            by_place = [list(rows) for _, rows in groupby(self.rows, key=lambda row: row.place)]
            return [Band(rows, self._place_heading(rows)) for rows in by_place]
        row_of = {row.index: row for row in self.rows}
        bands = [[row_of[index] for index in band] for band in self.figures["bands"]]
        return [Band(rows, self._heading(number, rows, len(bands))) for number, rows in enumerate(bands)]

    def _heading(self, number: int, rows: list[EntryResult], bands: int) -> str:
        first = rows[0].place
        last = first + len(rows) - 1
        if len(rows) > 1:
            if len(rows) == self.m:
                return "All of them: too close to tell apart"
            return f"{sentence(ordinal_word(first))} to {ordinal_word(last)}: too close to tell apart"
        if number == 0 and rows[0].is_steady:
            return "First, and clearly so"
        if number == bands - 1 and rows[0].is_steady:
            return "Last, and clearly so"
        return sentence(ordinal_word(first))

    @staticmethod
    def _place_heading(rows: list[EntryResult]) -> str:
        word = ordinal_word(rows[0].place)
        return f"Joint {word}" if len(rows) > 1 else sentence(word)

    def row_of(self, entry: Entry) -> EntryResult:
        return next(row for row in self.rows if row.entry.slug == entry.slug)

    @cached_property
    def tallest(self) -> int:
        return max((max(counts, default=0) for counts in self.figures["places_given"]), default=0)

    @property
    def strip_axis(self) -> str:
        return charts.strip_axis(self.m)

    @property
    def data(self) -> dict[str, Any]:
        in_header_order = sorted(self.rows, key=lambda row: row.index)
        data: dict[str, Any] = dict(self.figures)
        if not self.shows_figures:
            data = {key: data[key] for key in ("alternatives", "place", "joint", "order")}
        else:
            if not self.shows_quartiles:
                data |= dict.fromkeys(("q1", "median", "q3"), [None] * self.m)
            data["top3"] = [None if self.is_nearly_all(row.top3) else row.top3 for row in in_header_order]
            data["places_given"] = [row.counts if row.shows_counts else None for row in in_header_order]
        return data | {"titles": [row.entry.title for row in in_header_order]}

    @property
    def headline(self) -> str:
        top = self.bands[0].rows
        if len(top) == 1:
            return f"{top[0].entry.title} {self.kind.first_words}"
        if len(top) <= 3:
            return f"{listed([row.entry.title for row in top])} lead together"
        return f"No one {self.kind.singular} stands out"

    @property
    def finding(self) -> str:
        if not self.shows_figures:
            return f"Fewer than {MIN_BALLOTS_FOR_FIGURES} ballots were cast, so the order is shown alone."
        sentences = []
        after = self.bands[1].rows if len(self.bands) > 1 else []
        if len(self.bands[0].rows) == 1 and after:
            names = listed([row.entry.title for row in after])
            if len(after) > 4:
                sentences.append(f"The {spelled(len(after))} that follow are too close together to tell apart.")
            elif len(after) > 1:
                sentences.append(f"{names} follow, too close together to tell apart.")
            else:
                sentences.append(f"{names} follows.")
        if len(self.bands) > 2 and len(self.bands[-1].rows) == 1:
            sentences.append(f"{self.bands[-1].rows[0].entry.title} comes last.")
        return " ".join(sentences)

    @property
    def turnout(self) -> str:
        return f"{self.cast} of {self.seats} governments"

    @property
    def deck(self) -> str:
        ranked = f"{self.turnout} ranked {self.m} {self.kind.plural}."
        if not self.is_counted:
            return f"{self.turnout} cast a ballot; none of them orders anything, so there is no result."
        if not self.shows_figures:
            return ranked
        top, after = self.bands[0].rows, self.bands[1].rows if len(self.bands) > 1 else []
        if len(top) > 1:
            return f"{ranked} The first {spelled(len(top))} can’t be told apart."
        clearly = "clearly " if top[0].is_steady else ""
        if len(after) > 1:
            follow = f"the {spelled(len(after))} that follow can’t be told apart"
            return f"{ranked} {top[0].entry.title} is {clearly}first; {follow}."
        return f"{ranked} {top[0].entry.title} is {clearly}first."

    @property
    def agreement(self) -> str:
        w, share = self.figures["kendall_w"], self.figures["same_order_share"]
        if w is None or share is None:
            return "One ballot alone neither agrees nor differs."
        return (
            f"Agreement across the whole list is {self.figures['agreement_word']}: Kendall’s W is {w:.2f} on a scale "
            f"from 0 to 1, and two governments chosen by lot put two {self.kind.plural} that both ranked in the same "
            f"order {round(100 * share)} times in 100."
        )

    @property
    def same_order_in_100(self) -> int | None:
        share = self.figures["same_order_share"]
        return None if share is None else round(100 * share)

    @property
    def cross_check(self) -> str:
        winner = self.figures["condorcet_winner"]
        first, one = self.rows[0], self.kind.singular
        if winner is None:
            head = f"Compared two at a time, no {one} is preferred to every other."
        elif winner == first.entry.slug:
            head = f"Compared two at a time, {first.entry.title} is preferred to every other {one}."
        else:
            head = (
                f"Compared two at a time, {self._title(winner)} is preferred to every other {one}, "
                f"{first.entry.title} included."
            )
        return f"{head} {self._kemeny_words()}"

    def _kemeny_words(self) -> str:
        optimal = self.figures["kemeny"]["n_optimal"]
        if optimal is None:
            return "The order that contradicts the fewest single comparisons was not computed: the list is too long."
        if optimal == 1:
            subject, puts, agrees = (
                "The order that contradicts the fewest single comparisons",
                "puts",
                "agrees with this one",
            )
        else:
            subject, puts = f"The {optimal:,} orders that contradict the fewest single comparisons all", "put"
            agrees = "fit this one"
        parted = self.figures["against_kemeny"]
        if not parted:
            return f"{subject} {agrees}."
        slugs = self.figures["alternatives"]
        above, below = (self._title(slugs[index]) for index in parted[0])
        more = f", and differs in {counted(len(parted) - 1, 'other pair', 'other pairs')}" if len(parted) > 1 else ""
        return f"{subject} {puts} {below} above {above}{more}."

    def _title(self, slug: str) -> str:
        return next(entry.title for entry in self.entries if entry.slug == slug)

    @property
    def divided(self) -> list[EntryResult]:
        return [row for row in self.rows if row.word == "divided"]

    @property
    def colophon(self) -> str:
        tally = self.tally
        computed = tally.computed_at.astimezone(self.edition.zone)
        return (
            f"Result of {self.edition.year} computed once, on {computed:%B} {computed.day}, {computed.year}, "
            f"from {self.cast} cast ballots; method {tally.method_version}, seed {tally.seed}"
            f"{f', digest {self.digest[:4]} {self.digest[4:8]}' if self.digest else ''}. "
            f"{self._beside if self.was_counted_again or self.superseded_by else 'It does not change.'}"
        )

    @property
    def was_counted_again(self) -> bool:
        return self.tally.number > 1

    @property
    def _beside(self) -> str:
        if self.superseded_by:
            return "The ballots were counted again since; this count stays beside the later one."
        return f"It is count {self.tally.number} of these ballots; the earlier stands beside it."


def results_for(annual_list: AnnualList, user: Viewer, number: int | None = None) -> Results | None:
    """Return the results that `user` may see, or None. `number` asks for an earlier count."""
    results = results_of_each([annual_list], user).get(annual_list.pk)
    if results is None or number is None or number == results.tally.number:
        return results
    earlier = annual_list.tallies.filter(number=number).select_related("decided_by").first()
    return replace(results, tally=earlier, superseded_by=results.tally) if earlier else None


def results_of_each(lists: Sequence[AnnualList], user: Viewer) -> dict[int, Results]:
    """Return the results that `user` may see, by the list's primary key. Three queries in all."""
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
