"""How pages come over the wire, onto paper, and to people who set their browsers otherwise."""

from __future__ import annotations

import re
import zlib

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import LOOKS, faults_of_each
from tests.browser.measures import faults_of_type, shift_on_a_slow_line
from tests.browser.watch import Traffic

pytestmark = pytest.mark.django_db

HEAVIEST = ["/", "/2025/priorities/", "/governments/", "/search/", "/trends/priorities/"]
ALL_KINDS = ["/2025/summary/", "/2025/priorities/", "/2026/priorities/ballot/"]
READ = {
    "visitor": ["/2025/summary/", "/2025/priorities/", "/2025/priorities/data/", "/trends/priorities/", "/methods/",
                "/about/accessibility/", "/about/security/", "/governments/", "/account/login/"],
    "leader-a": ["/governments/port-merrow-county/2025/"],
    "member-a": ["/", "/2026/priorities/ballot/", "/2025/priorities/compare/", "/profile/"],
}  # fmt: skip


@pytest.mark.parametrize("path", HEAVIEST)
def test_the_first_visit_of_a_public_page_is_light_and_the_next_lighter(
    demonstration, browser, portal, open_server, path
):
    """Over the wire: heads, compressed bodies, fonts, and the icon in the tab."""
    with browser.new_context(base_url=portal) as context:
        page = context.new_page()
        traffic = Traffic(page)
        page.goto(path)
        page.evaluate(
            "document.fonts.ready.then(() => fetch(document.querySelector('link[rel=icon]').href)).then(icon => icon.text())"
        )
        first, requests = traffic.after(5), traffic.requests
        assert 40_000 < first <= 75_000
        assert requests <= 12
        page.goto("/2025/challenges/")
        assert 1_000 < traffic.after(requests) - first <= 15_000


@pytest.mark.parametrize("who", READ)
def test_type_and_targets_are_large_enough_and_pages_hold_when_enlarged(demonstration, enter, who):
    page = enter(demonstration[who], width=360)
    found = {}
    for path in READ[who]:
        page.goto(path)
        found[path] = faults_of_type(page)
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("path", ["/2025/summary/", "/2025/priorities/data/"])
def test_nothing_moves_while_a_page_loads_on_a_slow_line(demonstration, browser, portal, open_server, path):
    with browser.new_context(base_url=portal, viewport={"width": 360, "height": 740}) as context:
        assert shift_on_a_slow_line(context.new_page(), path) <= 0.02


def test_the_menu_lies_over_the_page_and_its_button_stays(demonstration, enter):
    page = enter(demonstration["member-a"], width=360)
    page.goto("/2025/")
    button, title = page.locator(".menu > summary"), page.get_by_role("heading", level=1)
    before = button.bounding_box(), title.bounding_box()
    button.click()
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Trends")).to_be_visible()
    assert (button.bounding_box(), title.bounding_box()) == before
    page.evaluate("document.querySelector('.who').open = true")
    assert faults_of_each([page], LOOKS, brief=True) == [[]]


@pytest.mark.parametrize("who", ["visitor", "leader-a", "member-a"])
def test_the_menu_has_at_most_seven_entries_on_one_line_of_a_tablet(demonstration, enter, who):
    page = enter(demonstration[who], width=768)
    page.goto("/2025/summary/")
    entries = page.locator(".menu li > a:visible").all()
    assert 0 < len(entries) <= 7
    assert len({entry.bounding_box()["y"] for entry in entries}) == 1


def test_a_reader_chooses_dark_once_for_every_page_and_with_script_alone(demonstration, enter):
    page = enter()
    page.goto("/about/")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_role("button", name="Dark").click()
    page.goto("/methods/")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != light
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="System").click()
    page = enter(script=False)
    page.goto("/about/")
    expect(page.get_by_role("group", name="Appearance")).to_be_hidden()


def test_the_summary_prints_as_text_on_one_sheet_without_menus(demonstration, enter):
    page = enter()
    page.goto("/2025/summary/")
    page.evaluate("""() => {  // as where entries were merged
        const line = document.createElement("p");
        line.className = "note";
        line.textContent = "Merged or split: Technology Infrastructure.";
        document.querySelector("#changed").append(line);
    }""")
    for size in ("Letter", "A4"):
        paper = page.pdf(format=size)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2, size
    streams = [
        zlib.decompress(each) for each in re.findall(rb"/FlateDecode[^>]*>>\s*stream\r?\n(.*?)endstream", paper, re.S)
    ]
    assert b"/ToUnicode" in paper
    assert len(re.findall(rb"T[jJ]\b", b"".join(streams))) > 200

    page.emulate_media(media="print")
    for menu in (".menu", ".who", ".skip", ".btns", ".colophon"):
        for each in page.locator(menu).all():
            expect(each).to_be_hidden()
    for folded in page.locator(".fold .read").all():
        assert folded.bounding_box()["height"] > 0
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".key--strip")).to_be_visible()
    expect(page.locator(".close-calls")).to_be_visible()


@pytest.mark.parametrize("size", ["Letter", "A4"])
def test_the_picture_of_trends_prints_below_its_heading_on_one_sheet(demonstration, enter, size):
    page = enter()
    page.goto("/trends/priorities/")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=size))) == 1


def test_the_brief_is_read_on_six_and_a_half_screens_of_a_phone_and_never_scrolls_sideways(demonstration, enter):
    page = enter(demonstration["leader-a"], width=360, height=740)
    page.goto("/governments/port-merrow-county/2025/")
    assert page.evaluate("document.documentElement.scrollHeight") <= 4_900
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("look", [{"forced_colors": "active"}, {"reduced_motion": "no-preference"}])
def test_pages_come_out_whole(demonstration, enter, look):
    page = enter(demonstration["member-a"], **look)
    for path in ALL_KINDS:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("main")).to_contain_text("government")


def moving(page: Page) -> int:
    """How many rows are on their way after one is moved."""
    return page.evaluate(
        """() => {
            document.querySelector('.mv[value^="down:"]').click();
            return document.getAnimations().length;
        }"""
    )


def test_rows_glide_to_their_places_unless_somebody_wants_less_motion(demonstration, enter):
    for motion, some in (("no-preference", True), ("reduce", False)):
        page = enter(demonstration["member-a"], reduced_motion=motion)
        page.goto("/2026/priorities/ballot/?view=order")
        assert (motion, moving(page) > 0) == (motion, some)


@pytest.mark.parametrize("width", [360, 1280])
def test_in_forced_colours_the_chosen_row_can_be_told(demonstration, enter, width):
    page = enter(demonstration["member-a"], width=width, forced_colors="active")
    page.goto("/2026/priorities/ballot/?view=order")
    row = page.locator(".rank.is-ranked").nth(1)
    before = row.screenshot()
    row.locator(".rank-name").click()
    page.mouse.move(0, 0)
    assert row.screenshot() != before


def test_no_page_is_bound_to_one_orientation(demonstration, enter):
    page = enter()
    page.goto("/")
    rules = page.evaluate(
        "[...document.styleSheets].flatMap(sheet => [...sheet.cssRules].map(rule => rule.cssText)).join()"
    )
    assert "@media" in rules
    assert "orientation:" not in rules
