"""Which entries of earlier years an entry may continue, guessed from the likeness of titles: pure functions.

A guess is never stored: a curator chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTINUED, RENAMED, MERGED, SPLIT, RETURNED = "continued", "renamed", "merged", "split", "returned"
ALIKE = 0.62  # of 1: "Data" and "Data Management" are, "Data" and "Cybersecurity" are not
SMALL_WORDS = frozenset("a an and & for in it its of on or the to with".split())


@dataclass(frozen=True)
class Guess:
    """The entry `earlier` of a year before, and what became of it in `later`."""

    later: str
    earlier: str
    year: int
    type: str


def likeness(one: str, other: str) -> float:
    """0 to 1: how alike two titles are by letters, or by how many words of the shorter stand in the longer."""
    a, b = _plain(one), _plain(other)
    if a == b:
        return 1.0
    by_letters = SequenceMatcher(a=a, b=b, autojunk=False).ratio()
    words, others = set(a.split()) - SMALL_WORDS, set(b.split()) - SMALL_WORDS
    shorter = min(len(words), len(others))
    shared = len(words & others)
    by_words = shared / shorter * 0.9 if shorter else 0.0
    return min(max(by_letters, by_words), 0.99)


def guesses(later: Sequence[str], earlier_years: Iterable[tuple[int, Sequence[str]]]) -> list[Guess]:
    """For each title of `later`, what it may continue: of the year before, else of the latest year that had it.

    `earlier_years` are (year, titles), the latest year first. An equal title continues; one alike is a renaming;
    several earlier ones alike to one are merged in it, and one alike to several later ones is split into them. Titles
    whose like stood only in a year before the last return.
    """
    years = list(earlier_years)
    if not years:
        return []
    last_year, last = years[0]
    links = _links(later, last)
    sources = {title: [old for new, old in links if new == title] for title in later}
    targets = {title: [new for new, old in links if old == title] for title in last}
    found = []
    for title in later:
        if not sources[title]:
            found += _returned(title, years[1:])
            continue
        for old in sources[title]:
            if len(sources[title]) > 1:
                kind = MERGED
            elif len(targets[old]) > 1:
                kind = SPLIT
            else:
                kind = CONTINUED if _plain(title) == _plain(old) else RENAMED
            found.append(Guess(title, old, last_year, kind))
    return found


def _links(later: Sequence[str], earlier: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs (later, earlier) that look like the same thing. Equal titles belong to each other alone."""
    same = {_plain(old): old for old in earlier}
    links = [(new, same[_plain(new)]) for new in later if _plain(new) in same]
    settled = {new for new, _ in links}, {old for _, old in links}
    for new in later:
        if new in settled[0]:
            continue
        links += [(new, old) for old in earlier if old not in settled[1] and likeness(new, old) >= ALIKE]
    return links


def _returned(title: str, years: Iterable[tuple[int, Sequence[str]]]) -> list[Guess]:
    for year, titles in years:
        best = max(titles, key=lambda old: likeness(title, old), default=None)
        if best is not None and likeness(title, best) >= ALIKE:
            return [Guess(title, best, year, RETURNED)]
    return []


def _plain(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.lower()))
