"""The pictures of likeness, as SVG. Shapes that look alike are one path, so that many squares cost little.

Presentation attributes are for paper, where no stylesheet reaches into an inline SVG.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

INK, MINE, AXIS = "#16233a", "#9c3a1f", "#8d8675"
FILLS = {1: "#22395c", 2: "#54709a", 3: "#a9bbd3", 4: "#d7dfea", 5: "#efefec"}
STEPS = (0.0, 0.2, 0.4, 0.6)  # tau-b from which a square is a shade stronger
LEGEND = [(1, "0.6 and more"), (2, "0.4 to 0.6"), (3, "0.2 to 0.4"), (4, "0 to 0.2"), (5, "below 0")]

# One for each part of a split, of about one weight, around 0 0: they differ in shape, and hollow from full.
SHAPES = (
    ("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", True),
    ("M-4.2 -4.2h8.4v8.4h-8.4z", False),
    ("M0 -5.2l5.2 9h-10.4z", True),
    ("M0 -5.8l5.8 5.8l-5.8 5.8l-5.8 -5.8z", False),
    ("M-4.2 -4.2h8.4v8.4h-8.4z", True),
    ("M0 -5.2l5.2 9h-10.4z", False),
    ("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", False),
)


def levels(tau: Any) -> Any:
    """By cell its shade, 1 the most alike to 5."""
    return 5 - np.searchsorted(STEPS, tau, side="right")


def heat_map(label: str, shades: Any, marks: Sequence[tuple[int, str]]) -> SafeString:
    """Squares of n x n shades; `marks` point at rows and columns: m is the viewer's own, c one that was chosen."""
    n = len(shades)
    paths: dict[int, list[str]] = {}
    for y, row in enumerate(shades.tolist()):
        start = 0
        for x in range(1, n + 1):
            if x == n or row[x] != row[start]:
                paths.setdefault(row[start], []).append(f"M{start} {y}h{x - start}v1h{start - x}z")
                start = x
    squares = format_html_join(
        "",
        '<path class="sq-{}" d="{}" fill="{}"/>',
        ((shade, "".join(parts), FILLS[shade]) for shade, parts in sorted(paths.items())),
    )
    size = max(1.0, n / 40)
    long, half = 1.4 * size, 0.6 * size
    pointing = format_html_join(
        "",
        '<path class="pt-{}" d="M{} {}l{} {}v{}zM{} {}l{} {}h{}z" fill="{}"/>',
        (
            (how, 0, at + 0.5, -long, -half, 2 * half, at + 0.5, 0, -half, -long, 2 * half, MINE if how == "m" else INK)
            for at, how in marks
        ),
    )
    return format_html(
        '<svg class="heatmap" viewBox="{} {} {} {}" role="img" aria-label="{}">{}{}</svg>',
        *(-1.5 * size, -1.5 * size, n + 1.5 * size, n + 1.5 * size),
        label,
        squares,
        pointing,
    )


def _shape(number: int) -> tuple[str, bool]:
    return SHAPES[number % len(SHAPES)]


def sample(number: int) -> SafeString:
    """A part's shape, for the legend."""
    path, full = _shape(number)
    return format_html(
        '<svg class="sample" viewBox="-7 -7 14 14" aria-hidden="true">'
        '<path class="{}" d="{}" fill="{}" stroke="{}"/></svg>',
        "pt-full" if full else "pt-hollow",
        path,
        INK if full else "none",
        INK,
    )


def plane(
    label: str, points: Sequence[Sequence[float]], shapes: Sequence[int], names: Sequence[str], marks: Mapping[int, str]
) -> SafeString:
    """Points in a square: x and y in per cent, so that shapes and text keep their size. Marked ones bear their name."""
    reach = max((abs(value) for point in points for value in point), default=0) or 1.0
    at = [(50 + 45 * x / reach, 50 - 45 * y / reach) for x, y in points]
    used = sorted(set(shapes))
    symbols = format_html_join("", '<path id="shape-{}" d="{}"/>', ((number, _shape(number)[0]) for number in used))
    full = {number: _shape(number)[1] for number in used}
    plain = format_html_join(
        "",
        '<use class="{}" href="#shape-{}" x="{}%" y="{}%" fill="{}" stroke="{}"><title>{}</title></use>',
        (
            (
                f"pt-{how}" if (how := marks.get(row)) else "pt-full" if full[shape] else "pt-hollow",
                shape,
                f"{at[row][0]:.2f}",
                f"{at[row][1]:.2f}",
                MINE if how == "m" else INK if full[shape] or how else "none",
                MINE if how == "m" else INK,
                names[row],
            )
            for row, shape in sorted(enumerate(shapes), key=lambda each: marks.get(each[0], ""))
        ),
    )
    lower = {
        row: sum(1 for other in list(marks)[:number] if abs(at[other][1] - at[row][1]) < 5)
        for number, row in enumerate(marks)
    }
    labels = format_html_join(
        "",
        '<text class="{}" x="{}%" y="{}%" dx="{}" dy="{}" text-anchor="{}">{}</text>',
        (
            (
                "t-mine" if how == "m" else "t-b",
                f"{at[row][0]:.2f}",
                f"{at[row][1]:.2f}",
                10 if at[row][0] < 50 else -10,
                4 + 15 * lower[row],  # names at one height stand below each other
                "start" if at[row][0] < 50 else "end",
                names[row],
            )
            for row, how in marks.items()
        ),
    )
    axes = format_html(
        '<line class="grid" x1="0" x2="100%" y1="50%" y2="50%" stroke="{0}"/>'
        '<line class="grid" x1="50%" x2="50%" y1="0" y2="100%" stroke="{0}"/>',
        AXIS,
    )
    return format_html(
        '<svg class="svg plane" role="img" aria-label="{}"><defs>{}</defs>{}{}{}</svg>',
        label,
        symbols,
        axes,
        plain,
        labels,
    )


def likeness(label: str, tau: float, level: float) -> SafeString:
    """A scale from -1 to 1: what chance reaches, and the dot."""

    def x(value: float) -> str:
        return f"{50 + 47 * value:.1f}%"

    return format_html(
        '<svg class="svg" width="100%" height="22" role="img" aria-label="{}">'
        '<rect class="bar-q" x="{}" width="{}" y="5" height="12" fill="#dad2c3"/>'
        '<line class="ax" x1="3%" x2="97%" y1="11" y2="11" stroke="{}"/>'
        '<line class="ax" x1="50%" x2="50%" y1="6" y2="16" stroke="{}"/>'
        '<circle class="pt" cx="{}" cy="11" r="6" fill="{}"/></svg>',
        label,
        x(-level),
        f"{94 * level:.1f}%",
        AXIS,
        AXIS,
        x(tau),
        INK,
    )
