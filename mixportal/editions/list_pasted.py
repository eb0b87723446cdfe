"""Read a list that was pasted from an article, an email, a table or a word processor.

The lines below a heading are one list. All its entries are read in one way: title and meaning on one line
("Title – meaning", "Title (meaning)"), the meaning below its title, or titles alone. What is neither a heading nor
part of an entry is returned as text that was left out.
"""

from __future__ import annotations

import itertools
import operator
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mixportal.editions.list_entries import (
    COLUMNS,
    MAX_TITLE,
    SOFT_HYPHEN,
    LeftOut,
    ListedEntry,
    ListText,
    check_entry,
    require_valid,
)
from mixportal.editions.list_lines import Line, heading_kind, read_lines
from mixportal.editions.list_titles import (
    Split,
    clean_meaning,
    clean_title,
    ends_sentence,
    split_bracketed,
    split_title,
)
from mixportal.tables.reader import Problem, quote

MIN_DEEPER_INDENT = 2  # numbers set flush right differ by one column
MAX_WRAPPED = 120  # columns; longer lines were not wrapped
MAX_TITLE_WORDS = 12
# "man-/made" was wrapped within a word; "short-/and long-term" was not
HYPHEN_AT_LINE_END = re.compile(r"(?<=[^\W\d_])-\n(?!(?:and|or|to)\b)(?=[a-z])")
WITHIN_TITLE = re.compile(r"(?:and|or|of|for|to|in|with|the|&)\b")
FOOTER = re.compile(
    r"(?:(?:best|kind|warm|many|with) )*(?:regards|wishes|thanks|thank you|sincerely|cheers|yours)\b.{0,30}$"
    r"|(?:sent from|©|\(c\)|copyright|page \d|about the author|read more|for more|download)\b"
    r"|(?:sources?|contact|questions|notes?|e-?mail|phone|tel|web|from|to|cc|subject|date)\s?[:?]",
    re.IGNORECASE,
)


def read_pasted(text: str, kind: str = "") -> ListText:
    """Return the entries; `kind` is that of entries without a heading. Raises TableError."""
    lines = read_lines(text)
    has_marks = any(line.mark for line in lines)
    sections = [_Section(kind)]
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        if (line_kind := heading_kind(line, following, has_marks=has_marks)) and not sections[-1].takes_in(line):
            sections.append(_Section(line_kind, line))
        else:
            sections[-1].lines.append(line)
    problems: list[Problem] = []
    has_headings = len(sections) > 1
    marked = {section.kind for section in sections if any(line.mark for line in section.lines)}
    for section in sections:
        if section.heading is None and has_headings and not kind:
            section.leave_out(section.lines)
        else:
            section.read(problems, needs_marks=bool(marked) and (section.heading is None or section.kind in marked))
    items = [item for section in sections for item in section.items if not (section.kind or item.head.kind)]
    if not has_headings and not kind and (items or not sections[0].items):
        reason = (
            "No line is the heading “Priorities” or “Challenges”, nor a header "
            f"({','.join(COLUMNS)}). Are these priorities or challenges?"
        )
        problems.append(Problem(0, reason))
    filled = {section.kind for section in sections if section.items}
    entries = [entry for section in sections for entry in section.entries(problems)]
    headings = [heading for section in sections for heading in section.headings(is_used=section.kind in filled)]
    left_out = [left for section in sections for left in section.left_out]
    return ListText(require_valid(entries, problems), tuple(headings), tuple(left_out))


@dataclass
class _Item:
    head: Line
    below: list[Line] = field(default_factory=list)
    parts: list[Line] = field(default_factory=list)  # those of `below` that belong to the entry

    @property
    def last(self) -> Line:
        return self.below[-1] if self.below else self.head

    def joined(self, lines: Sequence[Line]) -> str:
        text = "\n".join(filter(None, (line.text for line in lines))).replace(f"{SOFT_HYPHEN}\n", "")
        return HYPHEN_AT_LINE_END.sub("-", text).replace("\n", " ")

    def is_deeper(self, line: Line) -> bool:
        return line.indent > self.head.indent


