from __future__ import annotations

import itertools
from collections.abc import Sequence

from mixportal.editions.list_entries import is_name
from mixportal.editions.list_items import FOOTER, GOES_ON, is_title
from mixportal.editions.list_marks import Line
from mixportal.editions.list_titles import ends_sentence, split_title

ORDERED = ("number", "letter", "LETTER")
BELOW = ("o", "letter")


def settle_levels(lines: Sequence[Line], heading: Line | None) -> None:
    """Unmark second-level bullets that are meanings, and first-level ones that head parts."""
    _unmark_unknown_headings(lines, heading)
    heads = _heads(lines)
    inner = [line for head in heads for line in head[1:]]
    marks = {line.mark for line in inner}
    if len(marks) != 1 or "row" in marks:
        return
    outer = heads[0][0].mark
    if any(len(head) > 2 for head in heads) and (
        outer[:1] == "#" or marks == {"1.1"} or (outer == "LETTER" and marks == {"number"})
    ):
        for head in heads:
            head[0].unmark()
        return
    with_inner = [head for head in heads if len(head) > 1]
    is_note = FOOTER.match(inner[0].text) or not (split_title(heads[-1][0].text) and split_title(inner[0].text))
    if is_note and inner[0].after_gap and len(heads) > 1 and with_inner == heads[-1:]:
        for line in inner:
            line.may_be_entry = not FOOTER.match(line.text)
            line.unmark()
        return
    is_deeper = all(line.indent > head[0].indent for head in heads for line in head[1:])
    is_below = (
        (not outer and len(with_inner) > 1)
        or outer in ORDERED
        or outer[:1] == "#"
        or is_deeper
        or inner[0].mark in BELOW
    )
    is_each = len(with_inner) == len(heads) > 1 and not any(split_title(head[0].text) for head in heads)
    is_sure = is_deeper or len(with_inner) == len(heads) > 1 or outer not in ORDERED or inner[0].mark in BELOW
    for head in with_inner if is_below or is_each else ():
        for line in head[1:]:
            line.may_be_entry = not (is_sure or ends_sentence(line.text))
        _settle_meaning(head)


def _unmark_unknown_headings(lines: Sequence[Line], heading: Line | None) -> None:
    marked = [line for line in lines if line.mark]
    first = marked[0].mark if marked else ""
    if heading and heading.mark[:1] == "#" and marked[:1] != list(lines[:1]):
        first = f"{heading.mark}#"
    for line in marked:
        if line.mark[0] == "#" and (first[0] != "#" or len(line.mark) < len(first)):
            line.unmark()


def _heads(lines: Sequence[Line]) -> list[list[Line]]:
    marked = [line for line in lines if line.mark]
    is_in_turn = not any(above.mark and line.mark for above, line in itertools.pairwise(lines))
    is_sure = len(lines) == 2 * len(marked) or (len(marked) > 1 and not any(split_title(line.text) for line in marked))
    are_titles = marked[:1] == list(lines[1:2]) and all(line.mark or _is_bare(line) for line in lines)
    heads: list[list[Line]] = []
    for line in lines if is_in_turn and is_sure and are_titles else marked:
        if not heads or (line.mark == heads[0][0].mark and not heads[0][0].is_deeper(line)):
            heads.append([line])
        else:
            heads[-1].append(line)
    return heads


def _settle_meaning(head: Sequence[Line]) -> None:
    title = head[0]
    for above, line in itertools.pairwise(head):
        if not is_name(line.text) or (line.mark in ORDERED and GOES_ON.search(above.text)):
            line.unmark()
        elif not split_title(title.text):
            line.mark, line.indent = "", max(line.indent, title.indent + 1)
            if above is not title and not ends_sentence(above.text):
                line.text = f"; {line.text}"
        elif title.is_deeper(line) or not split_title(line.text):
            line.indent = max(line.indent, title.indent + 2)  # too deep for an entry


def _is_bare(line: Line) -> bool:
    return is_title(line.text) and not split_title(line.text)
