"""Lists that people copy from tables, surveys, chats and PDF files."""

from __future__ import annotations

import pytest

from mixportal.editions.list_text import read_list
from mixportal.tables.reader import TableError
from tests.editions.test_list_habits import BOTH, TITLES, entries, is_asked_about


@pytest.mark.parametrize(
    "table",
    [
        "Rank | Priority | Why\n--- | --- | ---\n1 | Water meters | Read them\n2 | Road sensors | Know of ice",
        "+---+---+\n| Title | Meaning |\n+===+===+\n| Water meters | Read them |\n+---+---+\n| Road sensors | Know of ice |\n+---+---+",
        "│ 1 │ Water meters │ Read them │\n│ 2 │ Road sensors │ Know of ice │",
        "| Water meters – Read them |\n| Road sensors – Know of ice |",
        "| 1. Water meters - Read them\n| 2. Road sensors - Know of ice",
        "Title | Meaning\nWater meters | Read them\nRoad sensors | Know of ice",
        "Water meters | Read them |\nRoad sensors | Know of ice |",
        "\tWater meters\tRead them\n**Road sensors**\tKnow of ice",
        "\tWater meters\tRead them\n**Road sensors\tKnow of ice",
        "1\tWater meters\tRead them\n2**Road sensors**\tKnow of ice",
        "1\tWater meters\tRead them\n2**Road sensors\tKnow of ice",
        "Water meters\tRead them\nRoad sensors**Know of ice",
    ],
)
def test_tables_of_pipes_and_rows_that_lost_a_tab_are_read(table):
    assert entries(f"Priorities\n{table}") == ["P Water meters | Read them", "P Road sensors | Know of ice"]


def test_a_row_that_may_be_the_rest_of_the_row_above_is_a_question():
    listed = read_list("Priorities\n| Water | Read |\n| meters | them |\n| Road sensors | Know of ice |")
    assert [left.text for left in listed.questions] == ["| meters | them |"]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_file_without_the_column_kind_is_read_with_the_option(sign):
    text = f"title{sign}description\nWater meters{sign}Read them"
    assert entries(text, "challenges") == ["C Water meters | Read them"]
    assert is_asked_about(text)
    assert entries(f"rank{sign}{text}".replace("Water", f"1{sign}Water"), "challenges") == [
        "C Water meters | Read them"
    ]
    assert entries(f"kind{sign}{text}".replace("Water", f"priority{sign}Water"), "challenges")[0][0] == "P"


@pytest.mark.parametrize(
    "title", ["Sheriffâ€™s radios", "CafÃ© kiosks", "Sheriff=E2=80=99s radios", "Sheriff\ufffds radios"]
)
def test_characters_that_a_program_misread_are_refused(title):
    with pytest.raises(TableError, match="Line 2: title has a character that was lost"):
        read_list(f"Priorities\n• {title} – Keep\n• Road sensors – Know of ice")


def test_characters_that_are_right_stay():
    assert entries("Priorities\n• Größe – naïve Ångström\n• Plan A=20 – a=b") == [
        "P Größe | naïve Ångström",
        "P Plan A=20 | a=b",
    ]


# ---- papers of offices


@pytest.mark.parametrize(
    "text",
    [
        "Priority 1: Water meters\nPriority 2: Road sensors\nChallenge 1: Old cables\nChallenge 2: Night shifts",
        "Priority One: Water meters\nPriority Two: Road sensors\nChallenge One: Old cables\nChallenge Two: Night shifts",
        "Priority No. 1 Water meters\nPriority No. 2 Road sensors\nChallenge No. 1 Old cables\nChallenge No. 2 Night shifts",
        "Priorities\nGoal 1. Water meters\nGoal 2. Road sensors\nChallenges\nSection 1. Old cables\nSection 2. Night shifts",
        "Priorities\n☑ Water meters\n☐ Road sensors\nChallenges\n☐ Old cables\n☒ Night shifts",
        "Priorities\n9️⃣ Water meters\n🔟 Road sensors\nChallenges\n1️⃣ Old cables\n2️⃣ Night shifts",
        "Priorities\n1. [NEW] Water meters\n2. Road sensors\nChallenges\n1. Old cables\n2. [CARRIED OVER] Night shifts",
    ],
)
def test_numbers_boxes_and_tags_of_offices_are_no_part_of_a_title(text):
    assert entries(text) == BOTH


def test_a_hyphen_may_touch_the_title():
    pasted = "Priorities\n1. Water meters- Read them\n2. Short- and long-term goals- One card"
    assert entries(pasted) == ["P Water meters | Read them", "P Short- and long-term goals | One card"]


def test_a_title_that_begins_with_the_number_of_a_law_keeps_it():
    assert entries("Priorities\n- Section 8 Housing\n- Road sensors") == ["P Section 8 Housing", "P Road sensors"]


def test_a_title_may_begin_with_a_top_ten():
    assert entries("Priorities\n- Top 10 Services Online\n- Road sensors") == [
        "P Top 10 Services Online",
        "P Road sensors",
    ]


@pytest.mark.parametrize("heading", ["Top priorities", "Priorities"])
def test_the_header_of_a_table_may_say_which_list_it_is(heading):
    assert entries(f"{heading}\tWhy\nWater meters\tRead them") == ["P Water meters | Read them"]
    assert entries("Challenge\tWhy\nOld cables\tOlder") == ["C Old cables | Older"]


