"""The map of which governments think alike."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db


def test_a_dot_of_the_map_shows_its_name_when_pointed_at_and_in_focus(demonstration, enter):
    page = enter(demonstration["member-a"], width=360)
    page.goto("/2025/priorities/map/")
    dot = page.get_by_role("img", name="Kestrel Ridge")
    name = dot.locator("text")
    expect(name).to_have_css("visibility", "hidden")
    dot.focus()
    expect(name).to_have_css("visibility", "visible")
    page.get_by_role("heading", level=1).click()
    dot.locator("circle").hover(force=True)
    expect(name).to_have_css("visibility", "visible")
    expect(name).to_have_text("Kestrel Ridge")


def test_a_shown_name_can_be_pointed_at_and_escape_hides_it_until_the_dot_is_reached_again(demonstration, enter):
    page = enter(demonstration["member-a"], width=360)
    page.goto("/2025/priorities/map/")
    heading, dot = page.get_by_role("heading", level=1), page.get_by_role("img", name="Kestrel Ridge")
    name = dot.locator("text")
    dot.locator("circle").hover(force=True)
    name.hover(force=True)
    expect(name).to_have_css("visibility", "visible")
    for reach in (dot.focus, lambda: dot.locator("circle").hover(force=True)):
        reach()
        expect(name).to_have_css("visibility", "visible")
        page.keyboard.press("Escape")
        expect(name).to_have_css("visibility", "hidden")
        heading.click()
        reach()
        expect(name).to_have_css("visibility", "visible")
        heading.click()
        expect(name).to_have_css("visibility", "hidden")


AT_EACH_CENTER = """() => [...document.querySelectorAll(".dot")].map((dot) => {
    dot.scrollIntoView({ block: "center" });
    const { left, top, width, height } = dot.querySelector("circle").getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    return [dot.getAttribute("aria-label"), document.elementFromPoint(x, y).closest(".dot").getAttribute("aria-label")];
})"""


@pytest.mark.parametrize("width", [360, 1280])
def test_the_dot_nearest_to_the_pointer_answers(demonstration, enter, width):
    page = enter(demonstration["member-a"], width=width)
    page.goto("/2025/priorities/map/")
    found = page.evaluate(AT_EACH_CENTER)
    assert len(found) > 50
    assert [(name, other) for name, other in found if name != other] == []
    for name, _ in found[::9]:
        dot = page.get_by_role("img", name=name, exact=True)
        box = dot.locator("circle").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2 + 1, box["y"] + box["height"] / 2)
        expect(dot).to_be_focused()


def test_names_are_drawn_above_all_shapes_and_labels(demonstration, enter):
    page = enter(demonstration["member-a"])
    page.goto("/2025/priorities/map/")
    order = page.eval_on_selector_all(".plane > *", "all => all.map(each => each.getAttribute('class'))")
    assert all(kind == "dot" for kind in order[order.index("dot") :])
