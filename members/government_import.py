from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.text import slugify

from members.geography import STATES
from members.models import MAX_SEATS, Government
from members.names import name_key
from mixportal.tables.imports import Action, Change, Import, lock_tables
from mixportal.tables.reader import (
    Column,
    Problem,
    Row,
    TableError,
    choice,
    number,
    one_line,
    quote,
    read_table,
    whole_number,
)

REQUIRED_FIELDS = ("name", "kind", "state")  # of a new government
_KNOWN = {
    column: {"": ""} | {word.casefold(): code for code, label in choices for word in (code, label)}
    for column, choices in {
        "kind": Government.Kind.choices,
        "state": STATES,
        "form": Government.Form.choices,
        "structure": Government.ITStructure.choices,
    }.items()
}


def _dollars(cell: str) -> int | None:
    return whole_number(cell.removeprefix("$").strip())


COLUMNS = (
    Column("slug", one_line),
    Column("name", one_line),
    Column("kind", choice(_KNOWN["kind"])),
    Column("state", choice(_KNOWN["state"], "two letters of a state, such as AZ")),
    Column("population", whole_number),
    Column("population_year", whole_number),
    Column("form_of_government", choice(_KNOWN["form"])),
    Column("it_structure", choice(_KNOWN["structure"])),
    Column("it_staff", number),
    Column("annual_it_budget", _dollars),
    Column("website", one_line),
    Column("seat", whole_number),
)
COLUMN_NAMES = tuple(column.name for column in COLUMNS)


def row_of(government: Government) -> list[object]:
    return [getattr(government, name) for name in COLUMN_NAMES]


class GovernmentImport(Import):
    """Create and update governments by slug, or else by name, state and kind.

    A missing column keeps the stored value; an empty cell clears it.
    """

    changes: Sequence[Change[Government]] = ()

    def __init__(self, text: str) -> None:
        self.text = text

    def lock(self) -> None:
        lock_tables(Government)  # against other seatings

    def plan(self) -> None:
        problems: list[Problem] = []
        rows = read_table(self.text, COLUMNS, problems)
        stored = {government.slug: government for government in Government.objects.all()}
        seats = {government.seat: government.slug for government in stored.values() if government.seat is not None}
        self.changes = _plan(rows, stored, problems)
        _check_seats(self.changes, seats, problems)
        if problems:
            raise TableError(problems)

    def write(self) -> None:
        # free seats first, since two governments may exchange theirs
        left = [
            change.instance.pk for change in self.changes if "seat" in change.fields and change.action is Action.CHANGED
        ]
        Government.objects.filter(pk__in=left, seat__isnull=False).update(seat=None)
        for change in self.changes:
            change.save()


def _plan(rows: list[Row], stored: dict[str, Government], problems: list[Problem]) -> list[Change[Government]]:
    changes: list[Change[Government]] = []
    first_lines: dict[str, int] = {}
    first_names: dict[tuple[str, str], int] = {}
    for row in rows:
        facts = dict(row.values)
        given = facts.pop("slug", "")
        namesake = None if given else _namesake(facts, stored.values())
        slug = given or (namesake.slug if namesake else slugify(facts.get("name", ""))[:80].strip("-"))
        known = stored.get(slug)
        if namesake:
            facts["name"] = namesake.name  # a slug is needed to spell it differently
        missing = [field for field in REQUIRED_FIELDS if not facts.get(field)]
        reason = ""
        if not slug:
            reason = "This row has neither a slug nor a name that gives one."
        elif first_lines.setdefault(slug, row.line) != row.line:
            reason = f"{slug} is on line {first_lines[slug]} already."
        elif facts.get("name") and first_names.setdefault(_name_and_state(facts), row.line) != row.line:
            reason = f"{quote(facts['name'])} is on line {first_names[_name_and_state(facts)]} already."
        elif known is None and missing:
            reason = f"{slug} is new, and has no {' and no '.join(missing)}."
        elif known and not given and any(facts.get(field, old) != old for field, old in _place(known).items()):
            reason = (
                f"name: {quote(facts['name'])} is the name of a {known.get_kind_display().lower()} in {known.state} "
                f"({slug}). Give this row a slug: {slug} to change that one, any other for a new government."
            )
        if reason:
            problems.append(Problem(row.line, reason))
        else:
            changes.append(Change.plan(row.line, known or Government(slug=slug), facts, problems, exclude={"seat"}))
    return changes


def _namesake(facts: dict[str, object], governments: Iterable[Government]) -> Government | None:
    """Return the one government of that name, however it is spelled, in that state and of that kind."""
    name, state, kind = (str(facts.get(field, "")) for field in ("name", "state", "kind"))
    found = [
        government
        for government in governments
        if name_key(government.name) == name_key(name)
        and state in ("", government.state)
        and kind in ("", government.kind)
    ]
    return found[0] if len(found) == 1 else None


def _name_and_state(facts: dict[str, str]) -> tuple[str, str]:
    return name_key(facts["name"]), facts.get("state", "")


def _place(government: Government) -> dict[str, str]:
    return {"kind": government.kind, "state": government.state}


def _check_seats(changes: Sequence[Change[Government]], before: dict[int, str], problems: list[Problem]) -> None:
    moving = {change.instance.slug: change for change in changes if "seat" in change.fields}
    taken = {seat: f"held by {slug}" for seat, slug in before.items() if slug not in moving}
    for change in moving.values():
        seat = change.instance.seat
        if seat is None:
            continue
        if not 1 <= seat <= MAX_SEATS:
            problems.append(Problem(change.line, f"seat {seat}: MIX has seats 1 to {MAX_SEATS}."))
        elif seat in taken:
            problems.append(Problem(change.line, f"seat {seat} is {taken[seat]}."))
        else:
            taken[seat] = f"given to {change.instance.slug} on line {change.line}"
