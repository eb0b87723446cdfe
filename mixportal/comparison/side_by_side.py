from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from members.models import Government
from mixportal.comparison import pictures, words
from mixportal.comparison.network import Likeness, Network
from mixportal.comparison.query import CompareQuery
from mixportal.consensus.words import place_words
from mixportal.editions.models import Entry
from mixportal.tables.text import listed, spelled

MAX_SAME_DISTANCE = 0.5  # places: a tie of two is half a place from each


@dataclass(frozen=True)
class Shades:
    """Shades by distance, in steps that grow with the list."""

    m: int

    @property
    def near(self) -> int:
        return max(1, round((self.m - 1) / 6))

    @property
    def middling(self) -> int:
        return max(self.near + 1, round((self.m - 1) / 3))

    @property
    def far(self) -> int:
        return max(self.middling + 1, self.m // 2)

    def for_distance(self, distance: float) -> int:
        if distance < MAX_SAME_DISTANCE:
            return 5
        if distance < self.near + MAX_SAME_DISTANCE:
            return 4
        if distance < self.middling + MAX_SAME_DISTANCE:
            return 3
        return 1 if distance >= self.far else 2

    @property
    def legend(self) -> list[tuple[int, str]]:
        steps = [
            (5, "the same place"),
            (4, f"up to {self.near} away"),
            (3, f"up to {self.middling}"),
            (2, "further"),
            (1, f"{self.far} or more"),
        ]
        return steps if self.far > self.middling + 1 else [step for step in steps if step[0] != 2]


@dataclass(frozen=True)
class Column:
    key: str
    title: str
    short: str
    places: list[float]
    cells: list[tuple[str, bool]]  # text, and whether joint
    government: Government | None = None
    is_mine: bool = False

    @property
    def is_average(self) -> bool:
        return self.government is None


@dataclass(frozen=True)
class Cell:
    text: str
    is_joint: bool
    shade: int
    is_far: bool

    @property
    def is_ranked(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class Row:
    entry: Entry
    cells: list[Cell]
    far: float


@dataclass(frozen=True)
class PairComparison:
    likeness: Likeness | None
    government: Government
    alike: str
    top: str
    differ: str

    @property
    def scale(self) -> str:
        if self.likeness is None:
            return ""
        tau, level = self.likeness.tau, self.likeness.nearest_by_chance
        return pictures.likeness(f"{tau:.2f} on a scale from −1 to 1; chance reaches {level:.2f}", tau, level)


class SideBySide:
    """All are compared with `subject`, the user's own government or the first chosen."""

    def __init__(self, network: Network, query: CompareQuery) -> None:
        self.network, self.query = network, query
        mine = network.own if network.own_row is not None else None
        self.subject = mine or next(iter(query.governments), None)
        self.is_mine = mine is not None
        self.others = [government for government in query.governments if government != self.subject]

    @property
    def you(self) -> str:
        return "You" if self.is_mine else str(self.subject)

    @cached_property
    def columns(self) -> list[Column]:
        shown = [*([self.subject] if self.subject else []), *self.others]
        shorts = words.initials([government.name for government in shown])
        found = [self._of_government(each, short) for each, short in zip(shown, shorts, strict=True)]
        if self.query.part:
            figures = self.network.cohorts["parts"][self.query.part.key]
            title = f"Average of {self.query.part.words} ({figures['size']})"
            found.append(self._of_average("cohort", title, "Coh.", figures["average"]))
        title = f"Average of all {self.network.used}"
        return [*found, self._of_average("network", title, "All", self.network.averages)]

    def _of_government(self, government: Government, short: str) -> Column:
        row = self.network.rows[government.pk]
        standings = [self.network.standing(row, column) for column in range(self.network.m)]
        cells = [(str(standing[0]), standing[1]) if standing else ("", False) for standing in standings]
        mine = self.is_mine and government == self.subject
        key, short = ("you", "You") if mine else (government.slug, short)
        return Column(key, str(government), short, self.network.ranks[row], cells, government, mine)

    @staticmethod
    def _of_average(key: str, title: str, short: str, places: list[float]) -> Column:
        return Column(key, title, short, places, [(f"{place:.1f}", False) for place in places])

    @property
    def shades(self) -> Shades:
        return Shades(self.network.m)

    @cached_property
    def rows(self) -> list[Row]:
        reference, shades = self.columns[0], self.shades
        rows = {}
        for index in self.network.order:
            cells, far = [], 0.0
            for column in self.columns:
                distance = abs(column.places[index] - reference.places[index])
                far = max(far, distance)
                text, joint = column.cells[index]
                is_far = distance >= shades.far and not column.is_average
                cells.append(Cell(text, joint, shades.for_distance(distance), is_far))
            rows[index] = Row(self.network.entries[index], cells, far)
        return [rows[index] for index in self._sorted(rows)]

    def _sorted(self, rows: dict[int, Row]) -> list[int]:
        order = self.network.order
        if self.query.differences_first:
            return sorted(order, key=lambda index: -round(rows[index].far, 9))
        if self.query.sort == "entry":
            return sorted(order, key=lambda i: rows[i].entry.title.lower(), reverse=self.query.descending)
        column = next((each for each in self.columns if each.key == self.query.sort), self.columns[-1])
        return sorted(order, key=lambda index: column.places[index], reverse=self.query.descending)

    @property
    def title(self) -> str:
        if not self.subject:
            return f"Compare the {self.network.kind.plural} of {self.network.edition.year}"
        if self.others:
            who = str(self.others[0]) if len(self.others) == 1 else f"{spelled(len(self.others))} others"
            return f"{self.subject} beside {who}"
        return f"{self.subject} beside the network"

    @property
    def deck(self) -> str:
        if not self.subject:
            return "Choose governments, and see where they agree and where they part."
        row = self.network.rows[self.subject.pk]
        ranks, averages = self.network.ranks[row], self.network.averages
        far = max(self.network.order, key=lambda index: round(abs(ranks[index] - averages[index]), 9))
        if abs(ranks[far] - averages[far]) < 1:
            return f"{self.you} and the network place every {self.network.kind.singular} less than one place apart."
        whose = "your" if self.is_mine else "its"
        verb = "differ" if self.is_mine else "differs"
        return (
            f"{self.you} {verb} most from the network on {self.network.entries[far].title}: "
            f"{self._mine_words(whose, row, far)}, the network’s {self.network.network_place(far)}."
        )

    def _mine_words(self, whose: str, row: int, column: int) -> str:
        standing = self.network.standing(row, column)
        return f"{whose} {place_words(*standing)}" if standing else f"not on {whose} list"

    @cached_property
    def likenesses(self) -> dict[int, Likeness]:
        if not self.subject:
            return {}
        return {each.government.pk: each for each in self.network.likenesses_of(self.network.rows[self.subject.pk])}

    @cached_property
    def pairs(self) -> list[PairComparison]:
        return [self._pair(government) for government in self.others]

    def _pair(self, government: Government) -> PairComparison:
        assert self.subject is not None
        network, plural = self.network, self.network.kind.plural
        mine, theirs = network.rows[self.subject.pk], network.rows[government.pk]
        likeness = self.likenesses[government.pk]
        apart = {c: abs(network.ranks[mine][c] - network.ranks[theirs][c]) for c in network.order}
        most = max(apart.values())
        differing = [
            (network.entries[c].title, network.place_words(mine, c), network.place_words(theirs, c))
            for c, distance in apart.items()
            if distance == most > 0
        ]
        top = 5 if network.is_long_enough else max(1, network.m // 2)
        shared = [
            network.entries[c].title
            for c in network.order
            if self._is_in_top(mine, c, top) and self._is_in_top(theirs, c, top)
        ]
        both = "Both of you" if self.is_mine else "Both"
        enough = network.has_enough_ranked(mine) and network.has_enough_ranked(theirs)
        return PairComparison(
            likeness=likeness if enough else None,
            government=government,
            alike=words.pairs_alike((self.you, str(government)), likeness.same, likeness.both, plural),
            top=words.shared_top(shared, spelled(top), both),
            differ=words.differ_most("You" if self.is_mine else "They", differing, plural),
        )

    def _is_in_top(self, row: int, column: int, top: int) -> bool:
        standing = self.network.standing(row, column)
        return standing is not None and standing[0] <= top

    @property
    def chance(self) -> float | None:
        """Return the highest likeness to expect by chance alone."""
        return next((each.nearest_by_chance for each in self.likenesses.values()), None)

    @property
    def live_message(self) -> str:
        shown = [str(government) for government in self.others]
        beside = listed(shown) if shown else "the network"
        return f"{len(self.rows)} {self.network.kind.plural}; {self.subject or 'the network'} beside {beside}."
