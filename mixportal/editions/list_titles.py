"""The title and the meaning in the text of one entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mixportal.editions.list_entries import MAX_TITLE, one_line
from mixportal.editions.list_lines import EMPHASIS

SEPARATOR = re.compile(
    r"""
      \t | (?<=\S)[ ]{3,}(?=\S)
    | (?!(?<=\d)[–—―]\d) [–—―]     # not between two numbers
    | (?<!-) -- (?!-)              # a typed dash
    | (?<=\s) - (?=\s|$)
    | :-? (?=\s|$)
    """,
    re.VERBOSE,
)
SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z“\"'(])")
ABBREVIATION = re.compile(r"(?:\b[A-Za-z]|\b(?:St|Mt|Ft|Dr|Mr|Ms|Mrs|vs|No|Inc|Co|Dept|Gov|etc))$")
EDGES = "-–—―:;, \t"
MARKUP = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3}|~~|`)(?=\S)([^*_`~]{1,200}?)(?<=\S)\1(?![\w*_])")
TITLE_END = re.compile(r"(?:\s*\(tied?\)|[;,]\s*(?:and|or)|[\s;,:–—―-]+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Split:
    title: str
    meaning: str
    sign: str


def split_title(text: str, sign: str = "") -> Split | None:
    """Split a line into title and meaning: at `sign` if the line has it, else after emphasis or at the first sign.

    The sign "." parts them where the first sentence ends.
    """
    if sign == ".":
        end = next(_sentence_ends(text), None)
        return Split(text[:end], text[end + 1 :], ".") if end and end <= MAX_TITLE else None
    if (emphasis := EMPHASIS.match(text)) and (rest := text[emphasis.end() :].strip()) and emphasis[2].strip(EDGES):
        bracketed = split_bracketed(f"-{rest}")
        meaning = bracketed.meaning if bracketed and bracketed.title == "-" else rest.lstrip(". ")
        return Split(emphasis[2].rstrip(". "), meaning, "*")
    limit = next(_sentence_ends(text), len(text))
    first: Split | None = None
    for found in _outside_brackets(SEPARATOR, text):
        if found.start() > limit:
            break
        split = Split(text[: found.start()], text[found.end() :], found[0].strip(" ") or found[0])
        if not split.meaning.strip(EDGES + "*_"):
            continue
        if not sign or split.sign == sign:
            return split
        first = first or split
    return first


def split_bracketed(text: str) -> Split | None:
    """Return the title and the meaning of "Title (meaning)"."""
    text = text.rstrip(" .;,")
    depth = 0
    for at in range(len(text) - 1, -1, -1) if text.endswith(")") else ():
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0:
            return Split(text[:at], text[at + 1 : -1], "(") if text[:at].strip() else None
    return None


def ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’)]*_ ").endswith((".", "!", "?", "…"))


def clean_title(text: str) -> str:
    if len(text) > 10 * MAX_TITLE:
        return one_line(text)
    title = MARKUP.sub(r"\2", one_line(text).replace("**", "")).strip("*_` ")
    before = ""
    while before != title:
        before = title
        title = TITLE_END.sub("", title).strip("*_` ")
    if title.endswith(".") and not ABBREVIATION.search(title[:-1]) and "." not in title[:-1].split(" ")[-1]:
        title = title[:-1]
    return title


def clean_meaning(text: str) -> str:
    return one_line(text).replace("**", "").strip("*_ ").lstrip("-–—―: ")


def _sentence_ends(text: str) -> Iterator[int]:
    for found in _outside_brackets(SENTENCE_END, text):
        if not ABBREVIATION.search(text[max(0, found.start() - 8) : found.start()]):
            yield found.start()


def _outside_brackets(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    depth = at = 0
    last_bracket = text.rfind(")")
    for found in pattern.finditer(text):
        between = text[at : found.start()]
        depth = max(0, depth + between.count("(") - between.count(")"))
        at = found.start()
        if depth == 0 or last_bracket < found.end():
            yield found
