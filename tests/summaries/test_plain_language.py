"""The plain-language check and the word list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixportal.summaries import plain_language
from mixportal.summaries.wordlist import ACRONYMS, TERMS, terms_in


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1), ("made", 1), ("table", 2), ("planted", 2), ("trained", 1), ("services", 3), ("radio", 3),
        ("nation", 2), ("people", 2), ("government", 3), ("technology", 4), ("being", 2), ("quality", 3),
        ("science", 2), ("area", 3), ("video", 3), ("IT", 2), ("911", 1), ("well-known", 2),
    ],
)  # fmt: skip
def test_syllables_are_counted_from_the_spelling(word, count):
    assert plain_language.syllables(word) == count


def test_short_words_in_short_sentences_read_easily_and_long_ones_do_not():
    easy = "We keep the lights on. We fix what breaks. We ask you what to do first."
    hard = (
        "Organizational interoperability considerations necessitate comprehensive reconfiguration of jurisdictional "
        "telecommunications infrastructure notwithstanding contemporaneous appropriations uncertainty."
    )
    assert plain_language.grade(easy) < 3
    assert plain_language.grade(hard) > 20
    assert plain_language.readability_of(easy).is_plain
    assert not plain_language.readability_of(hard).is_plain


def test_a_text_of_a_few_words_has_no_grade():
    assert plain_language.grade("Chair it.") is None
    assert plain_language.readability_of("").is_plain


def test_a_sentence_over_thirty_words_is_named():
    thirty = " ".join(["word"] * 30) + "."
    assert plain_language.long_sentences(thirty) == []
    assert plain_language.long_sentences(f"Short. A {thirty} Short.") == [f"A {thirty}"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3), ("The U.S. Census asks. It does.", 2), ("Version 2.0 is here.", 1),
        ("Dr. Park signs. Then we go.", 2), ("He said “go.” Then we went.", 2), ("One line\nand another", 2), ("…", 0),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_ends_them(text, count):
    assert len(plain_language.sentences(text)) == count


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("We buy SCADA gear.", ["SCADA"]),
        ("Supervisory control and data acquisition (SCADA) gear.", []),
        ("SCADA (supervisory control and data acquisition) gear.", []),
        ("Two SLAs and an SLA.", ["SLA"]),
        ("A chief information officer (CIO) speaks.", []),
        ("MIX is in the US.", []),
        ("IT matters.", ["IT"]),
    ],
)
def test_an_acronym_is_named_once_unless_it_is_spelled_out(text, left):
    assert plain_language.unexplained(text) == left


def test_what_the_word_list_explains_needs_no_spelling_out():
    assert plain_language.unexplained("IT and a CIO and an SLA", ACRONYMS) == ["SLA"]


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    reading = plain_language.readability_of(text)
    assert reading.grade is None or reading.grade >= 0


def test_the_word_list_holds_the_terms_of_the_texts_and_no_others():
    found = [term.name for term in terms_in("Backups and a data center.\nIt is fine.")]
    assert found == ["Backup", "Data center"]
    assert [term.name for term in terms_in("IT")] == ["IT"]
    assert terms_in("Shadow IT grows.", ("Shadow IT",))[0].name == "IT"


def test_the_word_list_is_in_order_and_itself_in_plain_words():
    assert [term.name.lower() for term in TERMS] == sorted(term.name.lower() for term in TERMS)
    for term in TERMS:
        assert plain_language.long_sentences(term.meaning) == []
        assert plain_language.unexplained(term.meaning, ACRONYMS) == [], term
