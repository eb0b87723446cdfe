"""Last year's list on the left, this one on the right, and a line for each link: SVG with real text.

The page shows a table of the same beside it. Colours come from the stylesheet by class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.utils.html import escape
from django.utils.safestring import SafeString

WIDTH, ROW, TOP = 720, 36, 34
LEFT_END, RIGHT_START = 270, 450
LETTERS = 34  # of a line beside the picture's lines


@dataclass(frozen=True)
class Link:
    """From an index on the left to one on the right."""

    earlier: int
    later: int
    type: str


def lineage_picture(
    left: Sequence[str], right: Sequence[str], links: Sequence[Link], heads: tuple[str, str]
) -> SafeString:
    """Two columns of titles under `heads`, joined by `links`. Titles without a link are drawn paler."""
    rows = max(len(left), len(right), 1)
    height = TOP + rows * ROW + 8
    linked = {link.earlier for link in links}, {link.later for link in links}
    label = (
        f"{heads[0]} and {heads[1]}: {len(links)} of their entries are linked; the table below says the same in words."
    )
    parts = [
        f'<svg class="lineage-picture" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(label)}">',
        f'<text class="head" x="{LEFT_END}" y="16" text-anchor="end">{escape(heads[0])}</text>',
        f'<text class="head" x="{RIGHT_START}" y="16">{escape(heads[1])}</text>',
    ]
    for link in links:
        y1, y2 = _middle(link.earlier), _middle(link.later)
        bend = (LEFT_END + RIGHT_START) // 2
        parts.append(
            f'<path class="link link--{escape(link.type)}" fill="none" '
            f'd="M{LEFT_END + 8} {y1} C{bend} {y1} {bend} {y2} {RIGHT_START - 8} {y2}"/>'
        )
    for side, titles, x, anchor in ((0, left, LEFT_END, "end"), (1, right, RIGHT_START, "start")):
        for index, title in enumerate(titles):
            parts.append(_title(title, x, _middle(index), anchor, alone=index not in linked[side]))
    return SafeString("".join([*parts, "</svg>"]))


def _middle(index: int) -> int:
    return TOP + index * ROW + ROW // 2


def _title(title: str, x: int, y: int, anchor: str, *, alone: bool) -> str:
    lines = wrap(title, LETTERS, max_lines=2, placeholder="…") or [""]
    first = y + 5 - 8 * (len(lines) - 1)
    spans = "".join(
        f'<tspan x="{x}" y="{first + 16 * number}">{escape(line)}</tspan>' for number, line in enumerate(lines)
    )
    return f'<text{" class=" + chr(34) + "alone" + chr(34) if alone else ""} text-anchor="{anchor}">{spans}</text>'
