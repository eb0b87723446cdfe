"""Habits of people who write lists: each is read as it was meant, or asked about."""

from __future__ import annotations

import textwrap

import pytest

from mixportal.editions.list_text import read_list
from mixportal.tables.reader import TableError

TITLES = ["Water meters", "Road sensors", "Library cards"]
MEANINGS = ["Read them", "Know of ice", "One card"]
BOTH = ["P Water meters", "P Road sensors", "C Old cables", "C Night shifts"]


def entries(text, kind=""):
    listed = read_list(text, kind)
    return [
        f"{entry.kind[0].upper()} {entry.title}" + f" | {entry.description}".removesuffix(" | ")
        for entry in listed.entries
    ]


def is_asked_about(text, kind=""):
    try:
        listed = read_list(text, kind)
        return bool(listed.questions or listed.meanings)
    except TableError:
        return True


# ---- numbers


@pytest.mark.parametrize(
    "marks",
    [
        *("{};", "{},", "{}/", "1.{}", "1.{}.", "1.{})", "{}.-", "{}.0", "«{}»", "{}*", "{}**", "{}--", "{} |", "{}>"),
        *("#{} priority:", "Priority {} -", "Place {}:", "Top {}:", "P{}:", "0{}.", "00{}"),
        "First:|Second:|Third:",
        "First –|Second –|Third –",
        "**First:**|**Second:**|**Third:**",
        "FIRST)|SECOND)|THIRD)",
        "Firstly,|Secondly,|Thirdly,",
        "Number one:|Number two:|Number three:",
        "One.|Two.|Three.",
        "1st place –|2nd place –|3rd place –",
        "3rd priority:|2nd priority:|1st priority:",
        "1.|2/3.|2/3.",
        "1)|T2-3)|T2-3)",
        "1 –|2/3 –|2/3 –",
        "1|2/3|2/3",
        "1st:|tied for 2nd:|tied for 2nd:",
        "[A]|[B]|[C]",
        "I.|II.|III.",
    ],
)
def test_a_number_is_known_by_its_sequence(marks):
    of_each = marks.split("|") if marks.count("|") > 1 else [marks.format(number) for number in (1, 2, 3)]
    lines = [f"{mark} {title} – {meaning}" for mark, title, meaning in zip(of_each, TITLES, MEANINGS, strict=True)]
    alone = [f"{mark} {title}" for mark, title in zip(of_each, TITLES, strict=True)]
    assert entries("\n".join(["Priorities", *lines])) == [
        f"P {title} | {meaning}" for title, meaning in zip(TITLES, MEANINGS, strict=True)
    ]
    assert entries("\n".join(["Priorities", *alone])) == [f"P {title}" for title in TITLES]


def test_numbers_that_are_words_of_a_title_stay():
    titles = ["24/7 Support", "5G Networks", "9-1-1 and Radio", "First Responder Network", "One-Stop Shop"]
    assert entries("\n".join(["Priorities", *(f"• {title} – Always" for title in titles)])) == [
        f"P {title} | Always" for title in titles
    ]


# ---- title and meaning


@pytest.mark.parametrize(
    "separator",
    [
        *(" --- ", " | ", " || ", " => ", " -> ", " ==> ", " → ", " ⇒ ", " ‒ ", " − ", " :: ", " = "),
        *(" ~ ", " » ", " >> ", " > ", " * ", " • ", " _ ", " ... ", "…", "; ", " / "),
    ],
)
@pytest.mark.parametrize("mark", ["• ", "1. ", ""])
def test_any_sign_that_all_entries_have_parts_title_and_meaning(separator, mark):
    lines = [f"{mark}{title}{separator}{meaning}" for title, meaning in zip(TITLES, MEANINGS, strict=True)]
    if not mark and separator in ("…", " ... ", "; ", " / "):
        pytest.skip("a list without marks has a clear sign")
    assert entries("\n".join(["Priorities", *lines]).replace("1. Ro", "2. Ro").replace("1. Li", "3. Li")) == [
        f"P {title} | {meaning}" for title, meaning in zip(TITLES, MEANINGS, strict=True)
    ]


