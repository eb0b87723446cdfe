import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from mixportal.consensus.words import AGREEMENT_WORDS

STRIP = 85.8  # percent of the width
GAP = 0.55

Bar = tuple[int, int, int]  # first place, last place, ballots
DrawnBar = tuple[str, str, str, str, str, int, bool]  # x, width, center, y, height, ballots, is mine


def draw(name: str, **context: object) -> SafeString:
    """Draw a chart once for the same figures."""
    return _draw(name, tuple((key, _hashable(value)) for key, value in context.items()))


def _hashable(value: object) -> object:
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


@lru_cache(maxsize=4096)
def _draw(name: str, context: tuple[tuple[str, object], ...]) -> SafeString:
    return render_to_string(f"results/charts/{name}.html", dict(context))


def _center(place: float, places: int) -> float:
    step = STRIP / places
    return (place - 1) * step + (step - GAP) / 2


def _density(bar: Bar) -> float:
    """Return ballots by place, so that the area of a bar shows its ballots."""
    first, last, ballots = bar
    return ballots / (last - first + 1)


def _drawn(bars: Sequence[Bar], places: int, mine: int | None, *, floor: float, scale: float) -> list[DrawnBar]:
    step, drawn = STRIP / places, []
    for bar in bars:
        first, last, ballots = bar
        if ballots:
            x, width, height = (first - 1) * step, (last - first + 1) * step - GAP, max(2.0, scale * _density(bar))
            is_mine = mine is not None and first <= mine <= last
            along = f"{x:.2f}", f"{width:.2f}", f"{x + width / 2:.2f}"
            drawn.append((*along, f"{floor - height:.1f}", f"{height:.1f}", ballots, is_mine))
    return drawn


def _middle(middle: tuple[float, float] | None, places: int, overhang: float) -> tuple[float, float] | None:
    if middle is None:
        return None
    start, end = (_center(place, places) for place in middle)
    return round(max(0.0, start - overhang), 2), round(min(STRIP, end + overhang), 2)


def strip_axis(places: int) -> SafeString:
    step = 1 if places <= 7 else 3 if places <= 13 else 5
    ticks = [tick for tick in range(1, places, step) if places - tick >= step]
    return draw("strip_axis", ticks=[(tick, round(_center(tick, places), 2)) for tick in [*ticks, places]])


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
    drawn = _drawn(bars, places, mine, floor=38, scale=36 / max(tallest, 1))
    return draw("strip", label=label, bars=drawn, not_ranked=not_ranked, middle=_middle(middle, places, 2))


def histogram(
    label: str,
    bars: Sequence[Bar],
    places: int,
    *,
    not_ranked: int | None,
    middle: tuple[float, float] | None = None,
    mine: int | None = None,
) -> SafeString:
    tallest = max([*map(_density, bars), not_ranked or 0, 1])
    return draw(
        "histogram",
        label=label,
        bars=_drawn(bars, places, mine, floor=144, scale=122 / tallest),
        numbers=[(place, round(_center(place, places), 2)) for place in range(1, places + 1)],
        places=places,
        mine=mine,
        not_ranked=not_ranked,
        middle=_middle(middle, places, 3),
    )


def sparkline(places: Sequence[int | None], length: int) -> SafeString:
    step, last = 56 / max(len(places) - 1, 1), len(places) - 1
    dots = [
        None
        if place is None
        else (round(64 - step * (last - column)), round(4 + 24 * (place - 1) / max(length - 1, 1), 1))
        for column, place in enumerate(places)
    ]
    lines = [(*start, *end) for start, end in pairwise(dots) if start and end]
    return draw("sparkline", lines=lines, dots=dots)


def ladder(averages: Sequence[float | None], brackets: Sequence[int]) -> str:
    """Join each row of a list to its average place. `brackets` are numbers of joined rows."""
    known = [average for average in averages if average is not None]
    if not known:
        return ""
    least, most, pad = min(known), max(known), 50 / len(averages)

    def y(average: float) -> float:
        return round(pad + (average - least) / ((most - least) or 1) * (100 - 2 * pad), 2)

    fans, start = [], 0
    for size in brackets:
        ends = [y(average) for average in averages[start : start + size] if average is not None]
        if ends:
            top, foot = 2 * pad * start + pad / 3, 2 * pad * (start + size) - pad / 3
            upper, lower = min(ends) - pad / 3, max(ends) + pad / 3
            fans.append([round(value, 2) for value in (top, upper, lower, foot)])
        start += size
    curves = [(round(pad + 2 * pad * row, 2), y(at)) for row, at in enumerate(averages) if at is not None]
    ticks = [(tick, y(tick)) for tick in range(math.ceil(least), math.floor(most) + 1)]
    return draw("ladder", fans=fans, curves=curves, ticks=ticks, axis=(y(least), y(most)))


