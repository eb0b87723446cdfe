import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mixportal.editions.list_entries import MAX_TITLE, is_name
from mixportal.editions.list_marks import Line
from mixportal.editions.list_titles import Split, ends_sentence, split_title
from mixportal.tables.reader import SOFT_HYPHEN

MIN_WRAPPED, MAX_WRAPPED = 40, 120
MIN_WRAPPED_TITLE = 30
MAX_TITLE_WORDS = 12
WITHIN_TITLE = re.compile(r"(?:and|or|of|for|to|in|with|the|&)\b")
GOES_ON = re.compile(
    r"(?:\b(?:and|or|of|for|to|in|on|at|by|with|the|an?|that|which|from|as|is|are)|['’]s|[,;:&/(–—\u00ad-])$"
)
NO_PART_OF_THE_LIST = {
    "signature": r"(?:(?:best|kind|warm|many|with) )*"
    r"(?:regards|wishes|thanks|thank you|sincerely|cheers|yours)\b.{0,30}$",
    "end of a mail or page": r"(?:sent from|©|\(c\)|copyright|page \d"
    r"|about the author|read more|back to top|for more|download)\b",
    "field of a mail": r"(?:sources?|contact|questions|notes?|e-?mail|phone|tel|web|from|to|cc|subject|date)\s?[:?]",
    "number of a page": r"[-–—\s]*\d{1,3}[-–—\s]*$|(?:\d{1,3}\s?)?\|\s?p ?a ?g ?e\b",
    "address": r"(?:https?://|www\.)\S+$",
    "date or time": r"\d{1,2}/\d{1,2}/\d{2,4}\b.{0,12}$|.{0,40}\b\d{1,2}:\d{2}\s?[ap]\.?m\b.{0,25}$|\[?\d{1,2}:\d{2}\b",
    "remark in a chat": r"@\w|\+\d|\(edited\)$"
    r"|(?:lol|haha|ok(?:ay)?|agreed?|yes|yep|thx|me too|same here|i (?:agree|like|think|would))\b",
    "footnote": r"[†‡§¶¹²³⁴-⁹]|\*+(?![^*]*\*)|\[\w{1,2}\]",
    "total": r"(?:(?:grand|sub)[ -]?)?total[\W\d]*$",
}
FOOTER = re.compile("|".join(NO_PART_OF_THE_LIST.values()), re.IGNORECASE)
UNKNOWN_HEADING = re.compile(
    r"#{1,6}\s|.{0,60}:[\s*]*$|[\s*]*(?:\w+ ){0,2}(?:issues|risks|gaps|needs)\W*$", re.IGNORECASE
)
ORDERED = ("number", "letter", "LETTER")

NO_TITLE = re.compile(
    r"\W*(?:n/a|tbd|tba|none|dropped|deleted|removed|vacant|blank|other(?: \(please specify)?)\W*|~~.*~~", re.IGNORECASE
)

# "man-/made" was wrapped within a word; "short-/and long-term" was not
HYPHEN_AT_LINE_END = re.compile(r"(?<=[^\W\d_])-\n(?!(?:and|or|to)\b)(?=[a-z])")
WORD_OF_TWO_LINES = re.compile(rf"\b\w+{HYPHEN_AT_LINE_END.pattern}\w+")


@dataclass
class Item:
    head: Line
    below: list[Line] = field(default_factory=list)
    parts: list[Line] = field(default_factory=list)

    @property
    def has_title(self) -> bool:
        return is_name(self.head.text) and not NO_TITLE.fullmatch(self.head.text)

    @property
    def way_below(self) -> tuple[bool, bool]:
        return self.below[0].after_gap, self.below[0].indent > self.head.indent

    def words_of_two_lines(self) -> list[str]:
        text = "\n".join(line.text for line in (self.head, *self.parts))
        return [word.replace("\n", "") for word in WORD_OF_TWO_LINES.findall(text)]


def joined(lines: Sequence[Line]) -> str:
    text = "\n".join(line.text for line in lines if line.text).replace(f"{SOFT_HYPHEN}\n", "").replace("\n; ", "; ")
    return HYPHEN_AT_LINE_END.sub("-", text).replace("\n", " ")


def group(lines: Sequence[Line], starts: Sequence[Line]) -> tuple[list[Line], list[Item]]:
    keys = set(map(id, starts))
    before: list[Line] = []
    items: list[Item] = []
    for above, line in itertools.pairwise([Line.plain(0, ""), *lines]):
        is_part = items and (items[0].head.is_deeper(line) or is_wrapped_before_its_mark(items[-1], above, line))
        if id(line) in keys and not is_part:
            items.append(Item(line))
        elif not items:
            before.append(line)
        elif not items[-1].head.text and not line.mark:
            items[-1].head.text = line.text
        else:
            items[-1].below.append(line)
    return before, items


