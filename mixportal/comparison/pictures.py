"""Attributes style the charts, because stylesheets miss inline SVG in PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mixportal.results.charts import AXIS, INK, MINE

SHAPES = (
    ("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", True),
    ("M-4.2 -4.2h8.4v8.4h-8.4z", False),
    ("M0 -5.2l5.2 9h-10.4z", True),
    ("M0 -5.8l5.8 5.8l-5.8 5.8l-5.8 -5.8z", False),
    ("M-4.2 -4.2h8.4v8.4h-8.4z", True),
    ("M0 -5.2l5.2 9h-10.4z", False),
    ("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", False),
)


def _shape(number: int) -> tuple[str, bool]:
    return SHAPES[number % len(SHAPES)]


def sample(number: int) -> SafeString:
    path, full = _shape(number)
    return format_html(
        '<svg class="sample" viewBox="-7 -7 14 14" aria-hidden="true">'
        '<path class="{}" d="{}" fill="{}" stroke="{}"/></svg>',
        "pt-full" if full else "pt-hollow",
        path,
        INK if full else "none",
        INK,
    )


def _beside(x: float) -> tuple[int, str]:
    return (10, "start") if x < 50 else (-10, "end")


def plane(
    points: Sequence[Sequence[float]],
    shapes: Sequence[int],
    names: Sequence[str],
    marks: Mapping[int, str],
) -> SafeString:
    """Mark m is the user's government, c a chosen one."""
    reach = max((abs(value) for point in points for value in point), default=0) or 1.0
    at = [(50 + 45 * x / reach, 50 - 45 * y / reach) for x, y in points]
    used = sorted(set(shapes))
    symbols = format_html_join("", '<path id="shape-{}" d="{}"/>', ((number, _shape(number)[0]) for number in used))
    full = {number: _shape(number)[1] for number in used}
    dots = format_html_join(
        "",
        '<g class="dot" tabindex="0" role="img" aria-label="{}">'
        '<circle cx="{}%" cy="{}%" r="12" fill="none" pointer-events="all"/>'
        '<use class="{}" href="#shape-{}" x="{}%" y="{}%" fill="{}" stroke="{}"/>'
        '<text class="dot-name" x="{}%" y="{}%" dx="{}" dy="4" text-anchor="{}">{}</text></g>',
        (
            (
                names[row],
                *(x, y),
                f"pt-{how}" if (how := marks.get(row)) else "pt-full" if full[shape] else "pt-hollow",
                shape,
                *(x, y),
                MINE if how == "m" else INK if full[shape] or how else "none",
                MINE if how == "m" else INK,
                *(x, y),
                *_beside(at[row][0]),
                "" if how else names[row],
            )
            for row, shape in sorted(enumerate(shapes), key=lambda each: marks.get(each[0], ""))
            for x, y in [tuple(f"{value:.2f}" for value in at[row])]
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
                _beside(at[row][0])[0],
                4 + 15 * lower[row],
                _beside(at[row][0])[1],
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
    return format_html("<defs>{}</defs>{}{}{}", symbols, axes, dots, labels)


def likeness(tau: float, level: float) -> SafeString:
    """`level` is what chance reaches."""

    def x(value: float) -> str:
        return f"{50 + 47 * value:.1f}%"

    return format_html(
        '<rect class="bar-q" x="{}" width="{}" y="5" height="12" fill="#dad2c3"/>'
        '<line class="ax" x1="3%" x2="97%" y1="11" y2="11" stroke="{axis}"/>'
        '<line class="ax" x1="50%" x2="50%" y1="6" y2="16" stroke="{axis}"/>'
        '<circle class="pt" cx="{}" cy="11" r="6" fill="{}"/>',
        x(-level),
        f"{94 * level:.1f}%",
        x(tau),
        INK,
        axis=AXIS,
    )
