import itertools
import re
from collections.abc import Sequence

from mixportal.editions.list_entries import KINDS
from mixportal.editions.list_marks import Line

MAX_HEADING = 80
MAX_HEADING_WORDS = 12
KIND_WORDS = {
    "priorities": re.compile(r"\bpriorit(?:y|ies)\b"),
    "challenges": re.compile(r"\bchallenges?\b"),
}
KIND_MEANINGS = {
    "priorities": re.compile(
        r"\b(?:matters?|focus|goals?|objectives?|initiatives?|strateg(?:y|ies)|agenda|aims?|most important"
        r"|what we (?:will|want|plan|do)|work(?:ing)? on|come(?:s)? first)\b"
    ),
    "challenges": re.compile(
        r"\b(?:obstacles?|barriers?|hurdles?|impediments?|road ?blocks?|headaches?|difficult(?:y|ies)?|problems?"
        r"|concerns?|worr(?:y|ies)|struggles?|constraints?|stumbling|hindrances?|threats?|pain ?points?|hard(?:er|est)?"
        r"|tough(?:er|est)?|in (?:the|our|your|their) way|(?:keeps?|keeping) \w+ (?:up|awake)"
        r"|(?:holds?|holding) \w+ back|slows? \w+ down)\b"
    ),
}
HEADING_WORD = re.compile(
    r"top|our|the|key|it|mix|list|of|for|in|annual|continued|\d{1,4}"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
)
QUESTION = re.compile(r"(?:and )?(?:what|where|which|why)\b")
SEPARATOR = re.compile(r"\s[–—-]\s|:\s|\t")
WORD = re.compile(r"[^\s,()\[\]:–—-]+")


def heading_kind(line: Line, following: Line | None = None, *, has_marks: bool = False) -> str:
    text = line.bare.casefold()
    if line.is_header:  # "Priority" may be the rank
        return "challenges" if "challenge" in text else "priorities" if "priorities" in text else ""
    if not (kind := _kind_named(text)):
        return ""
    named = _kind(text, KIND_WORDS)
    if named and all(word in KINDS or HEADING_WORD.fullmatch(word) for word in WORD.findall(text)):
        return named
    if line.mark.strip("#"):
        return ""
    if named:
        return named if has_marks or not SEPARATOR.search(line.text.rstrip(":* ")) else ""
    leads_on = following is not None and following.mark not in ("", line.mark)
    looks_like_one = QUESTION.match(text) or line.text.rstrip("* ").endswith(":")
    return kind if leads_on or (looks_like_one and not has_marks) else ""


def unmark_headings(lines: Sequence[Line]) -> None:
    """Unmark "A. Our priorities" if every line with that mark is a heading."""
    levels: dict[tuple[str, bool], list[tuple[Line, Line | None]]] = {}
    first: dict[str, Line] = {}
    for line, following in itertools.zip_longest(lines, lines[1:]):
        if line.mark.strip("#") not in ("", "row"):
            is_deeper = first.setdefault(line.mark, line).is_deeper(line)
            levels.setdefault((line.mark, is_deeper), []).append((line, following))
    for pairs in levels.values():
        kinds = {_kind_named(line.bare.casefold()) for line, _ in pairs}
        lead_on = all(
            following and (following.mark not in ("", line.mark) or line.is_deeper(following))
            for line, following in pairs
        )
        if "" not in kinds and (lead_on or len(kinds) == 2):
            for line, _ in pairs:
                line.mark, line.place = "", None


def _kind_named(text: str) -> str:
    is_short = len(text) <= MAX_HEADING and 0 < len(WORD.findall(text)) <= MAX_HEADING_WORDS
    if not is_short or text[-1] in ".!;," or (text[-1] == "?" and not QUESTION.match(text)):
        return ""
    return _kind(text, KIND_WORDS) or _kind(text, KIND_MEANINGS)


def _kind(text: str, patterns: dict[str, re.Pattern[str]]) -> str:
    kinds = [kind for kind, pattern in patterns.items() if pattern.search(text)]
    return kinds[0] if len(kinds) == 1 else ""
