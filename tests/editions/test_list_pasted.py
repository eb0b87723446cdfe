"""Reading a pasted list: headings, bullets, separators, wrapped lines and errors."""

import textwrap

import pytest

from mixportal.editions import list_pasted
from mixportal.editions.list_entries import ListedEntry
from mixportal.tables.reader import TableError


def read_pasted(text, kind=""):
    return list_pasted.read_pasted(text, kind).entries


def questions(text, kind=""):
    return [(each.line, each.text) for each in list_pasted.read_pasted(text, kind).questions]


def notices(text, kind=""):
    return [each.text for each in list_pasted.read_pasted(text, kind).notices]


def titles(entries):
    return [entry.title for entry in entries]


def pairs(entries):
    return [(entry.title, entry.description) for entry in entries]


def under_priorities(*lines):
    return "\n".join(["Priorities", "", *lines])


def refusal(text):
    with pytest.raises(TableError) as caught:
        read_pasted(text)
    return caught.value


def lines_refused(text):
    return [problem.line for problem in refusal(text).problems]


# ---- headings


@pytest.mark.parametrize(
    "heading",
    [
        "Challenges",
        "challenges",
        "CHALLENGES",
        "Challenges:",
        "## Challenges",
        "### Challenges ###",
        "**Challenges**",
        "**Challenges:**",
        "*Challenges*",
        "__Challenges__",
        "CHALLENGES 2026",
        "2026 Challenges",
        "Challenges (5)",
        "Challenges – 5",
        "Five challenges",
        "Top 5 challenges",
        "Top challenges for 2026:",
        "The IT challenges of 2026",
        "MIX Challenges",
        "2. Challenges",
        "• Challenges",
        "   Challenges   ",
        "Challenges\n==========",
        "\u200bChallenges\u00a0",
    ],
)
def test_a_heading_is_the_word_with_ornaments_a_count_or_a_year(heading):
    assert read_pasted(f"{heading}\n• A – one.") == (
        ListedEntry("challenges", "A", "one.", line=2 + heading.count("\n")),
    )


@pytest.mark.parametrize(
    "line",
    [
        "Priorities and challenges",
        "Challenges remain.",
        "Priorities, challenges",
        "challenges,",
        "Challenges?",
        "Challenging",
        "Challenges " * 20,
    ],
)
def test_a_sentence_about_challenges_is_no_heading(line):
    entries = read_pasted(f"Priorities\n\n{line}\n\n• A – one.")
    assert [(entry.kind, entry.title) for entry in entries] == [("priorities", "A")]


@pytest.mark.parametrize(
    "heading",
    [
        "Technology Challenges",
        "Biggest challenges",
        "The challenges that counties face",
        "# What stands in the way",
        "What keeps us awake at night:",
        "Our obstacles",
        "<h2>What makes it hard</h2>",
        "II. Our biggest challenges",
    ],
)
def test_a_heading_may_contain_the_word_or_mean_it(heading):
    entries = read_pasted(f"Technology Priorities\n• A – one.\n{heading}\n• B – two.")
    assert [(entry.kind, entry.title) for entry in entries] == [("priorities", "A"), ("challenges", "B")]


def test_a_line_that_is_no_known_heading_is_a_question():
    assert questions("Priorities\n• A – one.\n\nThe dark side\n\n• B – two.") == [(4, "The dark side")]
    assert questions("Priorities\n• A – one.\nChallenges") == [(3, "Challenges")]


def test_numbers_that_begin_again_are_a_question():
    assert lines_refused("Priorities\n1. A – one.\n2. B – two.\n1. C – three.") == [4]
    assert titles(read_pasted("Priorities\n3. A – one.\n2. B – two.\n1. C – three.")) == ["A", "B", "C"]


def test_a_table_of_contents_before_the_list_does_no_harm():
    text = "Contents\nPriorities\nChallenges\n\nIntroduction.\n\nPriorities\n• A – one.\nChallenges\n• B – two."
    assert [(entry.kind, entry.title) for entry in read_pasted(text)] == [
        ("priorities", "A"),
        ("challenges", "B"),
    ]


