"""Reading ballot files and published results, and errors with line and reason."""

import json
import subprocess
import sys

import pytest

from mixportal.consensus import Profile, count
from mixportal.consensus.count import differing_keys, recount
from mixportal.consensus.reading import MAX_BYTES, BallotFileError, decode, read_csv, read_results
from tests.consensus.examples import no_consensus


def cells(profile: Profile) -> list[list[float]]:
    return profile.ranks.tolist()


def test_a_cell_is_a_place_or_blank():
    profile = read_csv("a,b,c\n1,2,\n,1,1\n")
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
    ],
)
def test_line_ends_marks_semicolons_blanks_and_quotes_make_no_difference(text):
    profile = read_csv(text)
    assert profile.items == ("a", "b")
    assert cells(profile) == [[1, 2], [2, 1]]


def test_a_count_column_weighs_the_rows():
    profile = read_csv("count,a,b\n3,1,2\n2,,\n")
    assert (profile.ballots, profile.used, profile.abstentions) == (5, 3, 2)


@pytest.mark.parametrize("header", ["government,count", "count,government"])
def test_a_count_may_stand_beside_the_government(header):
    rows = ["north,3", "south,2"] if header.startswith("g") else ["3,north", "2,south"]
    profile = read_csv(f"{header},a,b\n{rows[0]},1,2\n{rows[1]},2,1\n")
    assert (profile.items, profile.ballots) == (("a", "b"), 5)


def test_empty_rows_are_no_ballots_and_whole_numbers_may_have_a_decimal_zero():
    profile = read_csv("a,b,c\n1.0,2.0,\n2.0,1.0,3.0\n,,\n,,\n")
    assert (profile.ballots, profile.abstentions) == (2, 0)
    assert cells(profile) == [[1, 2, 3], [2, 1, 3]]


def test_the_separator_is_found_by_parsing_the_header():
    profile = read_csv('count;"Meters, gates, and pumps";Sensors\n3;1;2\n2;2;1\n')
    assert (profile.items, profile.ballots) == (("Meters, gates, and pumps", "Sensors"), 5)
    assert read_csv("a\tb\n1\t2\n").items == ("a", "b")


def test_a_header_without_ballots_is_a_list_that_nobody_ranked():
    assert read_csv("a,b\n").ballots == 0


def test_a_name_may_hold_the_other_delimiter_and_a_line_break_in_quotes_keeps_line_numbers_right():
    assert read_csv('"a;b",c\n1,2\n').items == ("a;b", "c")
    with pytest.raises(BallotFileError) as refused:
        read_csv('government,a,b\n"Bell\nCounty",1,2\nAda,0,1\n')
    assert refused.value.line == 4


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "empty"),
        ("\n\n", 1, "empty"),
        ("1,2,3\n2,1,3\n", 1, "no header"),
        ("count,1,2\n1,2,1\n", 1, "no header"),
        (",,\n1,2,3\n", 1, "no header"),
        ("count\n3\n", 1, "no alternatives"),
        ("a,b,a\n1,2,3\n", 1, "a is named twice"),
        ("a,,c\n1,2,3\n", 1, "alternative 2 has no name"),
        ("a,b\x1b[31m\n1,2\n", 1, "control character"),
        ("a,b\n1,2\n0,1\n", 3, "the place of a is '0'; the least is 1"),
        ("a,b\n1,-2\n", 2, "the place of b is '-2'; the least is 1"),
        ("a,b\n1,first\n", 2, "the place of b is 'first', not a whole number"),
        ("a,b\n1,1.5\n", 2, "'1.5', not a whole number"),
        ("a,b\n1,²\n", 2, "not a whole number"),
        ("a,b\n1,=1+1\n", 2, "not a whole number"),
        ("a,b\n1,99999999999999999999\n", 2, "above 1,000,000,000"),
        ("a,b\n1," + "x" * 500 + "\n", 2, "xxx…'"),
        ("a,b\n1,2\n1\n", 3, "cells in this row: 1; in the header: 2"),
        ("a,b\n1,2,3\n", 2, "cells in this row: 3; in the header: 2"),
        ("count,a,b\n,1,2\n", 2, "the count is ''"),
        ("count,a,b\n0,1,2\n", 2, "the count is '0'; the least is 1"),
        ("count,a,b\n999999999,1,2\n2,2,1\n", 3, "add up to 1,000,000,001"),
        ('a,b\n1,2\n"1,2\n', 3, "not CSV"),
        (",".join(f"a{n}" for n in range(201)), 1, "at most 200"),
    ],
)  # fmt: skip
def test_a_file_without_ballots_is_refused_with_line_and_reason(text, line, reason):
    with pytest.raises(BallotFileError) as refused:
        read_csv(text)
    assert refused.value.line == line
    assert reason in refused.value.reason
    assert str(refused.value) == f"line {line}: {refused.value.reason}"


