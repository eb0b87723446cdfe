"""Plain language by its Flesch-Kincaid grade (1975), acronyms and long sentences."""

import re
from collections.abc import Collection
from dataclasses import dataclass

MAX_SENTENCE_WORDS = 30
MAX_GRADE = 12.0
MIN_WORDS_FOR_GRADE = 10

_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]*[A-Z0-9])|\n+")
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*|\d[\d,.]*\d|\d")
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]*[A-Z][A-Z0-9]*s?\b")
_NOT_AT_AN_END = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|No|vs|etc|e\.g|i\.e|U\.S)\.$")
_VOWELS = re.compile(r"[aeiouy]+")
KNOWN_ACRONYMS = frozenset({"MIX", "US", "USA", "AM", "PM", "OK", "TV", "ID"})


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
    if not word[0].isalpha():
        return 1
    if _ACRONYM.fullmatch(word):
        return len(word.rstrip("s"))
    return sum(_of_part(part) for part in re.split(r"[-’']", word.lower()) if part) or 1


def _of_part(part: str) -> int:
    count = len(_VOWELS.findall(part))
    if re.search(r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouydt]ed$|[^aeiouyscgzxh]es$", part):
        count -= 1  # made, scale, trained, scales; not table, planted
    count += len(re.findall(r"i[ao](?!u)|(?<!p)eo|(?<!q)ua|uou|scie|rea$|[aeiou]ing$", part))  # radio, video, being
    count -= len(re.findall(r"[tscx]io|[tc]ia|geo|gua", part))  # nation, special, pigeon, quality
    return max(count, 1)


def grade(text: str) -> float | None:
    every, spoken = words(text), sentences(text)
    if len(every) < MIN_WORDS_FOR_GRADE:
        return None
    per_word = sum(map(syllables, every)) / len(every)
    return max(0.0, round(0.39 * len(every) / len(spoken) + 11.8 * per_word - 15.59, 1))


def long_sentences(text: str) -> list[str]:
    return [sentence for sentence in sentences(text) if len(words(sentence)) > MAX_SENTENCE_WORDS]


def acronyms(text: str) -> list[str]:
    return list(dict.fromkeys(found.rstrip("s") for found in _ACRONYM.findall(text)))


def unexplained(text: str, explained: Collection[str] = ()) -> list[str]:
    return [
        each
        for each in acronyms(text)
        if each not in KNOWN_ACRONYMS and each not in explained and not _is_spelled_out(each, text)
    ]


def _is_spelled_out(acronym: str, text: str) -> bool:
    letters = [re.escape(letter) for letter in acronym if letter.isalpha()]
    spelled = r"\b" + r"[a-z’'-]*(?:\s+(?:of|and|the|for|to|in|as|a))*[\s-]+".join(letters) + r"[a-z’'-]*"
    bracket = re.escape(acronym) + "s?"
    return re.search(rf"{spelled}\s*\({bracket}\)|{bracket}\s*\({spelled}", text, re.I) is not None


@dataclass(frozen=True)
class Readability:
    grade: float | None
    long_sentences: list[str]
    acronyms: list[str]

    @property
    def is_above_school(self) -> bool:
        return self.grade is not None and self.grade > MAX_GRADE

    @property
    def is_plain(self) -> bool:
        return not (self.long_sentences or self.acronyms or self.is_above_school)


def readability_of(text: str, explained: Collection[str] = ()) -> Readability:
    return Readability(grade(text), long_sentences(text), unexplained(text, explained))
