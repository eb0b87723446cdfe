from collections.abc import Container, Iterable, Iterator, Sequence

from django.utils.text import slugify

from members.geography import STATES
from members.models import MAX_SEATS, Government
from members.names import are_alike, name_key
from mixportal.tables.imports import Action, Change, Import
from mixportal.tables.reader import (
    Column,
    Problem,
    Row,
    choice,
    number,
    one_line,
    quote,
    read_table,
    whole_number,
)

PLACE = ("kind", "state")
REQUIRED_FIELDS = ("name", *PLACE)
_KNOWN = {
    column: {"": ""} | {word.casefold(): code for code, label in choices for word in (code, label)}
    for column, choices in {
        "kind": Government.KINDS,
        "state": STATES,
        "form": Government.FORMS,
        "structure": Government.IT_STRUCTURES,
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
    """Create and update by slug, or else by name, state and kind.

    A missing column keeps the stored value; an empty cell clears it.
    """

    locked = (Government,)  # so that no seat is given twice
    changes: Sequence[Change[Government]] = ()

    def read_changes(self) -> list[Change[Government]]:
        rows = read_table(self.text, COLUMNS, self.problems)
        stored = {government.slug: government for government in Government.objects.all()}
        seats = {government.seat: government.slug for government in stored.values() if government.seat is not None}
        changes = [change for row in rows if (change := self._change(row, stored))]
        self._check_seats(changes, seats)
        self.questions = list(
            _questions_on_names(changes, {row.line for row in rows if row.values.get("slug")}, stored.values())
        )
        return changes

    def _change(self, row: Row, stored: dict[str, Government]) -> Change[Government] | None:
        facts = dict(row.values)
        given = facts.pop("slug", "")
        namesake = None if given else _namesake(facts, stored.values())
        slug = given or (namesake.slug if namesake else slugify(facts.get("name", ""))[:80].strip("-"))
        known = stored.get(slug)
        if namesake:
            facts["name"] = namesake.name
        missing = [field for field in REQUIRED_FIELDS if not facts.get(field)]
        name = facts.get("name", "")
        if not slug:
            self.refuse(row.line, "This row has neither a slug nor a name that gives one.")
        elif known is None and missing:
            self.refuse(row.line, f"{slug} is new, and has no {' and no '.join(missing)}.")
        elif known and not given and any(facts.get(field) not in (None, getattr(known, field)) for field in PLACE):
            self.refuse(
                row.line,
                f"name: {quote(name)} is the name of a {known.get_kind_display().lower()} in {known.state} "
                f"({slug}). Give this row a slug: {slug} to change that one, any other for a new government.",
            )
        elif not (
            self.is_repeated(row.line, slug, slug)
            or (name and self.is_repeated(row.line, (name_key(name), facts.get("state", "")), quote(name)))
        ):
            return self.change(row.line, known or Government(slug=slug), facts, "seat")
        return None

    def _check_seats(self, changes: Sequence[Change[Government]], before: dict[int, str]) -> None:
        moving = {change.instance.slug: change for change in changes if "seat" in change.fields}
        taken = {seat: f"held by {slug}" for seat, slug in before.items() if slug not in moving}
        for change in moving.values():
            seat = change.instance.seat
            if seat is None:
                continue
            if not 1 <= seat <= MAX_SEATS:
                self.refuse(change.line, f"seat {seat} does not exist. Give a seat from 1 to {MAX_SEATS}.")
            elif seat in taken:
                self.refuse(change.line, f"seat {seat} is {taken[seat]}.")
            else:
                taken[seat] = f"given to {change.instance.slug} on line {change.line}"

    def write(self) -> None:
        # Two governments may exchange their seats.
        left = [
            change.instance.pk for change in self.changes if "seat" in change.fields and change.action is Action.CHANGED
        ]
        Government.objects.filter(pk__in=left, seat__isnull=False).update(seat=None)
        for change in self.changes:
            change.save()


def government_named(text: str, governments: Sequence[Government]) -> Government:
    """Find a government by slug, or by name with or without its state. Raises ValueError."""
    found = [each for each in governments if each.slug == text]
    if not found:
        key = name_key(text)
        found = [each for each in governments if key in (name_key(each.name), name_key(f"{each.name} {each.state}"))]
    if not found:
        raise ValueError(f"There is no government {quote(text)}; write its slug, as in the address of its page.")
    if len(found) > 1:
        raise ValueError(f"{quote(text)} may be {', '.join(each.slug for each in found)}. Write one of these.")
    return found[0]


def _questions_on_names(
    changes: Iterable[Change[Government]], with_slug: Container[int], stored: Iterable[Government]
) -> Iterator[Problem]:
    known = list(stored)
    for change in changes:
        new = change.instance
        if change.action is not Action.NEW:
            continue
        alike = (each for each in known if (each.state, each.kind) == (new.state, new.kind))
        other = next((each for each in alike if are_alike(each.name, new.name)), None)
        if other and change.line not in with_slug:
            yield Problem(
                change.line,
                f"Is {quote(new.name)} another government than {quote(other.name)} in {other.state}? Give this row a "
                f"slug: {other.slug} if it is the same one, {new.slug} if it is a new one.",
            )
        known.append(new)


def _namesake(facts: dict[str, object], governments: Iterable[Government]) -> Government | None:
    name, state, kind = (str(facts.get(field, "")) for field in ("name", "state", "kind"))
    found = [
        government
        for government in governments
        if name_key(government.name) == name_key(name)
        and state in ("", government.state)
        and kind in ("", government.kind)
    ]
    return found[0] if len(found) == 1 else None
