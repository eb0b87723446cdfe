import re
from difflib import SequenceMatcher

from mixportal.tables.text import without_accents

_WRITTEN_OUT = {"&": "and", "+": "and", "st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
_WORDS = re.compile(r"\w+|[&+]")
_OF_A_KIND = frozenset("and borough city co county for in of parish the town village".split())
MIN_LIKENESS = 0.85  # of "Port Merow" to "Port Merrow", not of "North Haven" to "South Haven"
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")


def name_key(name: str) -> str:
    """Return the words without accents, marks or case, "St." as "saint"."""
    words = _WORDS.findall(_APOSTROPHES.sub("", without_accents(name)).casefold().replace("_", " "))
    return " ".join(_WRITTEN_OUT.get(word, word) for word in words)


def are_alike(one: str, other: str) -> bool:
    """Return whether the names may differ by a slip of the pen. Words such as "county" and "of" do not count."""
    a, b = _without_kind(one), _without_kind(other)
    if re.findall(r"\d+", a) != re.findall(r"\d+", b):
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() >= MIN_LIKENESS and matcher.ratio() >= MIN_LIKENESS


def _without_kind(name: str) -> str:
    key = name_key(name)
    return " ".join(word for word in key.split() if word not in _OF_A_KIND) or key


def initials(name: str) -> str:
    """Return PM for Port Merrow County, D for the City and County of Denver."""
    words = [word for word in re.findall(r"[^\W\d_]+", name) if word.casefold() not in _OF_A_KIND]
    return "".join(word[0].upper() for word in words[:2]) or name[:1].upper()