@dataclass
class _Section:
    kind: str
    heading: Line | None = None
    lines: list[Line] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    has_meanings_below: bool = False
    width: int = 0
    hangs: bool = False  # wrapped lines are indented
    wraps: bool = False
    ways_below: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    unclear: list[Line] = field(default_factory=list)

    def takes_in(self, line: Line) -> bool:
        """Return whether a line that could be a heading goes on with a sentence, as in "competing / priorities"."""
        above = self.lines[-1] if self.lines else None
        is_word = line.text.islower() and line.text[:1].isalnum() and not line.mark and not line.text.endswith(":")
        if above is None or line.after_gap or ends_sentence(above.text) or not any(each.mark for each in self.lines):
            return False
        if is_word and line.indent <= above.indent and not above.text.endswith((",", "-")):
            self.unclear.append(line)
        return is_word or (not line.mark and line.indent >= above.indent + MIN_DEEPER_INDENT)

    def read(self, problems: list[Problem], *, needs_marks: bool) -> None:
        if self._are_meanings_marked():
            needs_marks = False
        else:
            self._demote_marks()
        if any(line.mark for line in self.lines):
            self._group({id(line) for line in self.lines if line.mark})
        elif not needs_marks:
            self._group(_unmarked_starts(self.lines), asks_before=self.heading is not None)
        else:
            self.leave_out(self.lines)
        self._choose_layout()
        for at, item in enumerate(self.items):
            self._settle(item, is_last=at == len(self.items) - 1, problems=problems)
        self._check_numbers(problems)
        for line in self.unclear:
            reason = (
                f"{quote(line.text)} may be a heading or the end of the line above. "
                "Put an empty line above a heading; indent a line that goes on."
            )
            problems.append(Problem(line.number, reason))

    def headings(self, *, is_used: bool) -> list[LeftOut]:
        heads = [] if self.heading is None else [LeftOut(self.heading.number, self.heading.raw, may_belong=not is_used)]
        return heads + [LeftOut(line.number, line.raw) for line in self.lines if line.is_header]

    def leave_out(self, lines: Sequence[Line], *, may_belong: bool = False) -> None:
        self.left_out += [
            LeftOut(line.number, line.raw, may_belong=may_belong or line.mark not in ("", "#"))
            for line in lines
            if not line.is_header
        ]

    def entries(self, problems: list[Problem]) -> list[ListedEntry]:
        texts = [item.joined([item.head, *item.parts]) for item in self.items]
        plain = [text for text in texts if not split_title(text)]
        bracketed = [found for text in plain if (found := split_bracketed(text))]
        reads_brackets = 2 * sum(len(found.meaning.split()) > 2 for found in bracketed) >= len(plain)
        signs = Counter(found.sign for text in texts if (found := split_title(text)))
        sign = next((sign for sign, count in signs.items() if len(texts) > 2 and 4 * count >= 3 * len(texts)), "")
        entries = []
        for item, text in zip(self.items, texts, strict=True):
            if self.has_meanings_below and item.parts:
                split = Split(item.joined([item.head]), item.joined(item.parts), "\n")
            else:
                in_brackets = split_bracketed(text) if reads_brackets else None
                split = split_title(text, sign) or in_brackets or split_title(text, ".") or Split(text, "", "")
            title, meaning = clean_title(split.title), clean_meaning(split.meaning)
            entry = ListedEntry(item.head.kind or self.kind, title, meaning, line=item.head.number)
            if (title or meaning) and (checked := check_entry(entry, problems)):
                entries.append(checked)
        return entries

    def _are_meanings_marked(self) -> bool:
        """Return whether only the lines below the titles have marks, and take these as text."""
        titles, below = self.lines[::2], self.lines[1::2]
        is_in_turn = len(titles) == len(below) > 1 and len({line.mark for line in below}) == 1 and bool(below[0].mark)
        if not is_in_turn or not all(_is_title(line.text) and not line.mark for line in titles):
            return False
        for line in below:
            line.mark, line.indent = "", max(line.indent, 1)
        return True

    def _demote_marks(self) -> None:
        """Take marks of a second sort as text where each meaning has one, and "#" where it heads a part of the list."""
        marked = [line for line in self.lines if line.mark]
        styles = [line.mark for line in marked]
        if len(set(styles)) < 2:
            return
        first, second = styles[:2]
        pairs = zip(marked[::2], marked[1::2], strict=False)
        is_in_turn = styles == [first, second] * (len(styles) // 2) and "row" not in styles
        is_in_turn = is_in_turn and (len(styles) > 2 or marked[0].indent < marked[1].indent)
        if is_in_turn and all(not split_title(one.text) for one, _ in pairs):
            second_lines = marked[1::2]
            for line in second_lines:
                line.mark, line.indent = "", max(line.indent, marked[0].indent + 1)
        elif "#" in styles:
            for line in marked:
                if line.mark == "#":
                    line.mark, line.text = "", line.raw

    def _group(self, starts: set[int], *, asks_before: bool = False) -> None:
        first: Line | None = None
        before: list[Line] = []
        for line in self.lines:
            item = self.items[-1] if self.items else None
            is_start = id(line) in starts and not (item and item.head.text and _is_within_a_sentence(item, line))
            if is_start and (first is None or line.indent < first.indent + MIN_DEEPER_INDENT):
                first = first or line
                self.items.append(_Item(line))
                if line.columns_left_out:
                    self.left_out.append(LeftOut(line.number, line.columns_left_out))
            elif item and not item.head.text and not line.mark:
                item.head.text = line.text  # the mark has a line of its own
            elif item:
                item.below.append(line)
            else:
                before.append(line)
        self.leave_out(before, may_belong=asks_before)
        for item in self.items:
            if not item.head.text:
                self.leave_out(item.below)
        self.items = [item for item in self.items if item.head.text]

    def _choose_layout(self) -> None:
        self.width = max((line.length for line in self.lines), default=0)
        with_below = [item for item in self.items if item.below]
        on_one_line = [item for item in self.items if _has_meaning(item.head.text)]
        breaks = [item for item in with_below if not item.below[0].after_gap]
        in_title = list(map(_has_wrapped_title, breaks))
        is_full = [_is_full(item.head, item.below[0], self.width) for item in breaks]
        wrapped = sum(itertools.starmap(operator.or_, zip(is_full, in_title, strict=True)))
        self.has_meanings_below = (
            2 * len(on_one_line) < len(self.items)
            and len(with_below) >= max(1, len(self.items) - len(self.items) // 3)
            and not (any(in_title) and 4 * wrapped >= 3 * len(breaks))
        )
        self.ways_below = Counter(self._way(item) for item in with_below)
        below = [(item, line) for item in self.items for line in item.below if not line.after_gap]
        self.hangs = any(item.is_deeper(line) for item, line in below)
        self.wraps = any(line.text[:1].islower() for _, line in below)

    def _way(self, item: _Item) -> tuple[bool, bool]:
        return item.below[0].after_gap, item.is_deeper(item.below[0])

    def _settle(self, item: _Item, *, is_last: bool, problems: list[Problem]) -> None:
        """Decide which of the lines below belong to the entry."""
        is_closed = False
        for at, line in enumerate(item.below):
            above = item.below[at - 1] if at else item.head
            if line.mark and not _is_within_a_sentence(item, line, above):
                reason = f"This bullet is deeper than that of line {item.head.number}; a list has one level."
                problems.append(Problem(line.number, reason))
            elif not is_closed and self._belongs(item, above, line, is_first=at == 0, is_last=is_last):
                line.text = line.raw if line.mark else line.text
                item.parts.append(line)
            else:
                looks_like_entry = not is_closed and not line.after_gap and _is_split(line.text)
                is_closed = True
                self.leave_out([line], may_belong=not is_last or looks_like_entry)

    def _belongs(self, item: _Item, above: Line, line: Line, *, is_first: bool, is_last: bool) -> bool:
        if item.is_deeper(line):
            return True
        if FOOTER.match(line.text):
            return False
        if self.has_meanings_below and is_first:
            count = self.ways_below[self._way(item)]
            return count > 1 or (len(self.items) == 1 and ends_sentence(line.text))
        if item.head.mark == "#" and not is_last:
            return True
        if line.after_gap or self.hangs:
            return False
        is_open = above.text.count("**") % 2 or above.text.count("(") > above.text.count(")")
        if is_open or (not ends_sentence(above.text) and not line.text[:1].isupper()):
            return True
        if self.has_meanings_below and not is_last and ends_sentence(line.text) and len(line.text.split()) > 2:
            return True
        return self.wraps and _is_full(above, line, self.width)

    def _check_numbers(self, problems: list[Problem]) -> None:
        places = [item.head.place for item in self.items]
        for at in range(1, len(places)):
            before, place = places[at - 1], places[at]
            is_countdown = before == 2 and at > 1 and places[at - 2] == 3
            if place == 1 and before and before > 1 and not is_countdown:
                line = self.items[at].head
                reason = "The numbers begin again here. Is this another list, and is its heading missing above it?"
                problems.append(Problem(line.number, reason))


def _is_within_a_sentence(item: _Item, line: Line, above: Line | None = None) -> bool:
    """Return whether the line was wrapped before a dash, number or initial."""
    if line.after_gap or ends_sentence((above or item.last).text):
        return False
    if line.mark in ("–", "—"):
        return item.head.mark != line.mark
    return line.mark in ("number", "letter") and line.indent >= item.head.indent + MIN_DEEPER_INDENT


def _is_full(above: Line, line: Line, width: int) -> bool:
    """Return whether the first word of `line` did not fit on the line above."""
    return width <= MAX_WRAPPED and above.length + 1 + len(line.raw.split()[0]) > width


def _has_meaning(text: str) -> bool:
    return bool(split_title(text) or split_title(text, ".")) or text.count("(") > text.count(")")


def _has_wrapped_title(item: _Item) -> bool:
    """Return whether the first line breaks within the title: "Business Continuity / and Recovery – Plans"."""
    return bool(split_title(item.joined([item.head, item.below[0]]))) and bool(WITHIN_TITLE.match(item.below[0].text))


# ---- lists without marks


def _unmarked_starts(lines: Sequence[Line]) -> set[int]:
    """Return the lines that begin an entry, where no entry has a mark."""
    blocks: list[list[Line]] = []
    for line in lines:
        if line.after_gap or not blocks:
            blocks.append([])
        blocks[-1].append(line)
    for dropped in range(len(blocks)):
        for first in range(min(dropped, 1) + 1):  # an introduction, and what follows the list
            if starts := _starts_of(blocks[first : len(blocks) - dropped + first]):
                return set(map(id, starts))
    return set()


def _starts_of(blocks: Sequence[Sequence[Line]]) -> list[Line]:
    width = max(line.length for block in blocks for line in block)
    wrapped = [_unwrapped(block, width) for block in blocks]
    starts = [(first, text) for block in wrapped for first, text in block]
    for is_entry in (_is_split, _is_bracketed, _is_sentence):
        found = [first for first, text in starts if is_entry(text)]
        if found and found[0] is starts[0][0] and all(is_entry(text) or first.indent for first, text in starts):
            return found
    is_title = [_is_title(text) and not first.indent for first, text in starts]
    if not is_title[0]:
        return []
    is_in_turn = not any(itertools.starmap(operator.and_, itertools.pairwise([*is_title, True])))
    if is_in_turn or all(is_title):
        return [first for (first, _), is_one in zip(starts, is_title, strict=True) if is_one]
    if all(len(block) > 1 and _is_title(block[0][1]) and not _is_title(block[1][1]) for block in wrapped):
        return [block[0][0] for block in wrapped]
    return []


def _unwrapped(block: Sequence[Line], width: int) -> list[tuple[Line, str]]:
    """Return the lines of a paragraph, those that were wrapped joined, each with its first line."""
    wraps = any(line.text[:1].islower() and not line.indent for line in block)
    joined: list[tuple[Line, str]] = []
    for above, line in zip([None, *block], block, strict=False):
        is_full = above is not None and wraps and _is_full(above, line, width) and not ends_sentence(above.text)
        if joined and not line.indent and (line.text[:1].islower() or is_full):
            joined[-1] = joined[-1][0], f"{joined[-1][1]} {line.text}"
        else:
            joined.append((line, line.text))
    return joined


def _is_split(text: str) -> bool:
    found = split_title(text)
    return bool(found and len(found.title.split()) <= MAX_TITLE_WORDS and not FOOTER.match(text))


def _is_bracketed(text: str) -> bool:
    found = split_bracketed(text)
    return bool(found and len(found.title.split()) <= MAX_TITLE_WORDS)


def _is_sentence(text: str) -> bool:
    found = split_title(text, ".")
    return bool(found and len(found.title.split()) <= MAX_TITLE_WORDS)


def _is_title(text: str) -> bool:
    text = text.strip("#*_: \t")
    return (
        0 < len(text) <= MAX_TITLE
        and len(text.split()) <= MAX_TITLE_WORDS
        and text[-1] not in ".!?:,"
        and not text[0].islower()
        and not FOOTER.match(text)
    )