def is_wrapped_before_its_mark(item: Item, above: Line, line: Line) -> bool:
    if line.after_gap or ends_sentence(above.text) or not item.head.text:
        return False
    if line.mark in ("–", "—"):
        return item.head.mark != line.mark
    return line.mark in ("number", "1.1", "letter", "LETTER") and item.head.is_deeper(line)


class Layout:
    def __init__(self, items: Sequence[Item]) -> None:
        self.is_single = len(items) == 1
        with_below = [item for item in items if item.below and not FOOTER.match(item.below[0].text)]
        own = sum(map(_has_own_meaning, items))
        self.has_meanings_below = 2 * own < len(items) and 3 * len(with_below) >= 2 * len(items)
        self.ways_below = Counter(item.way_below for item in with_below)
        self.signs = {split.sign for item in items if (split := split_title(item.head.text.replace("**", "")))}
        after = items[-1].below if items else []
        own_lines = (line for item in items for line in (item.head, *item.below) if line not in after or line.indent)
        self.longest = max((line.length for line in own_lines), default=0)
        self.is_wrapped = MIN_WRAPPED <= self.longest <= MAX_WRAPPED and any(
            line.text[:1].islower() and not line.after_gap for item in items for line in item.below
        )

    def split(self, item: Item, split: Split) -> Split:
        if self.has_title_above(item):
            return Split(item.head.text, joined(item.parts))
        if not split.meaning and len(title := _title_lines(item.head, item.parts)) > 1:
            return Split(joined(title), joined(item.parts[len(title) - 1 :]))
        return split

    def has_title_above(self, item: Item) -> bool:
        if not item.parts or is_open(item.head.text):
            return False
        head, first = item.head, item.parts[0]
        joined = split_title(" ".join(line.text for line in (head, *item.parts)).replace("**", ""))
        is_one_of_them = self.is_single or (joined is not None and joined.sign in self.signs)
        is_wrapped = is_full(head, first, MIN_WRAPPED_TITLE if is_one_of_them else max(MIN_WRAPPED_TITLE, self.longest))
        if self.has_meanings_below:
            return len(_title_lines(head, item.parts)) == 1 and not (is_wrapped and split_title(first.text))
        return not (is_wrapped or _has_own_meaning(item) or goes_on(head, first))

    def takes(self, item: Item, above: Line, line: Line, *, is_last: bool) -> bool:
        if line.indent > item.head.indent:
            return True
        if FOOTER.match(line.text) or UNKNOWN_HEADING.match(line.text):
            return False
        if self.has_meanings_below and len(_title_lines(item.head, item.parts)) > len(item.parts):
            return self.ways_below[item.way_below] > 1 or (self.is_single and ends_sentence(line.text))
        if item.head.mark[:1] == "#" and not is_last:
            return True
        return not line.after_gap and (goes_on(above, line) or (self.is_wrapped and is_full(above, line, self.longest)))


def _title_lines(head: Line, below: Sequence[Line]) -> list[Line]:
    title = [head]
    for line in below:
        if not (GOES_ON.search(title[-1].text) or WITHIN_TITLE.match(line.text)):
            break
        title.append(line)
    return title


def is_open(text: str) -> bool:
    return text.count("**") % 2 == 1 or text.count("(") > text.count(")")


def goes_on(above: Line, line: Line) -> bool:
    is_wrapped = GOES_ON.search(above.text) or WITHIN_TITLE.match(line.text) or line.text.endswith(".")
    is_sentence = ends_sentence(above.text) or line.text[:1].isupper()
    return is_open(above.text) or bool(is_wrapped and not is_sentence)


def is_full(above: Line, line: Line, width: int) -> bool:
    return above.length + 1 + len(line.raw.split()[0]) > width


def unmarked_starts(lines: Sequence[Line]) -> list[Line]:
    blocks: list[list[Line]] = []
    for line in lines:
        if line.after_gap or not blocks:
            blocks.append([])
        blocks[-1].append(line)
    for dropped in range(len(blocks)):
        for first in range(min(dropped, 1) + 1):  # without an introduction
            if starts := _starts_of(blocks[first : len(blocks) - dropped + first]):
                return starts
    titles = [line.text[:1].upper() + line.text[1:].rstrip(".") for line in lines]
    return list(lines) if len(lines) > 1 and all(map(is_title, titles)) else []


