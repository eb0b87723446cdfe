from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from django.utils.html import escape
from django.utils.safestring import SafeString

from mixportal.consensus.words import ordinal

BAR, MINE, AXIS, GRID, INK, PAPER = "#73829b", "#9c3a1f", "#8d8675", "#dad2c3", "#16233a", "#fbf8f2"
RANGE, OUTER = "#2d4870", "#8191ac"
STRIP = 85.8  # percent of the width
NONE = 94.525
GAP = 0.55

Bar = tuple[int, int, int]  # first place, last place, ballots


def svg(height: int, label: str, *parts: str, width: int | None = None) -> SafeString:
    box = "" if width is None else f' viewBox="0 0 {width} {height}" preserveAspectRatio="none"'
    head = f'<svg class="svg" width="100%" height="{height}"{box} role="img" aria-label="{escape(label)}">'
    return SafeString(f"{head}{''.join(parts)}</svg>")


def shapes(*parts: str) -> SafeString:
    return SafeString("".join(parts))


def _center(place: float, places: int) -> float:
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
    """Return ballots by place, so that the area of a bar shows its ballots."""
    first, last, ballots = bar
    return ballots / (last - first + 1)


def numbered(x: float, y: float, number: int | str, kind: str = "") -> str:
    named = f'class="{kind}" ' if kind else ""
    return f'<text {named}x="{x:.2f}%" y="{y:g}" text-anchor="middle">{number}</text>'


def _middle(middle: tuple[float, float] | None, places: int, y: int, overhang: float) -> str:
    if middle is None:
        return ""
    start = max(0.0, _center(middle[0], places) - overhang)
    end = min(STRIP, _center(middle[1], places) + overhang)
    return (
        f'<line class="iv-thin" x1="{start:.2f}%" x2="{end:.2f}%" y1="{y}" y2="{y}" stroke="{INK}" stroke-width="2"/>'
    )


def _shown_ticks(places: int) -> list[int]:
    step = 1 if places <= 7 else 3 if places <= 13 else 5
    ticks = list(range(1, places + 1, step))
    return ticks if ticks[-1] == places else [*(tick for tick in ticks if places - tick >= step), places]


def strip_axis(places: int) -> SafeString:
    numbers = "".join(numbered(_center(tick, places), 11, tick) for tick in _shown_ticks(places))
    none = numbered(NONE, 11, "none")
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
    """`tallest` is of the whole list; `middle` underlines the quartiles."""
    drawn = [_bar(bar, places, 38.0, max(2.0, 36.0 * _height(bar) / max(tallest, 1)), mine) for bar in bars if bar[2]]
    none = "" if not_ranked is None else numbered(NONE, 27, not_ranked, "t-n") + numbered(NONE, 42, "none", "t-none")
    return svg(46, label, _axis(STRIP - GAP, 38.5), *drawn, none, _middle(middle, places, 43, 2))


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
            center = (_center(first, places) + _center(last, places)) / 2
            is_mine = mine is not None and first <= mine <= last
            parts.append(_bar(bar, places, floor, height, mine))
            parts.append(numbered(center, floor - height - 6, ballots, "t-mine" if is_mine else "t-ink"))
    for place in range(1, places + 1):
        parts.append(numbered(_center(place, places), 172, place, "t-mine" if place == mine else ""))
    parts += [numbered(NONE, 172, "none"), _middle(middle, places, 152, 3)]
    if not_ranked is not None:
        parts.append(numbered(NONE, 138, not_ranked, "t-ink"))
    return svg(190, label, *parts, f'<text x="0" y="188">place, from 1st to {ordinal(places)}</text>')


def sparkline(places: Sequence[int | None], length: int) -> SafeString:
    step, last = 56 / max(len(places) - 1, 1), len(places) - 1
    lines, dots, before = [], [], None
    for column, place in enumerate(places):
        at = None
        if place is not None:
            at = (
                f"{64 - step * (last - column):.0f}",
                f"{4 + 24 * (place - 1) / max(length - 1, 1):.1f}",
            )
            if before is not None:
                lines.append(f'<line class="ln-s" x1="{before[0]}" x2="{at[0]}" y1="{before[1]}" y2="{at[1]}"/>')
            kind, radius = ("pt", "4.5") if column == last else ("pt-o", "3.5")
            dots.append(f'<circle class="{kind}" cx="{at[0]}" cy="{at[1]}" r="{radius}"/>')
        before = at
    grid = "".join(f'<line class="grid" x1="4" x2="68" y1="{y}" y2="{y}"/>' for y in (4, 28))
    head = '<svg class="spk" width="72" height="32" viewBox="0 0 72 32" aria-hidden="true">'
    return SafeString(f"{head}{grid}{''.join(lines)}{''.join(dots)}</svg>")