METERS_AND_SENSORS = {
    "a meaning with a dash below": "1. Water meters\nRead them – by radio\n2. Road sensors\nKnow of ice: early",
    "in paragraphs": "1. Water meters\n\nRead them – by radio\n\n2. Road sensors\n\nKnow of ice: early",
    "without marks": "Water meters\nRead them – by radio\n\nRoad sensors\nKnow of ice: early",
    "in one block without marks": "Water meters\nRead them – by radio\nRoad sensors\nKnow of ice: early",
    "a bullet before each meaning": "1. Water meters\n* Read them – by radio\n2. Road sensors\n* Know of ice: early",
    "bullets in paragraphs": "1. Water meters\n\n• Read them – by radio\n\n2. Road sensors\n\n• Know of ice: early",
    "Word's bullets": "•\tWater meters\no\tRead them – by radio\n•\tRoad sensors\no\tKnow of ice: early",
    "a bullet below titles without marks": "Water meters\n- Read them – by radio\nRoad sensors\n- Know of ice: early",
    "bold titles": "**Water meters**\n- Read them – by radio\n\n**Road sensors**\n- Know of ice: early",
    "Markdown": "## Water meters\n\nRead them – by radio\n\n## Road sensors\n\nKnow of ice: early",
    "indented": "Water meters\n    Read them – by radio\nRoad sensors\n    Know of ice: early",
    "underlined titles": "Water meters\n---\nRead them – by radio\n\nRoad sensors\n---\n\nKnow of ice: early",
}


@pytest.mark.parametrize("habit", METERS_AND_SENSORS)
def test_a_title_has_a_line_of_its_own(habit):
    assert entries(f"Priorities\n==========\n\n{METERS_AND_SENSORS[habit]}") == [
        "P Water meters | Read them – by radio",
        "P Road sensors | Know of ice: early",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "• Water meters{}\n• Road sensors\n  Three sorts: ice, rain\n• Library cards{}",
        "1. Water meters{}\n2. Road sensors\n* Three sorts: ice, rain\n3. Library cards{}",
        "1. Water meters{}\n\n2. Road sensors\n\n   Three sorts: ice, rain\n\n3. Library cards{}",
    ],
)
@pytest.mark.parametrize("meaning", ["", " – Read them"])
def test_only_one_entry_may_have_its_meaning_below(text, meaning):
    of_others = meaning.replace(" – ", " | ")
    assert entries("Priorities\n" + text.format(meaning, meaning)) == [
        f"P Water meters{of_others}",
        "P Road sensors | Three sorts: ice, rain",
        f"P Library cards{of_others}",
    ]


def test_the_last_title_may_have_no_bullet_below():
    text = "Priorities\nWater meters\n* Read them\nRoad sensors\n* Know of ice\nLibrary cards"
    assert entries(text) == ["P Water meters | Read them", "P Road sensors | Know of ice", "P Library cards"]


@pytest.mark.parametrize(
    "text",
    [
        "1. Water meters\n   * Read them\n   * Bill by month\n2. Road sensors\n   * Know of ice",
        "• Water meters\no Read them\no Bill by month\n• Road sensors\no Know of ice",
        "- Water meters\n    - Read them\n    - Bill by month\n- Road sensors\n    - Know of ice",
        "1. Water meters\na. Read them\nb. Bill by month\n2. Road sensors\na. Know of ice",
    ],
)
def test_bullets_below_a_title_are_its_meaning(text):
    assert entries(f"Priorities\n{text}") == [
        "P Water meters | Read them; Bill by month",
        "P Road sensors | Know of ice",
    ]


def test_a_bullet_below_an_entry_with_a_meaning_is_refused():
    assert is_asked_about("Priorities\n• Water meters – Read them\no from the truck\n• Road sensors – Know of ice")


