"""A stored tally as pages show it: rows in the network's order, bands, and the sentences that carry each figure.

What somebody may see of it follows DESIGN rule 3: under 10 cast ballots leaders and visitors see the order alone,
quartiles need 20, and a share over 90 % reads "more than 90 %". Members see all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mixportal.consensus.words import ordinal, place_words
from mixportal.ranking import charts
from mixportal.ranking.order import Places, standing
from mixportal.ranking.words import counted, listed, ordinal_word, sentence, spelled, suffix

FEWEST_FOR_FIGURES = 10
FEWEST_FOR_QUARTILES = 20


@dataclass(frozen=True)
class Row:
    """One entry as the tally has it. `results` is the list it stands in, `index` its column in the tally."""

    results: Results
    entry: Any
    index: int

    def _of(self, key: str) -> Any:
        return self.results.figures[key][self.index]

    @property
    def place(self) -> int:
        return self._of("place")

    @property
    def joint(self) -> bool:
        return self._of("joint")

    @property
    def suffix(self) -> str:
        return suffix(self.place)

    @property
    def place_words(self) -> str:
        return place_words(self.place, self.joint)

    @property
    def low(self) -> int:
        return self._of("interval_low")

    @property
    def high(self) -> int:
        return self._of("interval_high")

    @property
    def is_steady(self) -> bool:
        return self.low == self.high

    @property
    def range_words(self) -> str:
        """As it stands under a place: stays 1st; 2nd to 4th."""
        return f"stays {ordinal(self.low)}" if self.is_steady else f"{ordinal(self.low)} to {ordinal(self.high)}"

    @property
    def place_and_range(self) -> str:
        """As leaders read it: 1st, and steady there; joint 6th, 5th to 8th."""
        if self.is_steady:
            return f"{sentence(self.place_words)}, and steady there"
        return f"{sentence(self.place_words)}, {self.range_words}"

    @property
    def average(self) -> float:
        return self._of("average_place")

    @property
    def share_of_duels(self) -> int:
        """Of 100 lists, on how many it is preferred to another entry taken at random: (m - average) / (m - 1)."""
        return round(100 * (self.results.m - self.average) / max(self.results.m - 1, 1))

    @property
    def top3(self) -> int:
        return self._of("top3")

    @property
    def top3_words(self) -> str:
        """41 of 64 put it in their top three; more than 90 % where naming the number would name governments."""
        return f"{self.results.of_all(self.top3)} put it in their top three"

    @property
    def middle(self) -> tuple[float, float] | None:
        if not self.results.shows_quartiles:
            return None
        return self._of("q1"), self._of("q3")

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
        return self._of("ranked_by")

    @property
    def few_ranked(self) -> bool:
        return 2 * self.ranked_by < self.results.used

    @property
    def word(self) -> str:
        """agreed, mixed or divided; empty where few ranked it, or the list is too short for one."""
        word = self._of("word")
        return "" if word is None or self.few_ranked else word

    @property
    def counts(self) -> list[int]:
        """Governments giving each place, from 1st."""
        return self._of("places_given")

    @property
    def not_ranked(self) -> int:
        return self._of("not_ranked")

    @property
    def mine(self) -> tuple[int, bool] | None:
        return standing(self.results.own, self.entry.slug) if self.results.own is not None else None

    @property
    def mine_words(self) -> str:
        """The viewer's own place; empty without a ballot that counts."""
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
        """For a short list: 21 of 52 governments put it first of the five, 14 second, 3 last."""
        first, second, last = self.counts[0], self.counts[1] if len(self.counts) > 2 else None, self.counts[-1]
        words = f"{self.results.of_all(first)} put it first of the {spelled(self.results.m)}"
        if second is not None:
            words += f", {spelled_none(second)} second"
        return f"{words}, {spelled_none(last)} last"


def spelled_none(number: int) -> str:
    return "none" if number == 0 else str(number)


def _nearest(place: float) -> int:
    """To a whole place; a half goes up."""
    return int(place + 0.5)


@dataclass(frozen=True)
class Band:
    """Entries that cannot be told apart, or one that can."""

    rows: list[Row]
    heading: str

    @property
    def tied(self) -> bool:
        return len(self.rows) > 1


