from __future__ import annotations

import re
import unicodedata

_WRITTEN_OUT = {"&": "and", "+": "and", "st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
_WORDS = re.compile(r"\w+|[&+]")
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")


def name_key(name: str) -> str:
    """Return a name's words as people may write them: without accents, marks or case, "St." as "saint"."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    words = _WORDS.findall(_APOSTROPHES.sub("", bare).casefold().replace("_", " "))
    return " ".join(_WRITTEN_OUT.get(word, word) for word in words)