@pytest.mark.parametrize(
    "title",
    [
        "Geographic Information Systems (GIS)",
        "Internet of Things (IoT)",
        "Logins with Two Factors (MFA/SSO)",
        "Rented Software (SaaS, PaaS)",
    ],
)
def test_an_acronym_is_part_of_the_title(title):
    others = "2. Road sensors (know of the ice)\n3. Library cards (one card for all)"
    read = ["P Road sensors | know of the ice", "P Library cards | one card for all"]
    assert entries(f"Priorities\n1. {title}\n{others}") == [f"P {title}", *read]
    assert entries(f"Priorities\n1. {title} (maps for all of us)\n{others}") == [
        f"P {title} | maps for all of us",
        *read,
    ]
    bold = title.replace(" (", "** (")
    for text in (f"**{bold} – Maps.", f"{title}. Maps.", f"{title}: Maps.", f"{title}\nMaps."):
        assert entries(f"Priorities\n1. {text}") == [f"P {title} | Maps."]


@pytest.mark.parametrize(
    "text", ["1. Windows 11\n2. Office 365", "1. Windows 11\n2. Office 365\n3. Section 508\n4. I 70"]
)
def test_titles_may_end_in_numbers_that_neither_rise_nor_fall(text):
    titles = [line.partition(". ")[2] for line in text.splitlines()]
    listed = read_list(f"Priorities\n{text}")
    assert ([entry.title for entry in listed.entries], listed.left_out) == (titles, ())


@pytest.mark.parametrize(
    "score",
    [*("(87%)", "(41 votes)", "(score: 4.5)", "(4.5/5)", "[87%]", "(n=41)", "(+2)", "(▲2)", "(new)", "(was 4)")],
)
def test_scores_are_no_part_of_an_entry_and_are_shown(score):
    text = f"Priorities\n1. Water meters {score} – Read them\n2. Road sensors {score}"
    assert entries(text) == ["P Water meters | Read them", "P Road sensors"]
    assert [left.text for left in read_list(text).left_out] == [score, score]


@pytest.mark.parametrize("sign", [" - ", ": ", "\t", " | "])
def test_a_score_is_no_meaning(sign):
    text = f"Priorities\n1. Water meters{sign}87%\n2. Road sensors{sign}41"
    assert entries(text) == ["P Water meters", "P Road sensors"]
    assert [left.text for left in read_list(text).left_out] == ["87%", "41"]
    assert is_asked_about("Priorities\n1. 87% – Water meters\n2. 64% – Road sensors")


# ---- two lists


@pytest.mark.parametrize(
    "text",
    [
        "Priorities\tChallenges\nWater meters\tOld cables\nRoad sensors\tNight shifts",
        "Rank\tPriorities\tChallenges\n1\tWater meters\tOld cables\n2\tRoad sensors\tNight shifts",
        "Our priorities\tBiggest challenges\n1. Water meters\t1. Old cables\n2. Road sensors\t2. Night shifts",
        "What matters most\tWhat stands in the way\nWater meters\tOld cables\nRoad sensors\tNight shifts",
        "| Priorities | Challenges |\n|---|---|\n| Water meters | Old cables |\n| Road sensors | Night shifts |",
        "Priorities | Challenges\n--- | ---\nWater meters | Old cables\nRoad sensors | Night shifts",
        "Priorities,Challenges\nWater meters,Old cables\nRoad sensors,Night shifts",
        "A. Priorities\na. Water meters\nb. Road sensors\nB. Challenges\na. Old cables\nb. Night shifts",
        "A. What matters most\n1. Water meters\n2. Road sensors\nB. What stands in the way\n1. Old cables\n2. Night shifts",
        "A. Our priorities\nWater meters\nRoad sensors\nB. Our biggest challenges\nOld cables\nNight shifts",
        "1. IT Priorities\n1.1 Water meters\n1.2 Road sensors\n2. IT Challenges\n2.1 Old cables\n2.2 Night shifts",
        "1. Top Needs and Priorities\n  1. Water meters\n  2. Road sensors\n2. Top Challenges\n  1. Old cables\n  2. Night shifts",
        "Priorities\n1.1 Water meters\n1.2 Road sensors\nChallenges\n2.1 Old cables\n2.2 Night shifts",
    ],
)
def test_two_lists_are_side_by_side_or_under_numbered_headings(text):
    assert entries(text) == BOTH


