from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from django.utils.safestring import SafeString

from mixportal.results.charts import shapes

UNITS_PER_ROW = 10

Branch = tuple[int, int, int, int]  # the line and column that an entry came from, and where it went


@dataclass(frozen=True)
class ChartLine:
    listed: Collection[int]
    places: Mapping[int, tuple[int | None, bool]]  # by column; None is "left out"
    is_strong: bool = False
    is_mine: bool = False


class ColumnPicture(NamedTuple):
    nodes: SafeString
    lines: SafeString  # to the next column
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
    alike: dict[int | None, list[int]] = {}
    for line, place in places.items():
        alike.setdefault(place, []).append(rows[line])
    return {line: sum(alike[place]) / len(alike[place]) for line, place in places.items()}


def steps_of(ranked: Collection[int], line: ChartLine) -> list[tuple[int, int, bool]]:
    """Return steps: from column, to column, whether the line is missing between.

    No step touches or crosses a list that was not ranked.
    """
    found = []
    for early, late in pairwise(sorted(line.listed)):
        if all(between in ranked for between in range(early, late + 1)):
            found.append((early, late, late - early > 1))
    return found


def draw(ranked: Sequence[int], lines: Sequence[ChartLine], branches: Iterable[Branch]) -> Chart:
    places = {c: {n: x.places[c][0] for n, x in enumerate(lines) if c in x.places} for c in ranked}
    levels = {c: levels_of(places[c]) for c in ranked}
    rows = max([1, *map(len, places.values())])
    paths: dict[int, dict[str, list[str]]] = {column: {} for column in ranked}

    def join(early: int, line: int, late: int, other: int, kind: str) -> None:
        start, end = levels[early][line], levels[late][other]
        for column in range(early, late):
            at, to = ((start * (late - x) + end * (x - early)) / (late - early) for x in (column, column + 1))
            paths[column].setdefault(kind, []).append(_curve(at, to))

    for number, line in enumerate(lines):
        for early, late, is_gap in steps_of(ranked, line):
            join(early, number, late, number, _kind(is_gap=is_gap, is_strong=line.is_strong))
    for number, early, other, late in branches:
        if all(between in ranked for between in range(early, late + 1)):
            is_strong = lines[number].is_strong or lines[other].is_strong
            join(early, number, late, other, _kind(is_gap=True, is_strong=is_strong))
    is_mine = any(line.is_mine for line in lines)

    def nodes(column: int) -> SafeString:
        found = []
        for level, sharing in _by_level(levels[column]).items():
            place, joint = lines[sharing[0]].places[column]
            kind = "b-on" if any(lines[number].is_strong for number in sharing) else "b-off"
            text = "–" if place is None else f"{place}{'=' if joint else ''}"
            found.append(_node(kind, 100 * (level - 0.5) / rows, text))
        return shapes(*found)

    return Chart(
        rows,
        {
            column: ColumnPicture(
                nodes(column),
                shapes(*(_path(kind, paths[column][kind], is_mine=is_mine) for kind in sorted(paths[column]))),
                sorted(places[column], key=rows_of(places[column]).__getitem__),
            )
            for column in ranked
        },
    )


def _by_level(levels: Mapping[int, float]) -> dict[float, list[int]]:
    found: dict[float, list[int]] = {}
    for number, level in levels.items():
        found.setdefault(level, []).append(number)
    return found


def _kind(*, is_gap: bool, is_strong: bool) -> str:
    """Sort strong lines last, so that they lie above the others."""
    return f"{'z' if is_strong else 'a'}-{'gap' if is_gap else 'line'}"


def _curve(start: float, end: float) -> str:
    y, z = (UNITS_PER_ROW * (level - 0.5) for level in (start, end))
    return f"M0 {y:g}C50 {y:g} 50 {z:g} 100 {z:g}"


def _path(kind: str, curves: Sequence[str], *, is_mine: bool) -> str:
    named = "b-strong" if kind.startswith("z") else "b-line"
    named += " b-gap" if kind.endswith("gap") else ""
    named += " b-mine" if is_mine and kind.startswith("z") else ""
    return f'<path class="{named}" d="{"".join(curves)}" vector-effect="non-scaling-stroke"/>'


def _node(kind: str, y: float, text: str) -> str:
    return (
        f'<circle class="{kind}" cx="50%" cy="{y:.2f}%" r="12"/>'
        f'<text class="{kind}" x="50%" y="{y:.2f}%" dominant-baseline="central" text-anchor="middle">{text}</text>'
    )
