import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import TypeVar

MIN_LIKENESS = 0.72
MAX_HINTS = 3
MAX_TITLE_LENGTH = 120
EMPTY_WORDS = frozenset("a an and for in of on our the to with".split())

Thing = TypeVar("Thing")


def with_similar_titles(title: str, others: Iterable[tuple[str, Thing]]) -> list[Thing]:
    words = _words(title)
    if not words:
        return []
    likeness = [(_likeness(words, _words(other)), thing) for other, thing in others]
    likeness.sort(key=lambda pair: -pair[0])
    return [thing for share, thing in likeness if share >= MIN_LIKENESS][:MAX_HINTS]


def _likeness(one: list[str], other: list[str]) -> float:
    if not other:
        return 0
    if set(one) <= set(other) or set(other) <= set(one):
        return 1
    return SequenceMatcher(None, " ".join(one), " ".join(other), autojunk=False).ratio()


def _words(title: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", title[:MAX_TITLE_LENGTH]).encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z0-9]+", plain) if word not in EMPTY_WORDS]
