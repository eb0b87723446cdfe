"""Which titles are like another: a hint while somebody writes, never a refusal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import TypeVar

ALIKE = 0.72  # of 1, for the letters of two titles
MOST = 3  # hints
LONGEST = 120  # characters that are compared: what a title may have
EMPTY_WORDS = frozenset("a an and for in of on our the to with".split())

Thing = TypeVar("Thing")


def alike(title: str, others: Iterable[tuple[str, Thing]]) -> list[Thing]:
    """The things whose titles are like `title`, the likest first, at most three."""
    words = _words(title)
    if not words:
        return []
    found = [(likeness, thing) for other, thing in others if (likeness := _likeness(words, _words(other))) >= ALIKE]
    return [thing for _, thing in sorted(found, key=lambda pair: -pair[0])[:MOST]]


def _likeness(one: list[str], other: list[str]) -> float:
    """1 where every word of the shorter title stands in the longer one too ("Data", "Data governance")."""
    if not other:
        return 0
    if set(one) <= set(other) or set(other) <= set(one):
        return 1
    return SequenceMatcher(None, " ".join(one), " ".join(other), autojunk=False).ratio()


def _words(title: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", title[:LONGEST]).encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z0-9]+", plain) if word not in EMPTY_WORDS]
