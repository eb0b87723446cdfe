from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from mixportal.editions.list_entries import KINDS

MIN_DEEPER_INDENT = 2  # numbers may be flush right
EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=\S)(.{1,200}?)(?<=\S)\1")
KEYCAPS = re.compile(r"(?:\d\ufe0f?\u20e3)+")
NOUN = (
    r"(?:no|nr|number|rank|place|priority|challenge|choice|item|goal|objective|strategy|initiative"
    r"|top(?=\s*\d+\s*[^\w\s])|section(?=\s*\d+[.:]\s))"
)
WORDS = (
    "one first, two second, three third, four fourth, five fifth, six sixth, seven seventh, eight eighth, nine ninth, "
    "ten tenth, eleven eleventh, twelve twelfth, thirteen thirteenth"
)
PLACES = {word: str(place) for place, words in enumerate(WORDS.split(","), start=1) for word in words.split()}
IN_WORDS = re.compile(
    rf"({NOUN}\s+)?({'|'.join(PLACES)})(?:ly)?(?:\s+{NOUN})?\s*[^\w\s](\*{{0,3}})\s+(?=\S)",
    re.IGNORECASE,
)
IN_LETTERS = re.compile(rf"({NOUN})\s+([a-m])(?=\s?[^\w\s])", re.IGNORECASE)
TIE = r"(?:\s*\((?:tied?|t|=)\)|\s*(?:tied?|t)\b(?!\)))?"
TIE_AFTER_STOP = r"(?:\s*\((?:tied?|t|=)\)|\s*tied?\b(?!\)))?"  # in "2. T Mobile" the T belongs to the title
NUMBER = re.compile(
    rf"""
    (?P<named>(?:\#|{NOUN}\.?(?:\s+(?:no|number)\b\.?)?|p(?=\d))\s*\#?)?
    (?:[(\[<«](?=\w{{1,4}}[)\]>»]))?  (?:t-?|=|tied?\s+(?:for|at)\s+)?  0{{0,2}}(?P<place>\d{{1,2}})
    (?:\.(?P<part>\d{{1,2}}) | \s?[/&]\s?\d{{1,2}} | (?P<range>\s?[–-]\s?\d{{1,2}}))?
    (?:(?:st|nd|rd|th)\b|[ºª°])?  {TIE}
    (?:\s+{NOUN}(?=\s*[^\w\s]))?
    (?: (?P<closed>\s?=|[.)\]:]+[-ºª°]?) {TIE_AFTER_STOP} [.:]? (?=\s|$|[^\W\d_]|["'“‘*])
      | \s*[-–—] (?=\s|$|[A-Z][a-z])
      | \s?[-;,/_*\#|~>»]{{1,2}} (?=\s|$)
      | (?(range)(?!)|(?=\s|$|\*\*))
    ) \s*
    """,
    re.IGNORECASE | re.VERBOSE,
)
TASK = re.compile(r"[\[(][ xX✓✔]?[\])](?:\s+|$)|[☐☑☒]\s*")
SYMBOLS = "•·‣⁃§¶†‡»›※"  # and Unicode's symbols
NO_SYMBOLS = "©®™°№℠℗<=>|~^`+"
FIRST_MARKS = {
    "#": re.compile(r"(#{1,6})\s+(?=\S)"),
    "sign": re.compile(r"([-–—―‐*+])(?:\s+|$|(?=[^\W\d_]|[“‘\"']))|([oØü])(?:\s+|$)"),
    "letter": re.compile(r"[(\[]?([a-z]|[ivx]{2,5})[.)\]](?:\s+|$)", re.IGNORECASE),
}

LETTER = re.compile(r"([A-M])\s?[-–—:]\s+(?=\S)")


