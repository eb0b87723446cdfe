"""Reading a posted ballot form, and its errors."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from mixportal.ballots import ballot_form

TITLES = {"data": "Data", "workforce": "Workforce", "social-media": "Social Media"}


def read(**fields) -> ballot_form.BallotForm:
    """Return posted fields: `rank_social_media="2"` is rank-social-media, and a list is a repeated field."""
    post = QueryDict(mutable=True)
    post["version"] = "3"
    for name, value in fields.items():
        post.setlist(name.replace("_", "-"), value if isinstance(value, list) else [value])
    return ballot_form.BallotForm(post, TITLES)


def test_numbers_are_places_and_blanks_are_not_ranked():
    form = read(rank_data="2", rank_workforce=" 1 ", rank_social_media="  ")
    assert form.places == {"workforce": 1, "data": 2}
    assert form.errors == {}
    assert (form.version, form.action) == (3, "save")


def test_gaps_are_closed_up_and_equal_numbers_tie():
    assert read(rank_data="7", rank_workforce="7", rank_social_media="999").places == {
        "data": 1, "workforce": 1, "social-media": 3,
    }  # fmt: skip


def test_zeros_in_front_mean_nothing():
    assert read(rank_data="007", rank_workforce="0000001").places == {"data": 2, "workforce": 1}


def test_a_field_left_out_is_like_a_blank_one():
    assert read(rank_data="1").places == {"data": 1}


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("0", "no place"),
        ("000", "no place"),
        ("-1", "no place"),
        ("-" + "9" * 30, "no place"),
        ("1" + "0" * 30, "no place"),
        ("1000", "no place"),
        ("first", "no place"),
        ("1.0", "no place"),
        ("1,5", "no place"),
        ("1e2", "no place"),
        ("+1", "no place"),
        ("0x1", "no place"),
        ("1 2", "no place"),
        ("１", "no place"),  # full width
        ("١", "no place"),  # Arabic-Indic
        ("²", "no place"),
        ("Ⅷ", "no place"),
        ("1\x00", "no place"),
        ("\x00", "no place"),
        ("\u202e1", "no place"),
        ("NaN", "no place"),
        ("None", "no place"),
        ("<script>", "no place"),
        ("w" * 1_000_000, "no place"),
        ("9" * 1_000_000, "no place"),
        ("0" * 1_000_000, "no place"),
    ],
)
def test_a_wrong_place_gets_an_error_and_is_kept(value, name):
    form = read(rank_data=value, rank_workforce="1")
    assert form.errors["data"].name == name
    assert len(form.errors["data"].value) < 50
    assert form.places == {"workforce": 1}
    assert form.typed["workforce"] == "1"
    assert form.typed["data"] == "".join(letter if letter.isprintable() else "\ufffd" for letter in value[:40])


def test_a_field_posted_twice_is_refused_even_with_one_value():
    for values in (["1", "2"], ["1", "1"], ["", "1"]):
        assert read(rank_data=values).errors == {"data": ballot_form.BallotError("twice")}


def test_an_entry_of_another_list_is_refused_by_its_name():
    form = read(rank_shadow_it="1", rank_data="1")
    assert form.errors[""] == ballot_form.BallotError("unknown entry", "shadow-it")
    assert form.places == {"data": 1}


@pytest.mark.parametrize(
    "action", ["delete", "save:data", "cast:data", "up", "up:", "up:shadow-it", "UP:data", "up:data:data", "move:data"]
)
def test_an_unknown_button_is_refused(action):
    form = read(action=action, rank_data="1")
    assert form.errors[""].name == "malformed"
    assert form.places == {"data": 1}


@pytest.mark.parametrize("action", ["save", "cast", "uncast"])
def test_the_three_actions_are_read(action):
    assert read(action=action, rank_data="1").action == action


def test_a_form_without_an_action_is_saved():
    assert read(rank_data="1").action == read(action="", rank_data="1").action == "save"


def test_numbers_are_read_first_then_the_button():
    form = read(action="up:data", rank_data="5", rank_workforce="2", rank_social_media="9")
    assert form.places == {"data": 1, "workforce": 2, "social-media": 3}
    assert (form.action, form.chosen) == ("save", "data")


def test_a_button_waits_until_the_numbers_are_right():
    form = read(action="up:data", rank_data="abc", rank_workforce="1", rank_social_media="2")
    assert set(form.errors) == {"data"}
    assert form.places == {"workforce": 1, "social-media": 2}
    assert form.chosen == "data"
    assert read(action="top:social-media", rank_data="0", rank_workforce="1", rank_social_media="2").places == {
        "workforce": 1, "social-media": 2,
    }  # fmt: skip


def test_chosen_says_only_which_row_stays_selected():
    form = read(chosen="workforce", rank_data="1")
    assert (form.chosen, form.places) == ("workforce", {"data": 1})


@pytest.mark.parametrize("version", ["", "-1", "x", "1.0", "１", "1" * 10, " 1", "\x00"])
def test_a_form_that_does_not_say_its_version_is_refused(version):
    form = read(version=version, rank_data="1")
    assert form.errors[""].name == "malformed"
    assert form.version == 0


@given(
    st.dictionaries(
        st.sampled_from(["version", "action", "chosen", *(f"rank-{slug}" for slug in (*TITLES, "nowhere"))]),
        st.lists(st.one_of(st.text(max_size=12), st.integers(-5, 1200).map(str), st.sampled_from(["up:data", ""]))),
    )
)
def test_any_form_gives_a_valid_order_or_errors(fields):
    post = QueryDict(mutable=True)
    for name, values in fields.items():
        post.setlist(name, values)
    form = ballot_form.BallotForm(post, TITLES)
    assert set(form.places) <= set(TITLES)
    assert sorted(set(form.places.values())) == list(range(1, len(set(form.places.values())) + 1))
    assert set(form.typed) == set(TITLES)
    assert form.version >= 0
    assert form.action in ("save", "cast", "uncast")
    assert not set(form.errors) & set(form.places)