def test_challenges_may_come_first_and_a_list_may_go_on_under_a_second_heading():
    text = "Challenges\n• A – one.\nPriorities\n• B – two.\nChallenges (continued)\n• C – three."
    assert [(entry.kind, entry.title) for entry in read_pasted(text)] == [
        ("challenges", "A"),
        ("priorities", "B"),
        ("challenges", "C"),
    ]


def test_one_kind_alone_is_a_list():
    assert titles(read_pasted("Priorities\n- A: one")) == ["A"]


def test_a_wrapped_line_that_looks_like_a_heading_goes_on_when_it_is_indented():
    text = "Challenges\n• A – Staff with competing\n  priorities\n• B – two."
    assert [(entry.kind, entry.title, entry.description) for entry in read_pasted(text)] == [
        ("challenges", "A", "Staff with competing priorities"),
        ("challenges", "B", "two."),
    ]
    assert read_pasted("Challenges\n• A – Staff with competing\npriorities.")[0].description.endswith("priorities.")


def test_a_line_that_may_be_a_heading_or_the_end_of_a_sentence_is_refused():
    text = "Challenges\n• A – Staff with competing\npriorities\n• B – two."
    assert lines_refused(text) == [3]
    assert "empty line above a heading" in str(refusal(text))


# ---- bullets


@pytest.mark.parametrize(
    "mark",
    [*"•-–—*+·◦▪●■‣➤✓\uf0b7", "1.", "12.", "1)", "(1)", "a.", "a)", "(b)", "B.", "iv.", "(ii)"],
)
@pytest.mark.parametrize("gap", [" ", "\t", "\u00a0", "   "])
def test_any_sort_of_bullet_begins_an_entry(mark, gap):
    text = under_priorities(f"{mark}{gap}Data – Keeping records.", f"{mark}{gap}Workforce – Finding people.")
    assert pairs(read_pasted(text)) == [("Data", "Keeping records."), ("Workforce", "Finding people.")]


@pytest.mark.parametrize("mark", ["•", "-", "–", "*", "1.", "(1)", "▪"])
def test_a_bullet_may_touch_its_title(mark):
    assert pairs(read_pasted(under_priorities(f"{mark}Data – Keeping records."))) == [("Data", "Keeping records.")]


def test_bullets_of_several_sorts_may_stand_in_one_list():
    text = under_priorities("• A – one.", "- B – two.", "3) C – three.", "* D – four.", "– E – five.")
    assert titles(read_pasted(text)) == ["A", "B", "C", "D", "E"]


def test_a_bullet_alone_on_its_line_takes_the_next_line_and_an_empty_one_at_the_end_is_passed_over():
    assert pairs(read_pasted(under_priorities("•", "A – one.", "•", "B – two.", "•"))) == [
        ("A", "one."),
        ("B", "two."),
    ]


def test_a_number_at_the_beginning_of_a_wrapped_line_is_no_bullet():
    text = under_priorities("• A – As it was in", "1968. Then came", "2.5 more.")
    assert pairs(read_pasted(text)) == [("A", "As it was in 1968. Then came 2.5 more.")]


def test_a_number_or_initial_within_a_sentence_is_no_bullet_where_the_line_is_indented():
    text = under_priorities("• A – A plan of", "  2. Then the one of Ada", "  B. Smith.", "• B – two.")
    assert pairs(read_pasted(text)) == [("A", "A plan of 2. Then the one of Ada B. Smith."), ("B", "two.")]


def test_a_bullet_under_a_bullet_is_refused():
    text = under_priorities("- A – one:", "    - first thing – a", "    - second thing", "- B – two.")
    assert lines_refused(text) == [4, 5]
    assert "one level" in str(refusal(text))


def test_numbers_set_flush_right_are_no_deeper_level():
    assert titles(read_pasted(under_priorities(" 9. A – one.", "10. B – two.", "11. C – three."))) == [
        "A",
        "B",
        "C",
    ]


# ---- title and meaning


