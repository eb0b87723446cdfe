"""Reading ballots from tables of other people, and errors with line and reason."""

import subprocess
import sys

import pytest

from mixportal.consensus import Profile
from mixportal.results.ballot_table import MAX_BYTES, read_ballots
from mixportal.tables.reader import TableError, decode
from tests.consensus.examples import no_consensus


def cells(profile: Profile) -> list[list[float]]:
    return profile.ranks.tolist()


def test_a_cell_is_a_place_or_blank():
    profile = read_ballots("a,b,c\n1,2,\n,1,1\n")
    assert profile.items == ("a", "b", "c")
    assert cells(profile) == [[1, 2, 3], [3, 1.5, 1.5]]
    assert profile.ranked.tolist() == [[True, True, False], [False, True, True]]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n2,1\n",
        "a,b\r\n1,2\r\n2,1\r\n",
        "a,b\n1,2\n2,1",
        "\n\na,b\n1,2\n\n2,1\n\n",
        "\ufeffa;b\r\n1;2\r\n2;1\r\n",
        ' a , "b"\n 1 ,"2"\n2, 1 \n',
        'government,a,b\nAda County,1,2\n"Bell, City of",2,1\n',
        "a,b\r1,2\r\n2,1\n",
        "sep=;\r\na;b;;\r\n1;2;;\r\n;;;\r\n2;1;;\r\n",
        "a\u00a0, b\u200b\n1\u00a0,2\n2,1\n",
        " Government,COUNT,a,b\nAda,1,1,2\nBell,1,2,1\n",
    ],
)
def test_line_ends_marks_semicolons_blanks_and_quotes_make_no_difference(text):
    profile = read_ballots(text)
    assert profile.items == ("a", "b")
    assert cells(profile) == [[1, 2], [2, 1]]


def test_a_count_column_weighs_the_rows():
    profile = read_ballots("count,a,b\n3,1,2\n2,,\n")
    assert (profile.ballots, profile.used, profile.abstentions) == (5, 3, 2)


@pytest.mark.parametrize("header", ["government,count", "count,government"])
def test_a_count_may_stand_beside_the_government(header):
    rows = ["north,3", "south,2"] if header.startswith("g") else ["3,north", "2,south"]
    profile = read_ballots(f"{header},a,b\n{rows[0]},1,2\n{rows[1]},2,1\n")
    assert (profile.items, profile.ballots) == (("a", "b"), 5)


def test_empty_rows_are_no_ballots_and_whole_numbers_may_have_a_decimal_zero():
    profile = read_ballots("a,b,c\n1.0,2.0,\n2.0,1.0,3.0\n,,\n,,\n")
    assert (profile.ballots, profile.abstentions) == (2, 0)
    assert cells(profile) == [[1, 2, 3], [2, 1, 3]]


def test_the_separator_is_found_by_parsing_the_header():
    profile = read_ballots('count;"Meters, gates, and pumps";Sensors\n3;1;2\n2;2;1\n')
    assert (profile.items, profile.ballots) == (("Meters, gates, and pumps", "Sensors"), 5)
    assert read_ballots("a\tb\n1\t2\n").items == ("a", "b")
    assert read_ballots("Meters, gates, and pumps;Sensors\n1;2\n").items == ("Meters, gates, and pumps", "Sensors")


def test_names_on_two_lines_are_put_on_one_and_thousands_are_read():
    profile = read_ballots('count,"Meters\nand gates",b\n"1,250",1,2\n')
    assert (profile.items, profile.ballots) == (("Meters and gates", "b"), 1250)


def test_a_header_without_ballots_is_a_list_that_nobody_ranked():
    assert read_ballots("a,b\n").ballots == 0


def test_a_name_may_hold_the_other_delimiter_and_a_line_break_in_quotes_keeps_line_numbers_right():
    assert read_ballots('"a;b",c\n1,2\n').items == ("a;b", "c")
    with pytest.raises(TableError) as refused:
        read_ballots('government,a,b\n"Bell\nCounty",1,2\nAda,0,1\n')
    assert refused.value.problems[0].line == 4


