"""Two recordings, held against each other. The same difference on many pages is told once, with how many."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import unified_diff

from tests.golden.recording import Cell, Recording

EXAMPLES = 4
LONGEST = 400  # characters of a line that are shown around what changed
Hunk = tuple[str, ...]


@dataclass
class Differences:
    missing: list[Cell] = field(default_factory=list)
    added: list[Cell] = field(default_factory=list)
    hunks: dict[tuple[str, Hunk], list[Cell]] = field(default_factory=lambda: defaultdict(list))
    spacing: dict[tuple[str, Hunk], list[Cell]] = field(default_factory=lambda: defaultdict(list))

    def __len__(self) -> int:
        return len(self.missing) + len(self.added) + len(self.hunks) + len(self.spacing)


def compare(
    expected: Recording, found: Recording, only: re.Pattern[str], *, ignore_spacing: bool = False
) -> Differences:
    differences = Differences()
    wanted = {cell: answer for cell, answer in expected.cells.items() if only.search(cell[0])}
    differences.missing = [cell for cell in wanted if cell not in found.cells]
    differences.added = [cell for cell in found.cells if cell not in wanted]
    for cell, answer in wanted.items():
        if cell in found.cells and found.cells[cell] != answer:
            _compare_cell(differences, cell, expected.said(cell), found.said(cell))
    if ignore_spacing:
        differences.spacing.clear()
    return differences


def _compare_cell(differences: Differences, cell: Cell, before: dict[str, str], after: dict[str, str]) -> None:
    parts = ("status", "headers") if before["status"] != after["status"] else {**before, **after}
    for part in parts:
        for hunk in _hunks(before.get(part, ""), after.get(part, "")):
            told = differences.spacing if _is_of_spacing(hunk) else differences.hunks
            told[part, hunk].append(cell)


def _hunks(before: str, after: str) -> Iterator[Hunk]:
    lines: list[str] = []
    for line in [*unified_diff(before.split("\n"), after.split("\n"), n=1, lineterm="")][2:] if before != after else []:
        if line.startswith("@@"):
            if lines:
                yield tuple(lines)
            lines = []
        else:
            lines.append(line)
    if lines:
        yield tuple(lines)


def _is_of_spacing(hunk: Hunk) -> bool:
    before, after = ("".join(re.sub(r"\s", "", line[1:]) for line in hunk if line[0] == sign) for sign in "-+")
    return before == after


def lines_of(differences: Differences) -> Iterator[str]:
    for title, cells in (("no longer asked for", differences.missing), ("not recorded before", differences.added)):
        if cells:
            yield f"\n{len(cells)} answers are {title}:"
            yield from _places(cells, examples=40)
    for title, told in (("differences", differences.hunks), ("differences of white space alone", differences.spacing)):
        if told:
            yield f"\n{len(told)} {title}, the most frequent first"
        for (part, hunk), cells in sorted(told.items(), key=lambda each: -len(each[1])):
            yield f"\n{part} of {len(set(cells))} answers:"
            yield from _places(cells)
            yield from (f"    {line}" for line in _shortened(hunk))


def _places(cells: Iterable[Cell], examples: int = EXAMPLES) -> Iterator[str]:
    by_address: dict[str, list[str]] = defaultdict(list)
    for address, way, actor in dict.fromkeys(cells):
        by_address[address].append(actor if way == "page" else f"{actor} ({way})")
    for address, who in [*by_address.items()][:examples]:
        yield f"  {address}: {', '.join(who)}"
    if len(by_address) > examples:
        yield f"  and {len(by_address) - examples} more addresses"


def _shortened(hunk: Hunk) -> Iterator[str]:
    """A long line is cut to what is around its change."""
    changed = [line[1:] for line in hunk if line[0] in "-+"]
    start, end = _common(changed), _common([line[::-1] for line in changed])
    for line in hunk:
        if line[0] == " ":
            yield line if len(line) <= LONGEST // 2 else f"{line[: LONGEST // 2]}…"
        elif len(line) <= LONGEST or len(changed) < 2:
            yield line
        else:
            first, last = max(0, start - 60), max(start, len(line) - 1 - end) + 60
            cut = line[1:][first:last]
            yield f"{line[0]}{'…' if first else ''}{cut[: 2 * LONGEST]}{'…' if last < len(line) or len(cut) > 2 * LONGEST else ''}"


def _common(lines: list[str]) -> int:
    """How many characters all the lines begin with alike."""
    alike = 0
    for characters in zip(*lines, strict=False):
        if len(set(characters)) > 1:
            break
        alike += 1
    return alike
