"""What was recorded, in files that can be read and compared: every distinct text once, named by its digest.

`*-answers.txt` has a paragraph for each address, script or browser page: who got which status and which texts.
`*-texts.txt` holds the texts. One that is much like an earlier one is written as its differences: "@ 5 2" replaces two
lines from the fifth on by the lines that follow.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

from tests.golden.answers import Answer

EXPECTED = Path(__file__).parent / "expected"
Cell = tuple[str, str, str]  # address, way, actor


class Recording:
    def __init__(self) -> None:
        self.cells: dict[Cell, str] = {}
        self.texts: dict[str, str] = {}

    def add(self, address: str, way: str, actor: str, answer: Answer) -> None:
        said = [f"{part}={self._keep(text)}" for part, text in answer.said.items()]
        self.cells[address, way, actor] = " ".join([str(answer.status), *said])

    def replacing(self, earlier: Recording, only: re.Pattern[str]) -> Recording:
        """Return the earlier recording with this one in place of the addresses that match."""
        whole = Recording()
        for cell, answer in earlier.cells.items():
            if cell in self.cells or not only.search(cell[0]):
                whole.cells[cell] = self.cells.get(cell, answer)
        whole.cells |= self.cells
        whole.texts = earlier.texts | self.texts
        return whole

    def said(self, cell: Cell) -> dict[str, str]:
        """The texts of a cell by part, its status first."""
        status, *parts = self.cells[cell].split()
        return {"status": status} | {name: self.texts[digest] for name, digest in map(_split_part, parts)}

    def _keep(self, text: str) -> str:
        digest = hashlib.sha256(text.encode()).hexdigest()[:10]
        self.texts[digest] = text
        return digest

    def write(self, name: str, folder: Path = EXPECTED) -> None:
        folder.mkdir(exist_ok=True)
        rows: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
        for (address, way, actor), answer in self.cells.items():
            rows[address][way, answer].append(actor)
        lines, texts = [], _Texts()
        for address, answers in rows.items():
            lines.append(address)
            for (way, answer), people in answers.items():
                lines.append(f"  {way}: {answer} | {' '.join(people)}")
                for part, digest in map(_split_part, answer.split()[1:]):
                    texts.add(digest, self.texts[digest], address, part)
        _write(folder / f"{name}-answers.txt", lines)
        _write(folder / f"{name}-texts.txt", texts.lines)

    @classmethod
    def read(cls, name: str, folder: Path = EXPECTED) -> Recording:
        recording = cls()
        address = ""
        for line in _lines(folder / f"{name}-answers.txt"):
            if line.startswith("  "):
                row, _, people = line.strip().rpartition(" | ")
                way, _, answer = row.partition(": ")
                recording.cells |= {(address, way, actor): answer for actor in people.split()}
            else:
                address = line
        recording.texts = dict(_read_texts(_lines(folder / f"{name}-texts.txt")))
        return recording


def _split_part(part: str) -> tuple[str, str]:
    name, _, digest = part.partition("=")
    return name, digest


class _Texts:
    """The lines of a file of texts."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._written: set[str] = set()
        self._whole: dict[str, dict[str, list[str]]] = defaultdict(dict)  # by family: texts that others are like

    def add(self, digest: str, text: str, address: str, part: str) -> None:
        if digest in self._written:
            return
        self._written.add(digest)
        lines = text.split("\n")
        family = self._whole[part + re.sub(r"^\w+|\d{4}|\?.*", "", address)]
        base = max(family, key=lambda other: len(set(family[other]).intersection(lines)), default=None)
        if base and 2 * len(set(family[base]).intersection(lines)) > len(set(lines)):
            self.lines.append(f"=== {digest} {address} {part}, like {base}")
            self.lines += _differences(family[base], lines)
        else:
            family[digest] = lines
            self.lines.append(f"=== {digest} {address} {part}")
            self.lines += [f" {line}" for line in lines]


def _differences(before: list[str], after: list[str]) -> Iterator[str]:
    for change, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if change != "equal":
            yield f"@ {start} {end - start}"
            yield from (f" {line}" for line in after[new_start:new_end])


def _read_texts(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    whole: dict[str, list[str]] = {}
    heading: list[str] = []
    found: list[str] = []
    shift = at = 0
    for line in [*lines, "==="]:
        if line.startswith("==="):
            if heading:
                whole[heading[1]] = found
                yield heading[1], "\n".join(found)
            heading = line.split()
            found = list(whole[heading[-1]]) if heading[-2:-1] == ["like"] else []
            shift = at = 0
        elif line.startswith("@ "):
            start, count = map(int, line.split()[1:])
            at = start + shift
            del found[at : at + count]
            shift -= count
        else:
            found.insert(at, line[1:])
            at += 1
            shift += 1 if heading[-2:-1] == ["like"] else 0


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
