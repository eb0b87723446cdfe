import contextlib
import csv
import re
from collections.abc import Sequence

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
TOTAL = re.compile(
    r"(?:(?:grand|sub)[ -]?)?total|sum|average|mean|respondents|(?:answered|skipped)(?: questions?)?",
    re.IGNORECASE,
)
ONLY_HEADER = re.compile(r"titles?|names?|items?|entry|topics?", re.IGNORECASE)
SCORE_OR_LEVEL = re.compile(rf"{SCORE.pattern}|(?:very )?(?:high|medium|low|critical|urgent)(?:est)?", re.IGNORECASE)
LOST_TAB = re.compile(r"^(\d{1,2})\*\*|(?:^|(?<=\w))\*\*(?=\w)(?!.*\*\*)")
MAX_COLUMNS = 12
NEAR = 4  # characters
GAP = re.compile(r"(?<=\S)\s{2,}(?=\S)")


def delimiter_of(lines: Sequence[Line]) -> str:
    texts = [line.text for line in lines if line.text]
    first, second = (*texts, "", "")[:2]
    for sign in ",;":
        has_header = sign in second and is_header([cell.strip(' "') for cell in first.split(sign)])
        rows = [text for text in texts if re.search(rf"\w{sign}[^\s\d]", text)]
        if has_header or (len(rows) > 1 and 2 * len(rows) >= len(texts)):
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
    indents = range(1 + max((_count_empty(cells) for _, cells in rows), default=0))
    indent = min(
        indents,
        key=lambda each: len({len(cells) - min(each, _count_empty(cells)) for _, cells in rows}),
    )
    rows = [(line, cells[min(indent, _count_empty(cells)) :]) for line, cells in rows]
    rows = _with_wrapped_cells(rows)
    width = max((len(cells) for _, cells in rows), default=0)
    table = [cells + [""] * (width - len(cells)) for _, cells in rows]
    header = table[0] if table and is_header(table[0]) else []
    roles, others = _columns(header, [cells for cells in table if cells is not header and not _is_total(cells)])
    for (line, _), cells in zip(rows, table, strict=True):
        line.indent = rows[0][0].indent
        shown = {role: cells[column] for role, column in roles.items()}
        if cells is header:
            line.is_header, line.text = True, shown.get("title", "")
            continue
        if _is_total(cells):
            line.after_gap = True
            continue
        line.text = f"{shown.get('number', '')} {shown.get('title', '')}".strip()
        read_mark(line)
        line.mark, line.is_loose = line.mark or "row", False
        line.text = f"{line.text}\t{shown.get('meaning', '')}".rstrip("\t")
        line.kind = KINDS.get(shown.get("kind", "").casefold(), "")
        names = [f"{name}: " for name in header] or [""] * width
        line.columns_left_out = "; ".join(names[column] + cells[column] for column in others if cells[column])
    return [line for line, _ in rows]


def _with_wrapped_cells(rows: Sequence[tuple[Line, list[str]]]) -> list[tuple[Line, list[str]]]:
    joined: list[tuple[Line, list[str]]] = []
    for line, cells in rows:
        above = joined[-1][1] if joined else []
        if len(above) == len(cells) and all(cell[0].islower() for cell in cells if cell):
            joined[-1] = (
                joined[-1][0],
                [f"{one} {other}".strip() for one, other in zip(above, cells, strict=True)],
            )
        else:
            joined.append((line, cells))
    return joined


def _columns(header: list[str], body: list[list[str]]) -> tuple[dict[str, int], list[int]]:
    roles: dict[str, int] = {}
    others = []
    for column, cells in enumerate(zip(*body, strict=True)):
        filled = [cell for cell in cells if cell]
        role = _role_of(_role(header[column]) if header else "", filled)
        if filled and role and role not in roles:
            roles[role] = column
        elif filled:
            others.append(column)
    if "title" not in roles and others:
        roles["title"] = others.pop(0)
    meanings = [column for column in others if not header or any(len(row[column].split()) > 3 for row in body)]
    if "meaning" not in roles and meanings:
        roles["meaning"] = meanings[0]
        others.remove(meanings[0])
    return roles, others + [roles[role] for role in roles if role == "score"]


def _role_of(named: str, cells: Sequence[str]) -> str:
    if named == "score" or not cells:
        return named
    if all(map(_is_mark, cells)):
        return "number"
    if all(cell.casefold() in KINDS for cell in cells):
        return "kind"
    return "score" if all(map(SCORE_OR_LEVEL.fullmatch, cells)) else named if named in ("title", "meaning") else ""


def _is_total(cells: Sequence[str]) -> bool:
    return any(map(TOTAL.fullmatch, cells))


def _count_empty(cells: Sequence[str]) -> int:
    return next(at for at, cell in enumerate(cells) if cell)


def _role(name: str) -> str:
    return next((role for role, pattern in ROLES.items() if pattern.fullmatch(name)), "")


def _is_mark(cell: str) -> bool:
    line = Line(0, cell, cell)
    read_mark(line)
    return bool(line.mark) and not line.text


def one_below_the_other(lines: Sequence[Line]) -> Sequence[Line]:
    for at, line in enumerate(lines):
        for sign in ("\t", ",", ";", "|", ""):
            kinds = [heading_kind(Line.plain(0, cell)) for cell in _cells(line, sign)[:MAX_COLUMNS]]
            is_prose = sign in {",", ";"} and f"{sign} " in line.raw
            if {"priorities", "challenges"} <= set(kinds) and not is_prose:
                left, right = _sides(lines[at:], sign, *sorted(map(kinds.index, ("priorities", "challenges"))))
                return [*lines[:at], *left, *right]
    return lines


def _sides(lines: Sequence[Line], sign: str, first: int, second: int) -> tuple[list[Line], list[Line]]:
    rows = [_cells(line, sign) for line in lines]
    column = lines[0].raw.index(rows[0][second])
    sides: tuple[list[Line], list[Line]] = [], []
    for line, row in zip(lines, rows, strict=True):
        parts = [row[first:second], row[second:]]
        texts = ["\t".join([*row[:first], *part]) if any(part) else "" for part in parts]
        for side, text in zip(sides, texts if sign else _split_at(line.raw, column), strict=True):
            side.append(Line.plain(line.number, text))
    for side, at in zip(sides, (first, second), strict=True):
        side[0].raw, side[0].text = " ".join(side[0].text.split()), rows[0][at].strip()
    return sides


def _split_at(text: str, column: int) -> tuple[str, str]:
    indent = len(text) - len(text.lstrip())
    gaps = [gap.end() for gap in GAP.finditer(text)]
    nearest = indent if indent >= column - NEAR else min(gaps, key=lambda end: abs(end - column), default=len(text))
    return text[:nearest], " " * max(0, nearest - column) + text[nearest:]


def _cells(line: Line, sign: str) -> list[str]:
    return split_cells([line], sign)[0] if sign else GAP.split(line.raw)
