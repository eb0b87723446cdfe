"""Lists in every style that people write read back as they were, and no word of a pasted text vanishes."""

from __future__ import annotations

import itertools
import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixportal.editions.list_text import read_list
from mixportal.tables.reader import TableError

PRIORITIES = {
    "Technology Infrastructure": "Running operations for all programs; and caring for systems (old, and new).",
    "Cybersecurity": "Preventing and mitigating incidents: training users, testing controls.",
    "IT Transformation": "Fostering organizational change. Redrawing the chart.",
    "Governance": "Developing enterprise governance for IT investments across all levels.",
    "IT System Modernization": "Leading the move off older technology – with care.",
    "Social Media": "Defining and managing social media presence.",
    "Innovation and Smart City Programs": "Leading smart city programs, or playing a key role.",
    "Data": "Building a robust data environment, with key elements: infrastructure, processes.",
    "Workforce": "Recruiting and retaining skilled IT staff.",
    "Business Continuity and Disaster Recovery": "Preparing for cyber-, weather and man-made incidents.",
    "Citizen Engagement": "Leading and supporting departments.",
    "Artificial Intelligence (AI)": "Using it where it helps, and only there.",
    "9-1-1 and Emergency Communications": "Developing an interoperable emergency network.",
}
CHALLENGES = {
    "Expanding Portfolios": "As portfolios expand — including connectivity — CIOs meet needs with few resources.",
    "Cyber “Boots on the Ground”": "Small towns don’t have the skilled staff. Duties are spread out.",
    "Shadow IT": "When IT is purchased without informing the IT department.",
    "IT Governance": "A body, structure, and process can be the cornerstone.",
}


def ordinal(number):
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th') }"


def keycaps(number):
    return "".join(f"{digit}\ufe0f\u20e3" for digit in str(number))


SIGNS = ["•", "❖", "★", "▪", "o", "-", "*", "–", "✅", "🔹", "\uf0b7", "- [ ]", "* [x]", "☐", "###", "→"]
MARKS = {sign: (lambda number, sign=sign: f"{sign} ") for sign in SIGNS} | {
    "": lambda number: "",
    "•, tab": lambda number: "•\t",
    "1, tab": lambda number: f"{number}\t",
    "1.": lambda number: f"{number}. ",
    "1)": lambda number: f"{number}) ",
    "1.)": lambda number: f"{number}.) ",
    "(1)": lambda number: f"({number}) ",
    "[1]": lambda number: f"[{number}] ",
    "1:": lambda number: f"{number}: ",
    "1": lambda number: f"{number} ",
    "1 -": lambda number: f"{number} - ",
    "1 –": lambda number: f"{number} – ",
    "#1": lambda number: f"#{number} ",
    "#1:": lambda number: f"#{number}: ",
    "No. 1": lambda number: f"No. {number}: ",
    "1st": lambda number: f"{ordinal(number)} ",
    "1º": lambda number: f"{number}º ",
    "1st.": lambda number: f"{ordinal(number)}. ",
    "keycaps": lambda number: f"{keycaps(number)} ",
    "①": lambda number: f"{chr(0x2460 + number - 1)} ",
    "2 (tie).": lambda number: f"{number} (tie). " if number == 2 else f"{number}. ",
    "2 (tie) -": lambda number: f"{number} (tie) - " if number == 2 else f"{number} - ",
    "T2.": lambda number: f"T{number}. " if number in (2, 3) else f"{number}. ",
    "2=": lambda number: f"{number}= " if number in (2, 3) else f"{number} ",
    "a.": lambda number: f"{chr(96 + number)}. ",
    "### 1.": lambda number: f"### {number}. ",
    "1\\.": lambda number: f"{number}\\. ",
}
SEPARATED = {" – ": " – ", "—": "—", ": ": ": ", " - ": " - ", ". ": ". ", "tab": "\t"}
PLACES = [*SEPARATED, "in parentheses", "after bold", "next line", "next line, indented", "paragraph", "nowhere"]
EMPHASES = ["{}", "**{}**", "<b>{}</b>", "*{}*"]
HEADINGS = [
    ("Priorities", "Challenges"),
    ("## Technology Priorities", "## Biggest challenges"),
    ("**What matters most:**", "**What stands in the way:**"),
    ("OUR TOP PRIORITIES FOR 2027:", "OUR CHALLENGES"),
]
WIDTHS = [(None, ""), (60, "   "), (60, "")]  # the last without hanging indent


