from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

from mixportal.consensus.words import ordinal

BAR, MINE, AXIS, INK, RANGE = "#73829b", "#9c3a1f", "#8d8675", "#16233a", "#2d4870"
STRIP = 85.8  # percent of the width for the places
NONE = 94.525
GAP = 0.55

Bar = tuple[int, int, int]  # first place, last place, ballots


def _svg(height: int, label: str, *parts: str) -> SafeString:
    head = f'<svg class="svg" width="100%" height="{height}" role="img" aria-label="{escape(label)}">'
    return SafeString(f"{head}{''.join(parts)}</svg>")


def _centre(place: float, places: int) -> float:
    step = STRIP / places
    return (place - 1) * step + (step - GAP) / 2


def _axis(end: float, y: float, start: float = 0) -> str:
    return f'<line class="ax" x1="{start:g}%" x2="{end:.2f}%" y1="{y}" y2="{y}" stroke="{AXIS}"/>'


def _bar(bar: Bar, places: int, floor: float, height: float, mine: int | None) -> str:
    first, last, _ = bar
    step = STRIP / places
    kind, fill = ("bar-m", MINE) if mine is not None and first <= mine <= last else ("bar", BAR)
    return (
        f'<rect class="{kind}" x="{(first - 1) * step:.2f}%" y="{floor - height:.1f}" '
        f'width="{(last - first + 1) * step - GAP:.2f}%" height="{height:.1f}" fill="{fill}"/>'
    )


def _height(bar: Bar) -> float:
    """Return the ballots by place: the area of a bar stands for its ballots."""
    first, last, ballots = bar
    return ballots / (last - first + 1)


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
    bars: Sequence[Bar],
    places: int,
    *,
    tallest: float,
    not_ranked: int | None,
    middle: tuple[float, float] | None = None,
    mine: int | None = None,
) -> SafeString:
    """Return one bar per step of places, with all strips of a list on the scale of `tallest`.

    `middle` underlines the quartiles; `mine` is the viewer's own place.
    """
    drawn = [_bar(bar, places, 38.0, max(2.0, 36.0 * _height(bar) / max(tallest, 1)), mine) for bar in bars if bar[2]]
    none = "" if not_ranked is None else _number(NONE, 34, not_ranked, "t-n")
    return _svg(48, label, _axis(STRIP - GAP, 38.5), *drawn, none, _middle(middle, places, 43, 2))


def histogram(
    label: str,
    bars: Sequence[Bar],
    places: int,
    *,
    not_ranked: int | None,
    middle: tuple[float, float] | None = None,
    mine: int | None = None,
) -> SafeString:
    floor = 144.0
    tallest = max([*map(_height, bars), not_ranked or 0, 1])
    parts = [_axis(STRIP - GAP, 144.5), _axis(97.55, 144.5, 91.5)]
    for bar in bars:
        first, last, ballots = bar
        if ballots:
            height = max(2.0, 122.0 * _height(bar) / tallest)
            centre = (_centre(first, places) + _centre(last, places)) / 2
            is_mine = mine is not None and first <= mine <= last
            parts.append(_bar(bar, places, floor, height, mine))
            parts.append(_number(centre, floor - height - 6, ballots, "t-mine" if is_mine else "t-ink"))
    for place in range(1, places + 1):
        parts.append(_number(_centre(place, places), 172, place, "t-mine" if place == mine else ""))
    parts += [_number(NONE, 172, "none"), _middle(middle, places, 152, 3)]
    if not_ranked is not None:
        parts.append(_number(NONE, 138, not_ranked, "t-ink"))
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
