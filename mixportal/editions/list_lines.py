"""The lines of a pasted text: the mark that each begins with, and the headings of the lists."""

from __future__ import annotations

import csv
import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mixportal.editions.list_entries import CLEANED, KINDS, clean_text
from mixportal.tables.reader import Problem, TableError

MAX_LINES = 3_000
MAX_LINE = 20_000
DRAWN_LINE = re.compile(r"[-–—=*_~|:+\s]{3,}|--")
EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=\S)(.{1,200}?)(?<=\S)\1")

# ---- what mail, Markdown and web pages put around a text
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
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])")

# ---- marks
HASH = re.compile(r"#{1,6}\s+(?=\S)")
TASK = re.compile(r"\[[ xX✓✔]?\](?:\s+|$)")
SIGNS = "•·‣⁃§¶†‡»›※"  # and what Unicode calls a symbol, and Word's private characters
NO_SIGNS = "©®™°№℠℗<>=|~^`+"
SPACED_SIGN = re.compile(r"[-–—―‐*+](?:\s+|$|(?=[^\W\d_]|[“‘\"']))|[oØü](?:\s+|$)")
LETTER = re.compile(r"\(?(?:[a-z]|[ivx]{2,5})[.)](?:\s+|$)", re.IGNORECASE)
TIE = r"(?:\s*\((?:tied?|t|=)\)|\s*(?:tied?\b|t\b|=)(?!\)))?"
ORDINAL = r"(?:(?:st|nd|rd|th)\b)?"
NUMBERS = (
    re.compile(r"(?P<n>\d)\ufe0f?\u20e3(?:(?P<n2>\d)\ufe0f?\u20e3)?\s*"),
    re.compile(
        rf"[(\[]?(?:t-?|=|\#)?(?P<n>\d{{1,2}}){ORDINAL}{TIE}[.)\]:=]+{TIE}[.:]?(?:\s+|$|(?=[^\W\d_]|[“‘\"'*]))",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:\#|(?:no|nr)\.?\s*|(?:rank|priority|challenge|item)\s*\#?)(?P<n>\d{{1,2}}){TIE}\s*[.:)–—-]*(?:\s+|$)",
        re.IGNORECASE,
    ),
)
# A number only where the next or the last one is near: "2 - ", "3rd ", "T2 ", "4 "
LOOSE_NUMBER = re.compile(
    rf"(?:t-?|=)?(?P<n>\d{{1,2}}){ORDINAL}{TIE}(?:\s*[-–—](?:\s+|(?=[A-Z][a-z]))|\s+|$)", re.IGNORECASE
)

# ---- headings
KIND_WORDS = {"priorities": r"priorit(?:y|ies)", "challenges": r"challenges?"}
KIND_MEANINGS = {
    "priorities": r"matters?|focus|goals?|objectives?|initiatives?|strateg(?:y|ies)|agenda|aims?|most important"
    r"|what we (?:will|want|plan|do)|work(?:ing)? on|come(?:s)? first",
    "challenges": r"obstacles?|barriers?|hurdles?|impediments?|road ?blocks?|headaches?|difficult(?:y|ies)?|problems?"
    r"|concerns?|worr(?:y|ies)|struggles?|constraints?|stumbling|hindrances?|threats?|pain ?points?|hard(?:er|est)?"
    r"|tough(?:er|est)?|in (?:the|our|your|their) way|(?:keeps?|keeping) \w+ (?:up|awake)"
    r"|(?:holds?|holding) \w+ back|slows? \w+ down",
}
HEADING_WORD = re.compile(
    r"top|our|the|key|it|mix|list|of|for|in|annual|continued|\d{1,4}"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
)
MAX_HEADING = 80
MAX_HEADING_WORDS = 12

