from __future__ import annotations

import re

from mixportal.tables.text import without_accents

_WRITTEN_OUT = {"&": "and", "+": "and", "st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
_WORDS = re.compile(r"\w+|[&+]")
_OF_A_KIND = frozenset({"and", "borough", "city", "county", "for", "in", "of", "parish", "the", "town", "village"})
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")


def name_key(name: str) -> str:
    """Return the words without accents, marks or case, "St." as "saint"."""
    words = _WORDS.findall(_APOSTROPHES.sub("", without_accents(name)).casefold().replace("_", " "))
    return " ".join(_WRITTEN_OUT.get(word, word) for word in words)


def initials(name: str) -> str:
    """Return PM for Port Merrow County, D for the City and County of Denver."""
    words = [word for word in re.findall(r"[^\W\d_]+", name) if word.casefold() not in _OF_A_KIND]
    return "".join(word[0].upper() for word in words[:2]) or name[:1].upper()