def test_lists_side_by_side_are_a_question_where_only_spaces_part_them():
    text = "Priorities              Challenges\n1. Water meters         1. Old cables\n2. Road sensors         2. Night shifts"
    with pytest.raises(TableError, match="Are these priorities or challenges"):
        read_list(text)


def test_lists_side_by_side_have_meanings_and_end_one_before_the_other():
    cells = "Priority\tDescription\tChallenge\tDescription\nWater meters\tRead them\tOld cables\tOlder\n\t\tNight shifts\tFew"
    assert entries(cells) == ["P Water meters | Read them", "C Old cables | Older", "C Night shifts | Few"]


@pytest.mark.parametrize("heading", ["Issues", "Top issues", "Issues:", "**Issues**", "# Issues"])
@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_heading_of_another_list_is_a_question(heading, gap):
    for form in ("1. {}", "• {} – Read", "{}", "  • {}", "{} – Read", "{}\tRead", "## {}\nRead them"):
        lists = [
            "\n".join(form.format(title) for title in titles) for titles in (TITLES, ["Old cables", "Night shifts"])
        ]
        text = f"# Priorities\n{lists[0]}\n{gap}{heading}\n{gap}{lists[1]}"
        if form == "{}" and not gap and heading[-1] != ":" and heading[0] not in "#*":
            continue  # it may as well be a title
        assert is_asked_about(text), text


def test_numbers_below_numbers_are_a_question():
    assert is_asked_about("Priorities\n1. Services\n1.1 Water meters\n1.2 Library cards\n2. Roads\n2.1 Road sensors")


def test_a_second_heading_of_the_same_list_is_a_question():
    text = "Priorities\nA. High priority\n1. Water meters\n2. Road sensors\nB. Lower priority\n3. Library cards"
    assert entries(text) == [f"P {title}" for title in TITLES]
    assert [left.text for left in read_list(text).questions] == ["B. Lower priority"]


# ---- what is no entry


def test_a_signature_below_is_a_question():
    text = "Priorities\nWater meters | Read them\nRoad sensors | Know of ice\n\nAda Byron | CIO | Boulder"
    assert entries(text) == ["P Water meters | Read them", "P Road sensors | Know of ice"]
    assert is_asked_about(text)


@pytest.mark.parametrize(
    "notes",
    [
        ["* Funded in 2026", "† A pilot only"],
        ["*Funded in 2026", "†A pilot only"],
        ["", "* Ranked at the meeting"],
    ],
)
def test_footnotes_are_shown_and_are_no_entries(notes):
    for form in ("1. Water meters* – Read them\n2. Road sensors† – Know of ice", "1. Water meters*\n2. Road sensors†"):
        text = "\n".join(["Priorities", form, *notes])
        assert [entry.split(" |")[0] for entry in entries(text)] == ["P Water meters", "P Road sensors"]
        assert [left.text for left in read_list(text).left_out] == [note for note in notes if note]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("* Water meters\n* Road sensors**\n\n** Funded in 2026", ["** Funded in 2026"]),
        ("1. Water meters¹\n2. Road sensors²\n\n¹ Funded\n² A pilot", ["¹ Funded", "² A pilot"]),
        ("1. Water meters[a]\n2. Road sensors\n[a] Funded in 2026", ["[a] Funded in 2026"]),
        ("• Water meters*\n• Road sensors\n\n* Funded in 2026", ["* Funded in 2026"]),
    ],
)
def test_a_footnote_has_the_sign_that_refers_to_it(text, notes):
    assert entries(f"Priorities\n{text}") == ["P Water meters", "P Road sensors"]
    assert [left.text for left in read_list(f"Priorities\n{text}").left_out] == notes


