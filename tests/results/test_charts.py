"""The charts of a tally: scale, numbers as text, and escaped labels."""

from __future__ import annotations

import itertools
import re

import html5lib
import pytest
from django.conf import settings

from mixportal.results import charts

EVIL = '"><script>alert(1)</script>&'


def svg(text: str):
    html5lib.HTMLParser(strict=True).parseFragment(text)
    return html5lib.parseFragment(text, namespaceHTMLElements=False)[0]


def singly(*counts: int) -> list[charts.Bar]:
    return [(place, place, count) for place, count in enumerate(counts, start=1)]


def bars(picture) -> list[tuple[float, float]]:
    """Return (x in percent, height in pixels) of each bar."""
    return [
        (float(bar.get("x").rstrip("%")), float(bar.get("height")))
        for bar in picture.iter()
        if str(bar.tag).endswith("rect")
    ]


@pytest.mark.parametrize(
    "picture",
    [
        charts.strip(EVIL, singly(1, 2, 3), 3, tallest=3, not_ranked=0),
        charts.histogram(EVIL, singly(1, 2, 3), 3, not_ranked=0),
        charts.scale(EVIL, 1, 1, 2, 3),
    ],
)
def test_a_label_is_escaped_and_read_out(picture):
    assert "<script" not in picture
    assert svg(picture).get("aria-label") == EVIL
    assert svg(picture).get("role") == "img"


@pytest.mark.parametrize("places", [1, 2, 3, 5, 8, 13, 18, 40])
def test_every_picture_stays_within_its_width(places):
    counts = singly(*range(1, places + 1))
    middle = (1.0, float(places))
    for picture in (
        charts.strip("x", counts, places, tallest=places, not_ranked=2, middle=middle, mine=places),
        charts.histogram("x", counts, places, not_ranked=None, middle=middle, mine=1),
    ):
        drawn = svg(picture)
        assert len(bars(drawn)) == places
        assert all(0 <= x <= charts.STRIP and height > 0 for x, height in bars(drawn))
        assert [x for x, _ in bars(drawn)] == sorted(x for x, _ in bars(drawn))
        assert "nan" not in picture.lower()
    for place in (1, places):
        assert "%" in charts.scale("x", place, 1, places, places)


def test_bars_are_as_high_as_their_counts():
    heights = [height for _, height in bars(svg(charts.strip("x", singly(10, 5, 20), 3, tallest=20, not_ranked=0)))]
    assert heights[2] == pytest.approx(2 * heights[0]) == pytest.approx(4 * heights[1])


def test_the_bar_of_several_places_is_wider_and_as_large_as_its_ballots():
    (_, low), (start, high) = bars(svg(charts.strip("x", [(1, 2, 10), (3, 3, 10)], 3, tallest=10, not_ranked=None)))
    assert start == pytest.approx(2 * charts.STRIP / 3, abs=0.01)
    assert high == pytest.approx(2 * low)


def test_a_place_that_nobody_gave_has_no_bar():
    assert len(bars(svg(charts.strip("x", singly(3, 0, 1), 3, tallest=3, not_ranked=0)))) == 2
    assert bars(svg(charts.histogram("x", singly(0, 0, 0), 3, not_ranked=9))) == []


def test_the_place_that_is_mine_is_drawn_otherwise():
    assert charts.strip("x", singly(1, 1), 2, tallest=1, not_ranked=0, mine=2).count("bar-m") == 1
    assert "bar-m" not in charts.strip("x", singly(1, 1), 2, tallest=1, not_ranked=0)


@pytest.mark.parametrize("places", [1, 2, 7, 8, 13, 14, 40])
def test_an_axis_names_the_first_and_the_last_place_and_never_crowds(places):
    words = [
        "".join(text.itertext()) for text in svg(charts.strip_axis(places)).iter() if str(text.tag).endswith("text")
    ]
    ticks = [int(word) for word in words[:-1]]
    assert words[-1] == "none"
    assert (ticks[0], ticks[-1]) == (1, places)
    assert ticks == sorted(set(ticks))
    if places > 7:
        assert min(b - a for a, b in itertools.pairwise(ticks)) >= 3


