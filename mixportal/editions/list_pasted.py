"""Read a list that was pasted from an article, an email, a table or a word processor.

1. `list_lines` makes the text plain, with `list_tables`.
2. `list_headings` finds the headings; the lines below each are a section.
3. `list_items` finds the entry that each line is part of.
4. `list_titles` splits titles from meanings.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from mixportal.editions.list_entries import (
    COLUMNS,
    LeftOut,
    ListedEntry,
    ListText,
    check_entry,
    require_valid,
)
from mixportal.editions.list_headings import heading_kind, unmark_headings
from mixportal.editions.list_items import (
    Item,
    Layout,
    group,
    is_split,
    is_within_a_sentence,
    settle_levels,
    unmarked_starts,
)
from mixportal.editions.list_lines import read_lines
from mixportal.editions.list_marks import Line
from mixportal.editions.list_titles import (
    Split,
    clean_meaning,
    clean_title,
    ends_sentence,
    split_titles,
    take_scores,
)
from mixportal.tables.reader import SOFT_HYPHEN, Problem, quote

NO_KIND = (
    "No line is the heading “Priorities” or “Challenges”, nor a header "
    f"({','.join(COLUMNS)}). Are these priorities or challenges?"
)
# "man-/made" was wrapped within a word; "short-/and long-term" was not
HYPHEN_AT_LINE_END = re.compile(r"(?<=[^\W\d_])-\n(?!(?:and|or|to)\b)(?=[a-z])")
WORD_OF_TWO_LINES = re.compile(rf"\w+{HYPHEN_AT_LINE_END.pattern}\w+")


def read_pasted(text: str, kind: str = "") -> ListText:
    """Return the entries; `kind` is that of entries without a heading. Raises TableError."""
    sections = _sections(read_lines(text), kind)
    has_headings = len(sections) > 1
    for section in sections:
        settle_levels(section.lines, section.heading)
    marked = {section.kind for section in sections if any(line.mark for line in section.lines)}
    for section in sections:
        if section.heading is None and has_headings and not kind:
            for line in section.lines:
                section.leave_out([line], may_belong=is_split(line.text))
        else:
            section.read(needs_marks=section.kind in marked)
    problems = [problem for section in sections for problem in section.problems]
    heads = [item.head for item in sections[0].items]
    if not (has_headings or kind or (heads and all(head.kind for head in heads))):
        problems.append(Problem(0, NO_KIND))
    entries = [
        checked for section in sections for each in section.entries() if (checked := check_entry(each, problems))
    ]
    first = {section.kind: section for section in reversed(sections) if section.items}
    headings = [left for section in sections for left in section.headings(first.get(section.kind))]
    left_out = [left for section in sections for left in section.left_out]
    hyphens = tuple(hyphen for section in sections for hyphen in section.hyphens)
    read_otherwise = sorted((*headings, *left_out), key=lambda left: left.line)
    listed = require_valid(entries, problems, read_otherwise if len(read_otherwise) > 1 else ())
    meanings = tuple(
        LeftOut(line.number, line.raw.strip())
        for section in sections
        for item in section.items
        for line in item.parts
        if line.may_be_entry
    )
    return ListText(listed, tuple(headings), tuple(left_out), hyphens, meanings)


def _sections(lines: Sequence[Line], kind: str) -> list[_Section]:
    unmark_headings(lines)
    has_marks = any(line.mark for line in lines)
    sections = [_Section(kind)]
    for line, following in itertools.zip_longest(lines, lines[1:]):
        line_kind = heading_kind(line, following, has_marks=has_marks)
        if line_kind and not sections[-1].takes_in(line):
            sections.append(_Section(line_kind, line))
        else:
            sections[-1].lines.append(line)
    return sections


@dataclass
class _Section:
    kind: str
    heading: Line | None = None
    lines: list[Line] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    hyphens: list[LeftOut] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    layout: Layout = field(default_factory=lambda: Layout([]))

    def takes_in(self, line: Line) -> bool:
        """Return whether it ends a sentence, as in "competing / priorities"."""
        above = self.lines[-1] if self.lines else None
        if above is None or line.after_gap or line.mark or ends_sentence(above.text):
            return False
        is_indented = above.is_deeper(line)
        is_word = line.text.islower() and line.text[0].isalnum() and not line.text.endswith(":")
        if is_word and not is_indented:
            self.refuse(
                line,
                f"{quote(line.text)} may be a heading or the end of the line above. "
                "Put an empty line above a heading; indent a line that goes on.",
            )
        return is_word or is_indented

    def read(self, *, needs_marks: bool) -> None:
        lines = [line for line in self.lines if not line.is_header]
        marked = [line for line in lines if line.mark]
        is_guess = not marked and not needs_marks
        before, items = group(lines, unmarked_starts(lines) if is_guess else marked)
        self.leave_out(before, may_belong=is_guess and self.heading is not None)
        for item in items:
            if item.head.columns_left_out:
                self.left_out.append(LeftOut(item.head.number, item.head.columns_left_out))
            if not item.has_title:
                self.leave_out([line for line in (item.head, *item.below) if line.text], may_belong=True)
        self.items = [item for item in items if item.has_title]
        self._settle()
        self._check_numbers()
        if is_guess and len(self.items) == 1 and not is_split(self.items[0].head.text):
            self.refuse(
                self.items[0].head,
                "Is this one entry? Put a bullet before it. If it is several, put each on a line of its own.",
            )
        if is_guess and len(self.left_out) >= len(self.items):
            self.left_out = [replace(left, may_belong=True) for left in self.left_out]

    def refuse(self, line: Line, reason: str) -> None:
        self.problems.append(Problem(line.number, reason))

    def leave_out(self, lines: Iterable[Line], *, may_belong: bool = False) -> None:
        self.left_out += [
            LeftOut(line.number, line.raw.strip(), may_belong=may_belong or bool(line.mark.strip("#")))
            for line in lines
            if not line.is_header
        ]

    def _settle(self) -> None:
        self.layout = layout = Layout(self.items)
        for item in self.items:
            is_last = item is self.items[-1]
            is_closed = False
            for above, line in itertools.pairwise([item.head, *item.below]):
                if line.mark and not is_within_a_sentence(item, above, line):
                    self.refuse(
                        line, f"This bullet is deeper than that of line {item.head.number}; a list has one level."
                    )
                elif not is_closed and (line.mark or layout.takes(item, above, line, is_last=is_last)):
                    line.text = line.raw.strip() if line.mark else line.text
                    item.parts.append(line)
                else:
                    goes_on = not is_closed and not line.after_gap and line.text[:1].islower()
                    is_closed = True
                    may_belong = not is_last or is_split(line.text) or goes_on or line.may_be_entry
                    self.leave_out([line], may_belong=may_belong)

    def _check_numbers(self) -> None:
        numbers = [(item.head.kind, item.head.place or 0) for item in self.items]
        for at in range(1, len(numbers)):
            (kind, place), (kind_above, above) = numbers[at], numbers[at - 1]
            counts_down = at > 1 and numbers[at - 2][1] > above
            if kind == kind_above and place == 1 < above and not counts_down:
                self.refuse(
                    self.items[at].head,
                    "The numbers begin again here. Is this another list, and is its heading missing above it?",
                )

    def headings(self, first: _Section | None) -> list[LeftOut]:
        """Ask about the heading if no section of its kind has entries, or an earlier one."""
        heads = [self.heading] if self.heading else []
        is_unsure = first is None or (bool(self.items) and first is not self)
        return [
            LeftOut(
                line.number,
                line.raw.strip(),
                may_belong=is_unsure and "(cont" not in line.raw.casefold(),
            )
            for line in heads
        ] + [LeftOut(line.number, line.raw.strip()) for line in self.lines if line.is_header]

    def entries(self) -> list[ListedEntry]:
        splits = split_titles([_joined([item.head, *item.parts]) for item in self.items])
        for at, item in enumerate(self.items):
            words = WORD_OF_TWO_LINES.findall("\n".join(line.text for line in (item.head, *item.parts)))
            self.hyphens += [LeftOut(item.head.number, word.replace("\n", "")) for word in words]
            if self.layout.has_title_above(item):
                splits[at] = Split(item.head.text, _joined(item.parts))
            elif not splits[at].meaning and len(title_lines := self.layout.title_lines(item)) > 1:
                splits[at] = Split(_joined(title_lines), _joined(item.parts[len(title_lines) - 1 :]))
        entries = []
        for item, (split, scores) in zip(self.items, take_scores(splits), strict=True):
            self.left_out += [LeftOut(item.head.number, score) for score in scores]
            title, meaning = clean_title(split.title), clean_meaning(split.meaning)
            if title or meaning:
                entry = ListedEntry(item.head.kind or self.kind, title, meaning, line=item.head.number)
                entries.append(replace(entry, is_split_by_space=not split.sign.strip(" ")))
        return entries


def _joined(lines: Sequence[Line]) -> str:
    text = "\n".join(line.text for line in lines if line.text).replace(f"{SOFT_HYPHEN}\n", "").replace("\n; ", "; ")
    return HYPHEN_AT_LINE_END.sub("-", text).replace("\n", " ")
