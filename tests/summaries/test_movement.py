"""What moved since the last ranked list."""

from __future__ import annotations

from types import SimpleNamespace

from django.template.loader import render_to_string

from mixportal.editions.models import Entry
from mixportal.trends.moves import Move, Moves
from mixportal.trends.years import Place


def test_a_move_says_how_many_of_how_many_and_names_no_near_unanimity():
    counts = {"Data": (30, 8), "Cloud": (47, 1), "Radio": (0, 12)}
    clear = [
        Move(Entry(title=title), Place(2), Place(1 if up > down else 3), 50, up, down, tests=4)
        for title, (up, down) in counts.items()
    ]
    far = Move(Entry(title="Budget"), Place(3), Place(1), 50, 1, 1, tests=4)
    since = SimpleNamespace(earlier=SimpleNamespace(year=2029), moves=Moves([*clear, far], 50))
    said = " ".join(render_to_string("summaries/_moves.html", {"since": since}).split())
    assert "50 governments ranked both lists. Of the 4 entries on both, three clearly rose or fell." in said
    assert "One more moved by two places or more" in said
    assert "Data rose: 30 of them put it higher than before, 8 lower." in said
    assert "Cloud rose: more than 90 % of these governments put it higher than before." in said
    assert "Radio fell: 12 of them put it lower than before, none higher." in said
