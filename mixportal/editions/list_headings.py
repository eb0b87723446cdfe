"""Which lines of a pasted text are headings of a list."""

from __future__ import annotations

import re

from mixportal.editions.list_entries import KINDS
from mixportal.editions.list_marks import Line

MAX_HEADING = 80
MAX_HEADING_WORDS = 12
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
QUESTION = re.compile(r"(?:and )?(?:what|where|which|why)\b")
SEPARATOR = re.compile(r"\s[–—-]\s|:\s|\t")


def heading_kind(line: Line, following: Line | None, *, has_marks: bool) -> str:
    """Return the kind whose heading the line is, or "". `has_marks` says whether any line of the text has a mark."""
    text = line.bare.casefold()
    if line.is_header:  # "Priority" may be the rank
        return "challenges" if "challenge" in text else "priorities" if "priorities" in text else ""
    words = [word for word in re.split(r"[\s,()\[\]:–—-]+", text) if word]
    is_question = bool(QUESTION.match(text))
    is_short = 0 < len(words) <= MAX_HEADING_WORDS and len(text) <= MAX_HEADING
    if not is_short or text[-1] in ".!;," or (text[-1] == "?" and not is_question):
        return ""
    named = _kind(text, KIND_WORDS)
    if named and all(word in KINDS or HEADING_WORD.fullmatch(word) for word in words):
        return named
    leads_on = following is not None and following.mark not in ("", line.mark)
    if line.mark not in ("", "#") and not leads_on:
        return ""
    if named:
        return named if has_marks or not SEPARATOR.search(line.text.rstrip(":* ")) else ""
    looks_like_one = is_question or line.mark == "#" or line.text.rstrip("* ").endswith(":")
    return _kind(text, KIND_MEANINGS) if leads_on or (looks_like_one and not has_marks) else ""


def _kind(text: str, patterns: dict[str, str]) -> str:
    """Return the kind if the text names one only."""
    kinds = [kind for kind, pattern in patterns.items() if re.search(rf"\b(?:{pattern})\b", text)]
    return kinds[0] if len(kinds) == 1 else ""
