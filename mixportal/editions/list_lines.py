import html
import re
from collections.abc import Iterator, Sequence

from mixportal.editions.list_marks import Line, mark_letters, read_mark, settle_loose_numbers
from mixportal.editions.list_tables import (
    MAX_CELL_LINES,
    delimiter_of,
    is_header,
    is_piped,
    put_side_by_side_below,
    read_rows,
    split_cells,
)
from mixportal.tables.reader import CLEANED, Problem, TableError, clean_text

MAX_LINES = 3_000
MAX_LINE = 20_000
DRAWN_LINE = re.compile(r"[-–—=*_~|:+\s]{3,}|--")
BOXES = dict.fromkeys(range(0x2500, 0x2580), "-") | dict.fromkeys((0x2502, 0x2503, 0x2551), "|")
QUOTED = re.compile(r"\A(?:\s{0,3}(?:[A-Z]{1,3})?>)+ ?")
ENTITY = re.compile(r"&#?\w{1,10};")
TAGS = (
    (re.compile(r"<li\b[^<>]*>", re.IGNORECASE), "\n• "),
    (re.compile(r"</?(?:b|strong)(?:\s[^<>]*)?>", re.IGNORECASE), "**"),
    (re.compile(r"</?(?:del|s|strike)>", re.IGNORECASE), "~~"),
    (re.compile(r"</t[dh]>", re.IGNORECASE), "\t"),
    (re.compile(r"</?(?:br|p|div|li|ul|ol|tr|table|h[1-6])\b[^<>]*>", re.IGNORECASE), "\n"),
    (re.compile(r"</?(?:[aiu]|em|span|font|code|su[bp]|t[dh]|tbody|thead|o:p)\b[^<>]*>", re.IGNORECASE), ""),
)
LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)|\s?<https?://[^<>\s]*>|\s#{2,6}\s*$")
SHORTCODE = re.compile(r"^\s*:[a-z][a-z0-9_+-]*:\s+(?!\d)")
WIKI_EMPHASIS = re.compile(r"'{2,3}")
NOTE_SIGN = re.compile(r"\*{1,3}|[†‡§¶]+|[¹²³⁴-⁹]+|\[\w{1,2}\]")
REFERENCE = re.compile(rf"(?<=[\w.)”\"’])({NOTE_SIGN.pattern})(?=\s|$|[,;:–—-])")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])")


def read_lines(text: str) -> list[Line]:
    """Return the lines that are not empty, without their marks. Raises TableError."""
    plain = put_side_by_side_below(list(_plain_lines(text)))
    delimiter = delimiter_of(plain)
    lines: list[Line] = []
    rows: list[tuple[Line, list[str]]] = []
    after_gap = True
    at = 0
    while at < len(plain):
        line, (cells, count) = plain[at], split_cells(plain[at : at + MAX_CELL_LINES], delimiter)
        has_cells = sum(map(bool, cells)) > 1 or (is_piped(line) and len(cells) > 1 and any(cells))
        at += count if has_cells else 1
        if DRAWN_LINE.fullmatch(line.text) or not line.text:
            after_gap = True
            continue
        line.after_gap, after_gap = after_gap, False
        if not has_cells or is_header(cells):
            lines += read_rows(rows)
            rows = []
        if has_cells:
            rows.append((line, cells))
        else:
            if is_piped(line):
                line.text = line.raw = next(filter(None, cells), "")
            line.is_header = is_header(cells)
            read_mark(line)
            lines.append(line)
    lines += read_rows(rows)
    settle_loose_numbers(lines)
    mark_letters(lines)
    _unmark_notes(lines)
    margin = min((line.indent for line in lines), default=0)
    for line in lines:
        line.indent -= margin
    return lines


def _unmark_notes(lines: Sequence[Line]) -> None:
    signs: set[str] = set()  # behind words above, like "Water meters*"
    first = next((line.mark for line in lines if line.mark), "")
    for line in lines:
        sign = NOTE_SIGN.match(line.raw.strip())
        if sign and sign[0] in signs and (line.after_gap or line.mark != first):
            line.unmark()
        signs |= {sign for sign in REFERENCE.findall(line.text) if line.text.count(sign) % 2}


def _plain_lines(text: str) -> Iterator[Line]:
    lines = clean_text(text).translate(BOXES).split("\n")
    problems = [
        Problem(number, f"This line has {len(line):,} characters; at most {MAX_LINE:,} are read.")
        for number, line in enumerate(lines, start=1)
        if len(line) > MAX_LINE
    ]
    if len(lines) > MAX_LINES:
        problems.append(Problem(0, f"The text has {len(lines):,} lines; at most {MAX_LINES:,} are read."))
    if problems:
        raise TableError(problems)
    depth = 0
    for number, line in enumerate(lines, start=1):
        rest = QUOTED.sub("", line)
        marks = line.removesuffix(rest).count(">")
        if marks != depth:
            yield Line.plain(number, "")
        depth = marks
        for part in _plain_parts(rest):
            yield Line.plain(number, part)


def _plain_parts(line: str) -> list[str]:
    plain = WIKI_EMPHASIS.sub(lambda marks: "*" * (len(marks[0]) - 1), SHORTCODE.sub("• ", line))
    if "&" in plain:
        plain = ENTITY.sub(lambda entity: html.unescape(entity[0]), plain).translate(CLEANED)
    parts = [plain]
    if "<" in plain:
        for tag, instead in TAGS:
            plain = tag.sub(instead, plain)
        parts = [part for part in plain.split("\n") if part.strip()] or [""]
    return [ESCAPED.sub(r"\1", LINK.sub(r"\1", part)) for part in parts]
