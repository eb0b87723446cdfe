from __future__ import annotations

import argparse
import hashlib
import os
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter
from django.db import models

from mixportal.tables.reader import MAX_BYTES, Problem, TableError, decode

M = TypeVar("M", bound=models.Model)


class Action(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    ENTERED = "entered"
    UNCHANGED = "unchanged"
    LEFT = "not in the list, left as it is"


class Planned(Protocol):
    @property
    def action(self) -> Action: ...


@dataclass(frozen=True)
class Change(Generic[M]):
    """`fields` has (old, new) of each field."""

    line: int
    action: Action
    instance: M
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def __str__(self) -> str:
        said = f"{self.instance._meta.verbose_name:<14}  {self.action:<9}  {self.instance}"
        if self.action is not Action.CHANGED:
            return said
        values = [
            f"{name.removesuffix('_id')}: {_short(old)} -> {_short(new)}" for name, (old, new) in self.fields.items()
        ]
        return f"{said} ({'; '.join(values)})"

    @classmethod
    def plan(
        cls, line: int, instance: M, values: Mapping[str, Any], problems: list[Problem], *, exclude: Iterable[str] = ()
    ) -> Change[M]:
        """Set the values, and add to `problems` what the model refuses."""
        is_new = instance._state.adding
        old = {name: getattr(instance, name) for name in values}
        fields = {name: (old[name], value) for name, value in values.items() if old[name] != value}
        for name, (_, value) in fields.items():
            setattr(instance, name, value)
        if is_new or fields:
            try:
                instance.clean_fields(exclude=set(exclude))
                instance.validate_constraints(exclude=set(exclude))
            except ValidationError as wrong:
                for name, messages in wrong.message_dict.items():
                    head = "" if name == "__all__" else f"{name}: "
                    problems.extend(Problem(line, f"{head}{message}") for message in messages)
        action = Action.NEW if is_new else Action.CHANGED if fields else Action.UNCHANGED
        return cls(line, action, instance, fields)


def _short(value: object) -> str:
    text = "none" if value in (None, "") else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def count_actions(changes: Sequence[Planned]) -> str:
    counts = Counter(change.action for change in changes)
    return ", ".join(f"{counts[action]} {action}" for action in Action if counts[action])


def digest(changes: Iterable[object]) -> str:
    """Return a digest that changes if the plan would do something else."""
    return hashlib.sha256("\n".join(map(repr, changes)).encode()).hexdigest()


class _Help(DjangoHelpFormatter, argparse.RawDescriptionHelpFormatter):
    pass


class ImportCommand(BaseCommand, ABC):
    columns_help = ""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.formatter_class = _Help
        parser.epilog = self.columns_help
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, and do nothing")

    @abstractmethod
    def import_text(self, *args: Any, **options: Any) -> Sequence[Planned]:
        """Import everything or raise TableError. Options include `source` and `dry_run`."""

    def handle(self, *args: object, file: Path, dry_run: bool, **options: Any) -> None:
        name = os.fsencode(file.name).decode(errors="replace")  # the history takes no name that is not UTF-8
        source = f"{type(self).__module__.rpartition('.')[2]} {name}"
        try:
            with file.open("rb") as opened:
                text = decode(opened.read(MAX_BYTES + 1))
            changes = self.import_text(text, source=source, dry_run=dry_run, **options)
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}") from problem
        except TableError as refused:
            raise CommandError(f"{file} is refused, nothing was changed.\n{refused}") from refused
        for change in changes:
            if change.action is not Action.UNCHANGED:
                self.stdout.write(str(change))
        counts = count_actions(changes)
        if dry_run:
            self.stdout.write(f"Would import: {counts}. Nothing was changed.")
        else:
            self.stdout.write(self.style.SUCCESS(f"Imported: {counts}."))