@pytest.mark.parametrize("table", ["Topic,Votes\n{},41\n{},33", 'Topic;Votes\n"{}";41\n"{}";33'])
def test_rows_with_numbers_behind_commas_are_cells(table):
    assert entries(table.format(*TITLES), "priorities") == ["P Water meters", "P Road sensors"]


@pytest.mark.parametrize("named", ["Objective", "Benefit", "Impact", "Why"])
def test_a_column_of_purposes_is_the_meaning(named):
    table = f"Priority\t{named}\nWater meters\tRead them\nRoad sensors\tKnow of ice"
    assert entries(table, "priorities") == ["P Water meters | Read them", "P Road sensors | Know of ice"]


@pytest.mark.parametrize("header", ["Title", "| Item |\n|---|", "Topic"])
def test_the_header_of_one_column_is_no_entry(header):
    listed = read_list(f"{header}\nWater meters\nRoad sensors\nLibrary cards", "priorities")
    assert [entry.title for entry in listed.entries] == TITLES
    assert len(listed.headings) == 1


def test_columns_about_owners_and_costs_are_shown_and_are_no_meaning():
    table = "Priority\tEst. Cost\tOwner\nWater meters\t$250,000\tPublic works\nRoad sensors\t$1.2M\tStreets"
    listed = read_list(table, "priorities")
    assert [(entry.title, entry.description) for entry in listed.entries] == [
        ("Water meters", ""),
        ("Road sensors", ""),
    ]
    assert [left.text for left in listed.left_out] == [
        "Est. Cost: $250,000; Owner: Public works",
        "Est. Cost: $1.2M; Owner: Streets",
    ]


def test_the_answers_to_a_survey_are_entries_and_its_counts_are_not():
    survey = "Q3. Which priorities?\nAnswer Choices\tResponses\nWater meters\t31\nRoad sensors\t28\nAnswered\t50"
    assert entries(survey, "priorities") == ["P Water meters", "P Road sensors"]


@pytest.mark.parametrize("page", ["5\n\nPlan of 2027", "\n5\nPlan of 2027", "\n7\n\nPlan of 2027"])
def test_the_number_and_the_head_of_a_page_are_no_entry(page):
    pasted = f"Priorities\n1. Water meters – Read them.\n2. Road sensors – Know of ice.\n{page}\n3. Library cards – One card."
    assert [entry.title for entry in read_list(pasted).entries] == TITLES
    assert is_asked_about(pasted)


def test_a_title_goes_on_below_with_a_conjunction():
    pasted = "Priorities\n1. Continuity of Operations\nand Disaster Recovery\n2. Road Sensors\n3. Water\nmeters for all"
    assert entries(pasted)[0] == "P Continuity of Operations and Disaster Recovery"


@pytest.mark.parametrize("line", ["Water meters, road sensors, library cards", '["Water meters", "Road sensors"]'])
def test_several_titles_on_one_line_are_a_question(line):
    assert is_asked_about(line, "priorities")


def test_a_word_of_two_lines_is_shown():
    listed = read_list("Priorities\n• Water meters – Read by contrac-\ntors and short-\nand long-term staff.")
    assert [hyphen.text for hyphen in listed.hyphens] == ["contrac-tors"]


def test_what_looks_like_an_entry_above_the_first_heading_is_a_question():
    listed = read_list(
        "To: Council\nWATER METERS: Read them.\nROAD SENSORS: Know of ice.\n\nCHALLENGES\n\nCABLES: Old."
    )
    assert [left.line for left in listed.questions] == [2, 3]
    assert [left.line for left in listed.notices] == [1]


def test_reactions_in_a_chat_are_no_entry():
    listed = read_list("Priorities:\n• Water meters\n• Road sensors\n:thumbsup: 4  :eyes: 2")
    assert [entry.title for entry in listed.entries] == TITLES[:2]
    assert [left.line for left in listed.questions] == [4]


@pytest.mark.parametrize("marks", ["[x] |[ ] |( ) ", "( ) |(x) |( ) "])
def test_boxes_of_round_brackets_are_marks(marks):
    lines = [f"{mark}{title}" for mark, title in zip(marks.split("|"), TITLES, strict=True)]
    assert entries("\n".join(["Priorities", *lines])) == [f"P {title}" for title in TITLES]


def test_an_average_before_the_title_is_shown_and_an_address_behind_it_is_no_part_of_it():
    table = "Avg. Rank\tPriority\n1.8\tWater meters <https://a.example/x>\n2.4\tRoad sensors"
    assert entries(table, "priorities") == ["P Water meters", "P Road sensors"]
    assert [left.text for left in read_list(table, "priorities").left_out] == ["Avg. Rank: 1.8", "Avg. Rank: 2.4"]


def test_a_last_line_that_may_go_on_is_a_question():
    assert is_asked_about("Priorities\n1. Water meters – Read them\n2. Road sensors – Know every\nstreet")


def test_a_line_of_two_sentences_is_no_title():
    page = "Priorities\nWater meters\nRead them. Read more\nRoad sensors\nKnow of ice. Read more"
    assert entries(page) == ["P Water meters | Read them. Read more", "P Road sensors | Know of ice. Read more"]
