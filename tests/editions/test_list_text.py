"""Reading a year's list: the 2018 article, files and random pasted texts."""

import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixportal.editions import list_pasted, list_text
from mixportal.editions.list_text import read_csv
from mixportal.tables.reader import MAX_BYTES, TableError, clean_text, decode

PASTED_2018 = Path(__file__).parent / "data" / "pasted-2018.txt"


def read_list(text):
    return list_text.read_list(text).entries


def read_pasted(text):
    return list_pasted.read_pasted(text).entries


def titles(entries):
    return [entry.title for entry in entries]


def pairs(entries):
    return [(entry.title, entry.description) for entry in entries]


def refusal(text, read=read_list):
    with pytest.raises(TableError) as caught:
        read(text)
    return caught.value


# ---- an article, pasted whole


def test_an_article_gives_its_13_priorities_and_5_challenges_in_order():
    entries = read_list(decode(PASTED_2018.read_bytes()))
    assert titles(entry for entry in entries if entry.kind == "priorities") == [
        "Technology Infrastructure",
        "Cybersecurity",
        "IT Transformation",
        "Governance",
        "IT System Modernization",
        "Social Media",
        "Innovation and Smart City Programs",
        "Data",
        "Workforce",
        "Business Continuity and Disaster Recovery",
        "Citizen Engagement",
        "Emerging Technologies",
        "Emergency Communications",
    ]
    assert titles(entry for entry in entries if entry.kind == "challenges") == [
        "Expanding Portfolios",
        "Cyber “Boots on the Ground”",
        "Shadow IT",
        "IT Governance",
        "Investment in Infrastructure",
    ]


def test_dashes_hyphens_and_quotes_within_a_meaning_stay_there():
    meanings = dict(pairs(read_list(decode(PASTED_2018.read_bytes()))))
    assert meanings["Expanding Portfolios"] == (
        "Wishes multiply — gadgets and cables among them — and the same few people end up with all of them."
    )
    assert meanings["Business Continuity and Disaster Recovery"].startswith("Getting ready for storm-, fire- and")
    assert meanings["Emerging Technologies"].endswith("letting Self-Service counters use them.")
    assert meanings["Shadow IT"] == (
        "Bought behind the counter, it turns into a “surprise” later. Somebody must feed it, fix it and/or bury it."
    )


def test_the_authors_note_right_below_the_last_challenge_is_not_part_of_it():
    last = read_list(decode(PASTED_2018.read_bytes()))[-1]
    assert last.description == (
        "Normally, pipes – however needed – win no prizes. They burst all the same. "
        "Even then, it is hard to get the “boring” part paid for."
    )


def test_each_entry_knows_the_line_it_begins_on():
    entries = read_list("Our list\n\nPriorities\n\n• A – one\n  more\n• B – two\n\nChallenges\n• C – three")
    assert [(entry.title, entry.line) for entry in entries] == [("A", 5), ("B", 7), ("C", 10)]


# ---- files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_utf_8_and_marked_utf_16_are_decoded(encoding):
    text = "Priorities\r\n• Cyber “Boots” – Größe."
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert decode(mark + text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        ("Priorities\n• A – naïve".encode("cp1252"), 2, "not UTF-8"),
        (b"PK\x03\x04\x14\x00\xff\xfe", 0, "workbook"),
        (b"\xff\xfePr\x00", 0, "not UTF-16"),
        ("Priorities".encode("utf-16-le"), 1, "control character (U+0000)"),
        (b"Priorities\n\nA\x00B", 3, "control character (U+0000)"),
        (b"Priorities\r\n\x1b[1m", 2, "control character (U+001B)"),
        ("Priorities\n\u0085".encode(), 2, "control character (U+0085)"),
        (b"a" * (MAX_BYTES + 1), 0, "1,000,000 bytes"),
    ],
)
def test_what_is_not_plain_text_is_refused(data, line, reason):
    problem = refusal(data, lambda data: clean_text(decode(data))).problems[0]
    assert problem.line == line
    assert reason in problem.reason


@pytest.mark.parametrize("text", ["Priorities\n• A\x00 – b", "Priorities\n• A \ud800 – b", "x" * (MAX_BYTES + 1)])
@pytest.mark.parametrize("read", [read_list, read_pasted, read_csv])
def test_text_that_came_by_another_way_is_held_to_the_same_rules(text, read):
    error = refusal(text, read)
    assert "control character" in str(error) or "1,000,001 characters" in str(error)


# ---- whatever people paste


