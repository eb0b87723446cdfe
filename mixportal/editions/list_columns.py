"""Two lists side by side in a pasted text: cells of a table, or columns that spaces part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mixportal.editions.list_headings import heading_kind
from mixportal.editions.list_marks import Line
from mixportal.editions.list_tables import split_cells

MAX_HEADER = 300
NEAR = 4  # characters by which a column may be off
GAP = re.compile(r"(?<=\S)\s{2,}(?=\S)")


def one_below_the_other(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines, and if two lists are side by side, the second one after the first."""
    for at, line in enumerate(lines):
        is_short = len(line.raw) <= MAX_HEADER and not heading_kind(line)
        for sign in ("\t", ",", ";", "|", "") if is_short else ():
            kinds = [heading_kind(Line.plain(0, cell)) for cell in _cells(line, sign)]
            is_prose = sign in {",", ";"} and f"{sign} " in line.raw
            if {"priorities", "challenges"} <= set(kinds) and not is_prose:
                first, second = sorted(map(kinds.index, ("priorities", "challenges")))
                sides = zip(*_sides(lines[at:], sign, first, second), strict=True)
                return [*lines[:at], *(Line.plain(*part) for side in sides for part in side)]
    return lines


def _sides(lines: Sequence[Line], sign: str, first: int, second: int) -> Iterator[tuple[tuple[int, str], ...]]:
    """Yield what is on the left and on the right of each line, with its number."""
    rows = [_cells(line, sign) for line in lines]
    is_pair = first == 0 and all(sum(map(bool, row)) <= 2 for row in rows)
    heads = rows[0][first], rows[0][second]
    column = lines[0].raw.index(heads[1])
    for line, row in zip(lines, rows, strict=True):
        if not sign:
            left, right = _parted(line.raw, column)
        elif is_pair:
            left, right = row[0], "".join(row[1:])
        else:
            left, right = (
                "\t".join([*row[:first], *side]) if any(side) else "" for side in (row[first:second], row[second:])
            )
        if row is rows[0]:
            yield (line.number, heads[0]), (line.number, heads[1])
            if sign and not is_pair and second > first + 1:
                yield (line.number, left), (line.number, right)
        else:
            yield (line.number, left), (line.number, right)


def _parted(text: str, column: int) -> tuple[str, str]:
    """Part the text at the gap that is nearest to the column."""
    indent = len(text) - len(text.lstrip())
    gaps = [gap.end() for gap in GAP.finditer(text)]
    nearest = indent if indent >= column - NEAR else min(gaps, key=lambda end: abs(end - column), default=len(text))
    is_rest = nearest == indent or text[nearest : nearest + 1].islower()
    return text[:nearest], " " * (max(0, nearest - column) if is_rest else 0) + text[nearest:]


def _cells(line: Line, sign: str) -> list[str]:
    return split_cells([line], sign)[0] if sign else GAP.split(line.raw)
