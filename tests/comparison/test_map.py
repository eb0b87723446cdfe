"""The map of likeness."""

from __future__ import annotations

import re

from mixportal.comparison.pictures import plane
from tests.reading import page, said, text, with_testid

URL = "/2030/priorities/map/"


def test_the_map_says_in_words_what_it_draws(network, sign_in):
    told = text(page(sign_in(network.member_a).get(URL)))
    assert "Emergency Communications placed higher" in told
    assert "The picture holds" in told
    assert "When we shuffled the lists at random, 95 of 100 tries gave" in told
    assert "would bring the closest of 24 others." in told
    assert (
        "of 25 governments have a neighbor nearer than chance would bring; by luck alone it would be about 1." in told
    )


def test_the_table_names_each_with_its_nearest_in_the_order_of_names(network, sign_in):
    answer = sign_in(network.member_a).get(f"{URL}?g=town-05&by=kind")
    rows = [text(row) for row in with_testid(page(answer), "neighbors").iter("tr")][1:]
    assert len(rows) == 25
    assert any("Port Merrow County (you)" in row for row in rows)
    assert any("Town 05 (marked) Cities" in row and "more than chance" in row for row in rows)
    towns = [row[:7] for row in rows if row.startswith("Town")]
    assert towns == sorted(towns)
    assert "Town 03" not in said(answer, "neighbors")  # it abstained


def test_a_chosen_split_gives_the_shapes_and_a_marked_government_its_name(network, sign_in):
    client = sign_in(network.curator)
    body = client.get(f"{URL}?by=region&g=town-20", HTTP_HX_REQUEST="true").content.decode()
    assert "Governments in the South" in body
    assert re.search(r">\s*Town 20\s*</text>", body)
    assert "<html" not in body
    assert "Consolidated" not in client.get(URL).content.decode()  # nobody is


def test_names_are_escaped_in_the_picture():
    drawn = plane([[0, 1], [1, 0]], [0, 1], ["<i>x", "y"], {0: "m"})
    assert "<i>" not in drawn
    assert re.search(r">\s*&lt;i&gt;x\s*</text>", drawn)
