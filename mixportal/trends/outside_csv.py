"""Reads other bodies' lists from CSV: a row an item. All that is wrong is told by line.

Comma, semicolon or tab; columns in any order and case: `source`, `year` and `title` are needed. `rank` is 2, or 2=
where the place is shared; `percent` is 45 or 45 %. A column named for a kind says what the item means here:
`2025/cybersecurity; 2024/cybersecurity (unsure)`.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mixportal.editions.kinds import Kind
from mixportal.editions.list_entries import ListError, Problem, cleaned, one_line, quoted
from mixportal.tables.writer import unescape_formula

NEEDED = ("source", "year", "title")
OF_LIST = ("short_name", "url", "how_made", "licence")  # the same on every row of a list
COLUMNS = (*NEEDED, "list", *OF_LIST, "rank", "percent", "certainty", "disputed", "note")
MAX_ROWS = 2_000

_RANK = re.compile(r"(=|t)?(\d{1,3})(=)?", re.ASCII | re.IGNORECASE)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d)?) ?%?", re.ASCII)
_MEANS = re.compile(r"(\d{4})/([a-z0-9-]{1,130})(?: \((stated|inferred|unsure)\))?", re.ASCII)
_CERTAINTIES = {"": "stated", "stated": "stated", "inferred": "inferred", "unsure": "unsure"}
_YES = {"yes": True, "no": False, "": False, "1": True, "0": False, "true": True, "false": False}


@dataclass(frozen=True)
class Means:
    """That an item means the entry of that kind, year and slug."""

    kind: str
    year: int
    slug: str
    certainty: str


@dataclass(frozen=True)
class Row:
    """`of_list` and `values` hold what the file's columns give; a column that is left out is in neither."""

    line: int
    source: str
    name: str
    year: int
    title: str
    of_list: dict[str, str]
    values: dict[str, Any]
    means: list[Means] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, int]:
        return self.source, self.name, self.year


def read(text: str) -> list[Row]:
    """The rows in the order of the file. Raises ListError."""
    text = cleaned(text)
    first = next((line for line in text.split("\n") if line.strip()), "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    columns: list[str] = []
    found: list[Row] = []
    problems: list[Problem] = []
    lines: dict[tuple[Any, ...], int] = {}
    while True:
        line = rows.line_num + 1
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise ListError(
                [Problem(line, f"This row cannot be read ({error}). Is a quotation mark missing?")]
            ) from None
        if cells is None:
            break
        if not any(map(str.strip, cells)):
            continue
        if not columns:
            columns = _columns(cells, line)
            continue
        if len(found) == MAX_ROWS:
            raise ListError([Problem(line, f"There are more than {MAX_ROWS:,} rows.")])
        if len(cells) != len(columns):
            problems.append(Problem(line, f"This row has {len(cells)} cells; the header has {len(columns)}."))
            continue
        values = (one_line(unescape_formula(cell.strip())) for cell in cells)
        row = _row(dict(zip(columns, values, strict=True)), line, problems)
        if row is None:
            continue
        before = lines.setdefault((*row.key, row.title.casefold()), line)
        if before != line:
            problems.append(Problem(line, f"{quoted(row.title)} of that list stands on line {before} already."))
        found.append(row)
    if not found and not problems:
        problems.append(Problem(0, "The file has no rows."))
    if problems:
        raise ListError(problems)
    return found


def _columns(header: list[str], line: int) -> list[str]:
    known = [*COLUMNS, *Kind.values]
    columns = [re.sub(r"[\s-]+", "_", one_line(unescape_formula(cell.strip())).casefold()) for cell in header]
    counts = Counter(columns)
    wrong = [f"The column {quoted(name)} is none of {', '.join(known)}." for name in counts if name not in known]
    wrong += [f"The column {quoted(name)} stands here twice." for name in counts if counts[name] > 1]
    wrong += [f"The column {quoted(name)} is missing." for name in NEEDED if name not in counts]
    if wrong:
        raise ListError(Problem(line, reason) for reason in wrong)
    return columns


def _row(cells: dict[str, str], line: int, problems: list[Problem]) -> Row | None:
    wrong = [f"This row has no {name}." for name in NEEDED if not cells[name]]
    if cells["year"] and not re.fullmatch(r"(19|20|21)\d\d", cells["year"], re.ASCII):
        wrong.append(f"{quoted(cells['year'])} is no year; write it like 2018.")
    values: dict[str, Any] = {}
    if "rank" in cells:
        match = _RANK.fullmatch(cells["rank"])
        if cells["rank"] and (match is None or int(match[2]) < 1):
            wrong.append(f"rank {quoted(cells['rank'])} is no place; write 2, or 2= where it is shared.")
        values |= {"place": int(match[2]) if match else None, "tied": bool(match and (match[1] or match[3]))}
    if "percent" in cells:
        match = _PERCENT.fullmatch(cells["percent"])
        if cells["percent"] and (match is None or Decimal(match[1]) > 100):
            wrong.append(f"percent {quoted(cells['percent'])} is none from 0 to 100.")
        values["percent"] = Decimal(match[1]) if match else None
    if values.get("place") is not None and values.get("percent") is not None:
        wrong.append("Give a rank or a percentage, not both.")
    for name, words, column in (("certainty", _CERTAINTIES, "certainty"), ("is_disputed", _YES, "disputed")):
        if column in cells:
            if cells[column].casefold() not in words:
                wrong.append(f"{column} {quoted(cells[column])} is none of {', '.join(filter(None, words))}.")
            values[name] = words.get(cells[column].casefold())
    if "note" in cells:
        values["note"] = cells["note"]
    means = [each for kind in Kind for each in _means(kind.value, cells.get(kind.value, ""), wrong)]  # type: ignore[attr-defined]
    if wrong:
        problems.extend(Problem(line, reason) for reason in wrong)
        return None
    of_list = {name: cells[name] for name in OF_LIST if cells.get(name)}
    return Row(line, cells["source"], cells.get("list", ""), int(cells["year"]), cells["title"], of_list, values, means)


def _means(kind: str, cell: str, wrong: list[str]) -> list[Means]:
    found = []
    for part in filter(None, (each.strip() for each in cell.split(";"))):
        match = _MEANS.fullmatch(part)
        if match is None:
            wrong.append(f"{kind} {quoted(part)} names no entry; write it like 2025/cybersecurity (unsure).")
        else:
            found.append(Means(kind, int(match[1]), match[2], match[3] or "stated"))
    return found