def _starts_of(blocks: Sequence[Sequence[Line]]) -> list[Line]:
    lines = [line for block in blocks for line in block]
    paragraphs = [_unwrapped(block) for block in blocks]
    starts = [start for paragraph in paragraphs for start in paragraph]
    longest = max(map(len, paragraphs))
    lone = [block[0][0] for block in paragraphs[1:] if len(block) == 1 < longest]
    for sign in ("", "(", "."):
        found = [first for first, text in starts if is_split(text, sign)]
        others = [first for first, text in starts if not is_split(text, sign) and not first.indent]
        if found[:1] == lines[:1] and all(UNKNOWN_HEADING.match(first.text) for first in others):
            return found[:-1] if lone[-1:] == found[-1:] == lines[-1:] else found
    flush = [(first, text) for first, text in starts if not first.indent]
    bare = [is_title(text) and not is_split(text) for _, text in starts]
    if flush == starts and bare[0] and not any(map(all, itertools.pairwise([*bare, True]))):
        return [first for (first, _), is_one in zip(flush, bare, strict=True) if is_one]
    if flush and all(is_title(text) for _, text in flush):
        headings = [first for first, text in flush if UNKNOWN_HEADING.match(text)]
        unsure = lone + (headings if len(headings) < len(flush) else [])
        return [first for first, _ in flush if first not in unsure]
    return []


def _unwrapped(block: Sequence[Line]) -> list[tuple[Line, str]]:
    joined: list[tuple[Line, str]] = []
    for line in block:
        if line.indent or not line.text[:1].islower() or block[0].text[:1].islower():
            joined.append((line, line.text))
        else:
            joined[-1] = joined[-1][0], f"{joined[-1][1]} {line.text}"
    return joined


def is_split(text: str, sign: str = "") -> bool:
    found = split_title(text, sign)
    return bool(found and len(found.title.split()) <= MAX_TITLE_WORDS and not FOOTER.match(text))


def is_title(text: str) -> bool:
    text = text.strip("#*_: \t")
    return (
        0 < len(text) <= MAX_TITLE
        and len(text.split()) <= MAX_TITLE_WORDS
        and text[-1] not in ".!?:,"
        and not text[0].islower()
        and not FOOTER.match(text)
        and not split_title(text, ".")
    )


def _has_own_meaning(item: Item) -> bool:
    text = joined(_title_lines(item.head, item.below))  # "Continuity / and Recovery – Plans"
    return bool(split_title(text) or split_title(text, ".")) or is_open(text)


def settle_levels(lines: Sequence[Line], heading: Line | None) -> None:
    """Unmark second-level bullets that are meanings, and first-level ones that head parts."""
    _unmark_unknown_headings(lines, heading)
    heads = _heads(lines)
    inner = [line for head in heads for line in head[1:]]
    marks = {line.mark for line in inner}
    if len(marks) != 1 or "row" in marks:
        return
    outer = heads[0][0].mark
    if any(len(head) > 2 for head in heads) and (
        outer[:1] == "#" or marks == {"1.1"} or (outer == "LETTER" and marks == {"number"})
    ):
        for head in heads:
            head[0].unmark()
        return
    with_inner = [head for head in heads if len(head) > 1]
    are_notes_below = inner[0].after_gap and with_inner == heads[-1:] != heads
    if are_notes_below:
        for line in inner:
            line.may_be_entry = True
            line.unmark()
        return
    is_deeper = inner[0].mark in ("o", "letter") or all(
        line.indent > head[0].indent for head in heads for line in head[1:]
    )
    is_each = len(with_inner) == len(heads) > 1 and not any(split_title(head[0].text) for head in heads)
    are_meanings = is_deeper or is_each or outer in ORDERED or outer[:1] == "#" or (not outer and len(with_inner) > 1)
    for head in with_inner if are_meanings else ():
        _settle_meanings(head, is_sure=is_deeper or is_each or outer not in ORDERED)


def _unmark_unknown_headings(lines: Sequence[Line], heading: Line | None) -> None:
    first = next((line.mark for line in lines if line.mark), "")
    if heading and heading.mark[:1] == "#":
        first = f"{heading.mark}#"
    for line in lines:
        if line.mark[:1] == "#" and (first[0] != "#" or len(line.mark) < len(first)):
            line.unmark()


def _heads(lines: Sequence[Line]) -> list[list[Line]]:
    marked = [line for line in lines if line.mark]
    have_bare_titles = all(line.mark or (is_title(line.text) and not split_title(line.text)) for line in lines)
    heads: list[list[Line]] = []
    for line in lines if have_bare_titles and marked[:1] == list(lines[1:2]) else marked:
        if not heads or (line.mark == heads[0][0].mark and not heads[0][0].is_deeper(line)):
            heads.append([line])
        else:
            heads[-1].append(line)
    return heads


def _settle_meanings(head: Sequence[Line], *, is_sure: bool) -> None:
    title = head[0]
    for above, line in itertools.pairwise(head):
        line.may_be_entry = not (is_sure or ends_sentence(line.text))
        if not is_name(line.text):
            line.unmark()
        elif not (split_title(title.text) or is_open(title.text)):
            line.mark, line.indent = "", title.indent + 1
            if above is not title and not ends_sentence(above.text):
                line.text = f"; {line.text}"
        elif not split_title(line.text):
            line.indent = max(line.indent, title.indent + 2)  # too deep for an entry