@dataclass
class Line:
    number: int
    raw: str
    text: str
    length: int = 0
    indent: int = 0
    mark: str = ""  # "number", "1.1", "letter", "LETTER", "task", "##", "row" or the sign
    place: int | None = None
    after_gap: bool = False
    is_loose: bool = False  # a number only near others, like "2 - "
    may_be_entry: bool = False  # although read as a meaning
    kind: str = ""
    is_header: bool = False
    columns_left_out: str = ""

    @classmethod
    def plain(cls, number: int, raw: str) -> Line:
        text = raw.strip()
        indent = len(raw.rstrip().expandtabs(4)) - len(text.expandtabs(4))
        return cls(number, raw.rstrip(), text, len(text), indent)

    @property
    def bare(self) -> str:
        return " ".join(self.text.strip("#*_: \t").split())

    def is_deeper(self, other: Line) -> bool:
        return other.indent >= self.indent + MIN_DEEPER_INDENT

    def unmark(self) -> None:
        self.mark, self.place, self.text, self.is_loose = "", None, self.raw.strip(), False


def read_mark(line: Line) -> None:
    """Take marks like "- [ ] ", "### 1. " and "**2.** " off the text."""
    for is_first in (True, False, False):
        number, rest = _number(line.text)
        if number and (is_first or not _is_loose(number)):
            is_part = int(number["part"] or 0) > 0
            mark, line.is_loose = "1.1" if is_part else "number", _is_loose(number)
            line.place = int(number["part" if is_part else "place"])
            line.kind = KINDS.get((number["named"] or "#").split()[0].casefold(), "")
        else:
            mark, rest = _sign(line.text, is_first=is_first)
        line.mark, line.text = line.mark or mark, rest


def _number(text: str) -> tuple[re.Match[str] | None, str]:
    emphasis = re.match(r"(?:\*{1,3}|_{1,3})(?=[^\s*_])|", text)
    sign = emphasis[0] if emphasis else ""
    text = text[len(sign) :].replace("🔟", "10. ", 1)
    if keycaps := KEYCAPS.match(text):
        text = re.sub(r"\D", "", keycaps[0]) + f". {text[keycaps.end() :]}"
    elif text and unicodedata.category(text[0]) == "No" and text[0] not in "¹²³⁴⁵⁶⁷⁸⁹":
        text = f"{int(unicodedata.numeric(text[0]))}. {text[1:].lstrip(' .)')}"
    elif (word := IN_WORDS.match(text)) and text[0].isupper():
        text = f"{word[1] or ''}{PLACES[word[2].lower()]} - {word[3]}{text[word.end() :]}"
    elif letter := IN_LETTERS.match(text):
        text = f"{letter[1]} {ord(letter[2].lower()) - 96}{text[letter.end() :]}"
    found = NUMBER.match(text)
    return found, (sign + text[found.end() :]).removeprefix(2 * sign).lstrip() if found else ""


def _is_loose(number: re.Match[str]) -> bool:
    return not (number["named"] or number["closed"])


def _sign(text: str, *, is_first: bool) -> tuple[str, str]:
    if EMPHASIS.match(text):
        return "", text
    if found := TASK.match(text):
        return "task", text[found.end() :]
    category = unicodedata.category(text[0]) if text else ""
    if text and (text[0] in SYMBOLS or (category in ("So", "Sm", "Co") and text[0] not in NO_SYMBOLS)):
        return text[0], text[1:].lstrip("\ufe0f\u200d \t")
    for mark, pattern in FIRST_MARKS.items() if is_first else ():
        if found := pattern.match(text):
            sign = found[0].strip() if mark != "letter" else "LETTER" if found[1].isupper() else "letter"
            return sign, text[found.end() :]
    return "", text


def mark_letters(lines: Sequence[Line]) -> None:
    lettered = [(line, found) for line in lines if not line.mark and (found := LETTER.match(line.text))]
    if "".join(found[1] for _, found in lettered).startswith("ABC"):
        for line, found in lettered:
            line.mark, line.text = "LETTER", line.text[found.end() :]


def settle_loose_numbers(lines: Sequence[Line]) -> None:
    numbered = [line for line in lines if line.place is not None]
    places = [line.place or 0 for line in numbered]
    for line, before, place, after in zip(numbered, [99, *places], places, [*places[1:], 99], strict=False):
        is_near = [place - before in (-1, 0, 1, 2, 3), after - place in (-1, 0, 1, 2)]
        # a number alone on its line may be that of a page
        if line.is_loose and not any(is_near if line.text else [place in (1, before + 1, after - 1)]):
            line.unmark()
