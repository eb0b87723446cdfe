"""Read a list that was pasted from an article, an email or a word processor.

Bullets under a heading, the word "Priorities" or "Challenges", are entries: "Title – meaning".

A line continues the bullet above if it is indented, or if the line directly above does not end a
sentence. After an empty line it must be indented deeper than the bullet. Other text is ignored, but a
bullet after it in the same list is refused because it may not belong there.
"""

import re
from dataclasses import dataclass, field

from mixportal.editions.list_entries import (
    COLUMNS,
    SINGULAR,
    SOFT_HYPHEN,
    ListedEntry,
    check_entry,
    clean_text,
    one_line,
    require_valid,
)
from mixportal.tables.reader import Problem, quote

SYMBOLS = "•·∙◦○●◉▪▫■□◆◇‣⁃►▸▶➤➢✓✔\uf0a7\uf0b7\uf0d8"  # the last three are from Word's symbol fonts
BULLET = re.compile(
    rf"[{SYMBOLS}]\s*"
    r"|[-–—*+](?:\s+|$|(?=[^\W\d_]|[“‘\"']))"
    r"|\(?\d{1,2}[.)](?:\s+|$|(?=[^\W\d_]|[“‘\"'*]))"
    r"|\(?(?:[a-z]|[ivx]{2,5})[.)](?:\s+|$)",
    re.IGNORECASE,
)
SEPARATOR = re.compile(
    r"""
      (?!(?<=\d)[–—―]\d) [–—―]     # not between two numbers
    | (?<!-) -- (?!-)              # a typed dash
    | (?<=\s) - (?=\s|$)
    | :-? (?=\s|$)
    """,
    re.VERBOSE,
)
HEADING_WORD = re.compile(
    r"top|our|the|key|it|mix|list|of|for|in|annual|continued|\d{1,4}"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
)
MAX_HEADING = 60
MIN_DEEPER_INDENT = 2  # numbers set flush right differ by one column
DRAWN_LINE = re.compile(r"[-–—=*_~\s]{3,}")
EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=\S)(.{1,200}?)(?<=\S)\1")
# "man-/made" was wrapped within a word; "short-/and long-term" was not
HYPHEN_AT_LINE_END = re.compile(r"(?<=[^\W\d_])-\n(?!(?:and|or|to)\b)(?=[a-z])")


def read_pasted(text: str) -> tuple[ListedEntry, ...]:
    """Return the entries. Raises TableError, which names each bad line."""
    lines = [line.expandtabs(4).rstrip() for line in clean_text(text).split("\n")]
    margin = min((_indent(line) for line in lines if line), default=0)
    paste = _Paste()
    for number, line in enumerate(lines, start=1):
        paste.read(number, line[margin:])
    return require_valid(paste.entries(), paste.problems)


@dataclass
class _Bullet:
    kind: str
    line: int
    indent: int
    mark: str
    parts: list[str]

    @property
    def is_unfinished(self) -> bool:
        return not self.parts[-1].rstrip("\"'”’)]*_").endswith((".", "!", "?", "…"))


