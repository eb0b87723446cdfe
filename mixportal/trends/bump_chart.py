"""Shapes with the same look share a path. Attributes style them, because stylesheets miss inline SVG in PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mixportal.results.charts import AXIS, BAR, INK, MINE

PAGE = "#fbf8f2"
ROW_HEIGHT, TOP_MARGIN, RADIUS = 30, 62, 12
COLUMN_STEPS = ((4, 170), (8, 130))  # maximum number of columns, step
MIN_COLUMN_STEP = 84
UNRANKED_COLUMN_STEP = 110
LABEL_WIDTH = 250
OUTSIDE_OFFSET = 30
MAX_TITLE_LENGTH = 34
DASHES = ("7 4", "2 4")

Height = Callable[[float], float]


class Chart(NamedTuple):
    width: int
    height: int
    shapes: SafeString


@dataclass(frozen=True)
class ChartColumn:
    head: str
    foot: str
    has_places: bool


@dataclass(frozen=True)
class ChartLine:
    title: str
    titles: Mapping[int, str]
    places: Mapping[int, tuple[int | None, bool]]
    is_strong: bool = False
    is_mine: bool = False


def rows_of(places: Mapping[int, int | None]) -> dict[int, int]:
    """Give each line its own row, unplaced lines last."""
    order = sorted(places, key=lambda line: (places[line] is None, places[line] or 0, line))
    return {line: row for row, line in enumerate(order, start=1)}


def levels_of(places: Mapping[int, int | None]) -> dict[int, float]:
    """Put joint places at the middle of their rows."""
    rows = rows_of(places)
    alike: dict[int | None, list[int]] = {}
    for line, place in places.items():
        alike.setdefault(place, []).append(rows[line])
    return {line: sum(alike[place]) / len(alike[place]) for line, place in places.items()}


def steps_of(columns: Sequence[ChartColumn], line: ChartLine) -> list[tuple[int, int, bool]]:
    """Return steps: from column, to column, whether it is missing between.

    No step touches or crosses a list without places.
    """
    stops = sorted(line.titles)
    found = []
    for early, late in pairwise(stops):
        if all(columns[between].has_places for between in range(early, late + 1)):
            found.append((early, late, late - early > 1))
    return found


def across(columns: Sequence[ChartColumn]) -> list[int]:
    step = next((step for most, step in COLUMN_STEPS if len(columns) <= most), MIN_COLUMN_STEP)
    found = [RADIUS + 46]
    for early, late in pairwise(columns):
        found.append(found[-1] + (step if early.has_places and late.has_places else UNRANKED_COLUMN_STEP))
    return found


def draw(
    columns: Sequence[ChartColumn],
    lines: Sequence[ChartLine],
    branches: Iterable[tuple[int, int, int, int]],
    outside: Sequence[Mapping[int, tuple[int, bool]]] = (),
) -> Chart:
    at = across(columns)
    places = [{n: x.places[c][0] for n, x in enumerate(lines) if c in x.places} for c in range(len(columns))]
    levels = [levels_of(each) for each in places]
    rows = [rows_of(each) for each in places]
    deepest = max([1, *(sum(1 for x in lines if c in x.titles) for c in range(len(columns)))])
    deepest = max([deepest, *(place for each in outside for place, _ in each.values())])

    def y(level: float) -> float:
        return TOP_MARGIN + (level - 1) * ROW_HEIGHT

    def curve(early: int, line: int, late: int, other: int) -> str:
        x1, x2, y1, y2 = at[early], at[late], y(levels[early][line]), y(levels[late][other])
        bend = (x2 - x1) / 2
        return f"M{x1} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2} {y2:g}"

    paths: dict[str, list[str]] = {}
    for number, line in enumerate(lines):
        for early, late, is_gap in steps_of(columns, line):
            kind = ("gap-s" if line.is_strong else "gap") if is_gap else "line-s" if line.is_strong else "line"
            paths.setdefault(kind, []).append(curve(early, number, late, number))
    for number, early, other, late in branches:
        if all(columns[between].has_places for between in range(early, late + 1)):
            strong = lines[number].is_strong or lines[other].is_strong
            paths.setdefault("gap-s" if strong else "gap", []).append(curve(early, number, late, other))
    mine = any(line.is_mine for line in lines)
    parts = [_heads(columns, at, y(deepest))]
    parts += [_path(kind, paths[kind], mine=mine) for kind in ("gap", "line", "gap-s", "line-s") if kind in paths]
    parts += [_nodes(lines, c, at[c], {n: y(x) for n, x in levels[c].items()}, mine=mine) for c in range(len(columns))]
    parts += [_outside(number, each, at, y) for number, each in enumerate(outside)]
    parts.append(_labels(columns, lines, at, levels, rows, y, OUTSIDE_OFFSET * len(outside)))
    width, height = at[-1] + LABEL_WIDTH + OUTSIDE_OFFSET * len(outside), TOP_MARGIN + deepest * ROW_HEIGHT
    return Chart(width, height, _all(parts))


def sample(number: int) -> SafeString:
    return format_html(
        '<svg class="bump-key" width="44" height="16" viewBox="0 0 44 16" aria-hidden="true">'
        '<line class="b-out" x1="0" x2="44" y1="8" y2="8" stroke="{}" stroke-width="1.5" stroke-dasharray="{}"/>'
        "{}</svg>",
        INK,
        DASHES[number],
        _diamond(22, 8, 7),
    )


def _all(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _path(kind: str, parts: Sequence[str], *, mine: bool) -> SafeString:
    strong = kind.endswith("-s")
    dashed = kind.startswith("gap")
    return format_html(
        '<path class="b-{}{}" d="{}" fill="none" stroke="{}" stroke-width="{}" stroke-dasharray="{}"/>',
        kind,
        " b-mine" if strong and mine else "",
        "".join(parts),
        (MINE if mine else INK) if strong else BAR,
        3.5 if strong else 2,
        "2 6" if dashed else "none",
    )


def _text(kind: str, x: float, y: float, text: str, anchor: str = "start", *, fill: str = INK) -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}" fill="{}" font-size="13">{}</text>',
        *(kind, x, y, anchor, fill, text),
    )


def _over_lines(x: float, y: float, text: str, anchor: str = "start") -> SafeString:
    return format_html(
        '<text class="b-halo" x="{}" y="{}" text-anchor="{}" fill="{}" font-size="13" stroke="{}" '
        'stroke-width="4" stroke-linejoin="round" paint-order="stroke">{}</text>',
        *(x, y, anchor, INK, PAGE, text),
    )


def _short(title: str, longest: int = MAX_TITLE_LENGTH) -> str:
    return title if len(title) <= longest else f"{title[: longest - 1].rstrip()}…"


def _heads(columns: Sequence[ChartColumn], at: Sequence[int], foot: float) -> SafeString:
    found = []
    for x, column in zip(at, columns, strict=True):
        found += [_text("t-b", x, 14, column.head, "middle"), _text("", x, 32, column.foot, "middle")]
        if not column.has_places:
            found.append(
                format_html(
                    '<line class="ax" x1="{0}" x2="{0}" y1="{1}" y2="{2}" stroke="{3}"/>',
                    x,
                    TOP_MARGIN - 12,
                    foot,
                    AXIS,
                )
            )
    return _all(found)


def _circle(x: float, y: float, radius: int) -> str:
    return f"M{x - radius:g} {y:g}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0z"


def _diamond(x: float, y: float, reach: int) -> SafeString:
    return format_html(
        '<path class="b-mark" d="M{0} {1}l{2} {2}l-{2} {2}l-{2} -{2}z" fill="{3}" stroke="{4}" stroke-width="1.5"/>',
        *(x, y - reach, reach, PAGE, INK),
    )


def _nodes(lines: Sequence[ChartLine], column: int, x: int, heights: Mapping[int, float], *, mine: bool) -> SafeString:
    levels: dict[float, list[int]] = {}
    for number, height in heights.items():
        levels.setdefault(height, []).append(number)
    circles: dict[bool, list[str]] = {}
    numbers = []
    for height, sharing in levels.items():
        place, joint = lines[sharing[0]].places[column]
        strong = any(lines[number].is_strong for number in sharing)
        circles.setdefault(strong, []).append(_circle(x, height, RADIUS))
        text = "–" if place is None else f"{place}{'=' if joint else ''}"
        kind, fill = ("b-on", PAGE) if strong else ("t-ink", INK)
        numbers.append(_text(kind, x, height + 4.5, text, "middle", fill=fill))
    ink = MINE if mine else INK
    shapes = [
        format_html(
            '<path class="{}" d="{}" fill="{}" stroke="{}" stroke-width="1.5"/>',
            ("b-node-s b-mine" if mine else "b-node-s") if strong else "b-node",
            "".join(parts),
            ink if strong else PAGE,
            ink if strong else BAR,
        )
        for strong, parts in circles.items()
    ]
    return _all([*shapes, *numbers])


def _outside(number: int, places: Mapping[int, tuple[int, bool]], at: Sequence[int], y: Height) -> SafeString:
    points = [
        (at[c] + OUTSIDE_OFFSET * (number + 1), y(place), place, joint) for c, (place, joint) in sorted(places.items())
    ]
    line = "L".join(f"{x} {height:g}" for x, height, _, _ in points)
    marks = [
        part
        for x, height, place, joint in points
        for part in (
            _diamond(x, height, 12),
            _text("t-ink", x, height + 4.5, f"{place}{'=' if joint else ''}", "middle"),
        )
    ]
    return format_html(
        '<path class="b-out" d="M{}" fill="none" stroke="{}" stroke-width="1.5" stroke-dasharray="{}"/>{}',
        *(line, INK, DASHES[number], _all(marks)),
    )


def _labels(
    columns: Sequence[ChartColumn],
    lines: Sequence[ChartLine],
    at: Sequence[int],
    levels: Sequence[Mapping[int, float]],
    rows: Sequence[Mapping[int, int]],
    y: Height,
    aside: int,
) -> SafeString:
    found = []
    last = len(columns) - 1
    for number, line in enumerate(lines):
        start, end = min(line.titles), max(line.titles)
        if end == last and end in line.places:
            kind = "t-b" if line.is_strong else "t-ink"
            found.append(_text(kind, at[last] + aside + 28, y(rows[last][number]) + 4.5, _short(line.title)))
        elif end in line.places:
            room = (at[end + 1] - at[end] - 2 * RADIUS - 12) // 7
            found.append(_over_lines(at[end] + 17, y(levels[end][number]) + 4.5, _short(line.title, room)))
        if start in line.places and any(column.has_places for column in columns[:start]):
            found.append(_over_lines(at[start] - 18, y(levels[start][number]) + 4.5, "new", "end"))
    sharing: dict[float, list[int]] = {}
    for number, level in levels[last].items():
        sharing.setdefault(level, []).append(rows[last][number])
    x = at[last] + aside + 18
    brackets = [
        f"M{x + 4} {y(min(shared)) - 7:g}H{x}V{y(max(shared)) + 7:g}H{x + 4}"
        for shared in sharing.values()
        if len(shared) > 1
    ]
    bracket = format_html(
        '<path class="b-line" d="{}" fill="none" stroke="{}" stroke-width="1.5"/>', "".join(brackets), AXIS
    )
    return _all([*found, *([bracket] if brackets else [])])