# ---- columns
ROLES = {
    "number": re.compile(r"(?:#|no\.?|nr\.?|rank(?:ing)?|place|position|order)", re.IGNORECASE),
    "kind": re.compile(r"(?:kind|list|type)", re.IGNORECASE),
    "meaning": re.compile(r".*(?:descri|mean|defin|detail|expla|what|comment|summary|note|why).*", re.IGNORECASE),
    "title": re.compile(
        r".*(?:title|name|topic|item|entry|issue|area|initiative|priorit|challeng|technolog|goal).*", re.IGNORECASE
    ),
}


@dataclass
class Line:
    number: int
    raw: str
    text: str  # without the mark
    length: int = 0  # before tags were taken out
    indent: int = 0
    mark: str = ""  # "number", "letter", "#", "row" or the sign itself
    place: int | None = None
    after_gap: bool = False
    is_loose: bool = False  # the mark may be a word of the text
    kind: str = ""  # of a row of a table
    is_header: bool = False
    columns_left_out: str = ""

    @property
    def bare(self) -> str:
        return self.text.strip("#*_: \t")


def read_lines(text: str) -> list[Line]:
    """Return the lines that are not empty. Raises TableError for control characters."""
    text = clean_text(text)
    _require_size(text)
    lines: list[Line] = []
    if rows := _csv_rows(text):
        return _read_rows(rows)
    after_gap = True
    for number, length, raw in _physical_lines(text):
        raw = raw.rstrip()
        body = raw.lstrip()
        if not body or (DRAWN_LINE.fullmatch(body) and not body.startswith("|")):
            after_gap = True
            continue
        if body.startswith("|") and DRAWN_LINE.fullmatch(body):
            continue  # below the header of a Markdown table
        indent = len(raw.expandtabs(4)) - len(body.expandtabs(4))
        line = Line(number, body, body, length, indent, after_gap=after_gap)
        after_gap = False
        cells = _cells(body)
        is_row = sum(map(bool, cells)) > 1
        if not is_row or _is_header(cells):
            lines += _read_rows(rows)
            rows = []
        if is_row:
            rows.append((line, cells))
            continue
        _read_mark(line)
        lines.append(line)
    lines += _read_rows(rows)
    _settle_loose_numbers(lines)
    margin = min((line.indent for line in lines), default=0)
    for line in lines:
        line.indent -= margin
    return lines


def _require_size(text: str) -> None:
    lines = text.split("\n")
    problems = [
        Problem(number, f"This line has {len(line):,} characters; at most {MAX_LINE:,} are read.")
        for number, line in enumerate(lines, start=1)
        if len(line) > MAX_LINE
    ]
    if len(lines) > MAX_LINES:
        problems.append(Problem(0, f"The text has {len(lines):,} lines; at most {MAX_LINES:,} are read."))
    if problems:
        raise TableError(problems)


def heading_kind(line: Line, following: Line | None, *, has_marks: bool) -> str:
    """Return the kind whose heading the line is, or ""."""
    if line.is_header:
        # "Priority" may be the rank
        name = line.text.casefold()
        return "challenges" if "challenge" in name else "priorities" if "priorities" in name else ""
    text = " ".join(line.bare.split())
    words = [word for word in re.split(r"[\s,()\[\]:–—-]+", text.casefold()) if word]
    if not words or len(text) > MAX_HEADING or len(words) > MAX_HEADING_WORDS or text[-1] in ".!;,":
        return ""
    is_question = bool(re.match(r"(?:and )?(?:what|where|which|why)\b", text, re.IGNORECASE))
    if text[-1] == "?" and not is_question:
        return ""
    named = {kind for kind, word in KIND_WORDS.items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)}
    is_only_the_word = all(word in KINDS or HEADING_WORD.fullmatch(word) for word in words)
    if len(named) == 1 and is_only_the_word:
        return named.pop()
    leads_on = following is not None and bool(following.mark) and following.mark != line.mark
    if line.mark not in ("", "#") and not leads_on:
        return ""
    if len(named) == 1:
        is_apart = has_marks or not re.search(r"\s[–—-]\s|:\s|\t", line.text.rstrip(":* "))
        return named.pop() if is_apart else ""
    meant = {kind for kind, sense in KIND_MEANINGS.items() if re.search(rf"\b(?:{sense})\b", text, re.IGNORECASE)}
    looks_like_one = is_question or line.mark == "#" or line.text.rstrip("* ").endswith(":")
    return meant.pop() if not named and len(meant) == 1 and (leads_on or (looks_like_one and not has_marks)) else ""