def ladder(averages: Sequence[float | None], brackets: Sequence[int]) -> SafeString:
    """Join each row of a list to its average place. `brackets` are numbers of joined rows."""
    known = [average for average in averages if average is not None]
    if not known:
        return SafeString("")
    least, most, pad = min(known), max(known), 50 / len(averages)

    def y(average: float) -> float:
        return pad + (average - least) / ((most - least) or 1) * (100 - 2 * pad)

    curves, dots, start = [], [], 0
    for size in brackets:
        ends = [y(average) for average in averages[start : start + size] if average is not None]
        if ends:
            top, foot = 2 * pad * start + pad / 3, 2 * pad * (start + size) - pad / 3
            upper, lower = min(ends) - pad / 3, max(ends) + pad / 3
            fan = f"M0 {top:.2f}C45 {top:.2f} 55 {upper:.2f} 100 {upper:.2f}V{lower:.2f}"
            curves.append(f'<path class="lad-fan" d="{fan}C55 {lower:.2f} 45 {foot:.2f} 0 {foot:.2f}Z"/>')
        start += size
    for row, average in enumerate(averages):
        if average is not None:
            at, end = pad + 2 * pad * row, y(average)
            curves.append(_curve("lad-ln", at, end))
            dots.append(f'<circle class="pt" cx="64%" cy="{end:.2f}%" r="5" fill="{INK}"/>')
    ticks = []
    for tick in range(math.ceil(least), math.floor(most) + 1):
        height = f"{y(tick):.2f}%"
        ticks.append(f'<line class="ax" x1="64%" x2="70%" y1="{height}" y2="{height}" stroke="{AXIS}"/>')
        ticks.append(f'<text class="lad-t" x="76%" y="{height}" dominant-baseline="central">{tick}</text>')
    axis = f'<line class="ax" x1="64%" x2="64%" y1="{y(least):.2f}%" y2="{y(most):.2f}%" stroke="{AXIS}"/>'
    return _beside_rows("lad", _stretched("0", "64%", *curves), axis, *ticks, *dots)


def slope(curves: Sequence[tuple[int, int, bool]], *, rows: int, places_before: int) -> SafeString:
    """The bool marks long moves."""
    lines, ends = [], []
    for row, before, is_far in curves:
        left, right = 100 * (before - 0.5) / places_before, 100 * (row + 0.5) / rows
        lines.append(_curve("sl-b" if is_far else "sl", left, right))
        dot = "pt" if is_far else "pt-o"
        ends.append(
            f'<circle class="{dot}" cx="26%" cy="{left:.2f}%" r="4"/>'
            f'<circle class="{dot}" cx="86%" cy="{right:.2f}%" r="4"/>'
            f'<text class="{"t-ink" if is_far else "t-n"}" x="12%" y="{left:.2f}%" dominant-baseline="central" '
            f'text-anchor="middle">{before}</text>'
        )
    return _beside_rows("slope", _stretched("26%", "60%", *lines), *ends)


def _beside_rows(kind: str, *parts: str) -> SafeString:
    head = f'<svg class="svg rows-pic {kind}" width="100%" height="100%" aria-hidden="true">'
    return SafeString(f"{head}{''.join(parts)}</svg>")


def _stretched(x: str, width: str, *paths: str) -> str:
    box = 'height="100%" viewBox="0 0 100 100" preserveAspectRatio="none"'
    return f'<svg x="{x}" width="{width}" {box}>{"".join(paths)}</svg>'


def _curve(kind: str, start: float, end: float) -> str:
    path = f"M0 {start:.2f}C50 {start:.2f} 50 {end:.2f} 100 {end:.2f}"
    return f'<path class="{kind}" fill="none" stroke="{BAR}" vector-effect="non-scaling-stroke" d="{path}"/>'


def stacked(label: str, bars: Sequence[Bar], places: int, ballots: int) -> SafeString:
    """Shade places, with two shades where they are joined."""
    parts, x = [], 0.0

    def shade(place: int) -> int:
        return 1 + round(4 * (place - 1) / max(places - 1, 1))

    for first, last, count in bars:
        width = 100 * count / max(ballots, 1)
        upper = 22 if first == last else 11
        if count:
            parts.append(_shaded(shade(first), x, width, 0, upper))
        if count and upper == 11:
            parts.append(_shaded(shade(last), x, width, 11, 11))
        if width >= 8:
            parts.append(numbered(x + width / 2, 15.5, count, f"st-{shade(first)}"))
        x += width
    if x < 99.5:
        parts.append(f'<rect class="sh-0" x="{x:.2f}%" y=".5" width="{100 - x:.2f}%" height="21"/>')
    head = f'<svg class="svg strip" width="100%" height="22" role="img" aria-label="{escape(label)}">'
    return SafeString(f"{head}{''.join(parts)}</svg>")


def _shaded(shade: int, x: float, width: float, y: int, height: int) -> str:
    return f'<rect class="sh-{shade}" x="{x:.2f}%" y="{y}" width="{width:.2f}%" height="{height}"/>'


