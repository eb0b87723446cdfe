"""Read ballots from a CSV file, or published results from results.json.

CSV: a header of alternatives, then one row per ballot. A cell is a whole number (1 is best, equal numbers
tie) or blank for not ranked. The first columns may be `count` (of such ballots) and `government`, which
is ignored. Empty rows are no ballots.
"""

from __future__ import annotations

import csv
import io
import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .count import PublishedResults
from .profile import MAX_PLACE, MAX_WEIGHT, Profile

MAX_BYTES = 50_000_000
MAX_ALTERNATIVES = 200
EXTRAS = ("count", "government")
NUMBERS_OF_ITEMS = ("order", "bands", "against_head_to_head", "against_kemeny")
PLACES = ("place", "schulze_rank", "average_place", "interval_low", "interval_high", "q1", "median", "q3")


class BallotFileError(ValueError):
    """The text cannot be read as ballots. `line` counts from 1."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.reason = reason
        self.line = line


def decode(data: bytes) -> str:
    if len(data) >= MAX_BYTES:
        raise BallotFileError(f"the file has {len(data):,} bytes; it must stay under {MAX_BYTES:,}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BallotFileError("this is not UTF-8 text; save the file as CSV UTF-8", line) from error
    if not text.strip():
        raise BallotFileError("the file is empty", 1)
    return text


def read_csv(text: str) -> Profile:
    text = text.removeprefix("\ufeff")
    lines = _rows(text)
    header_line, header = next(lines, (1, []))
    if not header:
        raise BallotFileError("the file is empty", 1)
    first = [name.casefold() for name in header[:2]]
    extra = 0 if first[0] not in EXTRAS else 2 if first[1:] and first[1] in EXTRAS and first[1] != first[0] else 1
    count_at = first[:extra].index("count") if "count" in first[:extra] else None
    alternatives = header[extra:]
    _check_header(alternatives, header_line)

    known = {"": 0}
    places, counts, total = array("i"), array("q"), 0
    for line, row in lines:
        if not any(row):
            continue
        if len(row) != len(header):
            raise BallotFileError(f"cells in this row: {len(row)}; in the header: {len(header)}", line)
        for name, cell in zip(alternatives, row[extra:], strict=True):
            if cell not in known:
                known[cell] = _whole_number(cell, f"the place of {name}", MAX_PLACE, line)
        places.extend(map(known.__getitem__, row[extra:]))
        if count_at is not None:
            counts.append(_whole_number(row[count_at], "the count", MAX_WEIGHT, line))
            total += counts[-1]
            if total > MAX_WEIGHT:
                raise BallotFileError(f"up to here the counts add up to {total:,}, above {MAX_WEIGHT:,}", line)
    table = np.array(places, dtype=np.int32).reshape(-1, len(alternatives))
    weights = np.array(counts, dtype=np.int64) if count_at is not None else None
    return Profile.from_array(alternatives, table, weights)


@dataclass(frozen=True)
class ResultsFile:
    """A file of results: names, n, and all its keys."""

    names: tuple[str, ...]
    used: int
    data: dict[str, Any]

    @property
    def is_public(self) -> bool:
        return self.data.get("detail") == "public"

    def figures(self, key: str) -> list[Any]:
        """Return one figure for each item. Raises BallotFileError."""
        found = self.data.get(key)
        if not isinstance(found, list) or len(found) != len(self.names):
            raise BallotFileError(f"{key} must be a list of {len(self.names)}")
        return found


def open_results(text: str) -> ResultsFile:
    """Read results.json or the output of `tally --json`. Raises BallotFileError if it names what is not there."""
    try:
        data: Any = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise BallotFileError(f"this is not JSON: {error.msg}", error.lineno) from error
    except (ValueError, RecursionError) as error:  # numbers too long or lists too deep
        raise BallotFileError("this JSON holds more than results need") from error
    if not isinstance(data, dict) or not {"alternatives", "used"} <= data.keys():
        raise BallotFileError("results need the keys alternatives, used and support")
    names, used = data["alternatives"], data["used"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BallotFileError("alternatives must be a list of names")
    names = [name.strip() for name in names]
    _check_header(names, None)
    if not is_count(used):
        raise BallotFileError("used must be a whole number of ballots")
    m = len(names)
    for key in NUMBERS_OF_ITEMS:
        for number in _flat(data.get(key)):
            if type(number) is not int or not 0 <= number < m:
                raise BallotFileError(f"{key} has {number!r}, but the {m} alternatives are numbered from 0 to {m - 1}")
    for key in PLACES:
        for place in _flat(data.get(key)):
            if place is not None and not (type(place) in (int, float) and 1 <= place <= m):
                raise BallotFileError(f"{key} has {place!r}, but the places of {m} alternatives are from 1 to {m}")
    return ResultsFile(tuple(names), used, data)


def read_results(text: str) -> PublishedResults:
    """Read the keys alternatives, used and support of results that are complete.

    Raises BallotFileError if they are missing or contradict each other.
    """
    file = open_results(text)
    data, names, used = file.data, file.names, file.used
    if "support" not in data:
        raise BallotFileError("results need the keys alternatives, used and support")
    support = data["support"]
    m = len(names)
    if not isinstance(support, list) or len(support) != m:
        raise BallotFileError(f"support must have {m} rows")
    for name, row in zip(names, support, strict=True):
        if not isinstance(row, list) or len(row) != m or not all(is_count(cell) for cell in row):
            raise BallotFileError(f"support for {name} must be {m} whole numbers of ballots")
    for i in range(m):
        if support[i][i] != 0:
            raise BallotFileError(f"support for {names[i]} counts ballots that prefer it to itself")
        for j in range(i):
            if support[i][j] + support[j][i] > used:
                raise BallotFileError(f"more than {used} ballots compare {names[j]} and {names[i]}")
    return PublishedResults(names, used, np.array(support, dtype=np.int64), data)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    heading = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=lambda each: _fit(heading, each))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, [cell.strip() for cell in row]
            line = reader.line_num + 1
    except csv.Error as error:
        raise BallotFileError(f"this is not CSV: {error}", line) from error


def _fit(heading: str, delimiter: str) -> tuple[bool, int]:
    """Return whether no cell keeps a quotation mark, and the number of cells."""
    try:
        cells = next(csv.reader([heading], delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error:
        return False, 0
    return not any('"' in cell for cell in cells), len(cells)


def _check_header(names: list[str], line: int | None) -> None:
    if not names:
        raise BallotFileError("the header names no alternatives", line)
    if len(names) > MAX_ALTERNATIVES:
        raise BallotFileError(f"{len(names)} alternatives; at most {MAX_ALTERNATIVES} are counted", line)
    if all(not name or name.isdigit() for name in names):
        raise BallotFileError("no header: the first row must name the alternatives", line)
    seen = set()
    for number, name in enumerate(names, start=1):
        if not name:
            raise BallotFileError(f"alternative {number} has no name", line)
        if not name.isprintable():
            raise BallotFileError(f"the name of alternative {number} holds a control character", line)
        if name in seen:
            raise BallotFileError(f"{name} is named twice", line)
        seen.add(name)


def _whole_number(cell: str, what: str, most: int, line: int) -> int:
    shown = repr(cell if len(cell) <= 20 else cell[:20] + "…")
    cell = cell.removesuffix(".0")  # as spreadsheets write whole numbers
    if not (cell.isascii() and cell.removeprefix("-").isdigit()):
        raise BallotFileError(f"{what} is {shown}, not a whole number", line)
    if len(cell) > 12 or int(cell) > most:
        raise BallotFileError(f"{what} is {shown}, above {most:,}", line)
    if int(cell) < 1:
        raise BallotFileError(f"{what} is {shown}; the least is 1", line)
    return int(cell)


def _flat(value: object) -> Iterator[Any]:
    for each in value if isinstance(value, list) else []:
        if isinstance(each, list):
            yield from each
        else:
            yield each


def is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_WEIGHT
