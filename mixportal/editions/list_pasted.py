"""Read a list that was pasted from an article, an email, a table or a word processor.

1. `list_lines` makes the text plain, with `list_tables`.
2. `list_headings` finds the headings; the lines below each are a section.
3. `list_items` finds the entry that each line is part of.
4. `list_titles` splits titles from meanings.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

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
    is_wrapped_before_its_mark,
    joined,
    settle_levels,
    unmarked_starts,
)
from mixportal.editions.list_lines import read_lines
from mixportal.editions.list_marks import Line
from mixportal.editions.list_titles import (
    clean_meaning,
    clean_title,
    ends_sentence,
    split_titles,
    take_scores,
)
from mixportal.tables.reader import Problem, quote

NO_KIND = (
    "No line is the heading “Priorities” or “Challenges”, nor a header "
    f"({','.join(COLUMNS)}). Are these priorities or challenges?"
)
ONE_ENTRY = "Is this one entry? Put a bullet before it. If it is several, put each on a line of its own."
BEGINS_AGAIN = "The numbers begin again here. Is this another list, and is its heading missing above it?"


def read_pasted(text: str, kind: str = "") -> ListText:
    """Return the entries; `kind` is that of entries without a heading. Raises TableError."""
    first, *headed = sections = _sections(read_lines(text), kind)
    for section in sections:
        settle_levels(section.lines, section.heading)
    marked = {section.kind for section in sections if any(line.mark for line in section.lines)}
    for section in sections if kind or not headed else headed:
        section.read(needs_marks=section.kind in marked)
    if headed and not kind:
        for line in [line for line in first.lines if not line.is_header]:
            first.leave_out(line, may_belong=is_split(line.text))
    problems = [problem for section in sections for problem in section.problems]
    if not (headed or kind or (first.items and all(item.head.kind for item in first.items))):
        problems.append(Problem(0, NO_KIND))
    read = [each for section in sections for each in section.entries]
    entries = [checked for each in read if (checked := check_entry(each, problems))]
    headings = _headings(sections)
    left_out = [left for section in sections for left in section.left_out]
    read_otherwise = sorted((*headings, *left_out), key=lambda left: left.line)
    listed = require_valid(entries, problems, read_otherwise if len(read_otherwise) > 1 else ())
    items = [item for section in sections for item in section.items]
    hyphens = [LeftOut(item.head.number, word) for item in items for word in item.words_of_two_lines()]
    meanings = [_shown(line) for item in items for line in item.parts if line.may_be_entry]
    return ListText(listed, tuple(headings), tuple(left_out), tuple(hyphens), tuple(meanings))


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


def _headings(sections: Sequence[_Section]) -> list[LeftOut]:
    first = {section.kind: section for section in reversed(sections) if section.items}
    headings = []
    for section in sections:
        if line := section.heading:
            is_unsure = section.kind not in first or (bool(section.items) and first[section.kind] is not section)
            headings.append(_shown(line, may_belong=is_unsure and "(cont" not in line.raw.casefold()))
        headings += [_shown(line) for line in section.lines if line.is_header]
    return headings


def _shown(line: Line, *, may_belong: bool = False) -> LeftOut:
    return LeftOut(line.number, line.raw.strip(), may_belong=may_belong)


@dataclass
class _Section:
    kind: str
    heading: Line | None = None
    lines: list[Line] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    entries: list[ListedEntry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def takes_in(self, line: Line) -> bool:
        """Return whether it ends a sentence, as in "competing / priorities"."""
        above = self.lines[-1] if self.lines else None
        if above is None or line.after_gap or line.mark or ends_sentence(above.text):
            return False
        is_indented = above.is_deeper(line)
        is_word = line.text.islower() and line.text[0].isalnum() and not line.text.endswith(":")
        if is_word and not is_indented:
            self.problems.append(
                Problem(
                    line.number,
                    f"{quote(line.text)} may be a heading or the end of the line above. "
                    "Put an empty line above a heading; indent a line that goes on.",
                )
            )
        return is_word or is_indented

    def read(self, *, needs_marks: bool) -> None:
        lines = [line for line in self.lines if not line.is_header]
        marked = [line for line in lines if line.mark]
        is_guess = not marked and not needs_marks
        before, items = group(lines, unmarked_starts(lines) if is_guess else marked)
        for line in before:
            self.leave_out(line, may_belong=is_guess and self.heading is not None)
        for item in items:
            if item.head.columns_left_out:
                self.left_out.append(LeftOut(item.head.number, item.head.columns_left_out))
            if item.has_title:
                self.items.append(item)
            else:
                for line in (item.head, *item.below):
                    if line.text:
                        self.leave_out(line, may_belong=True)
        layout = Layout(self.items)
        self._take_parts(layout, is_guess=is_guess)
        self._check_numbers()
        if is_guess and len(self.items) == 1 and not is_split(self.items[0].head.text):
            self.problems.append(Problem(self.items[0].head.number, ONE_ENTRY))
        self._read_entries(layout)

    def leave_out(self, line: Line, *, may_belong: bool) -> None:
        self.left_out.append(_shown(line, may_belong=may_belong or bool(line.mark.strip("#"))))

    def _take_parts(self, layout: Layout, *, is_guess: bool) -> None:
        for item in self.items:
            is_last = item is self.items[-1]
            is_closed = False
            for above, line in itertools.pairwise([item.head, *item.below]):
                if line.mark and not is_wrapped_before_its_mark(item, above, line):
                    reason = f"This bullet is deeper than that of line {item.head.number}; a list has one level."
                    self.problems.append(Problem(line.number, reason))
                elif not is_closed and (line.mark or layout.takes(item, above, line, is_last=is_last)):
                    line.text = line.raw.strip() if line.mark else line.text
                    item.parts.append(line)
                else:
                    is_closed = True
                    goes_on = not line.after_gap and line.text[:1].islower()
                    may_belong = is_guess or not is_last or goes_on or line.may_be_entry or is_split(line.text)
                    self.leave_out(line, may_belong=may_belong)

    def _check_numbers(self) -> None:
        places = [item.head.place or 0 for item in self.items]
        counts_down = places == sorted(places, reverse=True)
        for above, item in itertools.pairwise(self.items):
            begins_again = item.head.place == 1 < (above.head.place or 0) and item.head.kind == above.head.kind
            if begins_again and not counts_down:
                self.problems.append(Problem(item.head.number, BEGINS_AGAIN))

    def _read_entries(self, layout: Layout) -> None:
        splits = split_titles([joined([item.head, *item.parts]) for item in self.items])
        for item, joined_split in zip(self.items, splits, strict=True):
            split, scores = take_scores(layout.split(item, joined_split))
            self.left_out += [LeftOut(item.head.number, score) for score in scores]
            entry = ListedEntry(
                item.head.kind or self.kind,
                clean_title(split.title),
                clean_meaning(split.meaning),
                line=item.head.number,
                is_split_by_space=not split.sign.strip(" "),
            )
            self.entries.append(entry)
