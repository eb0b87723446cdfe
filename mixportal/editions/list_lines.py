"""The lines of a pasted text, without what mail, Markdown and web pages put around them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from mixportal.editions.list_marks import Line, read_mark, settle_loose_numbers
from mixportal.editions.list_tables import MAX_CELL_LINES, delimiter_of, is_header, read_rows, split_cells
from mixportal.tables.reader import CLEANED, Problem, TableError, clean_text

MAX_LINES = 3_000
MAX_LINE = 20_000
DRAWN_LINE = re.compile(r"[-–—=*_~|:+\s]{3,}|--")
QUOTED = re.compile(r"(?:\s{0,3}>)+ ?")
ENTITY = re.compile(r"&#?\w{1,10};")
TAGS = (
    (re.compile(r"<li\b[^<>]*>", re.IGNORECASE), "\n• "),
    (re.compile(r"</?(?:b|strong)(?:\s[^<>]*)?>", re.IGNORECASE), "**"),
    (re.compile(r"</t[dh]>", re.IGNORECASE), "\t"),
    (re.compile(r"</?(?:br|p|div|li|ul|ol|tr|table|h[1-6])\b[^<>]*>", re.IGNORECASE), "\n"),
    (re.compile(r"</?(?:[aiu]|em|span|font|code|su[bp]|t[dh]|tbody|thead|o:p)\b[^<>]*>", re.IGNORECASE), ""),
)
LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)")
NUMBER_OF_PAGE = re.compile(r"[-–—]\s?\d{1,3}\s?[-–—]|(?:\d{1,3}\s?)?\|\s?p ?a ?g ?e\b.{0,12}", re.IGNORECASE)
SHORTCODE = re.compile(r"^\s*:[a-z][a-z0-9_+-]*:\s+")  # ":one: " in a chat
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])")


def read_lines(text: str) -> list[Line]:
    """Return the lines that are not empty, without their marks. Raises TableError."""
    plain = list(_plain_lines(text))
    delimiter = delimiter_of(plain)
    lines: list[Line] = []
    rows: list[tuple[Line, list[str]]] = []
    after_gap = True
    at = 0
    while at < len(plain):
        line, (cells, count) = plain[at], split_cells(plain[at : at + MAX_CELL_LINES], delimiter)
        is_row = sum(map(bool, cells)) > 1
        at += count if is_row else 1
        if DRAWN_LINE.fullmatch(line.text) or not line.text:
            after_gap = True
            continue
        line.after_gap, after_gap = after_gap, False
        if not is_row or is_header(cells):
            lines += read_rows(rows)
            rows = []
        if is_row:
            rows.append((line, cells))
        else:
            if not NUMBER_OF_PAGE.fullmatch(line.text):
                read_mark(line)
            lines.append(line)
    lines += read_rows(rows)
    settle_loose_numbers(lines)
    margin = min((line.indent for line in lines), default=0)
    for line in lines:
        line.indent -= margin
    return lines


def _plain_lines(text: str) -> Iterator[Line]:
    """Yield each line without quotation marks of mails, tags and entities. Raises TableError."""
    lines = clean_text(text).split("\n")
    problems = [
        Problem(number, f"This line has {len(line):,} characters; at most {MAX_LINE:,} are read.")
        for number, line in enumerate(lines, start=1)
        if len(line) > MAX_LINE
    ]
    if len(lines) > MAX_LINES:
        problems.append(Problem(0, f"The text has {len(lines):,} lines; at most {MAX_LINES:,} are read."))
    if problems:
        raise TableError(problems)
    for number, line in enumerate(lines, start=1):
        for part in _plain_parts(line):
            body = part.strip()
            indent = len(part.rstrip().expandtabs(4)) - len(body.expandtabs(4))
            yield Line(number, part.rstrip(), body, len(line.strip()), indent)


def _plain_parts(line: str) -> list[str]:
    plain = SHORTCODE.sub("• ", line[found.end() :] if (found := QUOTED.match(line)) else line)
    if "&" in plain:
        plain = ENTITY.sub(lambda entity: html.unescape(entity[0]), plain).translate(CLEANED)
    parts = [plain]
    if "<" in plain:
        for tag, instead in TAGS:
            plain = tag.sub(instead, plain)
        parts = [part for part in plain.split("\n") if part.strip()] or [""]
    return [ESCAPED.sub(r"\1", LINK.sub(r"\1", part)) for part in parts]