@dataclass(frozen=True)
class Results:
    """One kind's tally of one edition, for one viewer. `own` is the viewer's cast order, None without one."""

    kind: Any
    edition: Any
    tally: Any
    entries: list[Any]
    is_insider: bool
    own: Places | None = None
    own_name: str = ""

    @property
    def figures(self) -> dict[str, Any]:
        return self.tally.result

    @property
    def m(self) -> int:
        return len(self.figures["alternatives"])

    @property
    def last_place(self) -> str:
        return ordinal(self.m)

    @property
    def used(self) -> int:
        """Ballots that order something: what every figure is out of."""
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
    def is_counted(self) -> bool:
        """False where no ballot orders anything: then there is no result to show."""
        return self.used > 0

    @property
    def shows_figures(self) -> bool:
        return self.is_counted and (self.is_insider or self.used >= FEWEST_FOR_FIGURES)

    @property
    def shows_quartiles(self) -> bool:
        return self.is_counted and (self.is_insider or self.used >= FEWEST_FOR_QUARTILES)

    def of_all(self, count: int) -> str:
        if not self.is_insider and count * 10 > self.used * 9:
            return "more than 90 %"
        return f"{'None' if count == 0 else count} of {self.used}"

    @cached_property
    def rows(self) -> list[Row]:
        """In the network's order; those of one place in editorial order."""
        by_slug = {entry.slug: entry for entry in self.entries}
        slugs = self.figures["alternatives"]
        return [Row(self, by_slug[slugs[index]], index) for index in self.figures["order"]]

    @cached_property
    def bands(self) -> list[Band]:
        row_of = {row.index: row for row in self.rows}
        bands = [[row_of[index] for index in band] for band in self.figures["bands"]]
        return [Band(rows, self._heading(number, rows, len(bands))) for number, rows in enumerate(bands)]

    def _heading(self, number: int, rows: list[Row], bands: int) -> str:
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

    def row_of(self, entry: Any) -> Row:
        return next(row for row in self.rows if row.entry.slug == entry.slug)

    @cached_property
    def tallest(self) -> int:
        return max((max(counts, default=0) for counts in self.figures["places_given"]), default=0)

    @property
    def strip_axis(self) -> str:
        return charts.strip_axis(self.m)

    # Sentences

    @property
    def headline(self) -> str:
        """Cybersecurity comes first; or that nothing clearly does."""
        top = self.bands[0].rows
        if len(top) == 1:
            return f"{top[0].entry.title} {self.kind.first_words}"
        if len(top) <= 3:
            return f"{listed([row.entry.title for row in top])} lead together"
        return f"No one {self.kind.singular} stands out"

    @property
    def finding(self) -> str:
        """What follows the first, and what comes last, as far as that can be told."""
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
        """Who ranked what, and what came of it, in two sentences."""
        ranked = f"{self.turnout} ranked {self.m} {self.kind.plural}."
        if not self.is_counted:
            return f"{self.turnout} cast a ballot; none of them orders anything, so there is no result."
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
        """Agreement in words, with the figure behind it."""
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
        """One line on the two other ways of counting, naming the pair where they part from the average."""
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
    def divided(self) -> list[Row]:
        return [row for row in self.rows if row.word == "divided"]

    @property
    def colophon(self) -> str:
        tally = self.tally
        computed = tally.computed_at.astimezone(self.edition.zone)
        return (
            f"Result of {self.edition.year} computed once, on {computed:%B} {computed.day}, {computed.year}, "
            f"from {self.cast} cast ballots; method {tally.method_version}, seed {tally.seed}, "
            f"digest {tally.digest[:4]} {tally.digest[4:8]}. It does not change."
        )


def results_for(kind: Any, edition: Any, user: Any) -> Results | None:
    """What `user` may see of the results; None while they are sealed for them or there are none."""
    if not edition.results_visible_to(user):
        return None
    tally = kind.tally.objects.of(edition)
    own = kind.ballot.objects.own_counted(user, edition)
    return Results(
        kind=kind,
        edition=edition,
        tally=tally,
        entries=list(kind.entry.objects.of(edition)),
        is_insider=user.is_authenticated and user.is_insider,
        own=own,
        own_name=user.government.name if own else "",
    )
