import contextlib
import csv
import re
from collections.abc import Iterator, Sequence

from mixportal.editions.list_entries import KINDS
from mixportal.editions.list_headings import heading_kind
from mixportal.editions.list_marks import Line, read_mark
from mixportal.editions.list_titles import SCORE

MAX_CELL_LINES = 30
ROLES = {
    "number": re.compile(r"#|no\.?|nr\.?|rank(?:ing)?|place|position|order", re.IGNORECASE),
    "kind": re.compile(r"kind|list|type", re.IGNORECASE),
    "score": re.compile(
        r"(?:avg|average|mean|std)\b.*|.*(?:votes?|scores?|points?|percent|%|average|avg|count|weight|shares?|responses?|costs?|budget)",
        re.IGNORECASE,
    ),
    "meaning": re.compile(
        r".*(?:descri|mean|defin|detail|expla|what|comment|summary|note|why).*"
        r"|objectives?|purpose|benefits?|reasons?|rationale|impact|outcomes?",
        re.IGNORECASE,
    ),
    "other": re.compile(r"owner|lead|sponsor|dep(?:artmen)?t\.?|status", re.IGNORECASE),
    "title": re.compile(
        r".*(?:title|name|topic|item|entry|issue|area|initiative|priorit|challeng|technolog|goal|choice|option).*",
        re.IGNORECASE,
    ),
}
ONLY_HEADER = re.compile(r"titles?|names?|items?|entry|topics?", re.IGNORECASE)
SCORE_OR_LEVEL = re.compile(rf"{SCORE.pattern}|(?:very )?(?:high|medium|low|critical|urgent)(?:est)?", re.IGNORECASE)
TOTAL = re.compile(
    r"(?:(?:grand|sub)[ -]?)?total|sum|average|mean|respondents|(?:answered|skipped)(?: questions?)?",
    re.IGNORECASE,
)
LOST_TAB = re.compile(r"^(\d{1,2})\*\*|(?:^|(?<=\w))\*\*(?=\w)(?!.*\*\*)")
MAX_COLUMNS = 12


def delimiter_of(lines: Sequence[Line]) -> str:
    texts = [line.text for line in lines if line.text]
    for sign in ",;":
        rows = [text for text in texts if re.search(rf'\w"?{sign}"?[^\s\d]|[^\W\d]"?{sign}"?\d', text)]
        if len(rows) > 1 and 2 * len(rows) >= len(texts):
            return sign
    return "\t"


def split_cells(lines: Sequence[Line], delimiter: str) -> tuple[list[str], int]:
    """Return the cells of the row on the first line, and how many lines it takes."""
    line, used = lines[0], 1
    text = LOST_TAB.sub("\\1\t", line.raw) if 0 < line.raw.count("**") < 3 else line.raw
    inner = line.text.removeprefix("|").removesuffix("|")
    cells = inner.split("|") if is_piped(line) else text.split(delimiter)
    if f'{delimiter}"' in delimiter + line.raw:
        rows = csv.reader((f"{line.raw}\n" for line in lines), delimiter=delimiter, strict=True)
        with contextlib.suppress(csv.Error):
            cells, used = next(rows), rows.line_num
    return [" ".join(cell.split()) for cell in cells], used


def is_piped(line: Line) -> bool:
    return line.text[:1] == "|" or (" | " in line.text and (line.text[-1] == "|" or is_header(line.text.split(" | "))))


def is_header(cells: Sequence[str]) -> bool:
    if any(len(cell.split()) > 4 or cell.isdigit() for cell in cells):
        return False
    return len({_role(cell) for cell in cells} - {""}) > 1 or any(map(ONLY_HEADER.fullmatch, cells))


