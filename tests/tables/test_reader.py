"""Reading tables: what the writer writes comes back, and what cannot be read is named by line and column."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixportal.tables.reader import (
    FORBIDDEN,
    Column,
    Problem,
    TableError,
    choice,
    clean_text,
    decode,
    read_table,
    whole_number,
)
from mixportal.tables.writer import csv_text, escape_formula

COLUMNS = (Column("title", is_required=True), Column("place", whole_number), Column("kind", choice({"": "", "a": "A"})))
CELL = st.text().filter(lambda cell: not FORBIDDEN.search(cell)).map(clean_text).map(str.strip)
TABLE = st.integers(1, 4).flatmap(
    lambda width: st.tuples(
        st.just([f"column {number}" for number in range(width)]),
        st.lists(st.lists(CELL, min_size=width, max_size=width).filter(any), min_size=1, max_size=5),
    )
)


def values(text: str) -> list[list[object]]:
    problems: list[Problem] = []
    rows = read_table(text, COLUMNS, problems)
    assert not problems
    return [list(row.values.values()) for row in rows]


def problems_in(text: str) -> list[str]:
    problems: list[Problem] = []
    try:
        read_table(text, COLUMNS, problems)
    except TableError as error:
        problems.extend(error.problems)
    return [str(problem) for problem in problems]


@given(TABLE, st.sampled_from(",;\t"), st.sampled_from(["", "\ufeff"]), st.booleans())
def test_what_the_writer_writes_is_read_back(table, delimiter, mark, is_named):
    header, rows = table
    text = csv_text(header, rows)
    if delimiter != ",":
        file = io.StringIO(newline="")
        csv.writer(file, delimiter=delimiter).writerows([map(escape_formula, row) for row in (header, *rows)])
        text = f"sep={delimiter}\r\n" * is_named + file.getvalue()
    problems: list[Problem] = []
    read = read_table(decode((mark + text).encode()), [Column(name) for name in header], problems)
    assert not problems
    assert [list(row.values.values()) for row in read] == rows


@given(st.text())
def test_any_text_is_read_or_refused(text):
    assert problems_in(text) or values(text)


@pytest.mark.parametrize(
    "text",
    [
        "title,place\nMeters,2",
        "title;place\r\nMeters;2\r\n",
        "title\tplace\nMeters\t2.0\n",
        "\ufeffTITLE, Place ,,\n\n,,,\nMeters,2,,\n,,,,\n",
        "sep=;\ntitle;place\nMeters;2",
        '"sep=\t"\n"title"\t"place"\nMeters\t2',
        "title,place\rMeters,2\r\n\n",
        "\u200btitle\u00a0,Place\nMe\u200bters\u00a0,2\u202f\n",
        decode("title,place\nMeters,2\n".encode("utf-16")),
    ],
    ids="commas semicolons tabs empty-columns-and-rows separator-line quoted-separator-line mixed-line-ends "
    "invisible-characters utf-16".split(),
)
def test_what_spreadsheets_write_is_read(text):
    assert values(text) == [["Meters", 2]]


def test_the_separator_is_found_by_parsing_the_header():
    columns = [Column("Meters, gates, and pumps"), Column("Sensors")]
    [row] = read_table('"Meters, gates, and pumps";Sensors\n1;2', columns, [])
    assert row.values == {"Meters, gates, and pumps": "1", "Sensors": "2"}


def test_a_row_knows_the_line_it_begins_on():
    rows = read_table('sep=,\n\ntitle,place\n"a\nb",1\n\nc,2', COLUMNS, [])
    assert [row.line for row in rows] == [4, 7]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 0, "empty"),
        ("title\n", 0, "no rows"),
        ("title,weight\na,1", 1, "“weight”; the columns are title, place, kind."),
        ("title,Meters,2,a\nb,1,a,c", 1, "There is no column “Meters” or “2” or “a”"),
        ("title,place\na,12.5%", 2, "place: “12.5%”"),
        ("title;place\na;12,5", 2, "place: “12,5”"),
        ("title;place\na;12.500,5", 2, "place: “12.500,5”"),
        ("title,place\na,'1", 2, "place: “'1”"),
        ("title,place\na,1E+06", 2, "place: “1E+06”"),
        ("title,place\na,N/A", 2, "place: “N/A”"),
        ("title,place\na,#REF!", 2, "place: “#REF!”"),
        ("title,place,\na,1,late", 2, "3 cells; the header has 2"),
        ("title,place\na,1\n,1", 3, "title: this cell is empty"),
        ("title,Title\na,b", 1, "2 times"),
        ("place\n1", 1, "“title” is missing"),
        ("title,place\na,1.5", 2, "place: “1.5”"),
        ("title,place\na,one", 2, "place: “one”"),
        ("title,place\n,1", 2, "title: this cell is empty"),
        ("title,kind\na,b", 2, "kind: “b”"),
        ("title,,place\na,x,1", 2, "“x” is in column 2"),
        ("title,place\na", 2, "1 cell; the header has 2"),
        ("title\na,b", 2, "2 cells; the header has 1"),
        ('title\na\n"b\nc', 3, "quotation mark"),
        ("title\na\x00", 2, "U+0000"),
    ],
)
def test_what_cannot_be_read_is_named_by_line_and_column(text, line, said):
    [problem] = problems_in(text)
    assert said in problem
    assert problem.startswith(f"Line {line}: ") or not line


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        ("a\nnaïve".encode("cp1252"), 2, "CP1252"),
        (b"title\na\x81", 2, "not UTF-8"),
        (b"PK\x03\x04\x14\x00\xff\xfe", 0, "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", 0, "workbook"),
        ("title\na".encode("utf-16-le"), 1, "U+0000"),
        (b"\xff\xfePr\x00", 0, "not UTF-16"),
        (b"x" * 1_000_001, 0, "1,000,000 bytes"),
    ],
)
def test_what_is_not_plain_text_is_refused(data, line, said):
    with pytest.raises(TableError) as refused:
        clean_text(decode(data))
    assert refused.value.problems[0].line == line
    assert said in str(refused.value)