def test_a_file_is_decoded_without_its_mark():
    assert decode("\ufeffa,b\n1,2\n".encode()) == "a,b\n1,2\n"


def test_fifty_megabytes_an_empty_file_and_another_encoding_are_refused():
    with pytest.raises(BallotFileError, match="50,000,000 bytes"):
        decode(b"a" * MAX_BYTES)
    with pytest.raises(BallotFileError, match="line 1: the file is empty"):
        decode(b"\xef\xbb\xbf \r\n")
    with pytest.raises(BallotFileError, match="line 2: this is not UTF-8"):
        decode("a,b\nCañon,2\n".encode("latin-1"))


def test_twenty_thousand_ballots_are_read_and_counted_within_300_megabytes(tmp_path):
    rows = no_consensus(2000, 13, ranked=8).places.tolist()
    lines = [",".join("" if place > 8 else str(place) for place in row) for row in rows] * 10
    file = tmp_path / "ballots.csv"
    file.write_text(",".join(f"item-{n:02}" for n in range(13)) + "\n" + "\n".join(lines))
    program = """
import pathlib, sys
from mixportal.consensus import count
from mixportal.consensus.reading import decode, read_csv
print(count(read_csv(decode(pathlib.Path(sys.argv[1]).read_bytes())), seed=1)["used"])
print(pathlib.Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""
    answer = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, check=True)
    used, kilobytes = answer.stdout.split()
    assert int(used) == 20_000
    assert int(kilobytes) < 300 * 1024


def test_results_are_counted_again_from_head_to_heads_and_agree_with_the_ballots():
    published = count(no_consensus(40, 9, ranked=5), seed=1)
    results = read_results(json.dumps(published))
    again = recount(results)
    for key in again:
        assert again[key] == published[key], key
    assert {"average_place", "margin", "copeland_score", "schulze_rank", "kemeny", "place"} <= again.keys()
    assert "top3" not in again
    assert "kendall_w" not in again
    assert differing_keys(results, again) == []


def test_a_recount_names_the_figures_that_a_file_has_wrong():
    published = count(no_consensus(40, 5), seed=1)
    published["average_place"][2] += 0.001
    published["kemeny"]["score"] += 1
    results = read_results(json.dumps(published))
    assert differing_keys(results, recount(results)) == ["average_place", "kemeny"]


def test_results_without_ballots_are_counted_without_error():
    results = read_results('{"alternatives": ["a", "b"], "used": 0, "support": [[0, 0], [0, 0]]}')
    assert recount(results)["average_place"] == [None, None]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "more than results need"),
        ('{"used": ' + "9" * 5000 + "}", "more than results need"),
        ("[1]", "need the keys"),
        ('{"used": 1, "support": []}', "need the keys"),
        ('{"alternatives": "ab", "used": 1, "support": []}', "list of names"),
        ('{"alternatives": [], "used": 1, "support": []}', "no alternatives"),
        ('{"alternatives": ["a", "a"], "used": 1, "support": []}', "named twice"),
        ('{"alternatives": ["a", "b"], "used": -1, "support": []}', "used must be"),
        ('{"alternatives": ["a", "b"], "used": true, "support": []}', "used must be"),
        ('{"alternatives": ["a", "b"], "used": 1, "support": [[0, 1]]}', "2 rows"),
        ('{"alternatives": ["a", "b"], "used": 1, "support": [[0, 1], [0]]}', "support for b must be 2"),
        ('{"alternatives": ["a", "b"], "used": 1, "support": [[0, 0.5], [0, 0]]}', "whole numbers"),
        ('{"alternatives": ["a", "b"], "used": 1, "support": [[0, NaN], [0, 0]]}', "whole numbers"),
        ('{"alternatives": ["a", "b"], "used": 1, "support": [[1, 0], [0, 0]]}', "to itself"),
        ('{"alternatives": ["a", "b"], "used": 1, "support": [[0, 1], [1, 0]]}', "more than 1 ballots"),
    ],
)
def test_results_that_cannot_be_true_are_refused(text, reason):
    with pytest.raises(BallotFileError) as refused:
        read_results(text)
    assert reason in str(refused.value)
