"""The pictures of a tally: SVG with real text, x in per cent and y in pixels, so that text keeps its size (mock/).

Each function returns markup in which every label is escaped. Colours come from the stylesheet by class; the
presentation attributes are for paper, where no stylesheet reaches into an inline SVG.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mixportal.consensus.words import ordinal

BAR, MINE, AXIS, INK, RANGE = "#73829b", "#9c3a1f", "#8d8675", "#16233a", "#2d4870"
STRIP = 85.8  # per cent of the width that the places take; "none" stands at NONE
NONE = 94.525
GAP = 0.55


def _join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _centre(place: float, places: int) -> float:
    """Where a place's bar has its middle, in per cent."""
    step = STRIP / places
    return (place - 1) * step + (step - GAP) / 2


def _bar(place: int, places: int, y: float, height: float, *, mine: bool) -> SafeString:
    step = STRIP / places
    return format_html(
        '<rect class="{}" x="{}%" y="{}" width="{}%" height="{}" fill="{}"/>',
        "bar-m" if mine else "bar",
        f"{(place - 1) * step:.2f}",
        f"{y:.1f}",
        f"{step - GAP:.2f}",
        f"{height:.1f}",
        MINE if mine else BAR,
    )


def _shown_ticks(places: int) -> list[int]:
    """The first and last place and a few between, never two that touch."""
    step = 1 if places <= 7 else 3 if places <= 13 else 5
    ticks = list(range(1, places + 1, step))
    return ticks if ticks[-1] == places else [*(tick for tick in ticks if places - tick >= step), places]


def strip_axis(places: int) -> SafeString:
    """The numbers above a column of strips."""
    numbers = format_html_join(
        "",
        '<text x="{}%" y="11" text-anchor="middle">{}</text>',
        ((f"{_centre(tick, places):.2f}", tick) for tick in _shown_ticks(places)),
    )
    none = format_html('<text x="{}%" y="11" text-anchor="middle">none</text>', NONE)
    return format_html('<svg class="svg" width="100%" height="14" aria-hidden="true">{}{}</svg>', numbers, none)


def strip(
    label: str,
    counts: Sequence[int],
    *,
    tallest: int,
    not_ranked: int,
    middle: tuple[float, float] | None = None,
    mine: int | None = None,
) -> SafeString:
    """A row's strip of places: one bar a place, all strips of a list to one scale (`tallest`).

    `middle` underlines the middle half; `mine` colours the place the viewer's government gave.
    """
    places, floor, room = len(counts), 38.0, 36.0
    bars = []
    for place, count in enumerate(counts, start=1):
        if count:
            height = max(2.0, room * count / max(tallest, 1))
            bars.append(_bar(place, places, floor - height, height, mine=place == mine))
    half = ""
    if middle is not None:
        half = format_html(
            '<line class="iv-thin" x1="{}%" x2="{}%" y1="43" y2="43" stroke="{}" stroke-width="2"/>',
            f"{max(0.0, _centre(middle[0], places) - 2):.2f}",
            f"{min(STRIP, _centre(middle[1], places) + 2):.2f}",
            INK,
        )
    return format_html(
        '<svg class="svg" width="100%" height="48" role="img" aria-label="{}">'
        '<line class="ax" x1="0" x2="{}%" y1="38.5" y2="38.5" stroke="{}"/>{}'
        '<text class="t-n" x="{}%" y="34" text-anchor="middle">{}</text>{}</svg>',
        label,
        f"{STRIP - GAP:.2f}",
        AXIS,
        _join(bars),
        NONE,
        not_ranked,
        half,
    )


def histogram(
    label: str,
    counts: Sequence[int],
    *,
    not_ranked: int,
    middle: tuple[float, float] | None = None,
    mine: int | None = None,
) -> SafeString:
    """An entry's own picture: how many governments gave it each place, with the numbers on the bars."""
    places, floor, room = len(counts), 144.0, 122.0
    tallest = max([*counts, not_ranked, 1])
    parts = []
    for place, count in enumerate(counts, start=1):
        x = f"{_centre(place, places):.2f}"
        if count:
            height = max(2.0, room * count / tallest)
            parts.append(_bar(place, places, floor - height, height, mine=place == mine))
            parts.append(
                format_html(
                    '<text class="{}" x="{}%" y="{}" text-anchor="middle">{}</text>',
                    "t-mine" if place == mine else "t-ink",
                    x,
                    f"{floor - height - 6:.1f}",
                    count,
                )
            )
        parts.append(
            format_html(
                '<text class="{}" x="{}%" y="172" text-anchor="middle">{}</text>',
                "t-mine" if place == mine else "",
                x,
                place,
            )
        )
    half = ""
    if middle is not None:
        half = format_html(
            '<line class="iv-thin" x1="{}%" x2="{}%" y1="152" y2="152" stroke="{}" stroke-width="2"/>',
            f"{max(0.0, _centre(middle[0], places) - 3):.2f}",
            f"{min(STRIP, _centre(middle[1], places) + 3):.2f}",
            INK,
        )
    return format_html(
        '<svg class="svg" width="100%" height="190" role="img" aria-label="{}">'
        '<line class="ax" x1="0" x2="{}%" y1="144.5" y2="144.5" stroke="{}"/>{}'
        '<text x="{}%" y="172" text-anchor="middle">none</text>'
        '<text class="t-ink" x="{}%" y="138" text-anchor="middle">{}</text>{}'
        '<text x="0" y="188">place, from 1st to {}</text></svg>',
        label,
        f"{STRIP - GAP:.2f}",
        AXIS,
        _join(parts),
        NONE,
        NONE,
        not_ranked,
        half,
        ordinal(places),
    )


def scale(label: str, place: float, low: int, high: int, places: int) -> SafeString:
    """The leaders' scale: a tick for each place, the dot where the entry stands, the bar how far it could move."""

    def x(at: float) -> str:
        return f"{3 + 94 * (at - 1) / max(places - 1, 1):.1f}"

    ticks = _join(
        format_html(
            '<line class="ax" x1="{}%" x2="{}%" y1="{}" y2="{}" stroke="{}"/>',
            x(tick),
            x(tick),
            8 if tick in (1, places) else 10,
            16 if tick in (1, places) else 14,
            AXIS,
        )
        for tick in range(1, places + 1)
    )
    span = ""
    if low != high:
        span = format_html(
            '<line class="iv" x1="{}%" x2="{}%" y1="12" y2="12" stroke="{}" stroke-width="7"/>', x(low), x(high), RANGE
        )
    return format_html(
        '<svg class="svg" width="100%" height="26" role="img" aria-label="{}">{}{}'
        '<circle class="pt" cx="{}%" cy="12" r="6" fill="{}"/></svg>',
        label,
        ticks,
        span,
        x(place),
        INK,
    )
