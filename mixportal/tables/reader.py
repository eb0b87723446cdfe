import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from mixportal.tables.text import counted
from mixportal.tables.writer import unescape_formula

MAX_BYTES = 1_000_000
MAX_ROWS = 1_000
MAX_PROBLEMS = 20

SAVE_AS_TEXT = "Save the file as plain text or CSV in UTF-8 (“CSV UTF-8” in Excel)."
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls
DELIMITERS = ",;\t"
ROWS_TO_FIT = 20
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
PAGE_BREAK = re.compile(r"(?<=[\r\n])\f|\f(?=[\r\n])|\A\f")
LINE_BREAKS = {0x0B: "\n", 0x0C: "\n"}  # of word processors
_NEWLINE = re.compile(r"\r\n?|\n|[\u2028\u2029]")
SOFT_HYPHEN = "\u00ad"
INVISIBLE = [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
WIDE_SPACES = [0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000]
CLEANED = dict.fromkeys(INVISIBLE) | dict.fromkeys(WIDE_SPACES, " ")
_SEPARATOR_LINE = re.compile(r"\"?sep=([,;\t])\"?[ ,;\t]*(?:\r\n?|\n|$)", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,3}(?:([,'’ ])\d{3})(?:\2\d{3})*|\d{1,12})(\.\d+)?", re.ASCII)
_THOUSANDS_OR_NOT = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)

T = TypeVar("T")


@dataclass(frozen=True)
class Problem:
    line: int  # 0 for the whole text
    reason: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.reason}" if self.line else self.reason


class TableError(ValueError):
    def __init__(self, problems: Iterable[Problem]) -> None:
        found = sorted(problems, key=lambda problem: problem.line)
        if len(found) > MAX_PROBLEMS:
            found[MAX_PROBLEMS:] = [Problem(0, f"There are {len(found) - MAX_PROBLEMS} more problems.")]
        self.problems = tuple(found)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Column:
    """`parse` raises ValueError with what to write instead."""

    name: str
    parse: Callable[[str], object] = str
    is_required: bool = False
    may_be_empty: bool = False  # although required


@dataclass(frozen=True)
class Row:
    line: int
    values: dict[str, Any]


def quote(text: str) -> str:
    return f"“{text}”" if len(text) <= 50 else f"“{text[:49].rstrip()}…”"


def decode(data: bytes, max_bytes: int = MAX_BYTES) -> str:
    """Decode UTF-8, or UTF-16 with a byte order mark. Raises TableError."""
    if len(data) > max_bytes:
        raise TableError([Problem(0, f"The file has more than {max_bytes:,} bytes. Import a part of it at a time.")])
    if data.startswith(WORKBOOK):
        raise TableError([Problem(0, f"This is a workbook or an archive. {SAVE_AS_TEXT}")])
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = 0 if is_wide else data.count(b"\n", 0, error.start) + 1
        raise TableError([Problem(line, _encoding_problem(data, is_wide))]) from None


def clean_text(text: str, max_length: int = MAX_BYTES) -> str:
    """Keep plain newlines and spaces, and no invisible characters except soft hyphens.

    Raises TableError for control characters and long texts.
    """
    if len(text) > max_length:
        raise TableError([Problem(0, f"The text has {len(text):,} characters; at most {max_length:,} are read.")])
    text = PAGE_BREAK.sub("", text).translate(LINE_BREAKS)
    if FORBIDDEN.search(text):
        raise TableError(
            Problem(
                number,
                f"There is a control character (U+{ord(found[0]):04X}); this is not plain text.",
            )
            for number, line in enumerate(_NEWLINE.split(text), start=1)
            if (found := FORBIDDEN.search(line))
        )
    return _NEWLINE.sub("\n", text).translate(CLEANED)


def _encoding_problem(data: bytes, is_wide: bool) -> str:
    if is_wide:
        return f"This is not UTF-16 text. {SAVE_AS_TEXT}"
    with suppress(UnicodeDecodeError):
        if not FORBIDDEN.search(data.decode("cp1252")):
            return f"This is not UTF-8 text: it looks like CP1252 (Windows). {SAVE_AS_TEXT}"
    return f"This is not UTF-8 text. {SAVE_AS_TEXT}"


def read_table(text: str, columns: Sequence[Column], problems: list[Problem], *, max_rows: int = MAX_ROWS) -> list[Row]:
    """Return the rows that can be read, and add to `problems` what is wrong with others.

    Columns come in any order and case. Raises TableError if the header cannot be read.
    """
    lines = read_lines(clean_text(text), [column.name for column in columns], problems)
    named = _named_columns(*next(lines), columns)
    rows: list[Row] = []
    for line, cells in lines:
        if len(rows) == max_rows:
            raise TableError([Problem(line, f"There are more than {max_rows:,} rows; import a part at a time.")])
        if values := _values(line, named, cells, problems):
            rows.append(Row(line, values))
    if not rows and not problems:
        problems.append(Problem(0, "The file has a header and no rows."))
    return rows


def is_table(text: str, columns: Sequence[Column]) -> bool:
    names = [column.name for column in columns]
    text = clean_text(text)
    return _fit(text, _delimiter(text, names), names) >= (2, 0, 0)


def read_lines(text: str, names: Sequence[str], problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield the header and each row that is not empty, with its first line. Raises TableError."""
    width = 0
    for line, cells in _lines(text, _delimiter(text, names)):
        end = len(cells)
        while end > width and not cells[end - 1]:
            end -= 1
        width = width or end
        if end != width:
            problems.append(Problem(line, f"This row has {counted(end, 'cell', 'cells')}; the header has {width}."))
        else:
            yield line, cells[:end]
    if not width:
        raise TableError([Problem(0, "The file is empty.")])


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    if separator_line := _SEPARATOR_LINE.match(text):
        text = f"\n{text[separator_line.end() :]}"  # keep line numbers
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    line = 1
    try:
        for row in rows:
            cells = [unescape_formula(cell.strip()).strip() for cell in row]
            if any(cells):
                yield line, cells
            line = rows.line_num + 1
    except csv.Error as error:
        reason = f"This row cannot be read ({error}). Is a quotation mark missing?"
        raise TableError([Problem(line, reason)]) from None


def _delimiter(text: str, names: Iterable[str]) -> str:
    separator_line = _SEPARATOR_LINE.match(text)
    return separator_line[1] if separator_line else max(DELIMITERS, key=lambda each: _fit(text, each, names))


def _fit(text: str, delimiter: str, names: Iterable[str]) -> tuple[int, int, int]:
    rows: list[list[str]] = []
    with suppress(TableError):
        rows.extend(row for _, row in islice(_lines(text, delimiter), ROWS_TO_FIT))
    width = len(rows[0]) if rows else 1
    known = {key_of(name) for name in names}.intersection(map(key_of, rows[0] if rows else ()))
    return len(known), sum(len(row) == width > 1 for row in rows), width


def key_of(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.casefold())


def _named_columns(line: int, header: list[str], columns: Sequence[Column]) -> list[Column | None]:
    known = {key_of(column.name): column for column in columns}
    counts = Counter(key_of(name) for name in header if name)
    shown = {key_of(name): name for name in header}
    names = ", ".join(column.name for column in columns)
    unknown = " or ".join(quote(shown[key]) for key in counts if key not in known)
    wrong = [f"There is no column {unknown}; the columns are {names}."] if unknown else []
    wrong += [f"The column {quote(shown[key])} is here {count} times." for key, count in counts.items() if count > 1]
    wrong += [
        f"The column {quote(column.name)} is missing."
        for key, column in known.items()
        if column.is_required and key not in counts
    ]
    if wrong:
        raise TableError(Problem(line, reason) for reason in wrong)
    return [known[key_of(name)] if name else None for name in header]


def _values(line: int, named: list[Column | None], cells: list[str], problems: list[Problem]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    before = len(problems)
    for number, (column, cell) in enumerate(zip(named, cells, strict=True), start=1):
        if column is None:
            if cell:
                problems.append(
                    Problem(
                        line,
                        f"{quote(cell)} is in column {number}, which has no name in the header.",
                    )
                )
        elif column.is_required and not column.may_be_empty and not cell:
            problems.append(Problem(line, f"{column.name}: this cell is empty."))
        else:
            try:
                values[column.name] = column.parse(cell)
            except ValueError as error:
                problems.append(Problem(line, f"{column.name}: {error}"))
    return values if len(problems) == before else {}


def one_line(cell: str) -> str:
    if "\n" in cell or "\r" in cell:
        raise ValueError("write this cell on one line.")
    return cell.replace(SOFT_HYPHEN, "")


def number(cell: str) -> Decimal | None:
    if not cell:
        return None
    if not _NUMBER.fullmatch(cell):
        raise ValueError(f"{quote(cell)} is not a number; write it like 1250000 or 1,250,000.")
    if _THOUSANDS_OR_NOT.fullmatch(cell):
        whole, thousandths = cell.split(".")
        raise ValueError(f"is {quote(cell)} {whole} or {whole},{thousandths}? Write it without the point.")
    return Decimal(re.sub(r"[^\d.]", "", cell))


def whole_number(cell: str) -> int | None:
    value = number(cell)
    if value is not None and value != int(value):
        raise ValueError(f"{quote(cell)} is not a whole number.")
    return None if value is None else int(value)


def place_among(entries: int, *, has_gaps: bool = True) -> Callable[[str], int | None]:
    """Return a parser of places, which refuses points and numbers of ballots."""
    most = max(10, 2 * entries) if has_gaps else entries

    def parse(cell: str) -> int | None:
        try:
            place = whole_number(re.sub(r"\.0+$", "", cell))
        except ValueError:
            place = 0
        if place is not None and not 1 <= place <= most:
            until = "on" if has_gaps else f"to {most}"
            advice = f"write a whole number from 1 {until}, or leave it blank."
            raise ValueError(f"{quote(cell)} is no place among {entries}; {advice}")
        return place

    return parse


def choice(words: Mapping[str, T], advice: str = "") -> Callable[[str], T]:
    known = advice or ", ".join(dict.fromkeys(filter(None, map(str, words.values()))))

    def parse(cell: str) -> T:
        key = " ".join(cell.casefold().split())
        if key not in words:
            raise ValueError(f"{quote(cell)} is not known; write {known}.")
        return words[key]

    return parse
