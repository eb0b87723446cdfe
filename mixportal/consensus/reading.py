import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .profile import MAX_WEIGHT, IntArray

MAX_ALTERNATIVES = 200
_STRAIGHT = str.maketrans("‘’“”‐‑‒–—", "''\"\"-----")
_NO_NAME = re.compile(r"[\d.,]*")
NUMBERS_OF_ITEMS = ("order", "bands", "against_head_to_head", "against_kemeny")
PLACES = (
    "place",
    "schulze_rank",
    "average_place",
    "interval_low",
    "interval_high",
    "q1",
    "median",
    "q3",
)


class ResultsFileError(ValueError):
    pass


@dataclass(frozen=True)
class ResultsFile:
    names: tuple[str, ...]
    used: int
    data: dict[str, Any]

    @property
    def is_public(self) -> bool:
        return self.data.get("detail") == "public"

    def figures(self, key: str) -> list[Any]:
        """Return one figure for each item. Raises ResultsFileError."""
        found = self.data.get(key)
        if not isinstance(found, list) or len(found) != len(self.names):
            raise ResultsFileError(f"{key} must be a list of {len(self.names)}")
        return found

    def square(self, key: str) -> list[list[Any]]:
        rows, m = self.figures(key), len(self.names)
        if any(not isinstance(row, list) or len(row) != m for row in rows):
            raise ResultsFileError(f"{key} must have {m} rows of {m} figures")
        return rows

    def support(self) -> IntArray:
        """Return complete head-to-heads. Raises ResultsFileError."""
        names, used, support = self.names, self.used, self.square("support")
        for i, row in enumerate(support):
            if not all(map(is_count, row)):
                raise ResultsFileError(f"support for {names[i]} must be {len(names)} whole numbers of ballots")
            if row[i] != 0:
                raise ResultsFileError(f"support for {names[i]} counts ballots that prefer it to itself")
            for j in range(i):
                if row[j] + support[j][i] > used:
                    raise ResultsFileError(f"more than {used} ballots compare {names[j]} and {names[i]}")
        return np.array(support, dtype=np.int64)


def open_results(text: str) -> ResultsFile:
    """Read results.json or the output of `tally --json`. Raises ResultsFileError."""
    try:
        data: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise ResultsFileError(f"line {error.lineno}: this is not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:  # too long or too deep
        raise ResultsFileError("this JSON holds more than results need") from error
    if not isinstance(data, dict) or not {"alternatives", "used"} <= data.keys():
        raise ResultsFileError("results need the keys alternatives, used and support")
    names, used = data["alternatives"], data["used"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ResultsFileError("alternatives must be a list of names")
    names = [name.strip() for name in names]
    for problem in problems_of_names(names):
        raise ResultsFileError(problem)
    if not is_count(used):
        raise ResultsFileError("used must be a whole number of ballots")
    m = len(names)
    for key in NUMBERS_OF_ITEMS:
        for number in _flat(data.get(key)):
            if type(number) is not int or not 0 <= number < m:
                raise ResultsFileError(f"{key} has {number!r}, but the {m} alternatives are numbered from 0 to {m - 1}")
    for key in PLACES:
        for place in _flat(data.get(key)):
            if place is not None and not (type(place) in (int, float) and 1 <= place <= m):
                raise ResultsFileError(f"{key} has {place!r}, but the places of {m} alternatives are from 1 to {m}")
    return ResultsFile(tuple(names), used, data)


def problems_of_names(names: list[str]) -> Iterator[str]:
    if not names:
        yield "The header names no alternatives."
    elif len(names) > MAX_ALTERNATIVES:
        yield f"There are {len(names)} alternatives; at most {MAX_ALTERNATIVES} are counted."
    elif all(_NO_NAME.fullmatch(name) for name in names):
        yield "There is no header: the first row must name the alternatives."
    else:
        plain = list(map(_plain, names))
        for number, name in enumerate(names, start=1):
            if not name:
                yield f"Alternative {number} has no name."
            elif not name.isprintable():
                yield f"The name of alternative {number} holds an invisible character: {name!r}."
            elif (first := plain.index(plain[number - 1])) < number - 1:
                written = f", first as {names[first]}" if name != names[first] else ""
                yield f"{name} is named twice{written}."


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.translate(_STRAIGHT))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def _flat(value: object) -> Iterator[Any]:
    for each in value if isinstance(value, list) else []:
        if isinstance(each, list):
            yield from each
        else:
            yield each


def is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_WEIGHT
