"""Reading a list from CSV: delimiters, headers, rows and errors."""

import csv
import io

import pytest

from mixportal.editions import list_text
from mixportal.editions.list_entries import ListedEntry
from mixportal.tables.reader import TableError


def read_list(text):
    return list_text.read_list(text).entries


def titles(entries):
    return [entry.title for entry in entries]


def refusal(text):
    with pytest.raises(TableError) as caught:
        read_list(text)
    return caught.value


def lines_refused(text):
    return [problem.line for problem in refusal(text).problems]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_csv_is_told_from_a_pasted_list_by_its_header(delimiter, mark):
    rows = [
        ["kind", "title", "description", "in_plain_words", "more"],
        ["priority", "Data", "Shelves, labels; readers", "Plain.", "Shelves."],
        ["challenge", "Shadow IT", "Surprises", "", "Ask.\nAnswer."],
    ]
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    assert read_list(mark + file.getvalue()) == (
        ListedEntry("priorities", "Data", "Shelves, labels; readers", "Plain.", "Shelves.", line=2),
        ListedEntry("challenges", "Shadow IT", "Surprises", "", "Ask.\nAnswer.", line=3),
    )


def test_columns_come_in_any_order_and_case_and_two_may_be_missing():
    text = 'TITLE, Kind ,"In plain words",description\nData,Priorities,Plain,Shelves\nShadow IT,CHALLENGE,,Surprises'
    assert read_list(text) == (
        ListedEntry("priorities", "Data", "Shelves", "Plain", line=2),
        ListedEntry("challenges", "Shadow IT", "Surprises", line=3),
    )


@pytest.mark.parametrize("word", ["priority", "Priorities", " PRIORITY ", "priorities"])
def test_the_kind_is_singular_or_plural(word):
    assert read_list(f"kind,title,description\n{word},Data,Shelves")[0].kind == "priorities"


def test_the_description_may_be_called_meaning_as_on_the_page():
    assert read_list("Kind;Title;Meaning\npriority;Data;The meaning")[0].description == "The meaning"
    assert "“description” is here 2 times" in str(refusal("kind,title,meaning,description\npriority,a,b,c"))


def test_unknown_doubled_and_missing_columns_are_refused_by_name():
    assert "There is no column “weight”" in str(refusal("kind,title,description,weight\npriority,a,b,3"))
    assert "The column “title” is here 2 times" in str(refusal("kind,title,title,description\npriority,a,b,c"))
    assert "“description” is missing" in str(refusal("\nkind,title\npriority,a"))
    assert lines_refused("\nkind,title\npriority,a") == [2]


def test_rows_with_too_few_or_too_many_cells_are_refused_by_line():
    text = "kind,title,description\npriority,A\npriority,B,two\npriority,C,three,more"
    assert lines_refused(text) == [2, 4]
    assert "2 cells; the header has 3" in str(refusal(text))


def test_lines_are_counted_through_cells_of_several_lines():
    text = 'kind,title,description\n\npriority,A,"one\n\ntwo\nthree"\n,,\nhope,B,four\npriority,"C\nD",five'
    assert lines_refused(text) == [8]
    assert [(entry.title, entry.description, entry.line) for entry in read_list(text.replace("hope", "challenge"))] == [
        ("A", "one\n\ntwo\nthree", 3),
        ("B", "four", 8),
        ("C D", "five", 9),
    ]


def test_columns_without_a_name_must_be_empty():
    text = "kind,title,description,,\npriority,A,one,,\npriority,B,two,{},"
    assert titles(read_list(text.format(""))) == ["A", "B"]
    assert lines_refused(text.format("x")) == [3]


def test_empty_titles_unknown_kinds_and_doubled_titles_are_refused_by_line():
    text = "kind,title,description\npriority,,one\npriority,A,\nhope,B,two\npriority,C,three\npriority,c,four"
    assert lines_refused(text) == [2, 4, 6]
    assert "kind: “hope” is not known" in str(refusal(text))


def test_a_quotation_mark_that_is_never_closed_is_refused_where_its_row_begins():
    assert lines_refused('kind,title,description\npriority,A,one\npriority,B,"two\npriority,C,three\n') == [3]


def test_a_csv_without_rows_is_empty():
    assert str(refusal("kind,title,description\n")) == "The file has a header and no rows."


def test_a_line_of_sixty_characters_is_read_and_a_longer_one_refused():
    line = "x" * 60
    assert read_list(f"kind,title,description,short\npriority,Data,Shelves,{line}")[0].short == line
    assert "short has 61 characters, at most 60 fit" in str(
        refusal(f"kind,title,description,short\npriority,Data,Shelves,{line}x")
    )


def test_the_first_line_may_name_the_delimiter_as_files_for_excel_do():
    text = "sep=;\nkind;title;description\npriority;Data;Shelves"
    assert read_list(text) == (ListedEntry("priorities", "Data", "Shelves", line=3),)