def _physical_lines(text: str) -> Iterator[tuple[int, int, str]]:
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        line, began = lines[number], number + 1
        number += 1
        if re.search(r'(?:^|\t)"', line) and line.count('"') % 2:  # a cell of several lines
            for end in range(number + 1, min(number + 30, len(lines)) + 1):
                joined = "\n".join(lines[number - 1 : end])
                if joined.count('"') % 2 == 0 and "\t" in joined:
                    line, number = joined, end
                    break
        for piece in _plain(line):
            yield began, len(line.strip()), piece


def _plain(line: str) -> list[str]:
    """Return the line without what quotes and marks it up; tags may part it in several."""
    if "\n" in line:
        return [line]
    line = line[found.end() :] if (found := QUOTED.match(line)) else line
    if "&" in line:
        line = ENTITY.sub(lambda entity: html.unescape(entity[0]), line).translate(CLEANED)
    parts = [line]
    if "<" in line:
        for tag, instead in TAGS:
            line = tag.sub(instead, line)
        parts = [part for part in line.split("\n") if part.strip()] or [""]
    return [ESCAPED.sub(r"\1", LINK.sub(r"\1", part)) for part in parts]


def _cells(body: str) -> list[str]:
    if body.startswith("|") and body.endswith("|") and body.count("|") > 2:
        return [cell.strip() for cell in body.split("|")[1:-1]]
    if "\t" not in body:
        return [body]
    if '"' in body and all(cell.endswith('"') for cell in re.split(r'\t(?=")|(?<=")\t', body) if cell[:1] == '"'):
        try:
            return [" ".join(cell.split()) for cell in next(csv.reader([body], delimiter="\t"))]
        except (csv.Error, StopIteration):
            pass
    return [cell.strip() for cell in body.split("\t")]


def _read_rows(rows: Sequence[tuple[Line, list[str]]]) -> list[Line]:
    """Return a line for each row of one table: its number is the mark, a tab parts title and meaning."""
    if not rows:
        return []
    width = max(len(cells) for _, cells in rows)
    table = [cells + [""] * (width - len(cells)) for _, cells in rows]
    header = table[0] if _is_header(table[0]) else []
    below = table[1:] if header else table
    roles: dict[str, int] = {}
    columns = [column for column in range(width) if any(row[column] for row in below)]
    for column in columns:
        cells = [row[column] for row in below if row[column]]
        if all(_is_mark(cell) for cell in cells):
            roles.setdefault("number", column)
        elif all(cell.casefold() in KINDS for cell in cells):
            roles.setdefault("kind", column)
    texts = [column for column in columns if column not in roles.values()]
    for role in ("meaning", "title"):
        named = [column for column in texts if header and ROLES[role].fullmatch(header[column])]
        if named:
            roles[role] = named[0]
            texts.remove(named[0])
    for role in ("title", "meaning"):
        if role not in roles and texts:
            roles[role] = texts.pop(0)
    lines = []
    for line, cells in zip((line for line, _ in rows), table, strict=True):
        if cells is header:
            line.is_header = True
            line.text = header[roles["title"]] if "title" in roles else ""
            lines.append(line)
            continue
        line.mark = "row"
        if marked_column := roles.keys() & {"number", "title"}:
            column = roles[min(marked_column)]
            marked = Line(line.number, cells[column], cells[column])
            _read_mark(marked)
            line.place, line.mark, cells[column] = marked.place, marked.mark or "row", marked.text
        line.kind = KINDS.get(cells[roles["kind"]].casefold(), "") if "kind" in roles else ""
        line.text = "\t".join(cells[roles[role]] for role in ("title", "meaning") if role in roles).rstrip("\t")
        names = [f"{name}: " for name in header] or [""] * width
        line.columns_left_out = "; ".join(f"{names[column]}{cells[column]}" for column in texts if cells[column])
        lines.append(line)
    return lines


