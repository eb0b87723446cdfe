"""What a planted fault is, and how it is put into a copy of the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path


class NoLongerAppliesError(Exception):
    """The tree has changed: the fault's text or one of its tests is not to be found exactly once."""


@dataclass(frozen=True)
class Fault:
    """One wrong change to the code, and the tests that notice it.

    Files and rooms move, so the place is where `old` stands in the tree, and a test is named by its function.
    """

    name: str
    old: str
    new: str
    tests: Sequence[str]

    @contextmanager
    def planted(self, tree: Path) -> Iterator[Mapping[str, str]]:
        """Replace `old` by `new` in the one file of `tree` that contains it, and put it back afterwards."""
        path, text = self.place(tree)
        path.write_text(text.replace(self.old, self.new))
        try:
            yield {}
        finally:
            path.write_text(text)

    def place(self, tree: Path) -> tuple[Path, str]:
        """Return the file that contains `old`, and its text."""
        found = [(path, text) for path, text in _code(tree).items() if self.old in text]
        places = sum(text.count(self.old) for _, text in found)
        if places != 1:
            raise NoLongerAppliesError(f"its text stands in {places} places instead of 1: {self.old.strip()[:70]!r}")
        return found[0]

    def node_ids(self, tree: Path) -> list[str]:
        """Return its tests as pytest names them."""
        return [_node_id(tree, test) for test in self.tests]


class TriggerOff(Fault):
    """A trigger of the database that does nothing: "only_while_open on %placement", with % for any characters."""

    def __init__(self, trigger: str, tests: Sequence[str]) -> None:
        super().__init__(f"trigger off: {trigger}", trigger, "", tests)

    @contextmanager
    def planted(self, tree: Path) -> Iterator[Mapping[str, str]]:
        """Change no file; the plugin switches the trigger off before the first test."""
        yield {"PYTEST_ADDOPTS": "-p tests.faults.switch_off", "SWITCHED_OFF": self.old}

    def place(self, tree: Path) -> tuple[Path, str]:
        """A trigger that is not there is told by the plugin."""
        return tree, ""


@cache
def _code(tree: Path) -> dict[Path, str]:
    """Return the text of each file without a fault, read once."""
    found = [path for pattern in ("*.py", "*.html", "*.txt") for path in tree.rglob(pattern)]
    ours = [path for path in found if not {"tests", "migrations", "vendor"} & set(path.relative_to(tree).parts)]
    return {path: path.read_text() for path in ours}


@cache
def _tests(tree: Path) -> dict[Path, str]:
    return {path: path.read_text() for path in sorted((tree / "tests").rglob("test_*.py"))}


def _node_id(tree: Path, test: str) -> str:
    function, _, case = test.partition("[")
    definition = re.compile(rf"^def {re.escape(function)}\(", re.MULTILINE)
    found = [path for path, text in _tests(tree).items() if definition.search(text)]
    if len(found) != 1:
        raise NoLongerAppliesError(f"its test stands in {len(found)} files instead of 1: {function}")
    return f"{found[0].relative_to(tree)}::{function}" + (f"[{case}" if case else "")