WORD = st.text("abcdefghijklmnopqrstuvwxyzäéñ", min_size=1, max_size=9)
TITLE_WORD = st.one_of(
    WORD.map(str.capitalize),
    st.sampled_from(["IT", "Self-Service", "“Boots", "Ground”", "&", "(all)", "2018–2020", "24:7", "O’Hare"]),
)
TITLE = (
    st.lists(TITLE_WORD, min_size=1, max_size=6)
    .map(" ".join)
    .filter(lambda title: any(map(str.isalpha, title)) and not re.match(r"tied?\b", title, re.IGNORECASE))
)
MEANING_WORD = st.one_of(
    WORD,
    st.sampled_from(["—", "–", "- x", "cyber-,", "parts:", "(old,", "new)", "“so”", "2018–2020", "it’s", "a;"]),
)
MEANING = st.builds(
    lambda first, words, end: " ".join([first.capitalize(), *words]) + end,
    WORD,
    st.lists(MEANING_WORD, max_size=14),
    st.sampled_from([".", "!", "?", "…", ".”"]),
)
LISTED = st.dictionaries(TITLE, MEANING, min_size=1, max_size=6).filter(
    lambda listed: len({"".join(filter(str.isalnum, title.lower())) for title in listed}) == len(listed)
)


@st.composite
def pasted(draw, kind, listed):
    """Return a list with random headings, bullets, separators, wrapping and line ends."""
    lines = [draw(st.sampled_from([kind, kind.upper(), f"## {kind}", f"**{kind}:**", f"Top {len(listed)} {kind}"]))]
    margin = draw(st.sampled_from(["", "  ", "\t"]))
    separator = draw(st.sampled_from([" – ", " — ", "—", ": ", " - ", " -- "]))
    for number, (title, meaning) in enumerate(listed.items(), start=1):
        mark = draw(st.sampled_from(["•", "-", "–", "*", "◦", "▪", "·", "+", f"{number}.", f"({number})"]))
        title = draw(st.sampled_from([title, f"**{title}**"]))
        lines += [""] * draw(st.integers(0, 1))
        text = f"{mark} {title}{separator}{meaning}"
        width = draw(st.sampled_from([30, 72, 10_000]))
        first, *others = _wrapped(text, width)
        lines += [margin + first, *(f"{margin}    {line}" for line in others)]
    return draw(st.sampled_from(["\n", "\r\n"])).join([*lines, ""])


def _wrapped(text, width):
    """Wrap a text so that no line begins with a dash, which could be a bullet."""
    lines = []
    for line in textwrap.wrap(text, width, break_on_hyphens=False, break_long_words=False):
        if lines and line[0] in "-–—":
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return lines


def test_a_title_that_begins_with_a_t_is_not_read_as_tied():
    titles = [entry.title for entry in read_list("Priorities\n1. Data\n2. T Mobile outage\n2 (T). Cloud\nT3. Voice\n")]
    assert titles == ["Data", "T Mobile outage", "Cloud", "Voice"]


@given(st.data())
def test_a_list_written_in_any_style_reads_back_as_it_was(data):
    priorities, challenges = data.draw(LISTED), data.draw(LISTED)
    text = (
        "Some words before – of no concern.\n\n"
        + data.draw(pasted("Priorities", priorities))
        + "\n"
        + data.draw(pasted("Challenges", challenges))
        + "About the author – she lives in town."
    )
    entries = read_list(text)
    assert pairs(entry for entry in entries if entry.kind == "priorities") == list(priorities.items())
    assert pairs(entry for entry in entries if entry.kind == "challenges") == list(challenges.items())


@given(
    st.lists(
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(
                [
                    "Priorities",
                    "challenges",
                    "• A – b",
                    "- c",
                    "  d.",
                    "1. E: f",
                    "",
                    "kind,title,description",
                    'priority,"a',
                    "***",
                ]
            ),
        ),
        max_size=12,
    ).map("\n".join)
)
def test_no_text_does_worse_than_being_refused(text):
    for read in (read_list, read_pasted, read_csv):
        entries, refused = (), None
        try:
            entries = read(text)
        except TableError as error:
            refused = error
        assert bool(entries) != bool(refused and refused.problems and str(refused))
        assert all(entry.title and entry.line for entry in entries)


@given(st.binary(max_size=200))
def test_no_file_does_worse_than_being_refused(data):
    try:
        read_list(decode(data))
    except TableError as error:
        refused = error
    else:
        refused = None
    assert refused is None or refused.problems


@pytest.mark.parametrize(
    "unit",
    ["a", "a – ", "*", "*a", "_a", " ", "a\u0301\u0323", "(", "-", "a.", '"', "a:"],
)
def test_a_line_of_a_megabyte_is_refused(unit):
    line = unit * (990_000 // len(unit))
    for text in (f"Priorities\n• {line}", f"kind,title,description\npriority,,{line}"):
        with pytest.raises(TableError):
            read_list(text)