@pytest.mark.parametrize(
    "separator",
    [
        " – ",
        " — ",
        "–",
        "—",
        "– ",
        " —",
        " - ",
        ": ",
        " : ",
        " -- ",
        "--",
        " ― ",
        "\u00a0–\u00a0",
        ":\t",
        " :- ",
    ],
)
def test_dashes_spaced_hyphens_and_colons_part_title_and_meaning(separator):
    text = under_priorities(f"• Data{separator}Keeping records.")
    assert pairs(read_pasted(text)) == [("Data", "Keeping records.")]


@pytest.mark.parametrize(
    ("bullet", "title", "meaning"),
    [
        ("Self-Service – Doing it at home.", "Self-Service", "Doing it at home."),
        (
            "Plans - for cyber-, weather and man-made trouble",
            "Plans",
            "for cyber-, weather and man-made trouble",
        ),
        ("Plan 2018–2020 – What comes next", "Plan 2018–2020", "What comes next"),
        ("Plan 2018–2020: What comes next", "Plan 2018–2020", "What comes next"),
        ("Support 24:7 – Always there", "Support 24:7", "Always there"),
        ("Data: shelves – and labels", "Data", "shelves – and labels"),
        ("Data – these parts: shelves", "Data", "these parts: shelves"),
        ("Cyber “Boots on the Ground” – Guards", "Cyber “Boots on the Ground”", "Guards"),
        ("**Data** – Keeping **all** records", "Data", "Keeping all records"),
        ("**Data:** Keeping records", "Data", "Keeping records"),
        ("**Data –** Keeping records", "Data", "Keeping records"),
        ("*Data* – Keeping records", "Data", "Keeping records"),
        ("__Data__: Keeping records", "Data", "Keeping records"),
        ("Health & Safety (all of it) – It’s fine", "Health & Safety (all of it)", "It’s fine"),
    ],
)
def test_the_first_separator_wins(bullet, title, meaning):
    assert pairs(read_pasted(under_priorities(f"• {bullet}"))) == [(title, meaning)]


def test_a_title_alone_is_an_entry_without_meaning():
    text = under_priorities("• A – one.", "• Self-Service", "• B –", "• C:")
    assert pairs(read_pasted(text)) == [("A", "one."), ("Self-Service", ""), ("B", ""), ("C", "")]


def test_meanings_may_have_a_dash_below_titles_without_one_and_columns_may_be_split_by_spaces():
    for text in ("A\n– one.\nB\n– two.", "A      one.\nB      two."):
        assert pairs(read_pasted(f"Priorities\n{text}")) == [("A", "one."), ("B", "two.")]


def test_two_titles_with_different_bullets_are_two_entries():
    assert titles(read_pasted("Priorities\n• A\n- B")) == ["A", "B"]
    assert pairs(read_pasted("Priorities\n1. A\n   - one.\n2. B\n   - two.")) == [("A", "one."), ("B", "two.")]


def test_a_meaning_without_title_is_refused():
    assert lines_refused(under_priorities("• – one", "• *** – two", "• ? – three")) == [3, 4, 5]


def test_the_sign_that_most_entries_have_parts_title_and_meaning():
    text = under_priorities(
        "• AI: the next wave – Use it.", "• Data – Keep it.", "• Cloud – Rent it.", "• Staff – Hire."
    )
    assert titles(read_pasted(text)) == ["AI: the next wave", "Data", "Cloud", "Staff"]


# ---- wrapped lines, and text that is not part of the list


def test_an_indented_line_goes_on_even_after_a_sentence():
    assert pairs(read_pasted(under_priorities("• A – One.", "  Two.", "\tThree."))) == [("A", "One. Two. Three.")]


def test_a_line_goes_on_while_the_line_above_ends_no_sentence():
    text = under_priorities("• Business Continuity", "and Recovery – Plans that", "were tried.", "About the author")
    assert pairs(read_pasted(text)) == [("Business Continuity and Recovery", "Plans that were tried.")]