REFUSED = [
    ("", 0, "empty"),
    (",,,\n,,,\n", 0, "empty"),
    ("1,2,3\n2,1,3\n", 1, "no header"),
    ("1.0,2.0\n2.0,1.0\n", 1, "no header"),
    ("count,1,2\n1,2,1\n", 1, "no header"),
    ("count\n3\n", 1, "no alternatives"),
    ("a,b,A \n1,2,3\n", 1, "A is named twice"),
    ("Cañon,b,Canon\n1,2,3\n", 1, "Canon is named twice, first as Cañon"),
    ("Sheriff’s radios,b,Sheriff's radios\n1,2,3\n", 1, "first as Sheriff’s radios"),
    ("a,,c\n1,2,3\n", 1, "Alternative 2 has no name"),
    ("a,b\u061c\n1,2\n", 1, "invisible character"),
    ("a,b\x1b[31m\n1,2\n", 1, "control character"),
    (",".join(f"a{n}" for n in range(201)), 1, "at most 200"),
    ("a,b\n1,2\n0,1\n", 3, "a: “0” is no place among 2"),
    ("a,b\n1,-2\n", 2, "b: “-2” is no place"),
    ("a,b\n1,first\n", 2, "b: “first” is no place"),
    ("a,b\n1,1st\n", 2, "b: “1st” is no place"),
    ("a,b\n1,n/a\n", 2, "b: “n/a” is no place"),
    ("a,b\n1,40%\n", 2, "b: “40%” is no place"),
    ("a,b\n1,1.5\n", 2, "b: “1.5” is no place"),
    ("a;b\n1;2,0\n", 2, "b: “2,0” is no place"),
    ("a,b\n1,²\n", 2, "b: “²” is no place"),
    ("a,b\n1,'2\n", 2, "b: “'2” is no place"),
    ("a,b\n1,=1+1\n", 2, "b: “=1+1” is no place"),
    ("a,b\n1,99\n", 2, "b: “99” is no place"),
    ("a,b\n1," + "x" * 500 + "\n", 2, "xxx…” is no place"),
    ("a,b\n1,2\n1\n", 3, "This row has 1 cell; the header has 2."),
    ("a,b\n1,2,3\n", 2, "This row has 3 cells; the header has 2."),
    ("Ballots of 2026,,\na,b,c\n1,2,3\n", 2, "This row has 3 cells; the header has 1."),
    ("count,a,b\n,1,2\n", 2, "count: “” is no number of ballots"),
    ("count,a,b\n0,1,2\n", 2, "count: “0” is no number of ballots"),
    ("count,a,b\n999999999,1,2\n2,2,1\n", 3, "add up to 1,000,000,001"),
    ('a,b\n1,2\n"1,2\n', 3, "Is a quotation mark missing?"),
    ("a,count,b\n1,5,2\n", 1, "Is “count” an alternative?"),
    ("time,government,a\n9,x,1\n", 1, "Is “government” an alternative?"),
    ("ID,a,b\n1,1,2\n2,2,1\n", 1, "Does “ID” say whose ballot"),
    ("Ballot no.,a,b\n1,1,2\n2,2,1\n", 1, "Does “Ballot no.” say whose ballot"),
    ("Weight,a,b\n3,1,2\n2,2,1\n", 1, "Does “Weight” say how many ballots"),
    ("Number of votes,a,b\n3,1,2\n", 1, "Does “Number of votes” say how many ballots"),
    ("Seat,a,b\n1,1,2\n2,2,1\n", 1, "Does “Seat” say whose ballot"),
    ("Member,a,b\n1,1,2\n2,2,1\n", 1, "Does “Member” say whose ballot"),
    ("Name,a,b\n1,1,2\n2,2,1\n", 1, "Does “Name” say whose ballot"),
    ("Priority,Ballot 1,Ballot 2\na,1,2\nb,2,1\n", 1, "Is “Ballot 1” a ballot? Turn the table"),
    ("Respondent 1,Respondent 2\n1,2\n2,1\n", 1, "Is “Respondent 1” a ballot? Turn the table"),
    ("Rank,a,b\n1,2,1\n2,1,2\n", 1, "Does “Rank” say whose ballot"),
    ("City,a,b\nAda,1,2\nBell,2,1\n", 1, "Does “City” say whose ballot"),
    ("Ref,a,b\n" + "".join(f"{n},1,2\n" for n in range(1, 6)), 6, "Does “Ref” say whose ballot"),
    ("government,a,b\nAda,1,2\nBell,2,1\nADA,1,2\n", 4, "“ADA” has a ballot on line 2 already."),
    ("count,government,a,b\n1,St. Ada,1,2\n1,Saint Ada,1,2\n", 3, "“Saint Ada” has a ballot on line 2 already."),
    ("government,a,b\nCanon,1,2\nCan\u0303on,2,1\n", 3, "has a ballot on line 2 already."),
    ("a,b,Total\n1,2,3\n2,1,3\n", 1, "Is “Total” a figure about the row?"),
    ("Priority,Ada,Bell\nMeters,1,2\nGates,2,1\n", 1, "Does “Priority” name the alternatives? Turn the table"),
    ("a,b,c\n10,8,5\n9,7,10\n1,4,10\n", 4, "Are these points?"),
    ("government,a,b\nAda,1,2\nBell,2,1\nTotal,3,3\n", 4, "Is “Total” a total"),
    ("a,b,c\n1,2,3\n2,1,3\n3,3,6\n", 4, "a total of the rows above"),
    ("count,a,b\n3,1,2\n2,2,1\n5,,\n", 4, "a total of the counts above"),
]


@pytest.mark.parametrize(("text", "line", "reason"), REFUSED)
def test_what_is_no_ballot_or_may_be_something_else_is_refused_by_line_and_column(text, line, reason):
    with pytest.raises(TableError) as refused:
        read_ballots(text)
    assert (line, True) in {(problem.line, reason in problem.reason) for problem in refused.value.problems}


def test_a_cycle_and_gaps_are_no_numbers_of_ballots():
    assert read_ballots("a,b,c\n1,2,3\n2,3,1\n3,1,2\n").used == 3
    assert cells(read_ballots("a,b,c\n1,5,9\n")) == [[1, 2, 3]]
    assert read_ballots("Digital ID,b\n1,2\n").items == ("Digital ID", "b")


def test_fifty_megabytes_are_refused():
    with pytest.raises(TableError, match="50,000,000 bytes"):
        decode(b"a" * (MAX_BYTES + 1), MAX_BYTES)


def test_twenty_thousand_ballots_are_read_and_counted_within_300_megabytes(tmp_path):
    rows = no_consensus(2000, 13, ranked=8).places.tolist()
    lines = [",".join("" if place > 8 else str(place) for place in row) for row in rows] * 10
    file = tmp_path / "ballots.csv"
    file.write_text(",".join(f"item-{n:02}" for n in range(13)) + "\n" + "\n".join(lines))
    program = """
import pathlib, sys
from mixportal.consensus import count
from mixportal.results.ballot_table import MAX_BYTES, read_ballots
from mixportal.tables.reader import decode
print(count(read_ballots(decode(pathlib.Path(sys.argv[1]).read_bytes(), MAX_BYTES)), seed=1)["used"])
print(pathlib.Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""
    answer = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, check=True)
    used, kilobytes = answer.stdout.split()
    assert int(used) == 20_000
    assert int(kilobytes) < 300 * 1024
