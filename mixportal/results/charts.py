from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

from mixportal.consensus.words import ordinal

BAR, MINE, AXIS, INK, RANGE = "#73829b", "#9c3a1f", "#8d8675", "#16233a", "#2d4870"
STRIP = 85.8  # percent of the width for the places
NONE = 94.525
GAP = 0.55


def _svg(height: int, label: str, *parts: str) -> SafeString:
    head = f'<svg class="svg" width="100%" height="{height}" role="img" aria-label="{escape(label)}">'
    return SafeString(f"{head}{''.join(parts)}</svg>")


def _centre(place: float, places: int) -> float:
    step = STRIP / places
    return (place - 1) * step + (step - GAP) / 2


def _axis(end: float, y: float, start: float = 0) -> str:
    return f'<line class="ax" x1="{start:g}%" x2="{end:.2f}%" y1="{y}" y2="{y}" stroke="{AXIS}"/>'


def _bar(place: int, places: int, floor: float, height: float, *, mine: bool) -> str:
    step = STRIP / places
    kind, fill = ("bar-m", MINE) if mine else ("bar", BAR)
    return (
        f'<rect class="{kind}" x="{(place - 1) * step:.2f}%" y="{floor - height:.1f}" width="{step - GAP:.2f}%" '
        f'height="{height:.1f}" fill="{fill}"/>'
    )


def _number(x: float, y: float, number: int | str, kind: str = "") -> str:
    named = f'class="{kind}" ' if kind else ""
    return f'<text {named}x="{x:.2f}%" y="{y:g}" text-anchor="middle">{number}</text>'


def _middle(middle: tuple[float, float] | None, places: int, y: int, overhang: float) -> str:
    if middle is None:
        return ""
    start = max(0.0, _centre(middle[0], places) - overhang)
    end = min(STRIP, _centre(middle[1], places) + overhang)
    return (
        f'<line class="iv-thin" x1="{start:.2f}%" x2="{end:.2f}%" y1="{y}" y2="{y}" stroke="{INK}" stroke-width="2"/>'
    )


def _shown_ticks(places: int) -> list[int]:
    step = 1 if places <= 7 else 3 if places <= 13 else 5
    ticks = list(range(1, places + 1, step))
    return ticks if ticks[-1] == places else [*(tick for tick in ticks if places - tick >= step), places]


def strip_axis(places: int) -> SafeString:
    numbers = "".join(_number(_centre(tick, places), 11, tick) for tick in _shown_ticks(places))
    none = _number(NONE, 11, "none")
    return SafeString(f'<svg class="svg" width="100%" height="14" aria-hidden="true">{numbers}{none}</svg>')


def strip(
    label: str,
    counts: Sequence[int],
    *,
    tallest: int,
    not_ranked: int,
    middle: tuple[float, float] | None = None,
    mine: int | None = None,
) -> SafeString:
    """Return one bar per place, with all strips of a list on the scale of `tallest`.

    `middle` underlines the quartiles; `mine` is the viewer's own place.
    """
    places = len(counts)
    bars = [
        _bar(place, places, 38.0, max(2.0, 36.0 * count / max(tallest, 1)), mine=place == mine)
        for place, count in enumerate(counts, start=1)
        if count
    ]
    none = _number(NONE, 34, not_ranked, "t-n")
    return _svg(48, label, _axis(STRIP - GAP, 38.5), *bars, none, _middle(middle, places, 43, 2))


def histogram(
    label: str,
    counts: Sequence[int],
    *,
    not_ranked: int,
    middle: tuple[float, float] | None = None,
    mine: int | None = None,
) -> SafeString:
    places, floor = len(counts), 144.0
    tallest = max([*counts, not_ranked, 1])
    parts = [_axis(STRIP - GAP, 144.5), _axis(97.55, 144.5, 91.5)]
    for place, count in enumerate(counts, start=1):
        centre = _centre(place, places)
        if count:
            height = max(2.0, 122.0 * count / tallest)
            parts.append(_bar(place, places, floor, height, mine=place == mine))
            parts.append(_number(centre, floor - height - 6, count, "t-mine" if place == mine else "t-ink"))
        parts.append(_number(centre, 172, place, "t-mine" if place == mine else ""))
    parts += [_number(NONE, 172, "none"), _number(NONE, 138, not_ranked, "t-ink"), _middle(middle, places, 152, 3)]
    return _svg(190, label, *parts, f'<text x="0" y="188">place, from 1st to {ordinal(places)}</text>')


def scale(label: str, place: float, low: int, high: int, places: int) -> SafeString:
    def x(at: float) -> str:
        return f"{3 + 94 * (at - 1) / max(places - 1, 1):.1f}%"

    ticks = []
    for tick in range(1, places + 1):
        top, foot = (8, 16) if tick in (1, places) else (10, 14)
        ticks.append(f'<line class="ax" x1="{x(tick)}" x2="{x(tick)}" y1="{top}" y2="{foot}" stroke="{AXIS}"/>')
    span = ""
    if low != high:
        span = f'<line class="iv" x1="{x(low)}" x2="{x(high)}" y1="12" y2="12" stroke="{RANGE}" stroke-width="7"/>'
    return _svg(26, label, *ticks, span, f'<circle class="pt" cx="{x(place)}" cy="12" r="6" fill="{INK}"/>')
