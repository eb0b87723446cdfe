import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import groupby, pairwise

from mixportal.editions.models import Entry

KEPT, TAKEN, ADDED = "kept", "taken", "added"
_WORDS = re.compile(r"\S+|\s+")
MAX_WORDS = 4_000


@dataclass(frozen=True)
class Piece:
    what: str
    text: str


def word_difference(before: str, after: str) -> list[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MAX_WORDS:
        return [each for each in (Piece(TAKEN, before), Piece(ADDED, after)) if each.text]
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        taken, added = Piece(TAKEN, "".join(old[i1:i2])), Piece(ADDED, "".join(new[j1:j2]))
        pieces += [Piece(KEPT, taken.text)] if tag == "equal" else [each for each in (taken, added) if each.text]
    return pieces


@dataclass(frozen=True)
class WordingChange:
    field: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Correction:
    entry: Entry
    at: datetime
    reason: str
    changes: list[WordingChange]


def corrections_of(entries: Sequence[Entry]) -> list[Correction]:
    events = Entry.pgh_event_model.objects.filter(pgh_obj__in=[entry.pk for entry in entries])
    by_entry = {
        key: list(of_entry) for key, of_entry in groupby(events.order_by("pgh_obj", "pgh_id"), lambda e: e.pgh_obj_id)
    }
    names = {field.name: str(field.verbose_name) for field in Entry._meta.fields if field.name in Entry.WORDING}
    found = []
    for entry in entries:
        for before, event in reversed(list(pairwise(by_entry.get(entry.pk, [])))):
            context = event.pgh_context or {}
            if event.pgh_label != "update" or context.get("corrects") != entry.pk:
                continue
            changes = [
                WordingChange(called, word_difference(getattr(before, name), getattr(event, name)))
                for name, called in names.items()
                if getattr(before, name) != getattr(event, name)
            ]
            if changes:
                found.append(Correction(entry, event.pgh_created_at, context.get("reason", ""), changes))
    return found