def wrapped(text, width, indent):
    if width is None or "\t" in text:
        return [text]
    return textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)


def rendered(entries, mark, place, emphasis, width, indent, is_spaced):
    for number, (title, meaning) in enumerate(entries.items(), start=1):
        if is_spaced and number > 1:
            yield ""
        head = MARKS[mark](number) + emphasis.format(title)
        if place in SEPARATED:
            yield from wrapped(head + SEPARATED[place] + meaning, width, indent)
        elif place == "in parentheses":
            yield from wrapped(f"{head} ({meaning.rstrip('.')})", width, indent)
        elif place == "after bold":
            yield from wrapped(f"{MARKS[mark](number)}**{title}** {meaning}", width, indent)
        else:
            yield head
            if place == "paragraph":
                yield ""
            if place != "nowhere":
                yield from textwrap.indent(meaning, "    " if place.endswith("indented") else "").split("\n")


def expected(entries, place):
    if place == "nowhere":
        return dict.fromkeys(entries, "")
    return {title: meaning.rstrip(".") if place == "in parentheses" else meaning for title, meaning in entries.items()}


@pytest.mark.parametrize("has_every_width", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["some", "every"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("mark", MARKS)
def test_a_list_in_any_style_reads_back_as_it_was(mark, place, has_every_width):
    """Every mark with every place; each of both with every width and spacing, if not together."""
    styles = list(itertools.product(WIDTHS if mark else WIDTHS[:1], (False, True)))
    number = list(MARKS).index(mark) + PLACES.index(place)
    for at, ((width, indent), is_spaced) in enumerate(styles, start=number):
        if not has_every_width and (at - number - number // 2) % 3:
            continue
        emphasis, headings = EMPHASES[at % len(EMPHASES)], HEADINGS[at // 2 % len(HEADINGS)]
        newline = ("\n", "\r\n")[at // 2 % 2]
        style = (mark, place, emphasis, width, indent, is_spaced)
        lines = []
        for heading, entries in zip(headings, (PRIORITIES, CHALLENGES), strict=True):
            lines += [heading, "", *rendered(entries, *style), ""]
        listed = read_list(newline.join(lines))
        for kind, entries in (("priorities", PRIORITIES), ("challenges", CHALLENGES)):
            read = {entry.title: entry.description for entry in listed.entries if entry.kind == kind}
            assert list(read.items()) == list(expected(entries, place).items()), style
        assert (listed.questions, listed.left_out) == ([], ()), style


SHAPES = st.sampled_from(
    [
        "• {} {} – {} {}.",
        "• {} {}",
        "- **{}** {} {}.",
        "{n}. {} {}: {} {}",
        "{n} {} {}",
        "{n}.) {} ({} {} {})",
        "  - {} {} {}",
        "   {} {} {}.",
        "{} {} {}.",
        "{} {}",
        "{l} {} {}",
        "{l} {} – {}.",
        "> {} {}",
        "### {}",
        "| {} | {} | {} |",
        "{}\t{}\t{}",
        "Rank\tPriority\tDescription",
        "Regards, {}",
        "<li>{} <b>{}</b></li>",
        "{}, {}, {}",
        "Priorities",
        "Biggest challenges {}",
        "What stands in the way of {}?",
        "",
        "---",
        "o {}; {}",
        "\f{} {}",
    ]
)


@given(st.lists(SHAPES, min_size=1, max_size=14), st.sampled_from(["", "priorities", "challenges"]))
def test_each_word_of_a_text_is_in_an_entry_or_a_heading_or_is_asked_about(shapes, kind):
    numbers = itertools.count(1)

    def word(lower=False):
        letters = "".join(chr(97 + int(digit)) for digit in f"{next(numbers):03}")
        return f"{'w' if lower else 'W'}{letters}x"

    lines = []
    for place, shape in enumerate(shapes, start=1):
        filled = shape.replace("{n}", str(place)).replace("{l}", word(lower=True))
        while "{}" in filled:
            filled = filled.replace("{}", word(), 1)
        lines.append(filled)
    text = "\n".join(lines)
    try:
        listed = read_list(text, kind)
    except TableError:
        return
    shown = [entry.title + " " + entry.description for entry in listed.entries]
    shown += [left.text for left in (*listed.headings, *listed.left_out)]
    words = re.findall(r"[Ww][a-j]{3}x", text)
    assert sorted(re.findall(r"[Ww][a-j]{3}x", " ".join(shown))) == sorted(words)
