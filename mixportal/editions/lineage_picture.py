"""Last year's list on the left, this one on the right, and a line for each link: SVG with real text.

The page shows a table of the same beside it. Colours come from the stylesheet by class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.utils.html import format_html, format_html_join
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
    height = TOP + max(len(left), len(right), 1) * ROW + 8
    linked = {link.earlier for link in links}, {link.later for link in links}
    columns = ((0, left, LEFT_END, "end"), (1, right, RIGHT_START, "start"))
    titles = [
        _title(title, x, _middle(index), anchor, alone=index not in linked[side])
        for side, column, x, anchor in columns
        for index, title in enumerate(column)
    ]
    label = f"{heads[0]} and {heads[1]}, joined by {len(links)} {'link' if len(links) == 1 else 'links'}"
    return format_html(
        '<svg class="lineage-picture" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<text class="head" x="{}" y="16" text-anchor="end">{}</text><text class="head" x="{}" y="16">{}</text>'
        "{}{}</svg>",
        WIDTH,
        height,
        f"{label}; the table says the same.",
        LEFT_END,
        heads[0],
        RIGHT_START,
        heads[1],
        format_html_join("", '<path class="link link--{}" fill="none" d="{}"/>', ((e.type, _curve(e)) for e in links)),
        format_html_join("", "{}", ((title,) for title in titles)),
    )


def _middle(index: int) -> int:
    return TOP + index * ROW + ROW // 2


def _curve(link: Link) -> str:
    y1, y2, bend = _middle(link.earlier), _middle(link.later), (LEFT_END + RIGHT_START) // 2
    return f"M{LEFT_END + 8} {y1} C{bend} {y1} {bend} {y2} {RIGHT_START - 8} {y2}"


def _title(title: str, x: int, y: int, anchor: str, *, alone: bool) -> SafeString:
    lines = wrap(title, LETTERS, max_lines=2, placeholder="…") or [""]
    first = y + 5 - 8 * (len(lines) - 1)
    spans = format_html_join(
        "", '<tspan x="{}" y="{}">{}</tspan>', ((x, first + 16 * number, line) for number, line in enumerate(lines))
    )
    return format_html('<text class="{}" text-anchor="{}">{}</text>', "alone" if alone else "linked", anchor, spans)