def _on_scale(place: float, places: int) -> str:
    return f"{3 + 94 * (place - 1) / max(places - 1, 1):.1f}%"


@cache
def _scale_ticks(places: int, y: int, long: int, short: int) -> str:
    ticks = [f'<line class="grid" x1="3%" x2="97%" y1="{y}" y2="{y}" stroke="{GRID}"/>']
    for tick in range(1, places + 1):
        x, half = _on_scale(tick, places), long if tick in (1, places) else short
        ticks.append(f'<line class="ax" x1="{x}" x2="{x}" y1="{y - half}" y2="{y + half}" stroke="{AXIS}"/>')
    return "".join(ticks)


def scale(
    label: str,
    place: float,
    low: int,
    high: int,
    places: int,
    *,
    outer: tuple[int, int] | None = None,
) -> SafeString:
    def span(kind: str, ends: tuple[int, int] | None, color: str, width: int) -> str:
        if ends is None or ends[0] == ends[1]:
            return ""
        start, end = (_on_scale(at, places) for at in ends)
        line = f'x1="{start}" x2="{end}" y1="12" y2="12" stroke="{color}" stroke-width="{width}"'
        return f'<line class="{kind}" {line}/>'

    inner = span("iv iv-in" if outer else "iv", (low, high), RANGE, 5 if outer else 7)
    point = f'<circle class="pt" cx="{_on_scale(place, places)}" cy="12" r="6" fill="{INK}"/>'
    return svg(26, label, _scale_ticks(places, 12, 4, 2), span("iv-o", outer, OUTER, 11), inner, point)


def dots(own: int | None, network: int, network_range: tuple[int, int] | None, places: int) -> SafeString:
    theirs, y = _on_scale(network, places), 'y1="13" y2="13"'
    parts = [_scale_ticks(places, 13, 5, 2)]
    if network_range:
        start, end = (_on_scale(place, places) for place in network_range)
        parts.append(f'<line class="iv iv-r" x1="{start}" x2="{end}" {y} stroke="{OUTER}" stroke-width="9"/>')
    ring = f'<circle class="pt-o" cx="{theirs}" cy="13" r="6" fill="{PAPER}" stroke="{INK}"/>'
    if own is None:
        parts.append(ring)
    else:
        ours, radius = _on_scale(own, places), 4.2 if own == network else 7
        parts.append(f'<line class="gap" x1="{ours}" x2="{theirs}" {y} stroke="{MINE}" stroke-width="1.5"/>')
        parts += [ring, f'<circle class="pt-m" cx="{ours}" cy="13" r="{radius:g}" fill="{MINE}"/>']
    return _beside_words(26, *parts)


def share_bar(figure: int, of: int) -> SafeString:
    width = 100 * figure / max(of, 1)
    rest = f'<rect class="bar-q" x="{width:.1f}%" y=".5" width="{100 - width:.1f}%" height="11"/>'
    return _beside_words(12, rest, f'<rect class="bar-s" width="{width:.1f}%" height="12" fill="{RANGE}"/>')


def divided_bar(parts: Sequence[tuple[str, int]], of: int) -> SafeString:
    shapes, before = [], 0
    for kind, count in parts:
        if count:
            start, width = 100 * before / of, max(100 * count / of - 0.3, 0.3)
            shapes.append(f'<rect class="{kind}" x="{start:.2f}%" y="1" width="{width:.2f}%" height="16"/>')
        before += count
    return _beside_words(18, *shapes)


def cells(figure: int, of: int) -> SafeString:
    step = 100 / max(of, 1)
    kinds = ["bar-m"] * figure + ["bar-q"] * (of - figure)
    return _beside_words(
        12,
        *(
            f'<rect class="{kind}" x="{number * step:.1f}%" y=".5" width="{step * 0.8:.1f}%" height="11"/>'
            for number, kind in enumerate(kinds)
        ),
    )


def states(states: Sequence[str], of: int) -> SafeString:
    """Draw `of` rings: full if in place, half if under way, hollow if planned, else faint."""
    inside = {
        "under_way": '<path class="f" d="M0-5a5 5 0 0 1 0 10z"/>',
        "in_place": '<circle class="f" r="5"/>',
    }
    step, parts = min(9.8, 92 / max(of - 1, 1)), []
    for number, state in enumerate([*states, *[""] * (of - len(states))]):
        ring = f'<circle class="{"pt-mo" if state else "pt-q"}" r="5"/>{inside.get(state, "")}'
        parts.append(f'<svg x="{4 + number * step:.1f}%" y="6" overflow="visible">{ring}</svg>')
    return _beside_words(12, *parts)


def _beside_words(height: int, *parts: str) -> SafeString:
    head = f'<svg class="svg" width="100%" height="{height}" aria-hidden="true">'
    return SafeString(f"{head}{''.join(parts)}</svg>")