def slope(curves: Sequence[tuple[int, int, bool]], *, rows: int, places_before: int) -> SafeString:
    """The bool marks long moves."""
    drawn = [
        (before, round(100 * (before - 0.5) / places_before, 2), round(100 * (row + 0.5) / rows, 2), is_far)
        for row, before, is_far in curves
    ]
    return draw("slope", curves=drawn)


def stacked(label: str, bars: Sequence[Bar], words: Sequence[str], places: int, ballots: int) -> SafeString:
    """Shade places. Where they are joined, the last one's shade is a line at the foot, below the figure."""
    parts, x = [], 0.0
    for (first, last, count), named in zip(bars, words, strict=True):
        width = 100 * count / max(ballots, 1)
        shades = [1 + round(4 * (place - 1) / max(places - 1, 1)) for place in sorted({first, last})]
        shaded = tuple(zip(shades, (0, 17), (22, 5), strict=False))
        middle = f"{x + width / 2:.2f}" if width >= 8 else ""
        parts.append((f"{x:.2f}", f"{width:.2f}", shaded if count else (), middle, count, named))
        x += width
    rest = (round(x, 2), round(100 - x, 2)) if x < 99.5 else None
    return draw("stacked", label=label, parts=parts, rest=rest)


def _on_scale(place: float, places: int) -> str:
    return f"{3 + 94 * (place - 1) / max(places - 1, 1):.1f}"


def _ticks(places: int) -> list[tuple[str, bool]]:
    return [(_on_scale(tick, places), tick in (1, places)) for tick in range(1, places + 1)]


def scale(
    label: str,
    place: float,
    low: int,
    high: int,
    places: int,
    *,
    outer: tuple[int, int] | None = None,
) -> SafeString:
    return draw(
        "scale",
        label=label,
        ticks=_ticks(places),
        outer=[_on_scale(end, places) for end in sorted({*(outer or ())})],
        has_outer=outer is not None,
        range=[_on_scale(end, places) for end in sorted({low, high})],
        at=_on_scale(place, places),
    )


def dots(own: int | None, network: int, network_range: tuple[int, int] | None, places: int) -> SafeString:
    return draw(
        "dots",
        ticks=_ticks(places),
        range=[_on_scale(place, places) for place in network_range or ()],
        theirs=_on_scale(network, places),
        ours=None if own is None else _on_scale(own, places),
    )


def share_bar(figure: int, of: int) -> SafeString:
    width = 100 * figure / max(of, 1)
    return draw("share_bar", width=round(width, 1), rest=round(100 - width, 1))


def divided_bar(parts: Sequence[tuple[str, int]], of: int) -> SafeString:
    drawn, before = [], 0
    for kind, count in parts:
        if count:
            drawn.append((kind, round(100 * before / of, 2), round(max(100 * count / of - 0.3, 0.3), 2)))
        before += count
    return draw("divided_bar", parts=drawn)


def cells(figure: int, of: int) -> SafeString:
    step = 100 / max(of, 1)
    drawn = [(round(number * step, 1), number < figure) for number in range(of)]
    return draw("cells", cells=drawn, width=round(step * 0.8, 1))


def states(states: Sequence[str], of: int) -> SafeString:
    """Draw `of` rings: full if in place, half if under way, hollow if planned, else faint."""
    step = min(9.8, 92 / max(of - 1, 1))
    rings = [*states, *[""] * (of - len(states))]
    return draw("states", rings=[(round(4 + number * step, 1), state) for number, state in enumerate(rings)])


def squares(label: str, filled: int, of: int = 100, columns: int = 20) -> SafeString:
    paths = {"bar-s": "", "bar-q": ""}
    for number in range(of):
        row, column = divmod(number, columns)
        paths["bar-s" if number < filled else "bar-q"] += f"M{column * 50 + 4} {row * 15 + 1}h42v11h-42z"
    return draw(
        "stretched", label=label, paths=list(paths.items()), width=columns * 50, height=15 * math.ceil(of / columns) + 1
    )


def form(label: str, signs: Sequence[int | None]) -> SafeString:
    """Draw a square for each entry: filled if won, open if lost, None for itself."""
    paths = {"bar-s": "", "bar-q": "", "bar-t": "", "tick": ""}
    for number, sign in enumerate(signs):
        if sign is None:
            paths["tick"] += f"M{number * 50 + 24} 5h2v8h-2z"
        else:
            paths["bar-s" if sign > 0 else "bar-q" if sign < 0 else "bar-t"] += f"M{number * 50 + 3} 1h44v16h-44z"
    return draw("stretched", label=label, paths=list(paths.items()), width=len(signs) * 50, height=18)


def agreement_scale(w: float) -> SafeString:
    zones = [
        (word, low, high, round(100 * low), round(100 * (high - low)), round(50 * (low + high)))
        for word, low, high in AGREEMENT_WORDS
    ]
    anchor = "start" if w < 0.1 else "end" if w > 0.9 else "middle"
    return draw("agreement_scale", zones=zones, w=w, at=round(100 * w, 1), anchor=anchor)
