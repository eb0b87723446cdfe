from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from members.models import Government, User
from members.names import initials
from mixportal.comparison import pictures
from mixportal.comparison.network import Likeness, Network
from mixportal.comparison.query import CompareQuery
from mixportal.editions.models import Entry
from mixportal.notes.models import Note
from mixportal.tables.values import grouped

MAX_ENTRIES_WITH_REASONS = 5
MAX_SAME_DISTANCE = 0.5
OUTLIERS_SHOWN = 3
MIN_DISTANCE = 1  # places


@dataclass(frozen=True)
class Shades:
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
    def has_further(self) -> bool:
        return self.far > self.middling + 1


@dataclass(frozen=True)
class Column:
    key: str
    title: str
    short: str
    places: list[float]
    cells: list[tuple[str, bool]]
    government: Government | None = None
    is_mine: bool = False

    @property
    def is_average(self) -> bool:
        return self.government is None


Cell = tuple[str, bool, str]  # text, whether it is joint, CSS classes


class Row(NamedTuple):
    entry: Entry
    cells: list[Cell]
    far: float


class Difference(NamedTuple):
    entry: Entry
    place: str
    other_place: str


class SideBySide:
    """`subject` is the user's own government, or else the first chosen."""

    def __init__(self, network: Network, query: CompareQuery) -> None:
        self.network, self.query = network, query
        mine = network.own if network.own_row is not None else None
        self.subject = mine or next(iter(query.governments), None)
        self.is_mine = mine is not None
        self.others = [government for government in query.governments if government != self.subject]

    @cached_property
    def columns(self) -> list[Column]:
        shown = [*([self.subject] if self.subject else []), *self.others]
        letters = [initials(government.name) for government in shown]
        alike = [letters[:number].count(letter) for number, letter in enumerate(letters)]
        shorts = [f"{letter}{count + 1}" if count else letter for letter, count in zip(letters, alike, strict=True)]
        found = [self._of_government(each, short) for each, short in zip(shown, shorts, strict=True)]
        if self.query.part:
            figures = self.network.cohorts["parts"][self.query.part.key]
            title = f"Average of {self.query.part.words} ({figures['size']})"
            averages = [average or 0.0 for average in figures["average"]]  # each cohort has ballots
            found.append(self._of_average("cohort", title, "Coh.", averages))
        title = f"Average of all {self.network.used}"
        return [*found, self._of_average("network", title, "All", self.network.averages)]

    def _of_government(self, government: Government, short: str) -> Column:
        row = self.network.rows[government.pk]
        standings = [self.network.standing(row, column) for column in range(self.network.m)]
        cells = [(str(standing[0]), standing[1]) if standing else ("", False) for standing in standings]
        mine = self.is_mine and government == self.subject
        key, short = ("you", "You") if mine else (government.slug, short)
        return Column(key, str(government), short, self.network.shown_places[row], cells, government, mine)

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
                css = f"shade-{shades.for_distance(distance)}{' far' if is_far else ''}"
                cells.append((text, joint, css))
            rows[index] = Row(self.network.entries[index], cells, far)
        return [rows[index] for index in self._sorted(rows)]

    def _sorted(self, rows: dict[int, Row]) -> list[int]:
        order = self.network.order
        if self.query.sort == "entry":
            return sorted(order, key=lambda i: rows[i].entry.title.lower(), reverse=self.query.descending)
        column = next((each for each in self.columns if each.key == self.query.sort), self.columns[-1])
        return sorted(order, key=lambda index: column.places[index], reverse=self.query.descending)

    @property
    def furthest_from_network(self) -> Difference | None:
        if not self.subject:
            return None
        network, row = self.network, self.network.rows[self.subject.pk]
        apart = {c: abs(network.shown_places[row][c] - network.network_places[c]) for c in network.order}
        far = max(network.order, key=lambda c: apart[c])
        if apart[far] < 1:
            return None
        return Difference(network.entries[far], network.place_words(row, far), network.network_place(far))

    @cached_property
    def likenesses(self) -> dict[int, Likeness]:
        if not self.subject:
            return {}
        return {each.government.pk: each for each in self.network.likenesses_of(self.network.rows[self.subject.pk])}

    @cached_property
    def pairs(self) -> list[dict[str, object]]:
        return [self._pair(government) for government in self.others]

    def _pair(self, government: Government) -> dict[str, object]:
        assert self.subject is not None
        network = self.network
        mine, theirs = network.rows[self.subject.pk], network.rows[government.pk]
        apart = {c: network.distance(mine, theirs, c) for c in network.order}
        most = max(apart.values())
        top = 5 if network.is_long_enough else max(1, network.m // 2)
        likeness = self.likenesses[government.pk]
        return {
            "government": government,
            "likeness": likeness,
            "scale": pictures.likeness(likeness.tau, likeness.nearest_by_chance),
            "is_enough_ranked": network.has_enough_ranked(mine) and network.has_enough_ranked(theirs),
            "top": top,
            "shared_top": [
                network.entries[c]
                for c in network.order
                if self._is_in_top(mine, c, top) and self._is_in_top(theirs, c, top)
            ],
            "furthest": [
                Difference(network.entries[c], network.place_words(mine, c), network.place_words(theirs, c))
                for c, distance in apart.items()
                if distance == most > 0
            ],
        }

    def _is_in_top(self, row: int, column: int, top: int) -> bool:
        standing = self.network.standing(row, column)
        return standing is not None and standing[0] <= top

    @property
    def chance(self) -> float | None:
        return next((each.nearest_by_chance for each in self.likenesses.values()), None)

    def reasons_for(self, viewer: User) -> list[tuple[Entry, list[tuple[Note, bool]]]]:
        if not self.others:
            return []
        network, governments = self.network, [self.subject, *self.others]
        edition = network.annual_list.edition
        reasons = Note.objects.visible_to(viewer, edition).active().select_related("government")
        reasons = reasons.filter(kind="reason", government__in=governments, entry__annual_list=network.annual_list)
        reasons = reasons.only("entry", "government__name", "author", "kind", "body", "place_then", "joint_then")
        reasons = reasons.with_mentioned().with_orders(viewer, network.annual_list).order_by("created_at")
        by_entry = grouped((reason.entry_id, (reason, reason.is_own_of(viewer))) for reason in reasons)
        rows = sorted(self.rows, key=lambda row: -row.far)
        found = [(row.entry, by_entry[row.entry.pk]) for row in rows if row.entry.pk in by_entry]
        return found[:MAX_ENTRIES_WITH_REASONS]


class GovernmentComparison:
    def __init__(self, network: Network) -> None:
        assert network.own
        self.network, self.row = network, network.rows[network.own.pk]

    def _outlier(self, column: int, *, higher: bool) -> dict[str, object]:
        network = self.network
        last = network.m + 1
        standings = [network.standing(row, column) for row in range(network.used)]
        places = [standing[0] if standing else last for standing in standings]
        mine = places.pop(self.row)
        return {
            "entry": network.entries[column],
            "place": network.place_words(self.row, column),
            "average": network.averages[column],
            "network_place": network.network_place(column),
            "as_far": sum(1 for place in places if (place <= mine if higher else place >= mine)),
            "others": len(places),
        }

    def _furthest(self, *, higher: bool) -> list[dict[str, object]]:
        network, sign = self.network, 1 if higher else -1
        shown = [c for c in network.order if not higher or network.standing(self.row, c)]
        apart = {c: sign * (network.network_places[c] - network.shown_places[self.row][c]) for c in shown}
        far = sorted((c for c in apart if apart[c] >= MIN_DISTANCE), key=lambda c: -apart[c])
        return [self._outlier(column, higher=higher) for column in far[:OUTLIERS_SHOWN]]

    @cached_property
    def higher(self) -> list[dict[str, object]]:
        return self._furthest(higher=True)

    @cached_property
    def lower(self) -> list[dict[str, object]]:
        return self._furthest(higher=False)

    @cached_property
    def _by_likeness(self) -> list[Likeness]:
        comparable = [
            each
            for each in self.network.likenesses_of(self.row)
            if self.network.has_enough_ranked(self.network.rows[each.government.pk])
        ]
        return sorted(comparable, key=lambda each: (-round(each.tau, 9), each.government.name))

    @property
    def can_tell_who_is_alike(self) -> bool:
        return self.network.is_long_enough and self.network.has_enough_ranked(self.row) and bool(self._by_likeness)

    @property
    def closest(self) -> list[Likeness]:
        return self._by_likeness[:OUTLIERS_SHOWN]

    @property
    def closer_than_chance(self) -> int:
        return sum(1 for each in self._by_likeness if each.is_more_alike_than_chance)