@dataclass
class _Paste:
    problems: list[Problem] = field(default_factory=list)
    bullets: list[_Bullet] = field(default_factory=list)
    headings: dict[str, int] = field(default_factory=dict)
    kind: str | None = None
    first: _Bullet | None = None
    bullet: _Bullet | None = None  # may continue on the next line
    stray_line: int = 0  # text that continues no bullet
    after_gap: bool = True

    def read(self, number: int, line: str) -> None:
        text = line.strip()
        if not text or DRAWN_LINE.fullmatch(text):
            self.after_gap = True
            return
        indent = _indent(line)
        found = BULLET.match(text)
        mark, rest = (found[0].strip(), text[found.end() :]) if found else ("", text)
        bullet, goes_on = self.bullet, bool(self.bullet and not self.after_gap and self.bullet.is_unfinished)
        if (kind := _heading(rest)) and not (goes_on and self._may_end_a_sentence(number, indent, text)):
            self.kind, self.first, self.bullet, self.stray_line = kind, None, None, 0
            self.headings.setdefault(kind, number)
        elif mark and not (goes_on and self._is_within_a_sentence(mark, indent)):
            self._begin(number, indent, mark, rest)
        elif bullet and (goes_on or indent > (bullet.indent if self.after_gap else 0)):
            bullet.parts.append(text)
        elif self.first:
            self.bullet, self.stray_line = None, self.stray_line or number
        self.after_gap = False

    def entries(self) -> list[ListedEntry]:
        if not self.headings:
            reason = f"No line is the heading “Priorities” or “Challenges”, nor a header ({','.join(COLUMNS)})."
            self.problems.append(Problem(0, reason))
        filled = {bullet.kind for bullet in self.bullets}
        for kind, line in self.headings.items():
            if kind not in filled:
                reason = f"No bullet follows “{kind.capitalize()}”. Begin each entry with a bullet: • or -."
                self.problems.append(Problem(line, reason))
        return [entry for bullet in self.bullets if (entry := self._entry(bullet))]

    def _begin(self, number: int, indent: int, mark: str, text: str) -> None:
        if not self.kind:
            return
        if self.stray_line:
            reason = (
                f"This bullet follows line {self.stray_line}, which is part of no bullet. Indent that line "
                "if it continues a bullet; otherwise take it out, or take out what comes after the list."
            )
            self.problems.append(Problem(number, reason))
            self.stray_line = 0
        if self.first and indent >= self.first.indent + MIN_DEEPER_INDENT:
            reason = f"This bullet stands deeper than that of line {self.first.line}; a list has one level."
            self.problems.append(Problem(number, reason))
            return
        self.bullet = _Bullet(self.kind, number, indent, mark, [text])
        self.bullets.append(self.bullet)
        self.first = self.first or self.bullet

    def _is_within_a_sentence(self, mark: str, indent: int) -> bool:
        """Return whether the line was wrapped before a dash, number or initial."""
        assert self.bullet
        if mark in ("–", "—"):
            return self.bullet.mark != mark
        return mark[-1] in ".)" and indent >= self.bullet.indent + MIN_DEEPER_INDENT

    def _may_end_a_sentence(self, number: int, indent: int, text: str) -> bool:
        """Return whether a heading may end the line above, as in "competing / priorities"."""
        if not text.islower() or not text[0].isalnum() or text.endswith(":"):
            return False
        if not indent:
            reason = (
                f"{quote(text)} may be a heading or the end of the line above. "
                "Put an empty line above a heading; indent a line that goes on."
            )
            self.problems.append(Problem(number, reason))
        return True

    def _entry(self, bullet: _Bullet) -> ListedEntry | None:
        text = "\n".join(bullet.parts).replace(f"{SOFT_HYPHEN}\n", "")
        text = one_line(HYPHEN_AT_LINE_END.sub("-", text))
        if not text:
            return None
        if emphasis := EMPHASIS.match(text):
            text = emphasis[2] + text[emphasis.end() :]
        text = text.replace("**", "")
        separator = SEPARATOR.search(text)
        if not separator:
            reason = f"No dash or colon parts title and meaning in {quote(text)}. Write “Title – meaning”."
            self.problems.append(Problem(bullet.line, reason))
            return None
        title = text[: separator.start()].strip("*_ ")
        description = text[separator.end() :].lstrip("-–—― ")
        return check_entry(ListedEntry(bullet.kind, title, description, line=bullet.line), self.problems)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _heading(text: str) -> str | None:
    bare = text.strip("#*_ ").removesuffix(":").strip("*_ ")
    if not bare or len(bare) > MAX_HEADING or not (bare[-1].isalnum() or bare[-1] in ")]"):
        return None
    words = [word for word in re.split(r"[\s,()\[\]–—-]+", bare.casefold()) if word]
    kinds = [word for word in words if word in SINGULAR]
    others_fit = all(word in SINGULAR or HEADING_WORD.fullmatch(word) for word in words)
    return kinds[0] if len(kinds) == 1 and others_fit else None
