from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from members.geography import STATES
from members.models import Government
from mixportal.tables.writer import unescape_formula

COLUMNS = (
    "slug", "name", "kind", "state", "population", "population_year", "form_of_government", "it_structure",
    "it_staff", "annual_it_budget", "website", "seat",
)  # fmt: skip
MAX_BYTES = 1_000_000
MAX_ROWS = 1_000
MAX_PROBLEMS = 20

_CHOICES: dict[str, dict[str, str]] = {
    column: {word.casefold(): code for code, label in choices for word in (code, label)}
    for column, choices in {
        "kind": Government.Kind.choices,
        "state": STATES,
        "form_of_government": Government.Form.choices,
        "it_structure": Government.ITStructure.choices,
    }.items()
}
_WHOLE = ("population", "population_year", "annual_it_budget", "seat")
# 1234567, or with separators between the thousands
_NUMBER = re.compile(r"\$?(\d{1,3}(?:([,'’ \u00a0\u2009\u202f])\d{3})(?:\2\d{3})*|\d{1,12})(\.\d+)?", re.ASCII)
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class GovernmentRow:
    line: int
    slug: str
    facts: dict[str, Any]


class GovernmentCsvError(ValueError):
    """`problems` are (line, reason); line 0 means the whole file."""

    def __init__(self, problems: Iterable[tuple[int, str]]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem[0])
        lines = [f"Line {line}: {reason}" if line else reason for line, reason in self.problems[:MAX_PROBLEMS]]
        if len(self.problems) > MAX_PROBLEMS:
            lines.append(f"There are {len(self.problems) - MAX_PROBLEMS} more problems.")
        super().__init__("\n".join(lines))


def row_of(government: Government) -> list[object]:
    return [getattr(government, column) for column in COLUMNS]


def read(data: bytes) -> list[GovernmentRow]:
    problems: list[tuple[int, str]] = []
    listed: list[GovernmentRow] = []
    rows = _rows(_decoded(data))
    header_line, header = next(rows, (1, []))
    columns = _columns(header, header_line)
    first_lines: dict[str, int] = {}
    for line, row in rows:
        if len(listed) == MAX_ROWS:
            raise GovernmentCsvError(
                [(line, f"There are more than {MAX_ROWS:,} rows; that is no list of our governments.")]
            )
        if len(row) != len(columns):
            problems.append((line, f"This row has {len(row)} cells; the header has {len(columns)}."))
            continue
        facts: dict[str, Any] = {}
        for column, cell in zip(columns, row, strict=True):
            try:
                facts[column] = _fact(column, unescape_formula(cell.strip()).strip())
            except ValueError as wrong:
                problems.append((line, f"{column} {wrong}"))
        slug = facts.pop("slug", "") or slugify(facts.get("name", ""))[:80].strip("-")
        if not slug:
            problems.append((line, "This row has neither a slug nor a name that gives one."))
        elif first_lines.setdefault(slug, line) != line:
            problems.append((line, f"{slug} stands on line {first_lines[slug]} already."))
        listed.append(GovernmentRow(line, slug, facts))
    if not listed and not problems:
        problems.append((0, "The file has a header and no rows."))
    if problems:
        raise GovernmentCsvError(problems)
    return listed


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise GovernmentCsvError([(0, f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise GovernmentCsvError([(line, "This is not UTF-8 text. Save the file as CSV in UTF-8.")]) from None
    if found := _FORBIDDEN.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise GovernmentCsvError(
            [(line, f"There is a control character (U+{ord(found[0]):04X}); this is not plain text.")]
        )
    if not text.strip():
        raise GovernmentCsvError([(0, "The file is empty.")])
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    heading = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise GovernmentCsvError([(line, f"This row cannot be read ({error}). Is a quotation mark missing?")]) from None


def _columns(header: list[str], line: int) -> list[str]:
    columns = [re.sub(r"[\s-]+", "_", unescape_formula(cell.strip()).casefold()) for cell in header]
    counts = Counter(columns)
    wrong = [
        f"There is no column “{_short(name)}”; the columns are {', '.join(COLUMNS)}."
        for name in counts
        if name not in COLUMNS
    ]
    wrong += [f"The column {name} stands here {counts[name]} times." for name in counts if counts[name] > 1]
    if not wrong and not {"slug", "name"} & set(columns):
        wrong.append("A column slug or a column name is needed, to know which government each row means.")
    if wrong:
        raise GovernmentCsvError((line, reason) for reason in wrong)
    return columns


def _fact(column: str, cell: str) -> Any:
    """Return the value of a cell. Raise ValueError with words that follow the column's name."""
    is_number = column in _WHOLE or column == "it_staff"
    if not cell:
        return None if is_number else ""
    if column in _CHOICES:
        code = _CHOICES[column].get(" ".join(cell.casefold().split()))
        if code is None:
            known = "two letters of a state, such as AZ" if column == "state" else ", ".join(
                dict.fromkeys(_CHOICES[column].values())
            )  # fmt: skip
            raise ValueError(f"“{_short(cell)}” is not known; write {known}.")
        return code
    if is_number:
        return _number(column, cell)
    if "\n" in cell or "\r" in cell:
        raise ValueError("goes over more than one line.")
    return cell


def _number(column: str, cell: str) -> int | Decimal:
    match = _NUMBER.fullmatch(cell)
    if match is None or (cell.startswith("$") and column != "annual_it_budget"):
        raise ValueError(f"“{_short(cell)}” is not a number; write it like 1250000 or 1,250,000.")
    number = Decimal(re.sub(r"[^\d.]", "", cell))
    if column == "it_staff":
        return number
    if number != int(number):
        raise ValueError(f"“{_short(cell)}” is not a whole number.")
    return int(number)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
