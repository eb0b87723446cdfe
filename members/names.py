from __future__ import annotations

import re

from mixportal.tables.text import without_accents

_WRITTEN_OUT = {"&": "and", "+": "and", "st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
_WORDS = re.compile(r"\w+|[&+]")
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")


def name_key(name: str) -> str:
    """Return a name's words as people may write them: without accents, marks or case, "St." as "saint"."""
    words = _WORDS.findall(_APOSTROPHES.sub("", without_accents(name)).casefold().replace("_", " "))
    return " ".join(_WRITTEN_OUT.get(word, word) for word in words)
