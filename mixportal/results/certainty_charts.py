from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from django.utils.safestring import SafeString

from mixportal.consensus.words import AGREEMENT_WORDS
from mixportal.results.charts import AXIS, BAR, INK, RANGE, numbered, svg

SHADES = ("#e7e9ea", "#d0d9e6", "#a9bbd3", "#54709a")


def squares(label: str, filled: int, of: int = 100, columns: int = 20) -> SafeString:
    paths = ["", ""]
    for number in range(of):
        row, column = divmod(number, columns)
        paths[number >= filled] += f"M{column * 50 + 4} {row * 15 + 1}h42v11h-42z"
    height = 15 * ceil(of / columns) + 1
    return _stretched(height, columns * 50, label, *zip(("bar-s", "bar-q"), paths, strict=True))


def form(label: str, signs: Sequence[int | None]) -> SafeString:
    """Draw a square for each entry: filled if won, open if lost, None for itself."""
    paths = {"bar-s": "", "bar-q": "", "bar-t": "", "tick": ""}
    for number, sign in enumerate(signs):
        if sign is None:
            paths["tick"] += f"M{number * 50 + 24} 5h2v8h-2z"
        else:
            paths["bar-s" if sign > 0 else "bar-q" if sign < 0 else "bar-t"] += f"M{number * 50 + 3} 1h44v16h-44z"
    return _stretched(18, len(signs) * 50, label, *paths.items())


def _stretched(height: int, width: int, label: str, *paths: tuple[str, str]) -> SafeString:
    fills = {"bar-s": RANGE, "bar-q": "none", "bar-t": BAR, "tick": AXIS}
    drawn = [
        f'<path class="{kind}" d="{path}" fill="{fills[kind]}" vector-effect="non-scaling-stroke"/>'
        for kind, path in paths
        if path
    ]
    return svg(height, label, *drawn, width=width)


def agreement_scale(w: float) -> SafeString:
    parts = []
    for number, (word, low, high) in enumerate(AGREEMENT_WORDS, start=1):
        span = f'x="{100 * low:g}%" width="{100 * (high - low):g}%"'
        parts.append(f'<rect class="wz-{number}" {span} y="30" height="16" fill="{SHADES[number - 1]}"/>')
        parts.append(numbered(50 * (low + high), 64, word, "t-n"))
    anchor = "start" if w < 0.1 else "end" if w > 0.9 else "middle"
    parts.append(f'<circle class="pt" cx="{100 * w:.1f}%" cy="38" r="8" fill="{INK}"/>')
    parts.append(f'<text class="t-b" x="{100 * w:.1f}%" y="18" text-anchor="{anchor}">{w:.2f}</text>')
    parts.append('<text x="0%" y="84">0: no agreement</text>')
    parts.append('<text x="100%" y="84" text-anchor="end">1: identical lists</text>')
    label = f"Agreement (Kendall’s W) is {w:.2f} on a scale from 0 to 1. "
    label += ", ".join(f"{word} from {low:g} to {high:g}" for word, low, high in AGREEMENT_WORDS)
    return svg(88, f"{label}.", *parts)
