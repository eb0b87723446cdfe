import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTINUED, RENAMED, MERGED, SPLIT, RETURNED = "continued", "renamed", "merged", "split", "returned"
MIN_LIKENESS = 0.62  # "Data" is like "Data Management", but not like "Cybersecurity"
SMALL_WORDS = frozenset("a an and & for in it its of on or the to with".split())


@dataclass(frozen=True)
class Guess:
    later: str
    earlier: str
    year: int
    type: str


def likeness(one: str, other: str) -> float:
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
    """Return what each title may come from. `earlier_years` begin with the latest.

    The latest year's most similar title continues; others merge or split. A title that is similar
    only to an older year's returns.
    """
    years = list(earlier_years)
    if not years:
        return []
    last_year, last = years[0]
    links = _links(later, last)
    continuing = _continuing(links)
    found = []
    for title in later:
        sources = [old for new, old in links if new == title]
        if not sources:
            found += _returned(title, years[1:])
        for old in sources:
            if continuing.get(title) == old:
                what = CONTINUED if _plain(title) == _plain(old) else RENAMED
            else:
                what = MERGED if len(sources) > 1 else SPLIT
            found.append(Guess(title, old, last_year, what))
    return found


def _continuing(links: Sequence[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for new, old in sorted(links, key=lambda link: -likeness(*link)):
        if new not in found and old not in found.values():
            found[new] = old
    return found


def _links(later: Sequence[str], earlier: Sequence[str]) -> list[tuple[str, str]]:
    same = {_plain(old): old for old in earlier}
    links = [(new, same[_plain(new)]) for new in later if _plain(new) in same]
    settled = {new for new, _ in links}, {old for _, old in links}
    for new in later:
        if new in settled[0]:
            continue
        links += [(new, old) for old in earlier if old not in settled[1] and likeness(new, old) >= MIN_LIKENESS]
    return links


def _returned(title: str, years: Iterable[tuple[int, Sequence[str]]]) -> list[Guess]:
    for year, titles in years:
        best = max(titles, key=lambda old: likeness(title, old), default=None)
        if best is not None and likeness(title, best) >= MIN_LIKENESS:
            return [Guess(title, best, year, RETURNED)]
    return []


def _plain(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.lower()))