@pytest.mark.parametrize(
    "end", ["of the county's", "of the county’s", "of", "the", "and", "in", "for", "to", "&", "of IT,"]
)
@pytest.mark.parametrize("rest", ["critical departments", "Critical Departments"])
@pytest.mark.parametrize("meaning", ["", "plans that were tried", "Plans that were tried."])
def test_a_title_never_ends_at_a_word_that_goes_on_though_others_have_their_meaning_below(end, rest, meaning):
    above = f"Continuity planning {end}"
    wrapped = ["2. " + above, rest, *filter(None, [meaning])]
    found = read_pasted(under_priorities("1. Cables", "New ones.", *wrapped, "3. Data", "Used well."))
    assert pairs(found) == [("Cables", "New ones."), (f"{above} {rest}", meaning), ("Data", "Used well.")]


def test_a_sentence_may_end_within_quotes_or_parentheses():
    text = under_priorities("• A – They said “yes.”", "About the author")
    assert pairs(read_pasted(text)) == [("A", "They said “yes.”")]


def test_after_an_empty_line_only_deeper_text_goes_on():
    text = "Priorities\n\n  • A – one\n\n    and more.\n\n  About the author\n"
    assert pairs(read_pasted(text)) == [("A", "one and more.")]


def test_text_between_the_heading_and_the_first_bullet_and_between_the_lists_is_left_out():
    text = "Priorities\n\nThey agreed on these:\n\n• A – one.\n\nAnd now the hard part.\n\nChallenges\n• B – two."
    assert pairs(read_pasted(text)) == [("A", "one."), ("B", "two.")]


def test_bullets_before_the_first_heading_are_left_out():
    text = "• Home\n• About – us\n\nPriorities\n• A – one."
    assert titles(read_pasted(text)) == ["A"]
    assert questions(text) == [(1, "• Home"), (2, "• About – us")]


def test_text_between_two_bullets_that_no_bullet_takes_in_is_a_question():
    text = under_priorities("• A – One.", "Two.", "• B – two.", "", "Read more", "• C – three.")
    assert questions(text) == [(4, "Two."), (7, "Read more")]
    assert titles(read_pasted(text)) == ["A", "B", "C"]


@pytest.mark.parametrize("end", ["Regards,\nAda Byron", "--\nAda", "Adopted in March", "Source: the members, 2027"])
def test_what_follows_the_list_is_shown_and_is_no_meaning(end):
    text = f"Priorities\n- A – one\n- B – two\n{end}\n"
    assert pairs(read_pasted(text)) == [("A", "one"), ("B", "two")]
    assert notices(text) == [line for line in end.split("\n") if line != "--"]


def test_a_line_that_lost_its_bullet_is_a_question():
    assert questions("Priorities\n• A – one\n• B – two\nC – three") == [(4, "C – three")]


def test_a_text_that_is_indented_throughout_reads_like_one_that_is_not():
    text = "Priorities\n• A – One.\nAbout the author\n"
    assert read_pasted(textwrap.indent(text, "    ")) == read_pasted(text)


def test_a_line_wrapped_before_a_dash_goes_on():
    text = under_priorities("• A – As wishes multiply", "— cables among them —", "people don’t.")
    assert pairs(read_pasted(text)) == [("A", "As wishes multiply — cables among them — people don’t.")]


def test_words_split_at_the_end_of_a_line_come_together():
    text = under_priorities("• A – For man-", "made, short-", "and long-term inter\u00ad", "operable things.")
    assert pairs(read_pasted(text)) == [("A", "For man-made, short- and long-term interoperable things.")]


def test_odd_spaces_line_ends_and_invisible_characters_are_cleaned():
    text = "\ufeffPriorities\r\n\r\n•\u00a0 Open\u200b Da\u00adta \u2009–\tKeep\u2060ing\u202f all\u00a0 of it.\r• B – two.\u2028• C – 3."
    assert pairs(read_pasted(text)) == [("Open Data", "Keeping all of it."), ("B", "two."), ("C", "3.")]


def test_letters_typed_in_two_strokes_are_composed():
    assert titles(read_pasted(under_priorities("• Cafe\u0301 – one."))) == ["Caf\u00e9"]
