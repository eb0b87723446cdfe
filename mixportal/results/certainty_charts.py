from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from django.utils.safestring import SafeString

from mixportal.consensus.words import AGREEMENT_WORDS
from mixportal.results.charts import draw


def squares(label: str, filled: int, of: int = 100, columns: int = 20) -> SafeString:
    paths = {"bar-s": "", "bar-q": ""}
    for number in range(of):
        row, column = divmod(number, columns)
        paths["bar-s" if number < filled else "bar-q"] += f"M{column * 50 + 4} {row * 15 + 1}h42v11h-42z"
    return draw(
        "stretched", label=label, paths=list(paths.items()), width=columns * 50, height=15 * ceil(of / columns) + 1
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
