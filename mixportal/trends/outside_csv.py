"""Read outside lists from CSV, as the help of import_outside describes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mixportal.editions.kinds import Kind
from mixportal.editions.list_entries import ListError, Problem, clean_text, one_line, quote
from mixportal.tables.writer import unescape_formula

REQUIRED_COLUMNS = ("source", "year", "title")
LIST_COLUMNS = ("short_name", "url", "how_made", "licence")
COLUMNS = (*REQUIRED_COLUMNS, "list", *LIST_COLUMNS, "rank", "percent", "certainty", "disputed", "note")
MAX_ROWS = 2_000

_RANK = re.compile(r"(=|t)?(\d{1,3})(=)?", re.ASCII | re.IGNORECASE)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d)?) ?%?", re.ASCII)
_MEANS = re.compile(r"(\d{4})/([a-z0-9-]{1,130})(?: \((stated|inferred|unsure)\))?", re.ASCII)
_CERTAINTIES = {"": "stated", "stated": "stated", "inferred": "inferred", "unsure": "unsure"}
_YES = {"yes": True, "no": False, "": False, "1": True, "0": False, "true": True, "false": False}


@dataclass(frozen=True)
class Meaning:
    kind: str
    year: int
    slug: str
    certainty: str


@dataclass(frozen=True)
class OutsideRow:
    line: int
    source: str
    name: str
    year: int
    title: str
    of_list: dict[str, str]
    values: dict[str, Any]
    means: list[Meaning] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, int]:
        return self.source, self.name, self.year


def read(text: str) -> list[OutsideRow]:
    """Raises ListError with every problem by line."""
    text = clean_text(text)
    first = next((line for line in text.split("\n") if line.strip()), "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    columns: list[str] = []
    found: list[OutsideRow] = []
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
            problems.append(Problem(line, f"{quote(row.title)} of that list stands on line {before} already."))
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
    wrong = [f"The column {quote(name)} is none of {', '.join(known)}." for name in counts if name not in known]
    wrong += [f"The column {quote(name)} stands here twice." for name in counts if counts[name] > 1]
    wrong += [f"The column {quote(name)} is missing." for name in REQUIRED_COLUMNS if name not in counts]
    if wrong:
        raise ListError(Problem(line, reason) for reason in wrong)
    return columns


def _row(cells: dict[str, str], line: int, problems: list[Problem]) -> OutsideRow | None:
    wrong = [f"This row has no {name}." for name in REQUIRED_COLUMNS if not cells[name]]
    if cells["year"] and not re.fullmatch(r"(19|20|21)\d\d", cells["year"], re.ASCII):
        wrong.append(f"{quote(cells['year'])} is no year; write it like 2018.")
    values: dict[str, Any] = {}
    if "rank" in cells:
        match = _RANK.fullmatch(cells["rank"])
        if cells["rank"] and (match is None or int(match[2]) < 1):
            wrong.append(f"rank {quote(cells['rank'])} is no place; write 2, or 2= where it is shared.")
        values |= {"place": int(match[2]) if match else None, "tied": bool(match and (match[1] or match[3]))}
    if "percent" in cells:
        match = _PERCENT.fullmatch(cells["percent"])
        if cells["percent"] and (match is None or Decimal(match[1]) > 100):
            wrong.append(f"percent {quote(cells['percent'])} is none from 0 to 100.")
        values["percent"] = Decimal(match[1]) if match else None
    if values.get("place") is not None and values.get("percent") is not None:
        wrong.append("Give a rank or a percentage, not both.")
    for name, words, column in (("certainty", _CERTAINTIES, "certainty"), ("is_disputed", _YES, "disputed")):
        if column in cells:
            if cells[column].casefold() not in words:
                wrong.append(f"{column} {quote(cells[column])} is none of {', '.join(filter(None, words))}.")
            values[name] = words.get(cells[column].casefold())
    if "note" in cells:
        values["note"] = cells["note"]
    means = [each for kind in Kind for each in _means(kind.value, cells.get(kind.value, ""), wrong)]
    if wrong:
        problems.extend(Problem(line, reason) for reason in wrong)
        return None
    of_list = {name: cells[name] for name in LIST_COLUMNS if cells.get(name)}
    return OutsideRow(
        line, cells["source"], cells.get("list", ""), int(cells["year"]), cells["title"], of_list, values, means
    )


def _means(kind: str, cell: str, wrong: list[str]) -> list[Meaning]:
    found = []
    for part in filter(None, (each.strip() for each in cell.split(";"))):
        match = _MEANS.fullmatch(part)
        if match is None:
            wrong.append(f"{kind} {quote(part)} names no entry; write it like 2025/cybersecurity (unsure).")
        else:
            found.append(Meaning(kind, int(match[1]), match[2], match[3] or "stated"))
    return found