def _csv_rows(text: str) -> list[tuple[Line, list[str]]]:
    """Return the rows of a table that has other columns than the CSV of the portal."""
    first = text.lstrip().partition("\n")[0]
    for delimiter in ",;":
        if not _is_header([cell.strip(' "') for cell in first.split(delimiter)]):
            continue
        rows: list[tuple[Line, list[str]]] = []
        reader = csv.reader(text.split("\n"), delimiter=delimiter, skipinitialspace=True)
        number = 1
        try:
            for cells in reader:
                raw = delimiter.join(cells)
                rows.append((Line(number, raw, raw), [" ".join(cell.split()) for cell in cells]))
                number = reader.line_num + 1
        except csv.Error:
            return []
        rows = [row for row in rows if any(row[1])]
        return rows if all(len(cells) > 1 for _, cells in rows) else []
    return []


def _is_header(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    if any(len(cell.split()) > 4 or cell.isdigit() for cell in filled):
        return False
    roles = [next((role for role, named in ROLES.items() if named.fullmatch(cell)), "") for cell in filled]
    return len(set(roles) - {""}) > 1


def _is_mark(cell: str) -> bool:
    marked = Line(0, cell, cell)
    _read_mark(marked)
    return bool(marked.mark) and not marked.text


def _read_mark(line: Line) -> None:
    """Take the marks off the text: "- [ ] ", "### 1. ", "**2.** "."""
    for is_first in (True, False, False):
        mark, place, rest = _first_mark(line.text, is_first=is_first)
        if not mark and is_first and (found := LOOSE_NUMBER.match(line.text)):
            mark, place, rest, line.is_loose = "number", int(found["n"]), line.text[found.end() :], True
        if not mark:
            return
        line.mark, line.text = line.mark or mark, rest
        line.place = place if line.place is None else line.place
        if line.is_loose:
            return


def _first_mark(text: str, *, is_first: bool) -> tuple[str, int | None, str]:
    emphasis = re.match(r"(?:\*{1,3}|_{1,3})(?=[^\s*_])", text)
    inner = text[emphasis.end() :] if emphasis else text
    for pattern in NUMBERS:
        if found := pattern.match(inner):
            place = int(found["n"] + (found.groupdict().get("n2") or ""))
            rest = inner[found.end() :]
            if emphasis:
                sign = emphasis[0]
                rest = rest[len(sign) :].lstrip() if rest.startswith(sign) else sign + rest
            return "number", place, rest
    if emphasis and (len(emphasis[0]) > 1 or EMPHASIS.match(text)):
        return "", None, text
    if found := TASK.match(text):
        return "task", None, text[found.end() :]
    first = text[:1]
    category = unicodedata.category(first) if first else ""
    if category == "No":
        return "number", int(unicodedata.numeric(first)), text[1:].lstrip(" .)")
    if first and (first in SIGNS or (category in ("So", "Sm", "Co") and first not in NO_SIGNS)):
        return first, None, text[1:].lstrip("\ufe0f\u200d \t")
    if not is_first:
        return "", None, text
    if found := HASH.match(text):
        return "#", None, text[found.end() :].rstrip("# ")
    if found := SPACED_SIGN.match(text):
        return found[0].strip(), None, text[found.end() :]
    if found := LETTER.match(text):
        return "letter", None, text[found.end() :]
    return "", None, text


def _settle_loose_numbers(lines: Sequence[Line]) -> None:
    numbered = [line for line in lines if line.place is not None]
    places = [line.place or 0 for line in numbered]
    for at, line in enumerate(numbered):
        before = places[at] - places[at - 1] if at else 99
        after = places[at + 1] - places[at] if at + 1 < len(places) else 99
        if line.is_loose and before not in (-1, 0, 1, 2, 3) and after not in (-1, 0, 1, 2):
            line.mark, line.place, line.text, line.is_loose = "", None, line.raw, False
