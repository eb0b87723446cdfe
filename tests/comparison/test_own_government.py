"""The part of the compare page about the user's government."""

from __future__ import annotations

from tests.reading import page, text


def test_a_short_list_names_nobody_as_alike(network, sign_in):
    told = text(page(sign_in(network.members[4]).get("/2030/challenges/compare/")))
    assert "A list of 3 is too short to say" in told
    assert "Closest" not in told


def test_nobody_is_called_close_within_reach_of_chance(network, sign_in):
    told = text(page(sign_in(network.member_a).get("/2030/priorities/compare/")))
    assert "No government is closer than that, so any match here may be luck" in told
    told = text(page(sign_in(network.members[3]).get("/2030/priorities/compare/")))
    assert "governments are closer than that, so this is more than luck" in told
