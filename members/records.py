"""What a government takes home: its own records, as a zip of CSV files. Each room registers the parts it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from members import record
from members.exports import csv_text
from members.government_csv import COLUMNS, row_of
from members.models import User
from members.words import moment_in_words

Rows = Iterable[Sequence[object]]


@dataclass(frozen=True)
class Part:
    """One file. `rows` yields the government's own, as far as that user may see them."""

    name: str  # as in "ballots.csv"
    title: str  # the line of README.txt
    columns: Sequence[str]
    rows: Callable[[Any, Any], Rows]


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    _parts[part.name] = part


def registered() -> list[Part]:
    return sorted(_parts.values(), key=lambda part: part.name)


def files_of(government: Any, user: Any) -> dict[str, str]:
    """Every part as a CSV file, and a README.txt that says what is in each."""
    files, lines = {}, []
    for part in registered():
        rows = list(part.rows(government, user))
        files[f"{part.name}.csv"] = csv_text(part.columns, rows)
        lines.append(f"{part.name}.csv: {part.title} Rows: {len(rows)}.")
    head = [
        f"The records of {government} in the MIX portal",
        f"Downloaded by {user} on {moment_in_words(timezone.now())}.",
        "",
        "The files are tables in CSV: UTF-8, one header row, times in UTC. A cell that begins with",
        "= + - @ has an apostrophe before it, so that no spreadsheet takes it for a formula.",
        "",
    ]
    return {"README.txt": "\n".join([*head, *lines]) + "\n", **files}


HISTORY_COLUMNS = ("when", "who", "did", "what", "which", "field", "before", "after", "reason")


def history_rows(deeds: Iterable[record.Deed]) -> Rows:
    """One row for each field that a deed changed; one for a deed that changed none that is told."""
    for deed in deeds:
        start = (deed.at.isoformat(timespec="seconds"), deed.who, deed.did, deed.what, deed.subject)
        for line in deed.lines:
            yield (*start, line.field, line.before or "", line.after or "", deed.reason)
        if not deed.lines:
            yield (*start, "", "", "", deed.reason)


def _history(government: Any, user: Any) -> Rows:
    return history_rows(record.Record(user, record.registered(), government=government).all())


def _people(government: Any, user: Any) -> Rows:
    for person in User.objects.speaking_for(government):
        yield (person.name, person.title, person.get_role_display(), person.email, person.joined_at.isoformat())


register(Part("government", "its facts as they stand.", COLUMNS, lambda government, user: [row_of(government)]))
register(Part("people", "who speaks for it today.", ("name", "title", "role", "email", "since"), _people))
register(Part("history", "who changed what of it, when and why.", HISTORY_COLUMNS, _history))
