"""Read a list from a CSV with a comma, semicolon or tab.

The header names kind, title, description and optionally in_plain_words and more, in any order and
case. A column without a name must be empty.
"""

import csv
import io
import re
from collections import Counter

from mixportal.editions.list_entries import (
    COLUMNS,
    SINGULAR,
    ListedEntry,
    check_entry,
    clean_text,
    one_line,
    require_valid,
)
from mixportal.tables.reader import Problem, TableError, quote

REQUIRED = COLUMNS[:3]
KINDS = {word: kind for kind, singular in SINGULAR.items() for word in (kind, singular)}


def read_csv(text: str) -> tuple[ListedEntry, ...]:
    """Return the entries in the order of the rows. Raises TableError.

    Line breaks are kept in all texts except titles.
    """
    text = clean_text(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text) or ",", strict=True)
    columns: list[str] = []
    entries: list[ListedEntry] = []
    problems: list[Problem] = []
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            problems.append(Problem(line, f"This row cannot be read ({error}). Is a quotation mark missing?"))
            break
        if row is None:
            break
        if not any(map(str.strip, row)):
            continue
        if not columns:
            columns = _columns(row, line)
        elif entry := _entry(columns, row, line, problems):
            entries.append(entry)
    return require_valid(entries, problems)


def delimiter(text: str) -> str | None:
    """Return the delimiter, or None if the first line is not a header with two or more COLUMNS."""
    first = next((line for line in text.split("\n") if line.strip()), "")[:1000]

    def columns_named(candidate: str) -> int:
        return len(set(COLUMNS).intersection(map(_name, next(csv.reader([first], delimiter=candidate), []))))

    best = max(",;\t", key=columns_named)
    return best if columns_named(best) >= 2 else None


def _name(cell: str) -> str:
    return re.sub("[ -]", "_", one_line(cell).casefold())


def _columns(header: list[str], line: int) -> list[str]:
    columns = [_name(cell) for cell in header]
    counts = Counter(filter(None, columns))
    wrong = [f"The column {quote(name)} is none of {', '.join(COLUMNS)}." for name in counts if name not in COLUMNS]
    wrong += [f"The column {quote(name)} stands here twice." for name in counts if counts[name] > 1]
    wrong += [f"The column {quote(name)} is missing." for name in REQUIRED if name not in counts]
    if wrong:
        raise TableError(Problem(line, reason) for reason in wrong)
    return columns


def _entry(columns: list[str], row: list[str], line: int, problems: list[Problem]) -> ListedEntry | None:
    if len(row) != len(columns):
        problems.append(Problem(line, f"This row has {len(row)} cells; the header has {len(columns)}."))
        return None
    if any(cell.strip() for name, cell in zip(columns, row, strict=True) if not name):
        problems.append(Problem(line, "A cell of this row stands in a column without a name."))
        return None
    cells = {name: cell for name, cell in zip(columns, row, strict=True) if name}
    word, title = one_line(cells.pop("kind")), one_line(cells.pop("title"))
    kind = KINDS.get(word.casefold())
    if not kind:
        problems.append(Problem(line, f"{quote(word)} is no kind; write “priority” or “challenge”."))
        return None
    texts = {name: _paragraphs(cell) for name, cell in cells.items()}
    return check_entry(ListedEntry(kind, title, **texts, line=line), problems)


def _paragraphs(cell: str) -> str:
    lines = "\n".join(map(one_line, cell.split("\n"))).strip()
    return re.sub(r"\n{3,}", "\n\n", lines)
