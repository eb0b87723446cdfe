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
from mixportal.tables.reader import Column, Problem, choice, is_table, key_of, read_table


def _paragraphs(cell: str) -> str:
    lines = "\n".join(map(one_line, cell.split("\n"))).strip()
    return re.sub(r"\n{3,}", "\n\n", lines)


SEPARATOR_LINE = re.compile(r"\A\W*sep=.*")
CSV_COLUMNS = (
    Column("kind", choice(KINDS, "priority or challenge")),
    Column("title", one_line, is_required=True, may_be_empty=True),
    Column("description", _paragraphs, is_required=True, may_be_empty=True),
    *(Column(name, _paragraphs) for name in COLUMNS[3:]),
)


def read_list(text: str, kind: str = "") -> ListText:
    """Read CSV, or pasted text; `kind` is that of entries without a heading. Raises TableError."""
    text = SEPARATOR_LINE.sub("", text)
    header = {key_of(cell.strip()) for cell in re.findall(r"[\w ]+", text.strip().partition("\n")[0])}
    if {"kind", "meaning"} <= header:
        text = re.sub("meaning", "description", text, count=1, flags=re.IGNORECASE)
    is_ours = "kind" in header or header <= {column.name for column in CSV_COLUMNS}
    if is_ours and is_table(text, CSV_COLUMNS):
        return ListText(read_csv(text, kind))
    return read_pasted(text, kind)


def read_csv(text: str, kind: str = "") -> tuple[ListedEntry, ...]:
    problems: list[Problem] = []
    rows = read_table(text, CSV_COLUMNS, problems)
    if rows and not kind and "kind" not in rows[0].values:
        problems.append(Problem(0, "The column “kind” is missing. Are these priorities or challenges?"))
    entries = [ListedEntry(**{"kind": kind} | row.values, line=row.line) for row in rows]
    return require_valid([each for entry in entries if (each := check_entry(entry, problems))], problems)
