"""Lists of strangers: each is read as it was meant, or the preview asks."""

from __future__ import annotations

import pytest

from mixportal.editions.list_text import read_list
from mixportal.tables.reader import TableError
from tests.editions.test_list_habits import TITLES, entries

ALL = [f"P {title}" for title in TITLES]


def meanings_asked_about(text):
    return [left.text for left in read_list(text).meanings]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("1. Budget\n• Shadow IT\n• Hiring", ["• Shadow IT", "• Hiring"]),
        ("1. Budget\n2. Politics\n• Shadow IT", ["• Shadow IT"]),
        ("1. Budget\n* Politics\n2. Shadow IT", ["* Politics"]),
    ],
)
def test_bullets_below_some_numbers_may_be_entries(text, asked):
    assert meanings_asked_about(f"Challenges\n{text}") == asked


@pytest.mark.parametrize(
    "text",
    [
        "1. Budget\n• Grants end\n2. Politics\n• Elections",
        "1. Budget\n2. Politics\n• Elections come every year.",
        "1. Budget\n2. Politics\n   • Elections",
        "1. Budget\n2. Politics\na. Elections",
    ],
)
def test_bullets_below_each_number_sentences_and_deeper_ones_are_meanings(text):
    assert entries(f"Challenges\n{text}")[0].startswith("C Budget")
    assert meanings_asked_about(f"Challenges\n{text}") == []


def test_bullets_of_another_sort_below_the_list_may_be_entries():
    listed = read_list("Priorities\n1. Water meters\n2. Road sensors\n\nAlso named\n• Library cards\n• Maps")
    assert [left.text for left in listed.questions] == ["• Library cards", "• Maps"]


@pytest.mark.parametrize(
    "lines",
    [
        "{}.\n{}.\n{}.",
        "A – {}\nB – {}\nC – {}",
        "Priority A - {}\nPriority B - {}\nPriority C - {}",
        "Goal A: {}\nGoal B: {}\nGoal C: {}",
        "'''{}'''\n'''{}'''\n'''{}'''",
        "• {} [Dana: move up?]\n• {} [DR1]\n• {}",
        "{} ........ p. 3\n{} ........ p. 4\n{} ........ p. 9",
    ],
)
def test_signs_and_numbers_around_a_title_are_no_part_of_it(lines):
    text = lines.format(*TITLES)
    assert entries(text, "priorities") == ALL
    assert entries(f"Priorities\n{text}") == ALL


def test_titles_may_be_in_lower_case():
    assert entries("priorities\nwater meters\nroad sensors\nlibrary cards") == [
        each[:2] + each[2:].lower() for each in ALL
    ]


def test_priority_a_and_challenge_a_say_the_list():
    text = "Priority A - Water meters\nChallenge A - Old cables"
    assert entries(text) == ["P Water meters", "C Old cables"]


@pytest.mark.parametrize("entry", ["(dropped)", "N/A", "TBD", "Other (please specify)", "~~Maps~~", "<del>Maps</del>"])
def test_a_placeholder_and_a_title_that_is_crossed_out_are_questions(entry):
    listed = read_list(f"Priorities\n1. Water meters\n2. {entry}\n3. Road sensors\n4. Library cards")
    assert [entry.title for entry in listed.entries] == TITLES
    assert [left.line for left in listed.questions] == [3]


@pytest.mark.parametrize(
    ("table", "left_out"),
    [
        ("Priority\tItem\nHigh\tWater meters\nLow\tRoad sensors", ["Priority: High", "Priority: Low"]),
        ("Item\tPriority\nWater meters\tHigh\nRoad sensors\tLow", ["Priority: High", "Priority: Low"]),
        ("Title\tDue\nWater meters\t3/1/2026\nRoad sensors\t4/1/2026", ["Due: 3/1/2026", "Due: 4/1/2026"]),
        ("Priority\tTopic\n1\tWater meters\n2\tRoad sensors", []),
    ],
)
def test_the_header_of_a_table_is_no_entry_and_a_level_is_no_title(table, left_out):
    listed = read_list(table, "priorities")
    assert [(entry.title, entry.description) for entry in listed.entries] == [(title, "") for title in TITLES[:2]]
    assert [left.text for left in listed.left_out] == left_out


@pytest.mark.parametrize("row", ["{},{}", "{};{}", '{},"{}"'])
def test_rows_of_a_file_without_header_are_cells(row):
    text = "\n".join(row.format(title, "For all") for title in TITLES)
    assert entries(text, "priorities") == [f"{each} | For all" for each in ALL]


def test_one_paragraph_without_marks_is_a_question():
    with pytest.raises(TableError, match="Is this one entry"):
        read_list("Priorities\nOur first priority is water. Our second is ice. Third come cards.")


def test_the_refusal_of_a_list_without_entries_says_what_was_found():
    with pytest.raises(TableError) as refused:
        read_list("Challenges\nStaffing challenges\nBudget challenges")
    assert "Put a bullet" in str(refused.value)
    assert "“Staffing challenges” (line 2)" in str(refused.value)


def test_a_title_that_is_wrapped_may_be_split_on_its_second_line():
    text = "Priorities\n• Modernization of Records\n    Management – Files.\n"
    assert entries(text) == ["P Modernization of Records Management | Files."]


def test_an_unknown_heading_between_titles_is_a_question_though_a_remark_is_below_the_last():
    listed = read_list(
        "Goals\n\n• Water meters\n• Road sensors\n\nThe dark side\n• Old cables\n• Night shifts\nlooks good to me"
    )
    assert listed.questions[0].text == "The dark side"
    assert [entry.description for entry in listed.entries] == [""] * 4


def test_a_list_without_marks_may_be_wrapped():
    text = "Priorities\nWater meters – Read them from\nthe truck.\nRoad sensors – Know of ice\nbefore drivers do."
    assert entries(text) == [
        "P Water meters | Read them from the truck.",
        "P Road sensors | Know of ice before drivers do.",
    ]


def test_a_sentence_above_titles_without_marks_is_a_question():
    listed = read_list("Priorities\n\nThe council met in May.\n\nWater meters\nRoad sensors")
    assert [entry.title for entry in listed.entries] == TITLES[:2]
    assert [left.text for left in listed.questions] == ["The council met in May."]


def test_a_meaning_below_a_heading_of_markdown_may_have_paragraphs():
    text = "# Priorities\n\n## Water meters\n\nRead them.\n\nBill by month.\n\n## Road sensors\n\nKnow of ice.\n\nAda Byron"
    assert entries(text) == ["P Water meters | Read them. Bill by month.", "P Road sensors | Know of ice."]


def test_a_meaning_in_parentheses_may_be_wrapped():
    text = "Priorities\n• Water meters (read them from\nthe truck, and bill)\n• Road sensors (know of all ice)"
    assert entries(text) == ["P Water meters | read them from the truck, and bill", "P Road sensors | know of all ice"]


def test_a_title_of_a_table_may_have_a_colon():
    text = "Priorities\n| 5G: small cells | Put antennas on poles |\n| Green IT | Buy quiet fans |"
    assert entries(text) == ["P 5G: small cells | Put antennas on poles", "P Green IT | Buy quiet fans"]