def read_rows(rows: Sequence[tuple[Line, list[str]]]) -> list[Line]:
    most_empty = max((_count_empty(cells) for _, cells in rows), default=0)
    lost_tabs = min(
        range(most_empty + 1),
        key=lambda tabs: len({len(cells) - min(tabs, _count_empty(cells)) for _, cells in rows}),
    )
    table = [cells[min(lost_tabs, _count_empty(cells)) :] for _, cells in rows]
    width = max(map(len, table), default=0)
    table = [cells + [""] * (width - len(cells)) for cells in table]
    header = table[0] if table and is_header(table[0]) else []
    body = [cells for cells in table[bool(header) :] if not _is_total(cells)]
    roles = _columns_by_role(header, body)
    may_go_on_from_above = not all(map(_is_in_lower_case, body))
    for (line, _), cells in zip(rows, table, strict=True):
        shown = {role: cells[column] for role, column in roles.items()}
        line.indent = rows[0][0].indent
        line.text = f"{shown.get('number', '')} {shown.get('title', '')}".strip()
        line.is_header = cells is header
        if _is_total(cells) or (may_go_on_from_above and _is_in_lower_case(cells)):
            line.after_gap = True
        elif not line.is_header:
            read_mark(line)
            line.mark, line.is_loose = line.mark or "row", False
            line.kind = KINDS.get(shown.get("kind", "").casefold(), "")
        line.text = f"{line.text}\t{shown.get('meaning', '')}".rstrip("\t")
        others = [column for column, cell in enumerate(cells) if cell and column not in roles.values()]
        names = [f"{name}: " for name in header] or [""] * width
        line.columns_left_out = "; ".join(names[column] + cells[column] for column in others)
    return [line for line, _ in rows]


def _columns_by_role(header: list[str], body: list[list[str]]) -> dict[str, int]:
    roles: dict[str, int] = {}
    others = []
    for column, cells in enumerate(zip(*body, strict=True)):
        filled = [cell for cell in cells if cell]
        role = _role_of(_role(header[column]) if header else "", filled)
        if filled and role != "score":
            if role and role not in roles:
                roles[role] = column
            else:
                others.append(column)
    if "title" not in roles and others:
        roles["title"] = others.pop(0)
    for column in others:
        if not header or any(len(row[column].split()) > 3 for row in body):
            roles.setdefault("meaning", column)
    return roles


def _role_of(named: str, cells: Sequence[str]) -> str:
    if named == "score" or not cells:
        return named
    if all(map(_is_mark, cells)):
        return "number"
    if all(cell.casefold() in KINDS for cell in cells):
        return "kind"
    return "score" if all(map(SCORE_OR_LEVEL.fullmatch, cells)) else named if named in ("title", "meaning") else ""


def _count_empty(cells: Sequence[str]) -> int:
    return next(at for at, cell in enumerate(cells) if cell)


def _is_total(cells: Sequence[str]) -> bool:
    return any(map(TOTAL.fullmatch, cells))


def _is_in_lower_case(cells: Sequence[str]) -> bool:
    return all(cell[0].islower() for cell in cells if cell)


def _role(name: str) -> str:
    return next((role for role, pattern in ROLES.items() if pattern.fullmatch(name)), "")


def _is_mark(cell: str) -> bool:
    line = Line(0, cell, cell)
    read_mark(line)
    return bool(line.mark) and not line.text


def put_side_by_side_below(lines: Sequence[Line]) -> Sequence[Line]:
    for at, line in enumerate(lines):
        for sign in "\t,;|":
            kinds = [heading_kind(Line.plain(0, cell)) for cell in split_cells([line], sign)[0][:MAX_COLUMNS]]
            is_prose = sign in ",;" and f"{sign} " in line.raw
            if {"priorities", "challenges"} <= set(kinds) and not is_prose:
                first, second = sorted(map(kinds.index, ("priorities", "challenges")))
                rows = [(each.number, split_cells([each], sign)[0]) for each in lines[at:]]
                return [*lines[:at], *_side(rows, first, first, second), *_side(rows, first, second, None)]
    return lines


def _side(rows: Sequence[tuple[int, list[str]]], shared: int, start: int, end: int | None) -> Iterator[Line]:
    number, header = rows[0]
    yield Line(number, " ".join([*header[:shared], *header[start:end]]).strip(), header[start])
    for number, cells in rows[1:]:
        own = cells[start:end]
        yield Line.plain(number, "\t".join([*cells[:shared], *own]) if any(own) else "")
