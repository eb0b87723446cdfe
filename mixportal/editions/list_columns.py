from __future__ import annotations

import re
from collections.abc import Sequence

from mixportal.editions.list_headings import could_head_both, heading_kind
from mixportal.editions.list_marks import Line
from mixportal.editions.list_tables import split_cells

MAX_HEADER = 300
NEAR = 4  # characters
GAP = re.compile(r"(?<=\S)\s{2,}(?=\S)")


def one_below_the_other(lines: Sequence[Line]) -> Sequence[Line]:
    for at, line in enumerate(lines):
        is_short = len(line.raw) <= MAX_HEADER and could_head_both(line) and not heading_kind(line)
        for sign in ("\t", ",", ";", "|", "") if is_short else ():
            kinds = [heading_kind(Line.plain(0, cell)) for cell in _cells(line, sign)]
            is_prose = sign in {",", ";"} and f"{sign} " in line.raw
            if {"priorities", "challenges"} <= set(kinds) and not is_prose:
                left, right = _sides(lines[at:], sign, *sorted(map(kinds.index, ("priorities", "challenges"))))
                return [*lines[:at], *left, *right]
    return lines


def _sides(lines: Sequence[Line], sign: str, first: int, second: int) -> tuple[list[Line], list[Line]]:
    rows = [_cells(line, sign) for line in lines]
    is_pair = first == 0 and all(sum(map(bool, row)) <= 2 for row in rows)
    column = lines[0].raw.index(rows[0][second])
    sides: tuple[list[Line], list[Line]] = [], []
    for line, row in zip(lines, rows, strict=True):
        parts = (row[:1], ["".join(row[1:])]) if is_pair else (row[first:second], row[second:])
        texts = ["\t".join([*row[:first], *part]) if any(part) else "" for part in parts]
        for side, text in zip(sides, texts if sign else _parted(line.raw, column), strict=True):
            side.append(Line.plain(line.number, text))
    for side, at in zip(sides, (first, second), strict=True):
        side[0].raw, side[0].text = " ".join(side[0].text.split()), rows[0][at].strip()
    return sides


def _parted(text: str, column: int) -> tuple[str, str]:
    indent = len(text) - len(text.lstrip())
    gaps = [gap.end() for gap in GAP.finditer(text)]
    nearest = indent if indent >= column - NEAR else min(gaps, key=lambda end: abs(end - column), default=len(text))
    is_rest = nearest == indent or text[nearest : nearest + 1].islower()
    return text[:nearest], " " * (max(0, nearest - column) if is_rest else 0) + text[nearest:]


def _cells(line: Line, sign: str) -> list[str]:
    return split_cells([line], sign)[0] if sign else GAP.split(line.raw)
