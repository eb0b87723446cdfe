import re

from mixportal.editions.list_entries import (
    COLUMNS,
    KINDS,
    ListedEntry,
    ListText,
    check_entry,
    one_line,
    require_valid,
)
from mixportal.editions.list_pasted import read_pasted
from mixportal.tables.reader import Column, Problem, choice, is_table, read_table


def _paragraphs(cell: str) -> str:
    lines = "\n".join(map(one_line, cell.split("\n"))).strip()
    return re.sub(r"\n{3,}", "\n\n", lines)


CSV_COLUMNS = (
    Column("kind", choice(KINDS, "priority or challenge"), is_required=True),
    Column("title", one_line, is_required=True, may_be_empty=True),
    Column("description", _paragraphs, is_required=True, may_be_empty=True),
    *(Column(name, _paragraphs) for name in COLUMNS[3:]),
)


def read_list(text: str, kind: str = "") -> ListText:
    """Read CSV, or pasted text; `kind` is that of pasted entries without a heading. Raises TableError."""
    if is_table(text, CSV_COLUMNS):
        return ListText(read_csv(text))
    return read_pasted(text, kind)


def read_csv(text: str) -> tuple[ListedEntry, ...]:
    problems: list[Problem] = []
    rows = read_table(text, CSV_COLUMNS, problems)
    checked = [check_entry(ListedEntry(**row.values, line=row.line), problems) for row in rows]
    return require_valid([entry for entry in checked if entry], problems)
