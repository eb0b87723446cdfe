"""The tables within a pasted text: each row becomes a line, with a tab between title and meaning."""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Sequence

from mixportal.editions.list_entries import KINDS
from mixportal.editions.list_marks import Line, read_mark

MAX_CELL_LINES = 30
ROLES = {
    "number": re.compile(r"#|no\.?|nr\.?|rank(?:ing)?|place|position|order", re.IGNORECASE),
    "kind": re.compile(r"kind|list|type", re.IGNORECASE),
    "meaning": re.compile(r".*(?:descri|mean|defin|detail|expla|what|comment|summary|note|why).*", re.IGNORECASE),
    "title": re.compile(
        r".*(?:title|name|topic|item|entry|issue|area|initiative|priorit|challeng|technolog|goal).*", re.IGNORECASE
    ),
}


def delimiter_of(lines: Sequence[Line]) -> str:
    """Return the sign between the cells: a tab, unless the first line is the header of a CSV file."""
    first, second = (*(line.text for line in lines if line.text), "", "")[:2]
    signs = (sign for sign in ",;" if sign in second and is_header([cell.strip(' "') for cell in first.split(sign)]))
    return next(signs, "\t")


def split_cells(lines: Sequence[Line], delimiter: str) -> tuple[list[str], int]:
    """Return the cells of the row that begins on the first line, and how many lines it takes.

    A line that is no row has one cell.
    """
    text, used = lines[0].raw, 1
    cells = lines[0].text[1:-1].split("|") if re.fullmatch(r"\|.+\|", lines[0].text) else text.split(delimiter)
    if f'{delimiter}"' in delimiter + text:
        rows = csv.reader((f"{line.raw}\n" for line in lines), delimiter=delimiter, strict=True)
        with contextlib.suppress(csv.Error):
            cells, used = next(rows), rows.line_num
    return [" ".join(cell.split()) for cell in cells], used


def is_header(cells: Sequence[str]) -> bool:
    if any(len(cell.split()) > 4 or cell.isdigit() for cell in cells):
        return False
    return len({_role(cell) for cell in cells} - {""}) > 1


def read_rows(rows: Sequence[tuple[Line, list[str]]]) -> list[Line]:
    """Return the lines of one table, and fill in their text."""
    indent = min((_count_empty(cells) for _, cells in rows[1:]), default=0)  # a paste may lose the first tab
    rows = [(line, cells[min(indent, _count_empty(cells)) :]) for line, cells in rows]
    width = max((len(cells) for _, cells in rows), default=0)
    table = [cells + [""] * (width - len(cells)) for _, cells in rows]
    header = table[0] if table and is_header(table[0]) else []
    roles, others = _columns(header, table[1:] if header else table)
    for (line, _), cells in zip(rows, table, strict=True):
        line.indent = rows[0][0].indent
        shown = {role: cells[column] for role, column in roles.items()}
        if cells is header:
            line.is_header, line.text = True, shown.get("title", "")
            continue
        line.text = f"{shown.get('number', '')} {shown.get('title', '')}".strip()
        read_mark(line)
        line.mark, line.is_loose = line.mark or "row", False
        line.text = f"{line.text}\t{shown.get('meaning', '')}".rstrip("\t")
        line.kind = KINDS.get(shown.get("kind", "").casefold(), "")
        names = [f"{name}: " for name in header] or [""] * width
        line.columns_left_out = "; ".join(names[column] + cells[column] for column in others if cells[column])
    return [line for line, _ in rows]


def _columns(header: list[str], body: list[list[str]]) -> tuple[dict[str, int], list[int]]:
    """Return the column of each role, and the other columns that have text."""
    roles: dict[str, int] = {}
    others = []
    for column, cells in enumerate(zip(*body, strict=True)):
        filled = [cell for cell in cells if cell]
        role = "number" if all(map(_is_mark, filled)) else "kind" if all(c.casefold() in KINDS for c in filled) else ""
        if filled and role and role not in roles:
            roles[role] = column
        elif filled:
            others.append(column)
    named = {_role(header[column]): column for column in reversed(others)} if header else {}
    for role in ("meaning", "title"):
        if role in named:
            roles[role] = named[role]
            others.remove(named[role])
    for role in ("title", "meaning"):
        if role not in roles and others:
            roles[role] = others.pop(0)
    return roles, others


def _count_empty(cells: Sequence[str]) -> int:
    """Return how many cells at the beginning are empty."""
    return next(at for at, cell in enumerate(cells) if cell)


def _role(name: str) -> str:
    return next((role for role, pattern in ROLES.items() if pattern.fullmatch(name)), "")


def _is_mark(cell: str) -> bool:
    line = Line(0, cell, cell)
    read_mark(line)
    return bool(line.mark) and not line.text
