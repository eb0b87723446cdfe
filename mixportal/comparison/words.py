from __future__ import annotations

from collections.abc import Sequence

from mixportal.tables.text import counted, listed

MAX_ENTRIES_NAMED = 2


def pairs_alike(names: tuple[str, str], same: int, both: int, plural: str) -> str:
    who = " and ".join(names)
    you = names[0] == "You"
    both_of = "you both" if you else "both"
    if both == 0:
        return f"No two {plural} were put in order by both {'of you' if you else who}, so nothing can be compared."
    if both == 1:
        how = "the same way round" if same else "in opposite orders"
        return f"{who} put the one pair that {both_of} ordered {how}."
    if same == both:
        return f"{who} order all {both:,} pairs alike that {both_of} ordered."
    if same == 0:
        return f"{who} order none of the {both:,} pairs alike that {both_of} ordered."
    return f"{who} order {same:,} of the {both:,} pairs alike that {both_of} ordered."


def differ_most(subject: str, differing: Sequence[tuple[str, str, str]], plural: str) -> str:
    if not differing:
        return f"{subject} place all {plural} alike."
    named = [f"{title} ({one} and {other})" for title, one, other in differing[:MAX_ENTRIES_NAMED]]
    more = len(differing) - MAX_ENTRIES_NAMED
    if more > 0:
        named.append(f"as far on {counted(more, 'other', 'others')}")
    return f"{subject} differ most on {listed(named)}."


def shared_top(titles: Sequence[str], top: str, subject: str) -> str:
    if not titles:
        return f"{subject} have nothing in common among the first {top}."
    return f"{subject} have {listed(titles)} among the first {top}."


def initials(names: Sequence[str]) -> list[str]:
    """Return initials, numbered where they repeat."""
    found: list[str] = []
    for name in names:
        words = [word for word in name.replace("-", " ").split() if word[:1].isupper()] or name.split()
        short = "".join(word[0] for word in words)[:3] or name[:2]
        alike = sum(1 for other in found if other.rstrip("0123456789") == short)
        found.append(f"{short}{alike + 1}" if alike else short)
    return found
