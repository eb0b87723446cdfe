import re
from array import array
from collections.abc import Iterator
from itertools import takewhile

import numpy as np
import numpy.typing as npt

from members.names import name_key
from mixportal.consensus.profile import MAX_WEIGHT, IntArray, Profile
from mixportal.consensus.reading import problems_of_names
from mixportal.tables.reader import (
    MAX_PROBLEMS,
    Problem,
    TableError,
    clean_text,
    key_of,
    place_among,
    quote,
    read_lines,
    whole_number,
)

MAX_BYTES = 50_000_000
EXTRAS = ("count", "government")
_COUNT = re.compile(r"weights?|counts|frequency|times|how_many|(number_of_|#_)?(ballots|votes|voters)")
_ID = re.compile(
    r"#|((ballot|voter|response|respondent|row|record|entry)_)?(id|nr|no|number)\.?|row|ballot|voter|seat|member"
    r"|respondent|name|who|rank|place|jurisdiction|county|city|agency|key|order|submission|cio|participant|column_?\d*|timestamp"
)
_BALLOT = re.compile(r"(ballot|voter|government|response|respondent|member)_?#?\d+")
_TURN_TABLE = "Turn the table: each row is a ballot, each column an alternative."
_ENTRY = re.compile(r"(priorit|challeng|alternativ|option|topic|title|entr|item).*")
_TOTAL = re.compile(r"(grand_)?totals?|sums?|averages?|means?|medians?|counts?")


def read_ballots(text: str) -> Profile:
    """Read a header of alternatives, then one row of places per ballot. Raises TableError.

    The first columns may be `count` (of such ballots) and `government`.
    """
    problems: list[Problem] = []
    lines = read_lines(clean_text(text, MAX_BYTES), EXTRAS, problems)
    header_line, header = next(lines)
    extras = list(takewhile(EXTRAS.__contains__, map(key_of, header[:2])))
    names = [" ".join(name.split()) for name in header[len(extras) :]]
    problems += (Problem(header_line, reason) for reason in (*problems_of_names(names), *_questions_on_names(names)))
    if problems:
        raise TableError(problems)
    parse, known = place_among(len(names)), {"": 0}
    places, counts, line = array("i"), array("q"), header_line
    lines_by_name: dict[str, int] = {}
    for line, cells in lines:
        first = dict(zip(extras, cells, strict=False))
        whose = name_key(first.get("government", ""))
        if whose and lines_by_name.setdefault(whose, line) != line:
            twice = f"{quote(first['government'])} has a ballot on line {lines_by_name[whose]} already."
            problems.append(Problem(line, f"{twice} Which of the two counts? Take the other one out."))
        if _TOTAL.fullmatch(key_of(first.get("government", ""))):
            problems.append(Problem(line, f"Is {quote(first['government'])} a total of the other rows? Take it out."))
        counts.append(_count(first.get("count", "1"), line, problems))
        for name, cell in zip(names, cells[len(extras) :], strict=True):
            if cell not in known:
                try:
                    known[cell] = parse(cell) or 0
                except ValueError as error:
                    problems.append(Problem(line, f"{name}: {error}"))
            places.append(known.get(cell, 0))
        if len(problems) > MAX_PROBLEMS:
            break
    wrong = sum(problem.reason.startswith(f"{names[0]}: ") for problem in problems)
    if wrong == len(problems) and 2 * wrong > len(counts) and "government" not in extras:
        problems.append(Problem(header_line, _whose_is_it(names[0])))
    table = np.array(places, dtype=np.int32).reshape(-1, len(names))
    weights = np.array(counts, dtype=np.int64)
    problems = problems or [Problem(line, question) for question in _questions_on_rows(names[0], table, weights)]
    if problems:
        raise TableError(problems)
    return Profile.from_array(names, table, weights)


def _questions_on_names(names: list[str]) -> Iterator[str]:
    for number, name in enumerate(names):
        if key_of(name) in EXTRAS:
            yield f"Is {quote(name)} an alternative? Give it another name. If not, put this column first."
        elif _TOTAL.fullmatch(key_of(name)):
            yield f"Is {quote(name)} a figure about the row? Take it out, or give an alternative a longer name."
        elif _BALLOT.fullmatch(key_of(name)):
            yield f"Is {quote(name)} a ballot? {_TURN_TABLE}"
        elif not number and _COUNT.fullmatch(key_of(name)):
            yield f"Does {quote(name)} say how many ballots a row is? Then name this column “count”."
        elif not number and _ID.fullmatch(key_of(name)):
            yield _whose_is_it(name)


def _questions_on_rows(first: str, table: npt.NDArray[np.int32], counts: IntArray) -> Iterator[str]:
    n, m = table.shape
    if n > m and np.array_equal(table[:, 0], np.arange(1, n + 1)):
        yield _whose_is_it(first)
    if 2 * (table == 1).any(axis=1).sum() < table.any(axis=1).sum():
        yield "Most rows have no first place. Are these points? Write places: 1 for the first, 2 for the second."
    if counts.sum() > MAX_WEIGHT:
        yield f"The counts add up to {counts.sum():,}; at most {MAX_WEIGHT:,} ballots are counted."
    elif n > 2 and np.array_equal(table[-1], table[:-1].sum(axis=0)) and table[-1].max() > m:
        yield "Is this row a total of the rows above it? Take it out."
    elif n > 2 and not table[-1].any() and counts[-1] == counts[:-1].sum():
        yield "Is this row a total of the counts above it? Take it out."


def _whose_is_it(name: str) -> str:
    if _ENTRY.fullmatch(key_of(name)):
        return f"Does {quote(name)} name the alternatives? {_TURN_TABLE}"
    return (
        f"Does {quote(name)} say whose ballot a row is, or its number? Name this column “government”, and it is left "
        "out. If it is an alternative, give it a longer name, or put another one first."
    )


def _count(cell: str, line: int, problems: list[Problem]) -> int:
    try:
        count = whole_number(cell)
    except ValueError:
        count = None
    if count is None or not 1 <= count <= MAX_WEIGHT:
        reason = f"count: {quote(cell)} is no number of ballots; write a whole number from 1 to {MAX_WEIGHT:,}."
        problems.append(Problem(line, reason))
    return count or 0
