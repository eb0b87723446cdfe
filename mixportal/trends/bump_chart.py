from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from mixportal.tables.values import grouped
from mixportal.trends.lines import TrendLine
from mixportal.trends.years import Place

UNITS_PER_ROW = 10


class Node(NamedTuple):
    y: float
    place: Place
    is_strong: bool


class Path(NamedTuple):
    """All curves of one look. Strong ones sort last, so that they lie above the others."""

    is_strong: bool
    is_whole: bool  # no year without the entry between
    curves: str


class ColumnPicture(NamedTuple):
    nodes: list[Node]
    paths: list[Path]  # to the next column
    order: list[int]  # lines from the first place down


class Chart(NamedTuple):
    rows: int
    columns: dict[int, ColumnPicture]

    @property
    def height(self) -> int:
        return self.rows * UNITS_PER_ROW


def rows_of(places: Mapping[int, int | None]) -> dict[int, int]:
    order = sorted(places, key=lambda line: (places[line] is None, places[line] or 0, line))
    return {line: row for row, line in enumerate(order, start=1)}


def levels_of(places: Mapping[int, int | None]) -> dict[int, float]:
    rows = rows_of(places)
    alike = grouped((place, rows[line]) for line, place in places.items())
    return {line: sum(alike[place]) / len(alike[place]) for line, place in places.items()}


def steps_of(ranked: Collection[int], listed: Iterable[int]) -> list[tuple[int, int, bool]]:
    """Return steps: from column, to column, whether the line is missing between.

    No step touches or crosses a list that was not ranked.
    """
    return [
        (early, late, late - early > 1)
        for early, late in pairwise(sorted(listed))
        if all(between in ranked for between in range(early, late + 1))
    ]


def draw(ranked: Sequence[int], lines: Sequence[TrendLine], strong: Collection[TrendLine]) -> Chart:
    places = {c: {n: line.places[c].place for n, line in enumerate(lines) if c in line.places} for c in ranked}
    levels = {c: levels_of(places[c]) for c in ranked}
    rows = max([1, *map(len, places.values())])
    number_of = {line.last.line_id: number for number, line in enumerate(lines)}
    strong_numbers = [number for number, line in enumerate(lines) if line in strong]
    steps = [
        (early, number, late, number, not is_gap, number in strong_numbers)
        for number, line in enumerate(lines)
        for early, late, is_gap in steps_of(ranked, line.stops)
    ]
    steps += [
        (early, other, late, number, False, number in strong_numbers or other in strong_numbers)
        for number, line in enumerate(lines)
        for _, earlier, early, _, late in line.joins
        for other in [number_of[earlier.line_id]]
        if all(between in ranked for between in range(early, late + 1))
    ]
    curves: dict[int, dict[tuple[bool, bool], str]] = {column: {} for column in ranked}
    for early, line, late, other, is_whole, is_strong in steps:
        start, end = levels[early][line], levels[late][other]
        for column in range(early, late):
            at, to = ((start * (late - x) + end * (x - early)) / (late - early) for x in (column, column + 1))
            alike = curves[column].get((is_strong, is_whole), "")
            curves[column][is_strong, is_whole] = alike + _curve(at, to)
    columns = {}
    for column in ranked:
        paths = [Path(*look, alike) for look, alike in sorted(curves[column].items())]
        order = sorted(places[column], key=rows_of(places[column]).__getitem__)
        columns[column] = ColumnPicture(_nodes(column, lines, strong, levels[column], rows), paths, order)
    return Chart(rows, columns)


def _nodes(
    column: int, lines: Sequence[TrendLine], strong: Collection[TrendLine], levels: Mapping[int, float], rows: int
) -> list[Node]:
    sharing = grouped((level, lines[number]) for number, level in levels.items())
    return [
        Node(round(100 * (level - 0.5) / rows, 2), alike[0].places[column], any(line in strong for line in alike))
        for level, alike in sharing.items()
    ]


def _curve(start: float, end: float) -> str:
    y, z = (UNITS_PER_ROW * (level - 0.5) for level in (start, end))
    return f"M0 {y:g}C50 {y:g} 50 {z:g} 100 {z:g}"
