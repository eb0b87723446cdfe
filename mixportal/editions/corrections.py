"""What a correction changed, word by word: pure functions over texts and over the history's rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

KEPT, TAKEN, ADDED = "kept", "taken", "added"
_WORDS = re.compile(r"\S+|\s+")
MOST_WORDS = 4_000  # of one text; longer ones are shown whole, old and new


@dataclass(frozen=True)
class Piece:
    """Some words that a correction kept, took away or added."""

    what: str
    text: str


def word_difference(before: str, after: str) -> list[Piece]:
    """The words of both texts in reading order. Those not taken make `after`, those not added make `before`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return [piece for piece in (Piece(TAKEN, before), Piece(ADDED, after)) if piece.text]
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(KEPT, "".join(old[i1:i2])))
            continue
        if i1 < i2:
            pieces.append(Piece(TAKEN, "".join(old[i1:i2])))
        if j1 < j2:
            pieces.append(Piece(ADDED, "".join(new[j1:j2])))
    return pieces


@dataclass(frozen=True)
class Change:
    """One field of a correction: what it is called, and its words."""

    field: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Correction:
    at: datetime
    reason: str
    changes: list[Change]


def corrections_in(events: Iterable[Any], key: int, fields: Mapping[str, str]) -> list[Correction]:
    """The corrections among an entry's `events`, which come oldest first; the latest first.

    `key` is the entry's, `fields` are those that hold words, with what a reader calls them.
    """
    found: list[Correction] = []
    before: Any = None
    for event in events:
        context = event.pgh_context or {}
        if before is not None and event.pgh_label == "update" and context.get("corrects") == key:
            changes = [
                Change(called, word_difference(getattr(before, name), getattr(event, name)))
                for name, called in fields.items()
                if getattr(before, name) != getattr(event, name)
            ]
            if changes:
                found.append(Correction(event.pgh_created_at, context.get("reason", ""), changes))
        before = event
    return found[::-1]
