"""Corrections of wording after the opening, and their word-by-word differences."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CharField, TextField
from hypothesis import given
from hypothesis import strategies as st

from mixportal.editions.corrections import Piece, corrections_of, word_difference
from mixportal.editions.models import Entry, Kind
from tests.reading import page, text
from tests.worlds import published

TEXTS = st.text(alphabet="ab \n", max_size=30)


@given(TEXTS, TEXTS)
def test_the_pieces_of_a_difference_make_both_texts(before, after):
    pieces = word_difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.what != "added") == before
    assert "".join(piece.text for piece in pieces if piece.what != "taken") == after


def test_a_difference_is_of_whole_words():
    assert word_difference("Keeping criminals out", "Keeping crooks out") == [
        Piece("kept", "Keeping "),
        Piece("taken", "criminals"),
        Piece("added", "crooks"),
        Piece("kept", " out"),
    ]


def test_very_long_texts_are_shown_old_and_new():
    pieces = word_difference("a " * 5_000, "b")
    assert [piece.what for piece in pieces] == ["taken", "added"]


def data_of(edition) -> Entry:
    return edition.list_of(Kind.PRIORITIES).entries.get(slug="data")


@pytest.fixture
def corrected(phases):
    entry = data_of(phases.open)
    entry.correct(reason="A word was left out.", description="What Data really means to a CIO.")
    return entry


def test_every_correction_is_read_from_the_history_the_latest_first(corrected):
    corrected.correct(reason="One more.", title="Data, well kept", in_plain_words="Figures.")
    latest, first = corrections_of([corrected])
    assert (latest.reason, first.reason) == ("One more.", "A word was left out.")
    assert [change.field for change in latest.changes] == ["title", "in plain words"]
    assert "really" in [piece.text.strip() for piece in first.changes[0].pieces if piece.what == "added"]


def test_the_corrections_of_a_whole_list_are_one_query(corrected, phases, django_assert_num_queries):
    workforce = corrected.annual_list.entries.get(slug="workforce")
    workforce.correct(reason="A typo.", short="People")
    entries = list(corrected.annual_list.entries.in_order())
    with django_assert_num_queries(1):
        found = corrections_of(entries)
    assert [(each.entry, each.reason) for each in found] == [
        (workforce, "A typo."),
        (corrected, "A word was left out."),
    ]


def test_what_was_changed_while_drafting_is_no_correction(phases):
    entry = data_of(phases.drafting)
    entry.description = "Before the opening."
    entry.save()
    assert corrections_of([entry]) == []


def test_all_who_see_the_entry_see_what_was_corrected_and_why(corrected, phases, sign_in):
    for who in (phases.member_a, phases.leader_a, phases.curator):
        said = text(page(sign_in(who).get("/2030/priorities/data/")))
        assert "A word was left out." in said
        assert "put in: really" in said
    assert sign_in(None).get("/2030/priorities/data/").status_code == 404
    published(phases.open)
    assert "A word was left out." in text(page(sign_in(None).get("/2030/priorities/data/")))
    assert "Corrections" not in text(page(sign_in(None).get("/2028/priorities/data/")))


@pytest.mark.parametrize(
    ("phase", "wording", "said"),
    [
        ("drafting", {"title": "New"}, "still a draft"),
        ("published", {"title": "New"}, "its wording cannot change"),
        ("open", {"title": "Data"}, "Nothing has changed"),
        ("open", {"title": "workforce"}, "already has an entry with this title"),
        ("open", {"title": ""}, "cannot be blank"),
        ("open", {"title": "x" * 121}, "at most 120"),
    ],
)
def test_what_is_no_correction_is_refused(phases, phase, wording, said):
    entry = data_of(getattr(phases, phase))
    with pytest.raises(ValidationError, match=said):
        entry.correct(reason="because", **wording)


def test_the_trigger_that_guards_an_open_list_compares_every_text_of_an_entry():
    texts = {field.name for field in Entry._meta.concrete_fields if isinstance(field, CharField | TextField)}
    assert texts == {*Entry.WORDING, "slug"}
    compared = " ".join(trigger.func or "" for trigger in Entry._meta.triggers)
    assert all(f"NEW.{name}" in compared and f"OLD.{name}" in compared for name in texts)
