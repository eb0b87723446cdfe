"""Read paper ballots from a CSV file like ballots.csv."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mixportal.ballots import order
from mixportal.tables.reader import MAX_BYTES, Problem, TableError, quote
from mixportal.tables.writer import unescape_formula

MAX_ROWS = 1_000
GOVERNMENT = "government"
_WHOLE = re.compile(r"0{0,9}[0-9]{1,3}", re.ASCII)


@dataclass(frozen=True)
class ListedBallot:
    line: int
    government: str
    places: order.Places


def read(data: bytes, slugs: Sequence[str]) -> list[ListedBallot]:
    """Return the ballots in the order of the file. Raises TableError, which names each bad line."""
    rows = _rows(_decoded(data))
    header_line, header = next(rows, (1, []))
    columns = _columns(header, header_line, slugs)
    problems: list[Problem] = []
    ballots: list[ListedBallot] = []
    for line, row in rows:
        if len(ballots) == MAX_ROWS:
            raise TableError([Problem(line, f"There are more than {MAX_ROWS:,} rows.")])
        if len(row) != len(columns):
            problems.append(Problem(line, f"This row has {len(row)} cells; the header has {len(columns)}."))
            continue
        cells = dict(zip(columns, (unescape_formula(cell.strip()).strip() for cell in row), strict=True))
        government = cells.pop(GOVERNMENT)
        places: order.Places = {}
        for slug, cell in cells.items():
            if not cell:
                continue
            if not _WHOLE.fullmatch(cell) or int(cell) == 0:
                problems.append(
                    Problem(
                        line, f"{slug}: {quote(cell)} is no place; write a whole number from 1 on, or leave it blank."
                    )
                )
            else:
                places[slug] = int(cell)
        if not government:
            problems.append(Problem(line, "This row names no government."))
        ballots.append(ListedBallot(line, government, order.close_gaps(places)))
    if not ballots and not problems:
        problems.append(Problem(0, "The file has a header and no ballots."))
    if problems:
        raise TableError(problems)
    return ballots


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise TableError([Problem(0, f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise TableError([Problem(line, "This is not UTF-8. Save the file as “CSV UTF-8”.")]) from error
    if "\x00" in text:
        raise TableError([Problem(text[: text.index("\x00")].count("\n") + 1, "There is a control character.")])
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    header = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError([Problem(line, f"This is not CSV: {error}.")]) from error


def _columns(header: list[str], line: int, slugs: Sequence[str]) -> list[str]:
    columns = [unescape_formula(cell.strip()).strip().lower() for cell in header]
    problems = []
    if not columns or columns[0] != GOVERNMENT:
        problems.append(f"The first column must be {GOVERNMENT}, then one column per entry, named by its slug.")
    else:
        named = columns[1:]
        problems += [f"There is no entry {quote(slug)} in this list." for slug in named if slug not in slugs]
        problems += [f"{quote(slug)} is named twice." for slug in sorted(set(named)) if named.count(slug) > 1]
        problems += [f"The column {quote(slug)} is missing." for slug in slugs if slug not in named]
    if problems:
        raise TableError(Problem(line, problem) for problem in problems)
    return columns