def test_a_ladder_has_a_dot_for_each_average_that_is_known_to_scale():
    picture = svg(charts.ladder([1.5, None, 3.5, 5.5], [1, 3]))
    dots = [float(each.get("cy").rstrip("%")) for each in picture.iter() if str(each.tag).endswith("circle")]
    assert dots == [12.5, 50, 87.5]
    ticks = [each.text for each in picture.iter() if str(each.tag).endswith("text")]
    assert ticks == ["2", "3", "4", "5"]
    assert charts.ladder([None, None], [2]) == ""


def test_a_stacked_bar_is_as_long_as_the_ballots_that_rank_the_entry():
    picture = svg(charts.stacked("Data", [(1, 1, 5), (2, 3, 10)], ["1st", "2nd or 3rd"], 3, 20))
    shaded = [
        (each.get("class"), float(each.get("x").rstrip("%")), float(each.get("width").rstrip("%")))
        for each in picture.iter()
        if str(each.tag).endswith("rect")
    ]
    assert shaded == [("sh-1", 0, 25), ("sh-3", 25, 50), ("sh-5", 25, 50), ("sh-0", 75, 25)]


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def colors(name: str) -> list[str]:
    """Return what a custom property of tokens.css is in the light and in the dark scheme."""
    tokens = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    value = re.search(rf"--{name}: (.*);", tokens)[1]
    if name_of_another := re.fullmatch(r"var\(--(.*)\)", value):
        return colors(name_of_another[1])
    found = [f"#{each * 2 if len(each) == 3 else each}" for each in re.findall("#([0-9a-f]+)", value)]
    return found if len(found) == 2 else found * 2


@pytest.mark.parametrize(("first", "last"), [*itertools.combinations_with_replacement(range(1, 6), 2)])
def test_the_figure_of_a_stacked_bar_can_be_read_on_the_shade_below_it(first, last):
    picture = svg(charts.stacked("Data", [(first, last, 24)], ["both"], 5, 24))
    [figure] = [each for each in picture.iter() if str(each.tag).endswith("text")]
    foot = float(figure.get("y"))
    rects = [each for each in picture.iter() if str(each.tag).endswith("rect")]
    below = [each for each in rects if float(each.get("y")) < foot]
    assert [each.get("class") for each in below] == [f"sh-{first}"]
    assert float(below[0].get("height")) > foot
    written = colors(f"st-{first}" if first <= 2 else "ink")  # as in way.css
    for text, shade in zip(written, colors(f"sh-{first}"), strict=True):
        darker, lighter = sorted([luminance(text), luminance(shade)])
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_a_slope_joins_each_earlier_place_to_its_row():
    picture = svg(charts.slope([(0, 2, False), (1, 1, True)], rows=2, places_before=4))
    dots = [float(each.get("cy").rstrip("%")) for each in picture.iter() if str(each.tag).endswith("circle")]
    assert dots == [37.5, 25, 12.5, 75]


def test_dots_set_our_place_beside_the_networks_on_one_scale():
    def drawn(*args) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for each in svg(charts.dots(*args)).iter():
            if each.get("class") not in (None, "svg", "ax", "grid"):
                at = [each.get(name) for name in ("cx", "x1", "x2") if each.get(name)]
                found[each.get("class")] = at
        return found

    assert drawn(1, 3, (2, 4), 5) == {
        "iv iv-r": ["26.5%", "73.5%"],
        "gap": ["3.0%", "50.0%"],
        "pt-o": ["50.0%"],
        "pt-m": ["3.0%"],
    }
    assert drawn(5, 5, None, 5) == {"gap": ["97.0%", "97.0%"], "pt-o": ["97.0%"], "pt-m": ["97.0%"]}
    assert drawn(None, 1, None, 1) == {"pt-o": ["3.0%"]}


def test_small_pictures_count_as_their_figures_do():
    def classes(picture: str) -> list[str]:
        return [each.get("class") for each in svg(picture).iter() if each.get("class") not in (None, "svg")]

    assert classes(charts.cells(2, 3)) == ["bar-m", "bar-m", "bar-q"]
    assert classes(charts.states(["in_place", "planned"], 3)) == ["pt-mo", "f", "pt-mo", "pt-q"]
    widths = {each.get("class"): each.get("width") for each in svg(charts.share_bar(1, 4)).iter()}
    assert (widths["bar-s"], widths["bar-q"]) == ("25.0%", "75.0%")
    for empty in (charts.cells(0, 0), charts.states([], 0), charts.share_bar(0, 0)):
        assert svg(empty) is not None
