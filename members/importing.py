from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from members.government_csv import GovernmentCsvError, GovernmentRow
from members.models import MAX_SEATS, Government

REQUIRED_FIELDS = ("name", "kind", "state")  # of a new government


@dataclass(frozen=True)
class Change:
    """`before` holds the old values that change, None for a new government."""

    line: int
    government: Government
    before: dict[str, Any] | None

    @property
    def what(self) -> str:
        return "new" if self.before is None else "changed" if self.before else "unchanged"

    def __str__(self) -> str:
        said = f"{self.what:<9}  {self.government.slug}"
        changes = [f"{field}: {_word(old)} -> {_word(getattr(self.government, field))}" for field, old in self._old()]
        return f"{said} ({'; '.join(changes)})" if changes else said

    def _old(self) -> list[tuple[str, Any]]:
        return list((self.before or {}).items())


@transaction.atomic
def import_governments(rows: Iterable[GovernmentRow], *, reason: str, dry_run: bool = False) -> list[Change]:
    """Create and update governments by slug, all or none.

    A missing column leaves what is stored; an empty cell clears it. A lock keeps other processes
    from seating a government meanwhile.
    """
    if not dry_run:
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{Government._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
    stored = {government.slug: government for government in Government.objects.all()}
    seats_before = {government.seat: government.slug for government in stored.values() if government.seat is not None}
    problems: list[tuple[int, str]] = []
    changes = [_change(row, stored.get(row.slug), problems) for row in rows]
    _check_seats(changes, seats_before, problems)
    if problems:
        raise GovernmentCsvError(problems)
    if not dry_run:
        with pghistory.context(reason=reason):
            _write(changes)
    return changes


def _change(row: GovernmentRow, stored: Government | None, problems: list[tuple[int, str]]) -> Change:
    if stored is None:
        government, before = Government(slug=row.slug, **row.facts), None
        missing = [field for field in REQUIRED_FIELDS if not row.facts.get(field)]
        if missing:
            problems.append((row.line, f"{row.slug} is new, and has no {' and no '.join(missing)}."))
            return Change(row.line, government, before)
    else:
        government = stored
        before = {f: getattr(stored, f) for f, value in row.facts.items() if getattr(stored, f) != value}
        for field in before:
            setattr(government, field, row.facts[field])
    if before != {}:
        try:
            government.clean_fields(exclude={"seat"})
            government.validate_constraints(exclude={"seat"})
        except ValidationError as wrong:
            for field, messages in wrong.message_dict.items():
                name = "" if field == "__all__" else f"{field}: "
                problems.extend((row.line, f"{name}{message}") for message in messages)
    return Change(row.line, government, before)


def _check_seats(changes: list[Change], before: dict[int, str], problems: list[tuple[int, str]]) -> None:
    moving = {change.government.slug: change for change in changes if change.before is None or "seat" in change.before}
    taken = {seat: f"held by {slug}" for seat, slug in before.items() if slug not in moving}
    for change in moving.values():
        seat = change.government.seat
        if seat is None:
            continue
        if not 1 <= seat <= MAX_SEATS:
            problems.append((change.line, f"seat {seat}: MIX has seats 1 to {MAX_SEATS}."))
        elif seat in taken:
            problems.append((change.line, f"seat {seat} is {taken[seat]}."))
        else:
            taken[seat] = f"given to {change.government.slug} on line {change.line}"


def _write(changes: list[Change]) -> None:
    # free the changing seats first, because two governments may exchange theirs
    left = [change.government.pk for change in changes if change.before and change.before.get("seat") is not None]
    Government.objects.filter(pk__in=left).update(seat=None)
    for change in changes:
        if change.before is None:
            change.government.save()
        elif change.before:
            change.government.save(update_fields=list(change.before))


def _word(value: Any) -> str:
    return "none" if value in (None, "") else str(value)
