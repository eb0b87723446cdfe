import argparse
import hashlib
import os
import sys
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import pghistory
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter
from django.db import IntegrityError, connection, models, transaction

from mixportal.tables.reader import MAX_BYTES, Problem, TableError, decode

M = TypeVar("M", bound=models.Model)
M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class Action(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    ENTERED = "entered"
    UNCHANGED = "unchanged"
    LEFT = "not in the list, kept at the end"


@dataclass(frozen=True)
class Change(Generic[M_co]):
    """`fields` has (old, new) of each field."""

    line: int
    action: Action
    instance: M_co
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def __str__(self) -> str:
        said = f"{self.instance._meta.verbose_name:<14}  {self.action:<9}  {self.instance}"
        if self.action is not Action.CHANGED:
            return said
        values = [
            f"{name.removesuffix('_id')}: {_short(old)} -> {_short(new)}" for name, (old, new) in self.fields.items()
        ]
        return f"{said} ({'; '.join(values)})"

    def save(self) -> None:
        if self.action is Action.NEW:
            self.instance.save(force_insert=True)
        elif self.fields:
            self.instance.save(update_fields=list(self.fields))


def _short(value: object) -> str:
    text = "none" if value in (None, "") else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def set_values(instance: models.Model, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    fields = {name: (getattr(instance, name), new) for name, new in values.items() if getattr(instance, name) != new}
    for name, (_, new) in fields.items():
        setattr(instance, name, new)
    return fields


class OutdatedPlanError(Exception):
    pass


class Import(ABC):
    """`plan` reads the text and writes nothing; `apply` does what the plan says."""

    locked: tuple[type[models.Model], ...] = ()  # the plan depends on them
    changes: Sequence[Change[models.Model]] = ()
    questions: Sequence[Problem] = ()
    notices: Sequence[str] = ()

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []

    @abstractmethod
    def read_changes(self) -> Iterable[Change[models.Model]]:
        pass

    @abstractmethod
    def write(self) -> None: ...

    def plan(self) -> None:
        """Set `changes`. Raises TableError with every problem."""
        self.problems, self.first_lines = [], dict[Hashable, int]()
        self.changes = list(self.read_changes())
        self.raise_problems()

    def raise_problems(self) -> None:
        if self.problems:
            raise TableError(self.problems)

    def lock(self) -> None:
        """Let others read the tables, but not write, until the transaction ends."""
        names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in self.locked)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")

    def refuse(self, line: int, reason: str) -> None:
        self.problems.append(Problem(line, reason))

    def is_repeated(self, line: int, key: Hashable, name: str) -> bool:
        """Return whether an earlier row has the key, and if so refuse this one."""
        first = self.first_lines.setdefault(key, line)
        if first != line:
            self.refuse(line, f"{name} is on line {first} already.")
        return first != line

    def change(self, line: int, instance: M, values: Mapping[str, Any], *exclude: str) -> Change[M]:
        is_new = instance._state.adding
        fields = set_values(instance, values)
        if is_new or fields:
            try:
                instance.clean_fields(exclude=set(exclude))
                instance.validate_constraints(exclude=set(exclude))
            except ValidationError as wrong:
                for name, messages in wrong.message_dict.items():
                    for message in messages:
                        self.refuse(line, message if name == "__all__" else f"{name}: {message}")
        return Change(
            line,
            Action.NEW if is_new else Action.CHANGED if fields else Action.UNCHANGED,
            instance,
            fields,
        )

    @property
    def has_changes(self) -> bool:
        return any(change.action not in (Action.UNCHANGED, Action.LEFT) for change in self.changes)

    @property
    def unchanged(self) -> list[Change[models.Model]]:
        return [change for change in self.changes if change.action is Action.UNCHANGED]

    @property
    def counts(self) -> str:
        counts = Counter(change.action for change in self.changes)
        return ", ".join(f"{counts[action]} {action}" for action in Action if counts[action])

    @property
    def digest(self) -> str:
        return hashlib.sha256("\n".join(map(repr, self.changes)).encode()).hexdigest()

    def apply(self, *, reason: str, previewed: str | None = None) -> Self:
        """Plan again under a lock, and write all or nothing.

        `previewed` is the digest that the user has seen. Raises TableError, or OutdatedPlanError
        with the new plan in place.
        """
        try:
            with transaction.atomic(), pghistory.context(reason=reason):
                self.lock()
                self.plan()
                if previewed not in (None, self.digest):
                    raise OutdatedPlanError
                if previewed is None and self.questions:
                    raise TableError(self.questions)
                if self.has_changes:
                    self.write()
        except IntegrityError as refusal:
            raise TableError(
                [Problem(0, "Another person changed the same data in the meantime. Try again.")]
            ) from refusal
        return self


class _Help(DjangoHelpFormatter, argparse.RawDescriptionHelpFormatter):
    pass


class ImportCommand(BaseCommand, ABC):
    columns_help = ""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.formatter_class = _Help
        parser.epilog = self.columns_help
        parser.add_argument("file", type=Path, help="or - for what is piped in")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, and do nothing")

    @abstractmethod
    def make_import(self, *args: Any, **options: Any) -> Import:
        pass

    def handle(self, *args: object, file: Path, dry_run: bool, **options: Any) -> None:
        name = os.fsencode(file.name).decode(errors="replace")  # the history takes only UTF-8
        try:
            with sys.stdin.buffer if file == Path("-") else file.open("rb") as opened:
                found = self.make_import(decode(opened.read(MAX_BYTES + 1)), **options)
            if dry_run:
                found.plan()
            else:
                found.apply(reason=f"{type(self).__module__.rpartition('.')[2]} {name}")
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}") from problem
        except TableError as refused:
            raise CommandError(f"{file} is refused, nothing was changed.\n{refused}") from refused
        for said in (
            *found.notices,
            *(change for change in found.changes if change.action is not Action.UNCHANGED),
        ):
            self.stdout.write(str(said))
        if dry_run:
            for question in found.questions:
                self.stdout.write(str(question))
            self.stdout.write(f"Would import: {found.counts}. Nothing was changed.")
        else:
            self.stdout.write(self.style.SUCCESS(f"Imported: {found.counts}."))