@pytest.mark.parametrize(
    ("pasted", "remarks"),
    [
        ("> > 1. Water meters – Read them\n> we do this first\n> > 2. Road sensors", ["we do this first"]),
        ("> 1. Water meters – Read them\nagreed\n> 2. Road sensors", ["agreed"]),
        (">> 1. Water meters – Read them\n>> 2. Road sensors\n> +1 from me", ["+1 from me"]),
        ("AB> 1. Water meters – Read them\nAB> 2. Road sensors\nsounds good", ["sounds good"]),
        ("1. Water meters – Read them\nlol yes\n2. Road sensors\n+1", ["lol yes", "+1"]),
        (
            "1. Water meters – Read them\n@Pat what do you think?\n2. Road sensors\n👍 3",
            ["@Pat what do you think?", "👍 3"],
        ),
        ("1. Water meters – Read them\n[09:20] Pat Lee: great list\n2. Road sensors", ["[09:20] Pat Lee: great list"]),
        ("1. Water meters – Read them\nPat: agree!\n2. Road sensors", ["Pat: agree!"]),
    ],
)
def test_remarks_in_a_mail_or_a_chat_are_shown_and_are_no_meanings(pasted, remarks):
    head = pasted.split("1")[0]
    text = f"{head}Priorities\n{pasted}"
    assert entries(text) == ["P Water meters | Read them", "P Road sensors"]
    assert [left.text for left in read_list(text).left_out] == remarks


@pytest.mark.parametrize(
    "table",
    [
        "Rank\tPriority\tDescription\tVotes\n1\tWater meters\tRead them\t41\n2\tRoad sensors\tKnow of ice\t33\n\tTotal\t\t74",
        "Priority\tWhy\tScore\nWater meters\tRead them\t4.1\nRoad sensors\tKnow of ice\t3.3\nAverage\t\t3.7",
        "1\tWater meters\tRead them\t41\n2\tRoad sensors\tKnow of ice\t33\nGrand Total\t\t\t74",
        "Water meters\tRead them\nRoad sensors\tKnow of ice\nTotal\t",
        "Priority\tWhy\tVotes\nWater meters\tRead them\t4\nRoad sensors\tKnow of ice\t3\nanswered question\t\t7\ntotal\t\t7",
        "| # | Title | Why | Votes |\n|--|--|--|--|\n| 1 | Water meters | Read them | 4 |\n| 2 | Road sensors | Know of ice | 3 |\n| | Total | | 7 |",
    ],
)
def test_a_total_is_shown_and_is_no_entry(table):
    listed = read_list(f"Priorities\n{table}")
    assert entries(f"Priorities\n{table}") == ["P Water meters | Read them", "P Road sensors | Know of ice"]
    assert any("otal" in left.text or "verage" in left.text for left in listed.left_out)


# ---- rules that no other list here depends on


def test_a_marked_entry_that_names_a_kind_is_no_heading():
    marked = ["Budget", "Challenges of staffing", "Roads"]
    for mark in ("•", "1."):
        assert entries("\n".join(f"{mark} {title}" for title in marked), "priorities") == [f"P {one}" for one in marked]


def test_a_text_that_is_indented_as_a_whole_is_read_as_one_that_is_not():
    text = "Budget\nHow much we have to spend.\n\nStaff\nWho does the work."
    listed = ["P Budget | How much we have to spend.", "P Staff | Who does the work."]
    assert entries(text, "priorities") == entries(textwrap.indent(text, "   "), "priorities") == listed


def test_notes_below_the_list_with_another_mark_are_asked_about():
    for marks in ("1. 2. *", "• • -", "• • 1)"):
        first, second, note = marks.split()
        text = f"{first} Budget\n{second} Staff\n\n{note} Adopted in June\n{note} Ranked by the board"
        assert entries(text, "priorities") == ["P Budget", "P Staff"]
        assert is_asked_about(text, "priorities")
