"""Whether a text can be read by people who are not experts: grade, acronyms, long sentences. Pure functions.

The grade is Flesch and Kincaid's (1975): 0.39 x words a sentence + 11.8 x syllables a word - 15.59, as years of school.
Syllables are counted from the spelling, so a grade is good to about one year.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

LONGEST = 30  # words in a sentence
HIGHEST = 12.0  # grade: the last year of school
FEWEST_WORDS = 10  # of a text that gets a grade

_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]*[A-Z0-9])|\n+")
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*|\d[\d,.]*\d|\d")
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]*[A-Z][A-Z0-9]*s?\b")
_NOT_AT_AN_END = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|No|vs|etc|e\.g|i\.e|U\.S)\.$")
_VOWELS = re.compile(r"[aeiouy]+")
# Read as words or known to everybody who reads here.
KNOWN = frozenset({"MIX", "US", "USA", "AM", "PM", "OK", "TV", "ID"})


def sentences(text: str) -> list[str]:
    found: list[str] = []
    for piece in _SENTENCE.split(text):
        piece = piece.strip()
        if not _WORD.search(piece):
            continue
        if found and _NOT_AT_AN_END.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """Groups of vowels, but for a silent e at the end; at least one. A number counts as one, an acronym its letters."""
    if not word[0].isalpha():
        return 1
    if _ACRONYM.fullmatch(word):
        return len(word.rstrip("s"))
    return sum(_of_part(part) for part in re.split(r"[-’']", word.lower()) if part) or 1


def _of_part(part: str) -> int:
    count = len(_VOWELS.findall(part))
    if re.search(r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouydt]ed$|[^aeiouyscgzxh]es$", part):
        count -= 1  # made, scale, trained, scales; not table, planted, services
    count += len(re.findall(r"i[ao](?!u)|(?<!p)eo|(?<!q)ua|uou|scie|rea$|[aeiou]ing$", part))  # radio, video, being
    count -= len(re.findall(r"[tscx]io|[tc]ia|geo|gua", part))  # nation, special, pigeon, quality
    return max(count, 1)


def grade(text: str) -> float | None:
    """Years of school that the text asks for; None for a text too short to say."""
    every, spoken = words(text), sentences(text)
    if len(every) < FEWEST_WORDS:
        return None
    per_word = sum(map(syllables, every)) / len(every)
    return max(0.0, round(0.39 * len(every) / len(spoken) + 11.8 * per_word - 15.59, 1))


def long_sentences(text: str) -> list[str]:
    """Those of more than LONGEST words."""
    return [sentence for sentence in sentences(text) if len(words(sentence)) > LONGEST]


def acronyms(text: str) -> list[str]:
    """Each once, in the order of the text, without the s of a plural."""
    return list(dict.fromkeys(found.rstrip("s") for found in _ACRONYM.findall(text)))


def unexplained(text: str, explained: Collection[str] = ()) -> list[str]:
    """Acronyms that neither the text spells out, as in "chief information officer (CIO)", nor `explained` knows."""
    return [each for each in acronyms(text) if each not in KNOWN and each not in explained and not _spelled(each, text)]


def _spelled(acronym: str, text: str) -> bool:
    """Beside it, in brackets or before brackets, stand words that begin with its letters."""
    letters = [re.escape(letter) for letter in acronym if letter.isalpha()]
    spelled = r"\b" + r"[a-z’'-]*(?:\s+(?:of|and|the|for|to|in|as|a))*[\s-]+".join(letters) + r"[a-z’'-]*"
    bracket = re.escape(acronym) + "s?"
    return re.search(rf"{spelled}\s*\({bracket}\)|{bracket}\s*\({spelled}", text, re.I) is not None


@dataclass(frozen=True)
class Reading:
    """What a curator is told of one text."""

    grade: float | None
    long_sentences: list[str]
    acronyms: list[str]

    @property
    def is_above_school(self) -> bool:
        return self.grade is not None and self.grade > HIGHEST

    @property
    def is_plain(self) -> bool:
        return not (self.long_sentences or self.acronyms or self.is_above_school)


def read(text: str, explained: Collection[str] = ()) -> Reading:
    return Reading(grade(text), long_sentences(text), unexplained(text, explained))
