"""What moved since the last ranked list."""

from __future__ import annotations

from types import SimpleNamespace

from django.template.loader import render_to_string

from mixportal.editions.models import Entry
from mixportal.summaries.movement import PlaceChange, SinceLast, is_clear, paired_changes


def test_only_governments_in_both_years_count_by_the_order_among_what_both_lists_have():
    then = {1: [1, 2, 3], 2: [1, 2, 3], 3: [3, 2, 1]}
    now = {1: [5, 6, 9], 2: [9, 2, 3], 4: [1, 2, 3]}
    assert paired_changes(then, now) == [(0, 1), (1, 0), (1, 0)]
    assert paired_changes({1: [1]}, {2: [1]}) == []


def test_ties_and_blanks_share_a_place():
    assert paired_changes({1: [1, 1, None]}, {1: [1, 2, None]}) == [(1, 0), (0, 1), (0, 0)]


def test_a_move_is_named_only_where_chance_hardly_makes_it_among_all_that_are_tested():
    assert not is_clear(10, 10, 1)
    assert is_clear(18, 6, 1)
    assert not is_clear(18, 6, 13)
    assert is_clear(40, 6, 13)


def test_a_move_says_how_many_of_how_many_and_names_no_near_unanimity():
    counts = {"Data": (30, 8), "Cloud": (47, 1), "Radio": (0, 12)}
    clear = [
        PlaceChange(Entry(title=title), 1, "1st", 2, False, None, 50, up, down, is_clear=True)
        for title, (up, down) in counts.items()
    ]
    far = PlaceChange(Entry(title="Budget"), 1, "1st", 3, False, None, 50, 1, 1, is_clear=False)
    since = SinceLast(SimpleNamespace(year=2029), [*clear, far], left=[], both=50, standings={})
    said = " ".join(render_to_string("summaries/_moves.html", {"since": since}).split())
    assert "50 governments ranked both lists. Of the 4 entries on both, three clearly rose or fell." in said
    assert "One more moved by two places or more" in said
    assert "Data rose: 30 of them put it higher than before, 8 lower." in said
    assert "Cloud rose: more than 90 % of these governments put it higher than before." in said
    assert "Radio fell: 12 of them put it lower than before, none higher." in said
